//===- MulticastForest.h - the ways of packets with copies ------*- C++ -*-===//
//
// A packet with several destinations goes one way as long as their routes do
// and is copied where they part. Its copies leave a router one after another,
// in the order of its branches: east, west, south, north, then the cores.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_MULTICASTFOREST_H
#define SYNFIRE_SIMULATOR_NOC_MULTICASTFOREST_H

#include "simulator/noc/RouteTable.h"

#include <cstdint>
#include <vector>

namespace synfire {

class MulticastForest {
public:
  struct Destination {
    int core = 0;
    std::uint32_t tag = 0; ///< the caller's
  };
  /// What a packet does at one router.
  struct Node {
    int router = 0;
    std::uint32_t firstBranch = 0;
    std::uint32_t branches = 0; ///< at least 1
  };
  struct Branch {
    /// A Direction, or Direction::Local + slot of the core.
    std::uint8_t port = 0;
    bool last = false;      ///< of its node
    std::uint32_t next = 0; ///< the node that it leads to, or a core's tag
  };

  explicit MulticastForest(const Routing &ways) : routing(ways), routes(ways) {}

  /// The tree from a router to all `destinations` (different cores); returns
  /// its root.
  std::uint32_t add(int router, const std::vector<Destination> &destinations);
  void clear();

  const Node &node(std::uint32_t index) const { return nodes[index]; }
  const Branch &branch(std::uint32_t index) const { return branches[index]; }

private:
  struct Traveller {
    Destination to;
    int router = 0;
    std::uint8_t state = 0;
    std::uint8_t port = 0;
  };

  const Routing &routing;
  RouteTable routes;
  std::vector<Node> nodes;
  std::vector<Branch> branches;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_MULTICASTFOREST_H
