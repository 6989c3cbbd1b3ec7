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

  void deliver(std::vector<Burst> &bursts) override {
    for (Burst &burst : bursts) {
      burst.arrival = burst.departure +
                      latency(mesh.routeBetweenCores(burst.sourceCore,
                                                     burst.destinationCore));
      forEachLink(
          mesh, burst.sourceCore, burst.destinationCore,
          [&](const MeshLink &link) { countLink(link, burst.packets); });
    }
  }
};

/// Virtual cut-through of whole bursts: a burst takes the links of its route in
/// turn, waits where an earlier one still has the link, and keeps each for as
/// long as its packets need.
class BurstNetwork final : public Network {
public:
  BurstNetwork(const ChipModel &chip, const Mesh &grid)
      : Network(chip, grid),
        freeFrom(static_cast<std::size_t>(linkCount(mesh))) {}

  void deliver(std::vector<Burst> &bursts) override {
    order.resize(bursts.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      auto key = [](const Burst &burst) {
        return std::tie(burst.departure, burst.sourceCore,
                        burst.destinationCore);
      };
      return key(bursts[a]) < key(bursts[b]);
    });
    for (std::size_t i : order)
      send(bursts[i]);
    for (std::size_t link : taken)
      freeFrom[link] = 0;
    taken.clear();
  }

private:
  void send(Burst &burst) {
    std::uint64_t head = burst.departure, tail = burst.departure;
    forEachLink(mesh, burst.sourceCore, burst.destinationCore,
                [&](const MeshLink &link) {
                  const auto number = static_cast<std::size_t>(link.number);
                  const std::uint64_t start = std::max(head, freeFrom[number]);
                  const std::uint64_t end =
                      start + occupancy(link, burst.packets);
                  freeFrom[number] = end;
                  taken.push_back(number);
                  head = start + hopLatency(link);
                  tail = std::max(tail, end) + hopLatency(link);
                  countLink(link, burst.packets);
                });
    burst.arrival = tail;
  }

  std::vector<std::uint64_t> freeFrom; ///< by link, zero between steps
  std::vector<std::size_t> taken;      ///< links used in this step
  std::vector<std::size_t> order;
};

} // namespace

Network::Network(const ChipModel &chip, const Mesh &grid)
    : timing(chip.noc), mesh(grid),
      linkLoads(static_cast<std::size_t>(linkCount(mesh))) {}

Network::~Network() = default;

std::uint64_t Network::latency(const Route &route) const {
  return static_cast<std::uint64_t>(route.hops()) *
             static_cast<std::uint64_t>(timing.routerCycles) +
         static_cast<std::uint64_t>(route.chipCrossings) *
             static_cast<std::uint64_t>(timing.chipHopCycles);
}

std::uint64_t Network::occupancy(const MeshLink &link,
                                 std::uint64_t packets) const {
  if (link.betweenChips)
    return packets * static_cast<std::uint64_t>(timing.chipLinkCyclesPerSpike);
  const auto rate = static_cast<std::uint64_t>(timing.linkSpikesPerCycle);
  return (packets + rate - 1) / rate;
}

std::uint64_t Network::hopLatency(const MeshLink &link) const {
  const int cycles =
      timing.routerCycles + (link.betweenChips ? timing.chipHopCycles : 0);
  return static_cast<std::uint64_t>(cycles);
}

void Network::countLink(const MeshLink &link, std::uint64_t packets) {
  LinkLoad &load = linkLoads[static_cast<std::size_t>(link.number)];
  load.packets += packets;
  load.busyCycles += occupancy(link, packets);
}

std::vector<LinkRun> Network::usedLinks() const {
  std::vector<LinkRun> used;
  for (int link = 0; link < linkCount(mesh); ++link) {
    const LinkLoad &load = linkLoads[static_cast<std::size_t>(link)];
    if (load.packets > 0)
      used.push_back({linkSource(link), linkTarget(mesh, link), load.packets,
                      load.busyCycles});
  }
  return used;
}

Result<std::unique_ptr<Network>>
makeNetwork(const std::string &name, const ChipModel &chip, const Mesh &mesh) {
  if (chip.noc.linkSpikesPerCycle < 1)
    return makeError("a link moves " +
                         std::to_string(chip.noc.linkSpikesPerCycle) +
                         " spikes a cycle, but at least 1 is needed",
                     "noc of chip " + chip.name);
  if (name == "ideal")
    return std::unique_ptr<Network>(new IdealNetwork(chip, mesh));
  if (name == "burst")
    return std::unique_ptr<Network>(new BurstNetwork(chip, mesh));
  return makeError("not supported: noc '" + name + "'", "",
                   "known: ideal, burst");
}

} // namespace synfire
