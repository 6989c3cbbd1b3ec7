//===- Delivery.h - bursts from the machine over the network ----*- C++ -*-===//
//
// Machine and network do not know each other; here they meet.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
#define SYNFIRE_SIMULATOR_SYSC_DELIVERY_H

#include "simulator/machine/Machine.h"
#include "simulator/noc/Network.h"

#include <vector>

namespace synfire {

/// Delivers what the cores have sent in this step; indices of the cores that
/// receive, ascending.
inline const std::vector<std::size_t> &deliverStep(Machine &machine,
                                                   Network &network, int step) {
  StepTraffic traffic;
  for (const OutgoingBurst &sent : machine.takeBursts(step)) {
    traffic.bursts.push_back(
        {sent.sourceCore,
         static_cast<std::uint32_t>(traffic.destinations.size()), 1,
         sent.packets, sent.departure, sent.departure});
    traffic.destinations.push_back({sent.content->destination, 0, 0});
  }
  network.deliver(traffic);
  std::vector<std::uint64_t> arrivals;
  arrivals.reserve(traffic.destinations.size());
  for (const BurstDestination &destination : traffic.destinations)
    arrivals.push_back(destination.lastArrival);
  return machine.distribute(arrivals);
}

inline void joinMaxima(Machine &machine, const Network &network) {
  machine.joinMaxima(
      [&](const Route &route) { return network.latency(route); });
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
