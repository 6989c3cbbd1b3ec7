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
    // packets wait for cores at the pace of this step; the longest job first.
    const bool carryLast = network.pacesAsked() == PacesAsked::OfThisStep;
    if (!carryLast)
      crew.submit([this] { carry(); });
    for (std::size_t core : receivers)
      crew.submit(
          [&machine = machine, core, step] { machine.receive(core, step); });
    crew.submit([this] { machine.followLinks(); });
    crew.finish();
    if (carryLast)
      carry();
    machine.observeBursts(arrivals, sumsArrivals);
    return receivers;
  }

  /// What the first step of a window waits for.
  void joinTiles() {
    clear();
    for (const PartialSums::Transfer &sums : machine.sentSums())
      add(sums);
    // They are counted when they meet the packets of the first step.
    if (!traffic.bursts.empty())
      network.deliverUncounted(traffic);
    takeArrivals();
    machine.receiveSums(sumsArrivals);
    machine.joinMaxima(
        [&](int from, int to) { return network.latency(from, to); });
  }

private:
  void carry() {
    clear();
    auto sums = machine.sentSums().begin();
    const auto end = machine.sentSums().end();
    for (const OutgoingBurst &sent : machine.sentBursts()) {
      for (; sums != end && sums->from <= sent.sourceCore; ++sums)
        add(*sums);
      const auto &destinations = sent.group->destinations;
      traffic.bursts.push_back(
          {sent.sourceCore,
           static_cast<std::uint32_t>(traffic.destinations.size()),
           static_cast<std::uint32_t>(destinations.size()), sent.packets,
           sent.departures.first, sent.departures.last});
      for (const Outgoing *to : destinations) {
        traffic.destinations.push_back(
            {to->destination, 0, 0, pace(sent.sourceCore, *to)});
        arrivals.push_back({0, 0, to->way->latency});
      }
    }
    for (; sums != end; ++sums)
      add(*sums);
    network.deliver(traffic);
    takeArrivals();
    machine.arrive(arrivals, sumsArrivals, network.limits());
  }
  void clear() {
    traffic.clear();
    arrivals.clear();
    sumsPlaces.clear();
  }
  /// Sums do not wait for cores: adding them up begins when the last is there.
  void add(const PartialSums::Transfer &sums) {
    sumsPlaces.push_back(arrivals.size());
    traffic.bursts.push_back(
        {sums.from, static_cast<std::uint32_t>(traffic.destinations.size()), 1,
         sums.packets, sums.departures.first, sums.departures.last});
    traffic.destinations.push_back({sums.to, 0, 0, 0});
    arrivals.push_back({0, 0, sums.way->latency});
  }
  /// Those of the sums go to a table of their own.
  void takeArrivals() {
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      arrivals[i].first = traffic.destinations[i].firstArrival;
      arrivals[i].last = traffic.destinations[i].lastArrival;
    }
    sumsArrivals.clear();
    if (sumsPlaces.empty())
      return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < arrivals.size(); ++i)
      if (sumsArrivals.size() < sumsPlaces.size() &&
          i == sumsPlaces[sumsArrivals.size()])
        sumsArrivals.push_back(arrivals[i]);
      else
        arrivals[kept++] = arrivals[i];
    arrivals.resize(kept);
  }
  std::uint32_t pace(int from, const Outgoing &to) const {
    switch (network.pacesAsked()) {
    case PacesAsked::None:
      return 0;
    case PacesAsked::OfLastTime:
      return *to.pace;
    case PacesAsked::OfThisStep:
      return machine.pace(from, to.destination);
    }
    return 0;
  }

  Machine &machine;
  Network &network;
  StepTraffic traffic;
  /// Of every destination in `traffic`, then of those of bursts alone.
  std::vector<BurstArrival> arrivals;
  std::vector<std::size_t> sumsPlaces;    ///< of sums among them
  std::vector<BurstArrival> sumsArrivals; ///< of Machine::sentSums()
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_DELIVERY_H
