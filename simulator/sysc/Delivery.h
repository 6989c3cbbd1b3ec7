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
    machine.observeBursts(arrivals);
    return receivers;
  }

  void joinMaxima() {
    machine.joinMaxima(
        [&](int from, int to) { return network.latency(from, to); });
    for (const PartialSums::Transfer &sums : machine.sentSums())
      network.countPackets(sums.from, sums.to, sums.packets);
  }

private:
  void carry() {
    traffic.clear();
    arrivals.clear();
    for (const OutgoingBurst &sent : machine.sentBursts()) {
      const auto &destinations = sent.group->destinations;
      traffic.bursts.push_back(
          {sent.sourceCore,
           static_cast<std::uint32_t>(traffic.destinations.size()),
           static_cast<std::uint32_t>(destinations.size()), sent.packets,
           sent.departures.first, sent.departures.last});
      for (const Outgoing *to : destinations) {
        traffic.destinations.push_back(
            {to->destination, 0, 0, pace(sent.sourceCore, to->destination)});
        arrivals.push_back({0, 0, to->way->latency});
      }
    }
    network.deliver(traffic);
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      arrivals[i].first = traffic.destinations[i].firstArrival;
      arrivals[i].last = traffic.destinations[i].lastArrival;
    }
    machine.arrive(arrivals, {network.linksFill(), network.coresFill()});
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
  std::vector<BurstArrival> arrivals; ///< of every destination in `traffic`
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
