//===- Core.cpp - one neuron core -----------------------------------------===//
#include "simulator/machine/Core.h"

#include <algorithm>
#include <tuple>

namespace synfire {
namespace {

std::uint64_t ceilDivide(std::uint64_t value, int by) {
  const auto divisor = static_cast<std::uint64_t>(by);
  return (value + divisor - 1) / divisor;
}

std::uint64_t times(std::uint64_t count, int cycles) {
  return count * static_cast<std::uint64_t>(cycles);
}

/// Events that at least one target hears: each is one packet, however many
/// dendrites of the destination core read it.
std::uint64_t eventsHeard(const OutgoingTile &out) {
  const StepEvents &events = out.source->events();
  if (out.whole)
    return events.size();
  const std::int32_t width = out.source->shape().groupWidth;
  return static_cast<std::uint64_t>(std::count_if(
      events.neurons.begin(), events.neurons.end(), [&](std::int32_t neuron) {
        return std::any_of(out.targets.begin(), out.targets.end(),
                           [&](const OutgoingTile::Target &target) {
                             return target.listener->block.contains(
                                 neuron / width, neuron % width);
                           });
      }));
}

} // namespace

Core::Core(int number, const ChipModel &chip, const Routing &ways,
           const Tiles &all)
    : self(number), timing(chip.timing), binarySpikes(chip.binarySpikes),
      routing(ways), allTiles(all) {}

void Core::addTile(int tile, const std::vector<AxonDestination> &axons) {
  ownTiles.push_back(allTiles[static_cast<std::size_t>(tile)].get());
  axonsOfTile.push_back(&axons);
}

int Core::packetsPerEvent(const TileUnit &tile) const {
  return binarySpikes ? std::max(1, tile.unit().eventBits()) : 1;
}

std::uint64_t Core::workCycles(const Work &work) const {
  return times(work.entries, timing.axonLookupCycles + timing.rowFetchCycles) +
         ceilDivide(times(work.operations, timing.accumulateCycles),
                    timing.accumulateLanes);
}

void Core::prepare(const WindowPlan &plan) {
  firingTiles.clear();
  lastStep = 0;
  setupCycles = exchangeWait = 0;
  std::uint64_t multiplies = 0, updates = 0;
  for (TileUnit *tile : ownTiles) {
    const auto stage = static_cast<std::size_t>(tile->tile().stage);
    if (plan.at[stage].position < 0)
      continue;
    firingTiles.push_back(tile);
    const Setup setup = tile->prepare(plan.token[stage], plan.at[stage]);
    setupCycles +=
        workCycles(setup.entering) + times(setup.lookups, timing.lookupCycles);
    multiplies += setup.multiplies;
    updates += setup.updates;
    if (tile->activeNeurons() > 0)
      lastStep = std::max(lastStep, tile->unit().steps());
  }
  setupCycles +=
      ceilDivide(times(multiplies, timing.multiplyCycles), timing.neuronLanes) +
      ceilDivide(times(updates, timing.neuronUpdateCycles), timing.neuronLanes);
  planOutgoing(plan);
}

void Core::planOutgoing(const WindowPlan &plan) {
  outgoing.clear();
  for (std::size_t t = 0; t < ownTiles.size(); ++t) {
    TileUnit &tile = *ownTiles[t];
    const TokenFrame at = plan.at[static_cast<std::size_t>(tile.tile().stage)];
    if (at.position < 0)
      continue;
    for (const AxonDestination &destination : *axonsOfTile[t]) {
      OutgoingTile out;
      out.source = &tile;
      out.at = at;
      for (const Listener &listener : destination.listeners) {
        TileUnit &target = *allTiles[static_cast<std::size_t>(listener.tile)];
        const Dendrite &dendrite =
            target.stage()
                .dendrites[static_cast<std::size_t>(listener.dendrite)];
        if (!needsToken(target.tile(), dendrite, listener.operand, at.position))
          continue;
        out.targets.push_back({&target, &listener});
        out.whole = out.whole || listener.whole;
      }
      if (out.targets.empty())
        continue;
      auto place = std::lower_bound(
          outgoing.begin(), outgoing.end(), destination.core,
          [](const Outgoing &o, int core) { return o.destination < core; });
      if (place == outgoing.end() || place->destination != destination.core)
        place = outgoing.insert(
            place, Outgoing{destination.core,
                            routing.routeBetweenCores(self, destination.core),
                            {}});
      place->tiles.push_back(std::move(out));
    }
  }
}

void Core::fire(int step,
                const std::vector<std::vector<std::int32_t>> &jointMaxima) {
  std::uint64_t updates = 0;
  for (TileUnit *tile : firingTiles) {
    if (step == 0)
      tile->startFrame(
          jointMaxima[static_cast<std::size_t>(tile->tile().stage)].data());
    tile->fire(step);
    if (step < tile->unit().steps())
      updates += tile->activeNeurons();
  }
  const std::uint64_t update =
      ceilDivide(times(updates, timing.neuronUpdateCycles), timing.neuronLanes);
  current.busy = update + (step == 0 ? setupCycles : 0);
  current.sent = current.busy + (step == 0 ? exchangeWait : 0);

  sent.clear();
  for (const Outgoing &out : outgoing) {
    const std::uint64_t packets = send(out);
    if (packets == 0)
      continue;
    const std::uint64_t cycles = times(packets, timing.outputAxonCycles);
    current.busy += cycles;
    current.sent += cycles;
    sent.push_back({self, &out, packets, current.sent});
  }
  current.finish = current.sent;
}

/// Counts the packets of this step at the tiles that fired them.
std::uint64_t Core::send(const Outgoing &out) {
  std::uint64_t total = 0;
  for (const OutgoingTile &tile : out.tiles) {
    const std::uint64_t packets =
        times(eventsHeard(tile), packetsPerEvent(*tile.source));
    Counters &counters = tile.source->counters();
    counters[Counter::SpikeSent] += packets;
    counters[Counter::HopEastWest] += times(packets, out.route.eastWestHops);
    counters[Counter::HopNorthSouth] +=
        times(packets, out.route.northSouthHops);
    counters[Counter::ChipCrossing] += times(packets, out.route.chipCrossings);
    total += packets;
  }
  return total;
}

void Core::receive() {
  std::sort(arrivals.begin(), arrivals.end(),
            [](const Arrival &a, const Arrival &b) {
              return std::tie(a.cycle, a.sourceCore) <
                     std::tie(b.cycle, b.sourceCore);
            });
  std::uint64_t now = current.sent;
  for (const Arrival &arrival : arrivals) {
    const std::uint64_t cycles = process(*arrival.content);
    now = std::max(now, arrival.cycle) + cycles;
    current.busy += cycles;
  }
  arrivals.clear();
  for (TileUnit *tile : touched)
    tile->endStep();
  touched.clear();
  current.finish = now;
}

std::uint64_t Core::process(const Outgoing &content) {
  Work work;
  for (const OutgoingTile &out : content.tiles) {
    if (out.source->events().size() == 0)
      continue;
    Feed feed;
    feed.events = &out.source->events();
    feed.sourceGroupWidth = out.source->shape().groupWidth;
    feed.at = out.at;
    feed.packetsPerEvent = packetsPerEvent(*out.source);
    for (const OutgoingTile::Target &target : out.targets) {
      feed.operand = target.listener->operand;
      feed.block = target.listener->block;
      feed.whole = target.listener->whole;
      work += target.tile->accept(target.listener->dendrite, feed);
      if (std::find(touched.begin(), touched.end(), target.tile) ==
          touched.end())
        touched.push_back(target.tile);
    }
  }
  return workCycles(work);
}

void Core::endStep() {
  busyTotal += current.busy;
  current = CoreStep();
}

} // namespace synfire
