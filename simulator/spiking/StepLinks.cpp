//===- StepLinks.cpp - what the bursts of a step ask of links -------------===//
#include "simulator/spiking/StepLinks.h"

#include <algorithm>

namespace synfire {

StepLinks::StepLinks(const ChipModel &chip, const Routing &paths)
    : timing(chip.noc), routing(paths),
      coresPerRouter(chip.mesh.coresPerRouter), ways(paths.mesh().routers()),
      joined(static_cast<std::size_t>(paths.mesh().routers())),
      loads(linkCount(paths.mesh())) {}

const StepLinks::Ways::Way &StepLinks::wayBetween(int fromRouter,
                                                  int toRouter) {
  return ways.between(fromRouter, toRouter, [&](std::vector<LinkOnWay> &links) {
    return appendLinksOnWay(timing, routing, fromRouter, toRouter, links);
  });
}

void StepLinks::followWay(int fromRouter, int toRouter) {
  const Ways::Way &way = wayBetween(fromRouter, toRouter);
  loads.follow(ways.crossings.data() + way.first, way.count);
}

LinkTerm StepLinks::largestBetween(int fromCore, int toCore) {
  const Ways::Way &way =
      wayBetween(fromCore / coresPerRouter, toCore / coresPerRouter);
  return loads.largestOn(ways.crossings.data() + way.first, way.count);
}

void StepLinks::follow(const StepTraffic &traffic) {
  int from = 0, to = 0;
  for (const Burst &burst : traffic.bursts) {
    if (!holds(from, burst.sourceCore)) {
      followJoined(from);
      from = burst.sourceCore / coresPerRouter;
    }
    if (burst.destinations > 1) {
      loads.startBurst(burst.packets, burst.firstDeparture);
      for (std::uint32_t d = 0; d < burst.destinations; ++d)
        followWay(from, traffic.destinations[burst.firstDestination + d].core /
                            coresPerRouter);
      continue;
    }
    const int core = traffic.destinations[burst.firstDestination].core;
    if (!holds(to, core))
      to = core / coresPerRouter;
    Joined &bursts = joined[static_cast<std::size_t>(to)];
    if (bursts.packets == 0) {
      joinedTo.push_back(to);
      bursts.firstDeparture = burst.firstDeparture;
    }
    bursts.packets += burst.packets;
    bursts.firstDeparture =
        std::min(bursts.firstDeparture, burst.firstDeparture);
  }
  followJoined(from);
}

void StepLinks::followJoined(int fromRouter) {
  for (const int to : joinedTo) {
    Joined &bursts = joined[static_cast<std::size_t>(to)];
    loads.startBurst(bursts.packets, bursts.firstDeparture);
    followWay(fromRouter, to);
    bursts.packets = 0;
  }
  joinedTo.clear();
}

} // namespace synfire
