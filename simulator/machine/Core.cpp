//===- Core.cpp - one neuron core -----------------------------------------===//
#include "simulator/machine/Core.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace synfire {
namespace {

std::uint32_t paceOf(const InputCycles &cycles) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(cycles.perPacket(), UINT32_MAX));
}

} // namespace

Core::Core(int number, const ChipModel &chip, const Routing &ways,
           const Tiles &all)
    : self(number), timing(chip.timing), allTiles(all),
      fanout(number, chip, ways, all) {
  total.core = number;
}

void Core::addTile(int tile, const std::vector<AxonDestination> &axons) {
  ownTiles.push_back(allTiles[static_cast<std::size_t>(tile)].get());
  fanout.addTile(*ownTiles.back(), axons);
}

void Core::prepare(const WindowPlan &plan) {
  firingTiles.clear();
  lastStep = 0;
  setupCycles = exchangeWait = 0;
  sumsSent = 0;
  sums = {};
  Work work;
  std::uint64_t lookups = 0, multiplies = 0, updates = 0;
  for (std::size_t t = 0; t < ownTiles.size(); ++t) {
    TileUnit *tile = ownTiles[t];
    const auto stage = static_cast<std::size_t>(tile->tile().stage);
    if (plan.at[stage].position < 0 || !tile->tile().hasNeurons())
      continue;
    firingTiles.push_back({t, tile});
    const Setup setup = tile->prepare(plan.token[stage], plan.at[stage]);
    work += setup.entering;
    lookups += setup.lookups;
    multiplies += setup.multiplies;
    updates += setup.updates;
    if (tile->activeNeurons() > 0)
      lastStep = std::max(lastStep, tile->unit().steps());
  }
  entering = inputCycles(
      timing, {work.entries, work.entries, work.words, work.operations});
  enteringOperations = work.operations;
  setupCycles = synfire::setupCycles(timing, lookups, multiplies, updates);
  fanout.plan(plan);
}

void Core::fire(StepNumber number,
                const std::vector<std::vector<std::int32_t>> &jointMaxima) {
  enterStep(number.ofRun);
  const int step = number.ofWindow;
  Before before;
  if (step == 0) {
    input.take(entering, 0, 0);
    current.operations = enteringOperations;
    before.setup = setupCycles;
    before.sumsWork = sumsCycles(timing, sums.packets);
    before.sums = sums.arrival + before.sumsWork;
    before.sumsSent = synfire::walkCycles(timing, sumsSent);
    before.maxima = exchangeWait;
    current.sumsDelay = sums.delay();
    current.sumsWay = sums.way;
  }
  before.entered = input.end();
  OutputClock output(timing, before.end(), before.sumsSent);
  burstOfGroup.assign(fanout.groups().size(), {});
  for (const FiringTile &tile : firingTiles) {
    if (step == 0)
      tile.unit->startFrame(
          jointMaxima[static_cast<std::size_t>(tile.unit->tile().stage)]
              .data());
    tile.unit->fire(step);
    if (step < tile.unit->unit().steps())
      send(tile, output);
  }
  sent.clear();
  for (OutgoingBurst &burst : burstOfGroup) {
    if (burst.packets == 0)
      continue;
    // One of many events: it may be the last.
    if (burst.packets == 1)
      burst.departures.first = burst.departures.last;
    const bool first = sent.empty();
    current.departures = {
        first ? burst.departures.first
              : std::min(current.departures.first, burst.departures.first),
        std::max(current.departures.last, burst.departures.last)};
    current.packetsSent += burst.packets;
    sent.push_back(burst);
  }
  closeOutput(output, before);
}

/// Updates the tile's neurons and walks the axons of those that fired. An event
/// goes to one group after another, so that a burst is spread over the walk.
void Core::send(const FiringTile &tile, OutputClock &output) {
  const std::vector<Fanout::Share> &shares = fanout.countPackets(tile.number);
  std::uint64_t packets = 0;
  for (const Fanout::Share &share : shares)
    packets += share.packets;
  const Departures walk = output.update(tile.unit->activeNeurons(),
                                        tile.unit->events().size(), packets);
  Counters &counters = tile.unit->counters();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const Fanout::Share &share = shares[i];
    const OutgoingGroup &group = fanout.groups()[share.group];
    counters[Counter::SpikeSent] += share.packets;
    counters[Counter::SpikeDelivered] +=
        share.packets * group.destinations.size();
    counters[Counter::HopEastWest] +=
        cyclesOf(share.packets, group.route.eastWestHops);
    counters[Counter::HopNorthSouth] +=
        cyclesOf(share.packets, group.route.northSouthHops);
    counters[Counter::ChipCrossing] +=
        cyclesOf(share.packets, group.route.chipCrossings);
    const std::uint64_t first =
        walk.first + cyclesOf(i, timing.outputAxonCycles);
    const std::uint64_t last =
        walk.last - cyclesOf(shares.size() - 1 - i, timing.outputAxonCycles);
    OutgoingBurst &burst = burstOfGroup[share.group];
    if (burst.packets == 0)
      burst = {self, &group, 0, {first, last}, current.sumsDelay};
    burst.packets += share.packets;
    burst.departures.last = std::max(burst.departures.last, last);
  }
}

void Core::closeOutput(const OutputClock &output, const Before &before) {
  current.updated = output.updated();
  current.sent = current.finish = output.sent();
  const std::uint64_t walk = output.walkCycles() - before.sumsSent;
  current.busy = std::max(before.entered + before.setup + before.sumsWork +
                              std::max(output.updateCycles(), walk),
                          output.walkCycles());
  total.stageCycles[CoreStage::Setup] += before.setup;
  total.stageCycles[CoreStage::NeuronUpdate] += output.updateCycles();
  total.stageCycles[CoreStage::AxonWalk] += output.walkCycles();
  if (before.sumsWork > 0) {
    const std::uint64_t lookup =
        cyclesOf(sums.packets, timing.axonLookupCycles);
    total.stageCycles[CoreStage::AxonLookup] += lookup;
    total.stageCycles[CoreStage::Accumulation] += before.sumsWork - lookup;
  }
  total.stallCycles[CoreStall::Send] += current.sent - current.updated;
  total.stallCycles[CoreStall::Sums] += before.sums - before.sumsWork;
  total.stallCycles[CoreStall::Maxima] += before.maxima;
  std::uint64_t largest = 0;
  auto offer = [&](std::uint64_t cycles, StepCause cause) {
    if (cycles > largest) {
      largest = cycles;
      current.outputCause = cause;
    }
  };
  offer(output.updateCycles(), StepCause::NeuronUpdate);
  offer(output.walkCycles(), StepCause::AxonWalk);
  offer(before.setup, StepCause::Setup);
  offer(before.sums - current.sumsDelay, StepCause::Sums);
  offer(before.maxima, StepCause::Maxima);
  offer(before.entered,
        slowestStage(entering.lookup, entering.memory, entering.accumulation));
  current.bound = {current.sent - current.sumsDelay, current.outputCause, {}};
}

void Core::waitForSums(std::uint64_t cycles) {
  current.updated += cycles;
  current.sent += cycles;
  current.departures.first += cycles;
  current.departures.last += cycles;
  current.finish = std::max(current.finish, current.sent);
  current.sumsDelay += cycles;
  total.stallCycles[CoreStall::Sums] += cycles;
}

void Core::receive(StepNumber step, const std::vector<Inbound> &inbound) {
  enterStep(step.ofRun);
  incoming.clear();
  for (const Inbound &in : inbound) {
    if (!in.source->firesAt(step.ofWindow))
      continue;
    const OutgoingBurst &burst = in.source->burstOfGroup[in.group];
    if (burst.packets == 0)
      continue;
    current.packetsReceived += burst.packets;
    // No part of an output side is longer than what it waits for makes it.
    const Departures departures = {burst.departures.first - burst.sumsDelay,
                                   burst.departures.last - burst.sumsDelay};
    if (incoming.empty() || incoming.back().sourceCore != burst.sourceCore) {
      incoming.push_back(
          {in.content, burst.sourceCore, burst.packets, departures, {}});
      continue;
    }
    Incoming &before = incoming.back();
    before.packets += burst.packets;
    before.departures = {std::min(before.departures.first, departures.first),
                         std::max(before.departures.last, departures.last)};
  }
  for (Incoming &burst : incoming)
    burst.cycles = cyclesOfBurst(burst);
  for (TileUnit *tile : touched)
    tile->endStep();
  touched.clear();
}

std::uint32_t Core::paceFrom(int source) const {
  const auto place = std::lower_bound(
      incoming.begin(), incoming.end(), source,
      [](const Incoming &burst, int core) { return burst.sourceCore < core; });
  return place != incoming.end() && place->sourceCore == source
             ? paceOf(place->cycles)
             : 0;
}

void Core::timeArrivals(const std::vector<BurstArrival> &arrivals) {
  order.resize(arrivals.size());
  std::iota(order.begin(), order.end(), 0u);
  // They have come with ascending source cores.
  std::sort(order.begin(), order.end(), [&](unsigned a, unsigned b) {
    return std::tie(arrivals[a].first, a) < std::tie(arrivals[b].first, b);
  });
  InputBoundSearch bound(input);
  std::uint64_t lastDone = 0;
  for (unsigned place : order) {
    const Incoming &burst = incoming[place];
    const BurstArrival &arrival = arrivals[place];
    const InputCycles &cycles = burst.cycles;
    *burst.content->pace = paceOf(cycles);
    const std::uint64_t done = input.take(cycles, arrival.first, arrival.last);
    total.peakInputQueue =
        longestQueue(cycles, done - arrival.last, current.packetsReceived,
                     total.peakInputQueue);
    const AwaitedPacket last = {burst.sourceCore, burst.departures.last,
                                arrival.latency};
    bound.add(cycles,
              {burst.sourceCore, burst.departures.first, arrival.latency},
              last);
    if (done > lastDone) {
      lastDone = done;
      current.lastSource = burst.sourceCore;
      current.lastDelay = arrival.last - last.arrival();
    }
  }
  if (!arrivals.empty())
    current.firstArrival = arrivals[order.front()].first;
  current.bound = bound.orElse(current.bound);
  current.inputCause = slowestStage(input);
  current.inputCycles = std::max(
      {input.lookupCycles(), input.memoryCycles(), input.accumulationCycles()});
  current.busy = std::max(current.busy, current.inputCycles);
  current.received = input.end();
  current.finish = std::max(current.finish, current.received);
}

/// Bursts of a step are often alike, and dividing their cycles up is not free.
const InputCycles &Core::cyclesOfBurst(const Incoming &burst) {
  InputWork work = process(*burst.content);
  work.packets = burst.packets;
  if (!(work == lastWork)) {
    lastWork = work;
    lastCycles = inputCycles(timing, work);
  }
  return lastCycles;
}

InputWork Core::process(const Outgoing &content) {
  InputWork work;
  for (const OutgoingTile &out : content.tiles) {
    if (out.source->events().size() == 0)
      continue;
    Feed feed;
    feed.events = &out.source->events();
    feed.sourceGroupWidth = out.source->shape().groupWidth;
    feed.at = out.at;
    feed.packetsPerEvent = fanout.packetsPerEvent(*out.source);
    for (const OutgoingTile::Target &target : out.targets) {
      feed.operand = target.listener->operand;
      feed.block = target.listener->block;
      feed.whole = target.listener->whole;
      const Work part = target.tile->accept(target.listener->dendrite, feed);
      current.operations += part.operations;
      work.rows += part.entries;
      work.words += cyclesOf(part.words, feed.packetsPerEvent);
      work.operations += cyclesOf(part.operations, feed.packetsPerEvent);
      if (std::find(touched.begin(), touched.end(), target.tile) ==
          touched.end())
        touched.push_back(target.tile);
    }
  }
  return work;
}

void Core::enterStep(std::uint64_t number) {
  if (number == stepNumber)
    return;
  addStep(total);
  stepNumber = number;
  input = InputClock();
  current = CoreStep();
}

void Core::addStep(CoreRun &sum) const {
  sum.busyCycles += current.busy;
  sum.packetsSent += current.packetsSent;
  sum.packetsReceived += current.packetsReceived;
  sum.stageCycles[CoreStage::AxonLookup] += input.lookupCycles();
  sum.stageCycles[CoreStage::SynapseMemory] += input.memoryCycles();
  sum.stageCycles[CoreStage::Accumulation] += input.accumulationCycles();
  sum.stallCycles[CoreStall::Packets] += input.packetStall();
  sum.stallCycles[CoreStall::Memory] += input.memoryStall();
  sum.stallCycles[CoreStall::Accumulation] += input.accumulationStall();
}

CoreRun Core::totals() const {
  CoreRun sum = total;
  addStep(sum);
  return sum;
}

} // namespace synfire
