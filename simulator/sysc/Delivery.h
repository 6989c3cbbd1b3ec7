//===- Delivery.h - bursts from the machine over the network ----*- C++ -*-===//
//
// Machine and network do not know each other; here they meet.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
#define SYNFIRE_SIMULATOR_SYSC_DELIVERY_H

#include "simulator/machine/Machine.h"
#include "simulator/machine/WorkCrew.h"
#include "simulator/noc/Network.h"

#include <algorithm>
#include <vector>

namespace synfire {

/// On cache lines of its own: it carries while other threads receive.
class alignas(64) Delivery {
public:
  Delivery(Machine &sender, Network &carrier)
      : machine(sender), network(carrier) {}

  /// Everything of the step up to the cycles of the cores that receive, whose
  /// indices, ascending, it returns.
  const std::vector<std::size_t> &deliver(int step, WorkCrew &crew) {
    const std::vector<std::size_t> &receivers = machine.takeBursts(step);
    // Neither carrying nor receiving needs what the other finds out, unless
    // packets wait for cores; the longest job first.
    if (!network.coresFill())
      crew.submit([this] { carry(); });
    for (std::size_t core : receivers)
      crew.submit(
          [&machine = machine, core, step] { machine.receive(core, step); });
    crew.submit([this] { machine.followLinks(); });
    crew.finish();
    if (network.coresFill())
      carry();
    machine.observeBursts(arrivals, sumsArrivals);
    return receivers;
  }

  /// What the first step of a window waits for.
  void joinTiles() {
    traffic.clear();
    for (const PartialSums::Transfer &sums : machine.sentSums())
      add(sums);
    // They are counted when they meet the packets of the first step.
    if (!traffic.bursts.empty())
      network.deliverUncounted(traffic);
    sumsArrivals.clear();
    for (const PartialSums::Transfer &sums : machine.sentSums())
      sumsArrivals.push_back(arrivalOf(sumsArrivals.size(), sums.way->latency));
    machine.receiveSums(sumsArrivals);
    machine.joinMaxima(
        [&](int from, int to) { return network.latency(from, to); });
  }

private:
  void carry() {
    traffic.clear();
    machine.forEachUnderWay(
        [this](const PartialSums::Transfer &sums) { add(sums); },
        [this](const OutgoingBurst &sent) { add(sent); });
    network.deliver(traffic);
    arrivals.clear();
    sumsArrivals.clear();
    std::size_t next = 0;
    machine.forEachUnderWay(
        [&](const PartialSums::Transfer &sums) {
          sumsArrivals.push_back(arrivalOf(next++, sums.way->latency));
        },
        [&](const OutgoingBurst &sent) {
          for (const Outgoing *to : sent.group->destinations)
            arrivals.push_back(arrivalOf(next++, to->way->latency));
        });
    machine.arrive(arrivals, sumsArrivals,
                   {network.linksFill(), network.coresFill()});
  }
  void addBurst(int source, std::size_t destinations, std::uint64_t packets,
                const Departures &departures) {
    traffic.bursts.push_back(
        {source, static_cast<std::uint32_t>(traffic.destinations.size()),
         static_cast<std::uint32_t>(destinations), packets, departures.first,
         departures.last});
  }
  /// Sums do not wait for cores: adding them up begins when the last is there.
  void add(const PartialSums::Transfer &sums) {
    addBurst(sums.from, 1, sums.packets, sums.departures);
    traffic.destinations.push_back({sums.to, 0, 0, 0});
  }
  void add(const OutgoingBurst &sent) {
    const auto &destinations = sent.group->destinations;
    addBurst(sent.sourceCore, destinations.size(), sent.packets,
             sent.departures);
    for (const Outgoing *to : destinations)
      traffic.destinations.push_back(
          {to->destination, 0, 0, pace(sent.sourceCore, to->destination)});
  }
  BurstArrival arrivalOf(std::size_t destination, std::uint64_t latency) const {
    const BurstDestination &at = traffic.destinations[destination];
    return {at.firstArrival, at.lastArrival, latency};
  }
  std::uint32_t pace(int from, int to) const {
    if (!network.coresFill())
      return 0;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(machine.pace(from, to), UINT32_MAX));
  }

  Machine &machine;
  Network &network;
  StepTraffic traffic;
  std::vector<BurstArrival> arrivals;     ///< of every destination of a burst
  std::vector<BurstArrival> sumsArrivals; ///< of Machine::sentSums()
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
