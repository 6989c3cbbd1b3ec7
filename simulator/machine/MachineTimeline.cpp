//===- MachineTimeline.cpp - what a watcher is told of a step -------------===//
#include "simulator/machine/Machine.h"

namespace synfire {

void Machine::observeBursts(const std::vector<BurstArrival> &arrivals,
                            const std::vector<BurstArrival> &sums) const {
  if (!timeline)
    return;
  auto show = [&](int from, int to, std::uint64_t packets,
                  const Departures &departures, std::uint64_t late,
                  const BurstArrival &at) {
    const std::uint64_t start = timing.now();
    const std::uint64_t begin = start + late;
    timeline->onBurst({from,
                       to,
                       packets,
                       {begin + departures.first, begin + departures.last},
                       {start + at.first, start + at.last}});
  };
  std::size_t next = 0, nextSums = 0;
  auto showSums = [&] {
    const PartialSums::Transfer &sent = sentSums()[nextSums];
    show(sent.from, sent.to, sent.packets, sent.departures, 0,
         sums[nextSums++]);
  };
  for (const OutgoingBurst &burst : bursts) {
    while (nextSums < sums.size() &&
           sentSums()[nextSums].from <= burst.sourceCore)
      showSums();
    for (const Outgoing *content : burst.group->destinations)
      show(burst.sourceCore, content->destination, burst.packets,
           burst.departures, sumsLate[indexOf(burst.sourceCore)],
           arrivals[next++]);
  }
  while (nextSums < sums.size())
    showSums();
}

void Machine::observeTimes() {
  const std::uint64_t start = timing.now();
  for (const Core *core : stepCores) {
    const CoreStep &step = core->step();
    CoreTimeline seen;
    seen.core = core->number();
    seen.update = {start, start + step.updated};
    if (step.packetsSent > 0)
      seen.send = {start + step.departures.first, start + step.departures.last};
    if (step.packetsReceived > 0)
      seen.receive = {start + step.firstArrival, start + step.received};
    timeline->onCore(seen);
  }
  links.forEachUsed(
      [&](int link, std::uint64_t packets, std::uint64_t busyCycles) {
        timeline->onLink({link, linkSource(link), linkTarget(ways.mesh(), link),
                          packets, busyCycles});
      });
}

} // namespace synfire
