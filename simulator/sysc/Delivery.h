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
  std::vector<Burst> bursts;
  for (const OutgoingBurst &sent : machine.takeBursts(step))
    bursts.push_back({sent.sourceCore, sent.content->destination, sent.packets,
                      sent.departure, 0});
  network.deliver(bursts);
  std::vector<std::uint64_t> arrivals;
  arrivals.reserve(bursts.size());
  for (const Burst &burst : bursts)
    arrivals.push_back(burst.arrival);
  return machine.distribute(arrivals);
}

inline void joinMaxima(Machine &machine, const Network &network) {
  machine.joinMaxima(
      [&](const Route &route) { return network.latency(route); });
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
