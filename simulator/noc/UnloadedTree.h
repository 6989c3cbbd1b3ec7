//===- UnloadedTree.h - a packet with copies on an idle mesh ----*- C++ -*-===//
//
// When each copy of one packet moves on if nothing is in its way but the copies
// that leave its routers before it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_UNLOADEDTREE_H
#define SYNFIRE_SIMULATOR_NOC_UNLOADEDTREE_H

#include "simulator/noc/LinkTiming.h"
#include "simulator/noc/MulticastForest.h"
#include "simulator/noc/RouterMesh.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

class UnloadedTree {
public:
  UnloadedTree(const NocTiming &noc, const MulticastForest &trees)
      : timing(noc), forest(trees),
        allocation(std::max(1, LinkTiming::allocationCycles(noc.router))) {}

  /// `visitor` has, with network cycles counted from the departure:
  ///   bool betweenChips(int link)
  ///   Carry cross(int link, cycle of its switch's grant, copies that the
  ///   router
  ///               behind it makes, Carry of the link before)
  ///   void arrive(tag, cycle of the last flit's arrival, Carry)
  template <typename Visitor, typename Carry>
  void visit(std::uint32_t root, Visitor &visitor, const Carry &carry) const {
    visit(root, RouterMesh::injectionCycles,
          LinkTiming::flitInterval(timing, false), visitor, carry);
  }

private:
  /// `head`: its first flit is in the router's buffer; `interval`: cycles
  /// between its flits there.
  template <typename Visitor, typename Carry>
  void visit(std::uint32_t index, std::int64_t head, std::int64_t interval,
             Visitor &visitor, const Carry &carry) const {
    const MulticastForest::Node node = forest.node(index);
    std::int64_t granted = head + timing.router.routingCycles + allocation - 1;
    for (std::uint32_t i = 0; i < node.branches; ++i) {
      const MulticastForest::Branch branch =
          forest.branch(node.firstBranch + i);
      const bool local = branch.port >= static_cast<int>(Direction::Local);
      const int link = 4 * node.router + branch.port;
      const bool border = !local && visitor.betweenChips(link);
      // The first copy leaves as the flits come in.
      const std::int64_t spacing = std::max(
          i == 0 ? interval : 1, LinkTiming::flitInterval(timing, border));
      const std::int64_t last = granted + (timing.flitsPerPacket - 1) * spacing;
      const std::int64_t transfer = LinkTiming::transfer(
          timing,
          local ? Direction::Local : static_cast<Direction>(branch.port),
          border);
      if (local)
        visitor.arrive(branch.next, static_cast<std::uint64_t>(last + transfer),
                       carry);
      else
        visit(branch.next, granted + transfer, spacing, visitor,
              visitor.cross(link, static_cast<std::uint64_t>(granted),
                            forest.node(branch.next).branches, carry));
      granted = last + allocation;
    }
  }

  const NocTiming &timing;
  const MulticastForest &forest;
  std::int64_t allocation; ///< from one copy's last grant to the next's first
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_UNLOADEDTREE_H
