//===- Network.cpp - when the spikes of a step arrive ---------------------===//
#include "simulator/noc/Network.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace synfire {
namespace {

class IdealNetwork final : public Network {
public:
  using Network::Network;

  bool linksFill() const override { return false; }

  void deliver(StepTraffic &traffic) override {
    for (const Burst &burst : traffic.bursts)
      for (std::uint32_t i = 0; i < burst.destinations; ++i) {
        BurstDestination &to = traffic.destinations[burst.firstDestination + i];
        const std::uint64_t cycles =
            latency(routing.routeBetweenCores(burst.sourceCore, to.core));
        to.firstArrival = burst.firstDeparture + cycles;
        to.lastArrival = burst.lastDeparture + cycles;
        forEachLinkBetween(
            burst.sourceCore, to.core,
            [&](const MeshLink &link) { countLink(link, burst.packets); });
      }
  }
};

/// Virtual cut-through of whole bursts: a burst takes the links of its route in
/// turn, waits where an earlier one still has the link, and keeps each for as
/// long as its packets need.
class BurstNetwork final : public Network {
public:
  BurstNetwork(const ChipModel &chip, const Routing &ways)
      : Network(chip, ways),
        freeFrom(static_cast<std::size_t>(linkCount(ways.mesh()))) {}

  void deliver(StepTraffic &traffic) override {
    std::vector<Burst> &bursts = traffic.bursts;
    order.resize(bursts.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      auto key = [&](const Burst &burst) {
        return std::make_tuple(
            burst.lastDeparture, burst.sourceCore,
            traffic.destinations[burst.firstDestination].core);
      };
      return key(bursts[a]) < key(bursts[b]);
    });
    for (std::size_t i : order)
      for (std::uint32_t d = 0; d < bursts[i].destinations; ++d)
        send(bursts[i], traffic.destinations[bursts[i].firstDestination + d]);
    for (std::size_t link : taken)
      freeFrom[link] = 0;
    taken.clear();
  }

private:
  void send(const Burst &burst, BurstDestination &to) {
    std::uint64_t head = burst.lastDeparture, tail = burst.lastDeparture;
    forEachLinkBetween(burst.sourceCore, to.core, [&](const MeshLink &link) {
      const auto number = static_cast<std::size_t>(link.number);
      const std::uint64_t start = std::max(head, freeFrom[number]);
      const std::uint64_t end = start + occupancy(link, burst.packets);
      freeFrom[number] = end;
      taken.push_back(number);
      head = start + hopLatency(link);
      tail = std::max(tail, end) + hopLatency(link);
      countLink(link, burst.packets);
    });
    to.firstArrival = head;
    to.lastArrival = tail;
  }

  std::vector<std::uint64_t> freeFrom; ///< by link, zero between steps
  std::vector<std::size_t> taken;      ///< links used in this step
  std::vector<std::size_t> order;
};

} // namespace

Network::Network(const ChipModel &chip, const Routing &ways)
    : timing(chip.noc), routing(ways),
      linkLoads(static_cast<std::size_t>(linkCount(ways.mesh()))) {}

Network::~Network() = default;

std::uint64_t Network::latency(const Route &route) const {
  const RouterTiming &router = timing.router;
  const int cycles = route.eastWestHops *
                         (router.pipelineCycles() + router.linkCyclesEastWest) +
                     route.northSouthHops * (router.pipelineCycles() +
                                             router.linkCyclesNorthSouth) +
                     route.chipCrossings * timing.chipHopCycles;
  return static_cast<std::uint64_t>(cycles) *
         static_cast<std::uint64_t>(timing.periodCycles);
}

std::uint64_t Network::occupancy(const MeshLink &link,
                                 std::uint64_t packets) const {
  const int cyclesAFlit = link.betweenChips ? timing.chipLinkCyclesPerFlit : 1;
  return packets * static_cast<std::uint64_t>(timing.flitsPerPacket) *
         static_cast<std::uint64_t>(cyclesAFlit) *
         static_cast<std::uint64_t>(timing.periodCycles);
}

std::uint64_t Network::hopLatency(const MeshLink &link) const {
  Route hop;
  const Direction direction = linkDirection(link.number);
  (direction == Direction::East || direction == Direction::West
       ? hop.eastWestHops
       : hop.northSouthHops) = 1;
  hop.chipCrossings = link.betweenChips ? 1 : 0;
  return latency(hop);
}

void Network::countLink(const MeshLink &link, std::uint64_t packets) {
  LinkLoad &load = linkLoads[static_cast<std::size_t>(link.number)];
  load.packets += packets;
  load.busyCycles += occupancy(link, packets);
}

std::vector<LinkRun> Network::usedLinks() const {
  std::vector<LinkRun> used;
  for (int link = 0; link < linkCount(routing.mesh()); ++link) {
    const LinkLoad &load = linkLoads[static_cast<std::size_t>(link)];
    if (load.packets > 0)
      used.push_back({linkSource(link), linkTarget(routing.mesh(), link),
                      load.packets, load.busyCycles});
  }
  return used;
}

Result<std::unique_ptr<Network>> makeNetwork(const std::string &name,
                                             const ChipModel &chip,
                                             const Routing &routing) {
  if (name == "ideal")
    return std::unique_ptr<Network>(new IdealNetwork(chip, routing));
  if (name == "burst")
    return std::unique_ptr<Network>(new BurstNetwork(chip, routing));
  return makeError("not supported: noc '" + name + "'", "",
                   "known: ideal, burst");
}

} // namespace synfire
