//===- PacketNetwork.cpp - every flit of a step through the routers -------===//
#include "simulator/noc/NetworkModels.h"
#include "simulator/noc/RouterMesh.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace synfire {
namespace {

class PacketNetwork final : public Network {
public:
  PacketNetwork(const ChipModel &chip, const Routing &ways)
      : Network(chip, ways),
        period(static_cast<std::uint64_t>(chip.noc.periodCycles)) {}

  Status connect(int inputQueuePackets) {
    SYNFIRE_ASSIGN(RouterMesh made,
                   RouterMesh::create(timing, routing, forest));
    mesh = std::make_unique<RouterMesh>(std::move(made));
    mesh->setInputQueue(static_cast<std::uint32_t>(inputQueuePackets));
    return {};
  }

  void deliver(StepTraffic &traffic) override;

private:
  struct Departure {
    std::uint64_t cycle = 0;
    std::uint32_t burst = 0;
    std::uint64_t packet = 0; ///< of the burst
    bool operator>(const Departure &other) const {
      return cycle != other.cycle ? cycle > other.cycle : burst > other.burst;
    }
  };

  /// In network cycles.
  std::uint64_t departure(const Burst &burst, std::uint64_t packet) const {
    const std::uint64_t gaps = std::max<std::uint64_t>(1, burst.packets - 1);
    const std::uint64_t span = burst.lastDeparture - burst.firstDeparture;
    return entering(burst.firstDeparture + span / gaps * packet +
                    span % gaps * packet / gaps) /
           period;
  }
  void prepare(StepTraffic &traffic);
  void send(const StepTraffic &traffic, const Departure &next);
  std::uint32_t service(const BurstDestination &to) const {
    return static_cast<std::uint32_t>((to.cyclesPerPacket + period - 1) /
                                      period);
  }

  std::uint64_t period;
  std::unique_ptr<RouterMesh> mesh;
  std::vector<std::uint32_t> roots; ///< by burst: of its tree
  std::priority_queue<Departure, std::vector<Departure>,
                      std::greater<Departure>>
      departures; ///< the next of each burst
  std::vector<RouterMesh::Delivery> arrived;
};

void PacketNetwork::prepare(StepTraffic &traffic) {
  mesh->clear();
  forest.clear();
  roots.resize(traffic.bursts.size());
  for (BurstDestination &to : traffic.destinations) {
    to.firstArrival = ~std::uint64_t(0);
    to.lastArrival = 0;
  }
  for (std::size_t i = 0; i < traffic.bursts.size(); ++i) {
    const Burst &burst = traffic.bursts[i];
    if (burst.packets == 0)
      continue;
    departures.push({departure(burst, 0), static_cast<std::uint32_t>(i), 0});
    if (isTree(burst)) {
      roots[i] = addTree(traffic, burst);
      countTree(roots[i], burst.packets);
      continue;
    }
    for (std::uint32_t d = 0; d < burst.destinations; ++d)
      forEachLinkBetween(burst.sourceCore,
                         traffic.destinations[burst.firstDestination + d].core,
                         [&](int link) { countLink(link, burst.packets); });
  }
}

void PacketNetwork::send(const StepTraffic &traffic, const Departure &next) {
  const Burst &burst = traffic.bursts[next.burst];
  if (isTree(burst)) {
    std::uint32_t slowest = 0;
    for (std::uint32_t d = 0; d < burst.destinations; ++d)
      slowest = std::max(
          slowest, service(traffic.destinations[burst.firstDestination + d]));
    mesh->sendTree(burst.sourceCore, roots[next.burst], burst.destinations,
                   slowest);
    return;
  }
  for (std::uint32_t d = 0; d < burst.destinations; ++d) {
    const std::uint32_t tag = burst.firstDestination + d;
    mesh->send(burst.sourceCore, traffic.destinations[tag].core, tag,
               service(traffic.destinations[tag]));
  }
}

void PacketNetwork::deliver(StepTraffic &traffic) {
  prepare(traffic);
  while (!departures.empty() || mesh->packetsInFlight() > 0) {
    std::uint64_t now = mesh->nextWork();
    if (!departures.empty())
      now = std::min(now, departures.top().cycle);
    mesh->skipTo(now);
    while (!departures.empty() && departures.top().cycle == now) {
      Departure next = departures.top();
      departures.pop();
      send(traffic, next);
      const Burst &burst = traffic.bursts[next.burst];
      if (++next.packet < burst.packets) {
        next.cycle = departure(burst, next.packet);
        departures.push(next);
      }
    }
    arrived.clear();
    mesh->step(arrived);
    for (const RouterMesh::Delivery &delivery : arrived) {
      BurstDestination &to = traffic.destinations[delivery.tag];
      to.firstArrival = std::min(to.firstArrival, now * period);
      to.lastArrival = now * period;
    }
  }
}

} // namespace

Result<std::unique_ptr<Network>> makePacketNetwork(const ChipModel &chip,
                                                   const Routing &ways) {
  auto network = std::make_unique<PacketNetwork>(chip, ways);
  SYNFIRE_TRY(network->connect(chip.timing.inputQueuePackets));
  return std::unique_ptr<Network>(std::move(network));
}

} // namespace synfire
