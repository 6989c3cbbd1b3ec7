//===- BurstNetwork.cpp - whole bursts, link by link ----------------------===//
//
// Each wire is a queue that a burst passes as one: how long its packets keep
// the wire is added to what earlier bursts still keep it, and how long its
// first packet waits follows from how much of their work has come by then. A
// constant number of operations a burst and link.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/FullCores.h"
#include "simulator/noc/LinkTiming.h"
#include "simulator/noc/NetworkModels.h"
#include "simulator/noc/ShareOf.h"
#include "simulator/noc/UnloadedWay.h"
#include "simulator/noc/WayTable.h"

#include <algorithm>
#include <tuple>

namespace synfire {
namespace {

/// What a contended link reaches of its rate: uniform traffic saturates the
/// routers F of the reference at 0.42-0.45 flits a node and cycle, where the
/// middle links of 8x8 carry twice that (docs/spec/noc.md, "Against BookSim2").
/// A core's own wire reaches all of it.
constexpr std::uint64_t contendedPercent = 85;

/// Wires keep their times in fractions of a core cycle.
constexpr std::uint64_t fraction = 64;

/// work x 100 / contendedPercent, whatever fits without the factor.
std::uint64_t contended(std::uint64_t work) {
  return work / contendedPercent * 100 +
         work % contendedPercent * 100 / contendedPercent;
}

/// Fractions of the step. They fit for 2^36 packets and synapses in one step,
/// each of which chip models keep below 2^20 cycles.
struct Wire {
  std::uint64_t step = 0;      ///< in which the rest was written
  std::uint64_t busySince = 0; ///< since then it has always had work
  std::uint64_t lastInput = 0; ///< the last packet of that work comes
  std::uint64_t free = 0;      ///< all of it is done
};

/// What a wire needs for the packets of a burst, in core cycles.
struct WireRate {
  bool contends = false; ///< never reaches all of its rate
  std::uint64_t perPacket = 1;
  /// Of a virtual channel per packet; `channels` work side by side.
  std::uint64_t channelPerPacket = 0;
  std::uint64_t channels = 1;

  std::uint64_t work(std::uint64_t packets) const {
    const std::uint64_t wire = packets * perPacket;
    if (channelPerPacket <= perPacket * channels)
      return wire;
    return std::max(wire, divideUp(packets * channelPerPacket, channels));
  }
};

/// A burst on its way: when it entered, later where packets for full cores held
/// it up, and how much other bursts delay it.
struct Passage {
  EnteringBurst burst;
  Delay delay;
};

class BurstNetwork final : public Network {
public:
  BurstNetwork(const ChipModel &chip, const Routing &ways)
      : Network(chip, ways), table(ways.mesh().routers()),
        links(static_cast<std::size_t>(linkCount(ways.mesh()))),
        toRouters(static_cast<std::size_t>(ways.mesh().cores())),
        toCores(toRouters.size()), fullCores(chip, ways.mesh()) {
    for (int direction = 0; direction <= 4; ++direction)
      for (bool border : {false, true})
        rates[direction][border] =
            rateOf(static_cast<Direction>(direction), border);
    injection = rateOf(Direction::Local, false);
    // One source feeds all virtual channels of its router's port.
    injection.channelPerPacket +=
        inCoreCycles(std::int64_t(timing.router.routingCycles));
  }

  PacesAsked pacesAsked() const override { return PacesAsked::OfLastTime; }
  void deliver(StepTraffic &traffic) override;

private:
  struct Turn {
    std::uint64_t departure = 0;
    int source = 0, destination = 0;
    std::uint32_t burst = 0;
    bool operator<(const Turn &other) const {
      if (departure != other.departure)
        return departure < other.departure;
      return std::tie(source, destination, burst) <
             std::tie(other.source, other.destination, other.burst);
    }
  };
  struct TreeVisitor {
    BurstNetwork &network;
    StepTraffic &traffic;

    bool betweenChips(int link) const { return network.betweenChips(link); }
    Passage cross(int link, std::uint64_t granted, std::uint32_t copies,
                  Passage passage) const {
      network.cross({network.inCoreCycles(granted),
                     static_cast<std::uint32_t>(link), betweenChips(link)},
                    copies, passage);
      return passage;
    }
    void arrive(std::uint32_t tag, std::uint64_t cycles,
                Passage passage) const {
      network.arrive(traffic.destinations[tag], network.inCoreCycles(cycles),
                     passage);
    }
  };

  std::uint64_t inCoreCycles(std::int64_t networkCycles) const {
    return static_cast<std::uint64_t>(networkCycles) *
           static_cast<std::uint64_t>(timing.periodCycles);
  }
  std::uint64_t inCoreCycles(std::uint64_t networkCycles) const {
    return networkCycles * static_cast<std::uint64_t>(timing.periodCycles);
  }
  WireRate rateOf(Direction direction, bool border) const;
  EnteringBurst asked(const Burst &burst) const {
    return {burst.packets, entering(burst.firstDeparture),
            entering(burst.lastDeparture)};
  }
  /// The router behind the wire makes `copies` of each packet.
  void pass(Wire &wire, const WireRate &rate, std::uint64_t offset,
            std::uint64_t copies, Passage &passage);
  void cross(const WayCrossing &crossing, std::uint32_t copies,
             Passage &passage) {
    countLink(static_cast<int>(crossing.link), passage.burst.packets);
    pass(links[crossing.link], rates[crossing.link % 4][crossing.betweenChips],
         crossing.granted, copies, passage);
    if (waysHeld)
      fullCores.wait(crossing, passage.delay, passage.burst);
  }
  void arrive(BurstDestination &to, std::uint64_t cycles, Passage &passage);
  const WayTable::Way &wayBetween(int fromCore, int toCore);
  void send(const Burst &burst, BurstDestination &to);
  void sendTree(StepTraffic &traffic, const Burst &burst);
  void takeIn(const Burst &burst, std::uint64_t late, BurstDestination &to);

  WayTable table;
  std::uint64_t step = 0;
  WireRate rates[5][2]; ///< by direction, between chips
  WireRate injection;
  std::vector<Wire> links, toRouters, toCores;
  FullCores fullCores;
  bool waysHeld = false; ///< some link or source, in this step
  std::vector<Turn> turns;
};

WireRate BurstNetwork::rateOf(Direction direction, bool border) const {
  const LinkTiming link(timing, direction, border);
  const std::int64_t flits = timing.flitsPerPacket;
  // A packet holds an output VC until its last flit has left; its flits hold
  // buffers behind the wire for a round trip.
  const std::int64_t held =
      std::max(1, LinkTiming::allocationCycles(timing.router)) +
      (flits - 1) * LinkTiming::flitInterval(timing, border);
  const std::int64_t buffered = divideUp<std::int64_t>(
      flits * link.roundTripCycles(timing), link.bufferFlits);
  WireRate rate;
  rate.contends = direction != Direction::Local;
  rate.perPacket = inCoreCycles(flits * link.flitCycles);
  rate.channelPerPacket = inCoreCycles(std::max(held, buffered));
  rate.channels = static_cast<std::uint64_t>(timing.router.virtualChannels);
  return rate;
}

void BurstNetwork::pass(Wire &wire, const WireRate &rate, std::uint64_t offset,
                        std::uint64_t copies, Passage &passage) {
  const EnteringBurst &burst = passage.burst;
  Delay &delay = passage.delay;
  const std::uint64_t first = (burst.first + offset + delay.first) * fraction;
  const std::uint64_t last = (burst.last + offset + delay.last) * fraction;
  std::uint64_t work = rate.work(burst.packets * copies) * fraction;
  std::uint64_t before = first; // what others bring before the last is done
  if (wire.step != step || first >= wire.free) {
    wire = {step, first, last, first};
  } else if (waysHeld && last + work <= wire.busySince) {
    // The wire's work was held up at its source and comes after all of this.
    return;
  } else {
    // Earlier work, of which a share has come when the first packet does.
    std::uint64_t waiting = wire.free - first;
    if (wire.free <= wire.lastInput) {
      // It comes more slowly than the wire moves it: nothing waits.
      waiting = 0;
    } else if (first < wire.lastInput && wire.lastInput > wire.busySince) {
      const std::uint64_t elapsed = first - std::min(first, wire.busySince);
      const std::uint64_t come = shareOf(wire.free - wire.busySince, elapsed,
                                         wire.lastInput - wire.busySince);
      waiting = come - std::min(come, elapsed);
    }
    delay.first += waiting / fraction;
    if (rate.contends)
      work = contended(work);
    before = wire.free;
    // Nor has all of it come when the last one does. Somebody has to wait for
    // what the wire cannot do until then.
    if (last < wire.lastInput && wire.free + work <= wire.lastInput)
      before = wire.busySince + shareOf(wire.free - wire.busySince,
                                        last - std::min(last, wire.busySince),
                                        wire.lastInput - wire.busySince);
    wire.lastInput = std::max(wire.lastInput, last);
  }
  wire.free += work;
  // The last packet may start when the others are done.
  const std::uint64_t start =
      before + work - std::min(work, rate.work(copies) * fraction);
  if (start > last)
    delay.last += (start - last) / fraction;
  delay.last = std::max(delay.last, delay.first);
}

void BurstNetwork::arrive(BurstDestination &to, std::uint64_t cycles,
                          Passage &passage) {
  pass(toCores[static_cast<std::size_t>(to.core)], rates[4][0], cycles, 1,
       passage);
  to.firstArrival = passage.burst.first + cycles + passage.delay.first;
  to.lastArrival = passage.burst.last + cycles + passage.delay.last;
}

const WayTable::Way &BurstNetwork::wayBetween(int fromCore, int toCore) {
  return table.between(
      routerOfCore(fromCore), routerOfCore(toCore),
      [&](std::vector<WayCrossing> &crossings) {
        const UnloadedWay::Times times = unloadedBetween(
            fromCore, toCore, [&](int link, bool border, std::int64_t granted) {
              crossings.push_back({inCoreCycles(granted),
                                   static_cast<std::uint32_t>(link), border});
            });
        return WayEnds{inCoreCycles(times.arrival), inCoreCycles(times.source)};
      });
}

void BurstNetwork::send(const Burst &burst, BurstDestination &to) {
  Passage passage{asked(burst), {}};
  const std::uint64_t late =
      waysHeld ? fullCores.enter(burst.sourceCore, passage.burst) : 0;
  const WayTable::Way &way = wayBetween(burst.sourceCore, to.core);
  Wire &source = toRouters[static_cast<std::size_t>(burst.sourceCore)];
  if (unloaded.followsFlits()) {
    // It hands over one packet at a time, however many virtual channels there
    // are.
    WireRate serial = injection;
    serial.perPacket = way.ends.source;
    pass(source, serial, 0, 1, passage);
  } else {
    pass(source, injection, 0, 1, passage);
  }
  for (std::uint32_t i = 0; i < way.count; ++i)
    cross(table.crossings[way.first + i], 1, passage);
  arrive(to, way.ends.arrival, passage);
  takeIn(burst, late, to);
}

void BurstNetwork::sendTree(StepTraffic &traffic, const Burst &burst) {
  forest.clear();
  const std::uint32_t root = addTree(traffic, burst);
  Passage passage{asked(burst), {}};
  const std::uint64_t late =
      waysHeld ? fullCores.enter(burst.sourceCore, passage.burst) : 0;
  pass(toRouters[static_cast<std::size_t>(burst.sourceCore)], injection, 0,
       forest.node(root).branches, passage);
  TreeVisitor visitor{*this, traffic};
  unloaded.ends().visitTree(forest, root, visitor, passage);
  for (std::uint32_t d = 0; d < burst.destinations; ++d)
    takeIn(burst, late, traffic.destinations[burst.firstDestination + d]);
}

void BurstNetwork::takeIn(const Burst &burst, std::uint64_t late,
                          BurstDestination &to) {
  const auto waiting = fullCores.takeIn(burst.packets, late, to);
  if (waiting)
    waysHeld |=
        fullCores.block(burst, asked(burst), table,
                        wayBetween(burst.sourceCore, to.core), to, *waiting);
}

void BurstNetwork::deliver(StepTraffic &traffic) {
  ++step;
  fullCores.beginStep();
  waysHeld = false;
  turns.resize(traffic.bursts.size());
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const Burst &burst = traffic.bursts[i];
    turns[i] = {burst.firstDeparture, burst.sourceCore,
                traffic.destinations[burst.firstDestination].core,
                static_cast<std::uint32_t>(i)};
  }
  std::sort(turns.begin(), turns.end());
  for (const Turn &turn : turns) {
    const Burst &burst = traffic.bursts[turn.burst];
    if (isTree(burst)) {
      sendTree(traffic, burst);
      continue;
    }
    for (std::uint32_t d = 0; d < burst.destinations; ++d)
      send(burst, traffic.destinations[burst.firstDestination + d]);
  }
}

} // namespace

std::unique_ptr<Network> makeBurstNetwork(const ChipModel &chip,
                                          const Routing &ways) {
  return std::make_unique<BurstNetwork>(chip, ways);
}

} // namespace synfire
