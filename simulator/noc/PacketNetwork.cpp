//===- PacketNetwork.cpp - every flit of a step through the routers -------===//
#include "simulator/noc/EventCalendar.h"
#include "simulator/noc/NetworkModels.h"
#include "simulator/noc/RouterMesh.h"

#include <algorithm>
#include <utility>

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

  PacesAsked pacesAsked() const override { return PacesAsked::OfThisStep; }
  void deliver(StepTraffic &traffic) override;

private:
  /// Of a burst: packet p leaves (p span) / gaps after the first. The quotient
  /// grows by the same step from packet to packet, and by one more where the
  /// rest runs over.
  struct Departures {
    std::uint64_t next = 0; ///< core cycle
    std::uint64_t left = 0; ///< packets
    std::uint64_t gaps = 1, step = 0, restStep = 0;
    std::uint64_t rest = 0; ///< < gaps
    std::uint32_t root = 0; ///< of a tree

    void advance() {
      next += step;
      rest += restStep;
      if (rest >= gaps) {
        rest -= gaps;
        ++next;
      }
    }
  };

  void prepare(StepTraffic &traffic);
  void setLeafServices(const StepTraffic &traffic);
  /// Network cycle in which the next packet departs.
  std::uint64_t departure(std::uint32_t burst) const {
    const std::uint64_t core = bursts[burst].next;
    return period == 1 ? core : entering(core) / period;
  }
  void send(const StepTraffic &traffic, std::uint32_t number);
  std::uint32_t service(const BurstDestination &to) const {
    if (period == 1)
      return to.cyclesPerPacket;
    return static_cast<std::uint32_t>(
        divideUp<std::uint64_t>(to.cyclesPerPacket, period));
  }

  std::uint64_t period;
  std::unique_ptr<RouterMesh> mesh;
  std::vector<Departures> bursts;
  EventCalendar calendar; ///< bursts of which a packet departs
  std::vector<std::uint32_t> leaving;
  std::vector<RouterMesh::Delivery> arrived;
};

void PacketNetwork::prepare(StepTraffic &traffic) {
  mesh->clear();
  forest.clear();
  calendar.clear();
  bursts.assign(traffic.bursts.size(), {});
  for (BurstDestination &to : traffic.destinations) {
    to.firstArrival = ~std::uint64_t(0);
    to.lastArrival = 0;
  }
  for (std::size_t i = 0; i < traffic.bursts.size(); ++i) {
    const Burst &burst = traffic.bursts[i];
    if (burst.packets == 0)
      continue;
    const std::uint64_t span = burst.lastDeparture - burst.firstDeparture;
    Departures &made = bursts[i];
    made.next = burst.firstDeparture;
    made.left = burst.packets;
    made.gaps = std::max<std::uint64_t>(1, burst.packets - 1);
    made.step = span / made.gaps;
    made.restStep = span % made.gaps;
    const auto number = static_cast<std::uint32_t>(i);
    calendar.add(0, departure(number), number);
    if (isTree(burst)) {
      made.root = addTree(traffic, burst);
      countTree(made.root, burst.packets);
      continue;
    }
    for (std::uint32_t d = 0; d < burst.destinations; ++d)
      forEachLinkBetween(burst.sourceCore,
                         traffic.destinations[burst.firstDestination + d].core,
                         [&](int link) { countLink(link, burst.packets); });
  }
  setLeafServices(traffic);
}

void PacketNetwork::setLeafServices(const StepTraffic &traffic) {
  if (timing.multicast != Multicast::Tree)
    return;
  std::vector<std::uint32_t> services;
  services.reserve(traffic.destinations.size());
  for (const BurstDestination &to : traffic.destinations)
    services.push_back(service(to));
  mesh->setLeafServices(std::move(services));
}

void PacketNetwork::send(const StepTraffic &traffic, std::uint32_t number) {
  const Burst &burst = traffic.bursts[number];
  if (isTree(burst)) {
    mesh->sendTree(burst.sourceCore, bursts[number].root, burst.destinations);
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
  while (!calendar.empty() || mesh->packetsInFlight() > 0) {
    std::uint64_t now = mesh->nextWork();
    if (now > mesh->now())
      now = std::min(now, calendar.next(mesh->now()));
    mesh->skipTo(now);
    calendar.take(now, leaving);
    for (const std::uint32_t burst : leaving) {
      Departures &departures = bursts[burst];
      std::uint64_t next = now;
      for (; departures.left > 0 && next == now; next = departure(burst)) {
        send(traffic, burst);
        --departures.left;
        departures.advance();
      }
      if (departures.left > 0)
        calendar.add(now, next, burst);
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
