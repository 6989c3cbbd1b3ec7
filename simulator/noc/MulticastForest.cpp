//===- MulticastForest.cpp - the ways of packets with copies --------------===//
#include "simulator/noc/MulticastForest.h"

#include <algorithm>
#include <utility>

namespace synfire {

void MulticastForest::clear() {
  nodes.clear();
  branches.clear();
}

std::uint32_t
MulticastForest::add(int router, const std::vector<Destination> &destinations) {
  const Mesh &mesh = routing.mesh();
  const int coresPerRouter = mesh.cores() / mesh.routers();

  // Nodes whose branches are still to be found, with the packets' travellers
  // there; a node is numbered when its parent's branch is.
  std::vector<std::pair<std::uint32_t, std::vector<Traveller>>> open(1);
  open.front().first = static_cast<std::uint32_t>(nodes.size());
  open.front().second.reserve(destinations.size());
  for (const Destination &to : destinations)
    open.front().second.push_back({to, to.core / coresPerRouter, 0, 0});
  const std::uint32_t root = open.front().first;
  nodes.push_back({router, 0, 0});

  while (!open.empty()) {
    const std::uint32_t at = open.back().first;
    std::vector<Traveller> here = std::move(open.back().second);
    open.pop_back();
    const int where = nodes[at].router;
    for (Traveller &traveller : here) {
      const Routing::Step step =
          routes.next(where, traveller.router, traveller.state);
      traveller.state = step.state;
      traveller.port = static_cast<std::uint8_t>(step.direction);
      if (step.direction == Direction::Local)
        traveller.port = static_cast<std::uint8_t>(
            traveller.port + traveller.to.core % coresPerRouter);
    }
    std::sort(here.begin(), here.end(),
              [](const Traveller &a, const Traveller &b) {
                return std::make_pair(a.port, a.to.core) <
                       std::make_pair(b.port, b.to.core);
              });
    nodes[at].firstBranch = static_cast<std::uint32_t>(branches.size());
    for (std::size_t i = 0; i < here.size();) {
      std::size_t end = i;
      while (end < here.size() && here[end].port == here[i].port)
        ++end;
      Branch branch;
      branch.port = here[i].port;
      if (branch.port >= static_cast<std::uint8_t>(Direction::Local)) {
        branch.next = here[i].to.tag;
      } else {
        branch.next = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(
            {neighbour(mesh, where, static_cast<Direction>(branch.port)), 0,
             0});
        open.emplace_back(branch.next,
                          std::vector<Traveller>(
                              here.begin() + static_cast<std::ptrdiff_t>(i),
                              here.begin() + static_cast<std::ptrdiff_t>(end)));
      }
      branch.last = end == here.size();
      branches.push_back(branch);
      ++nodes[at].branches;
      i = end;
    }
  }
  return root;
}

} // namespace synfire
