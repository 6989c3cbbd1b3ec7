//===- UnloadedPacket.h - a packet on an idle mesh --------------*- C++ -*-===//
//
// When the first and the last flit of a packet move on if nothing is in their
// way but the flits before them and, in a tree, the copies that leave a router
// earlier. The flits between those two never matter: what spreads them out is a
// slow link or allocator, which spreads them evenly, and what pushes them
// together is a head flit that waits for its allocations.
//
// Network cycles from the packet's departure; buffers hold a whole packet, or
// what is under way (UnloadedWay.h knows the others).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_UNLOADEDPACKET_H
#define SYNFIRE_SIMULATOR_NOC_UNLOADEDPACKET_H

#include "simulator/noc/LinkTiming.h"
#include "simulator/noc/MulticastForest.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

class UnloadedPacket {
public:
  /// Its first and last flit have entered a buffer, or got the switch.
  struct Ends {
    std::int64_t head = 0, tail = 0;
  };

  explicit UnloadedPacket(const NocTiming &timing)
      : more(timing.flitsPerPacket - 1),
        allocation(std::max(1, LinkTiming::allocationCycles(timing.router))),
        headWait(timing.router.routingCycles + allocation - 1),
        bodyWait(std::max(1, timing.router.switchAllocationCycles) - 1) {
    for (int direction = 0; direction <= 4; ++direction)
      for (const bool border : {false, true})
        transfer[direction][border] = LinkTiming::transfer(
            timing, static_cast<Direction>(direction), border);
    for (const bool border : {false, true})
      interval[border] = LinkTiming::flitInterval(timing, border);
  }

  /// In the buffer of the source's router.
  Ends injected() const {
    return {NocTiming::injectionCycles, NocTiming::injectionCycles + more};
  }
  Ends granted(Ends buffered, bool border) const {
    const std::int64_t head = buffered.head + headWait;
    return {head,
            std::max(head + more * interval[border], buffered.tail + bodyWait)};
  }
  /// The copy that follows one whose switch was granted at `before`.
  Ends grantedNext(Ends before, bool border) const {
    const std::int64_t head = before.tail + allocation;
    return {head, head + more * interval[border]};
  }
  /// In the next buffer, or at the core (direction 4).
  Ends moved(Ends grant, int direction, bool border) const {
    const std::int64_t cycles = transfer[direction][border];
    return {grant.head + cycles, grant.tail + cycles};
  }

  /// A whole tree. `visitor` has
  ///   bool betweenChips(int link)
  ///   Carry cross(int link, grant, copies, Carry)
  ///   void arrive(tag, arrival, Carry)
  /// with the cycle of the switch's grant, the copies that the router behind
  /// the link makes, the cycle of the last flit's arrival, and what cross()
  /// returned of the link before.
  template <typename Visitor, typename Carry>
  void visitTree(const MulticastForest &forest, std::uint32_t root,
                 Visitor &visitor, const Carry &carry) const {
    visit(forest, root, injected(), visitor, carry);
  }

private:
  template <typename Visitor, typename Carry>
  void visit(const MulticastForest &forest, std::uint32_t index, Ends buffered,
             Visitor &visitor, const Carry &carry) const {
    const MulticastForest::Node node = forest.node(index);
    Ends grant;
    for (std::uint32_t i = 0; i < node.branches; ++i) {
      const MulticastForest::Branch branch =
          forest.branch(node.firstBranch + i);
      const int direction =
          std::min<int>(branch.port, static_cast<int>(Direction::Local));
      const bool local = direction == static_cast<int>(Direction::Local);
      const int link =
          linkNumber(node.router, static_cast<Direction>(direction));
      const bool border = !local && visitor.betweenChips(link);
      grant = i == 0 ? granted(buffered, border) : grantedNext(grant, border);
      const Ends next = moved(grant, direction, border);
      if (local)
        visitor.arrive(branch.next, static_cast<std::uint64_t>(next.tail),
                       carry);
      else
        visit(forest, branch.next, next, visitor,
              visitor.cross(link, static_cast<std::uint64_t>(grant.head),
                            forest.node(branch.next).branches, carry));
    }
  }

  std::int64_t more; ///< flits behind the first
  std::int64_t allocation, headWait, bodyWait;
  std::int64_t transfer[5][2], interval[2];
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_UNLOADEDPACKET_H
