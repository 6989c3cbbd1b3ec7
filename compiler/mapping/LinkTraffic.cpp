//===- LinkTraffic.cpp - expected packets on the links of a mesh ----------===//
#include "compiler/mapping/LinkTraffic.h"

#include <algorithm>

namespace synfire {

LinkTraffic::LinkTraffic(const ChipModel &chipModel, const Routing &ways)
    : noc(chipModel.noc), walker(chipModel, ways),
      load(static_cast<std::size_t>(linkCount(ways.mesh())), 0),
      border(linksBetweenChips(ways.mesh())) {}

void LinkTraffic::clear() {
  for (int link : taken)
    load[static_cast<std::size_t>(link)] = 0;
  taken.clear();
  eastWest = northSouth = crossings = 0;
}

double LinkTraffic::busiestCycles() const {
  double most = 0;
  for (int link : taken) {
    const auto l = static_cast<std::size_t>(link);
    most = std::max(
        most, load[l] * static_cast<double>(noc.linkCycles(border[l] != 0)));
  }
  return most;
}

void LinkTraffic::add(const TrafficNet &net,
                      const std::vector<int> &routerOfCore, double share) {
  walker.forEach(net, routerOfCore, share, [&](int link, double packets) {
    const auto l = static_cast<std::size_t>(link);
    if (load[l] == 0)
      taken.push_back(link);
    load[l] += packets;
    const Direction direction = linkDirection(link);
    (direction == Direction::East || direction == Direction::West
         ? eastWest
         : northSouth) += packets;
    if (border[l])
      crossings += packets;
  });
}

} // namespace synfire
