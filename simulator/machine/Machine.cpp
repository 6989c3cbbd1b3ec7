//===- Machine.cpp - all cores of a mapped Program ------------------------===//
#include "simulator/machine/Machine.h"

#include "runtime/program/Digest.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <string>

namespace synfire {
namespace {

constexpr std::size_t noCore = SIZE_MAX;

Status checkTiming(const ChipModel &chip) {
  const std::string where = "timing of chip " + chip.name;
  if (!(chip.timing.clockHz > 0))
    return makeError("clock_hz is " + std::to_string(chip.timing.clockHz) +
                         ", but the machine needs a clock",
                     where);
  if (chip.timing.accumulateLanes < 1 || chip.timing.neuronLanes < 1)
    return makeError(
        "accumulate_lanes is " + std::to_string(chip.timing.accumulateLanes) +
            " and neuron_lanes is " + std::to_string(chip.timing.neuronLanes) +
            ", but each must be at least 1",
        where);
  if (chip.timing.synapseWordBits < 1)
    return makeError("synapse_word_bits is " +
                         std::to_string(chip.timing.synapseWordBits) +
                         ", but a memory word must have at least 1",
                     where);
  return Status::success();
}

/// Where a token does not stream, a query reads rows that are complete; only a
/// Product can do without.
Status checkForms(const Program &program) {
  for (const Stage &stage : program.stages)
    for (const Dendrite &dendrite : stage.dendrites)
      if (program.frames == 1 && dendrite.form == ProductForm::Concurrent &&
          (dendrite.kind == DendriteKind::Scores ||
           dendrite.kind == DendriteKind::Mix))
        return makeError(
            std::string("not supported: the concurrent form of a dendrite of "
                        "kind ") +
                toString(dendrite.kind),
            stage.name);
  return Status::success();
}

/// An event carries what a frame changes, which may be twice the largest code.
Status checkEvents(const Program &program) {
  constexpr std::int64_t mostCode =
      std::numeric_limits<std::int32_t>::max() / 2;
  for (const Stage &stage : program.stages)
    if (program.frames > 1 && stage.codeLimit > mostCode &&
        (stage.fire == FireKind::Lookup || stage.fire == FireKind::Number))
      return makeError("not supported: codes of up to " +
                           std::to_string(stage.codeLimit) +
                           " in several frames; the machine's events carry "
                           "codes of up to " +
                           std::to_string(mostCode),
                       stage.name);
  return Status::success();
}

/// How a frame's share of the digest is weighed (program.md, Digest).
std::uint64_t wordWeight(FireKind fire, int frame) {
  return fire == FireKind::Lookup || fire == FireKind::Number
             ? frameKey(static_cast<std::uint64_t>(frame))
             : 1;
}
std::uint64_t membraneWeight(FireKind fire, int frame) {
  return fire == FireKind::Output ? 1
                                  : frameKey(static_cast<std::uint64_t>(frame));
}

} // namespace

Result<std::unique_ptr<Machine>> Machine::create(const Program &program,
                                                 bool membraneDigest,
                                                 MachineObserver *observer) {
  SYNFIRE_TRY(checkTiming(program.mapping.chip));
  SYNFIRE_TRY(checkForms(program));
  SYNFIRE_TRY(checkEvents(program));
  SYNFIRE_ASSIGN(Routing routes,
                 Routing::create(program.mapping.chip, program.mapping.chipsX,
                                 program.mapping.chipsY));
  return std::unique_ptr<Machine>(
      new Machine(program, routes, membraneDigest, observer));
}

Machine::Machine(const Program &compiled, const Routing &routes,
                 bool withMembraneDigest, MachineObserver *watcher)
    : program(compiled), ways(routes), axons(buildAxonTables(program)),
      tilesOfStage(program.stages.size()),
      coreIndex(static_cast<std::size_t>(ways.mesh().cores()), noCore),
      partialSums(program.mapping.chip, ways, tiles),
      jointMaxima(program.stages.size()), trainWords(program.stages.size()),
      membraneWords(program.stages.size()),
      wantMembraneDigest(withMembraneDigest), observer(watcher), timing(0),
      links(linkCount(ways.mesh())) {
  for (const Stage &stage : program.stages)
    units.emplace_back(program, stage);
  const std::vector<Tile> &mapped = program.mapping.tiles;
  std::set<int> numbers;
  for (std::size_t t = 0; t < mapped.size(); ++t) {
    const auto stage = static_cast<std::size_t>(mapped[t].stage);
    tiles.push_back(
        std::make_unique<TileUnit>(program, mapped[t], units[stage], synapses));
    if (mapped[t].hasNeurons())
      tilesOfStage[stage].push_back(t);
    numbers.insert(mapped[t].core);
  }
  // The tiles have copies of what they read often.
  if (program.weights.file)
    program.weights.file->releasePages();
  for (int number : numbers) {
    coreIndex[static_cast<std::size_t>(number)] = usedCores.size();
    usedCores.push_back(
        std::make_unique<Core>(number, program.mapping.chip, ways, tiles));
  }
  for (std::size_t t = 0; t < mapped.size(); ++t)
    usedCores[coreIndex[static_cast<std::size_t>(mapped[t].core)]]->addTile(
        static_cast<int>(t), axons[t]);
  arrivalEnd.resize(usedCores.size());
  inbound.resize(usedCores.size());
  arrivalsAt.resize(usedCores.size());
  lastSource.assign(usedCores.size(), -1);
  sumsLate.resize(usedCores.size());
  timing = StepTiming(usedMesh().barrierCycles(program.mapping.chip.noc));
}

void Machine::watch(TimelineObserver *watcher) {
  timeline = watcher;
  timing.watch(watcher);
}

UsedMesh Machine::usedMesh() const {
  UsedMesh used(ways.mesh());
  for (const auto &core : usedCores)
    used.add(ways.mesh().routerOfCore(core->number()));
  return used;
}

void Machine::beginWindow(const std::vector<WindowToken> &tokens) {
  if (timeline)
    timeline->onWindow(tokens);
  const Schedule &schedule = program.mapping.schedule;
  plan.at.assign(program.stages.size(), {});
  plan.token.assign(program.stages.size(), -1);
  plan.steps = 1;
  firingStages.clear();
  for (const WindowToken &token : tokens)
    plan.steps = std::max(
        plan.steps, schedule.levelSteps[static_cast<std::size_t>(token.level)]);
  std::vector<bool> firesHere(usedCores.size());
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    for (const WindowToken &token : tokens) {
      if (schedule.fireLevel[s] != token.level)
        continue;
      plan.at[s] = token.at;
      plan.token[s] = token.token;
      firingStages.push_back(s);
      for (std::size_t t : tilesOfStage[s])
        firesHere[coreIndex[static_cast<std::size_t>(
            program.mapping.tiles[t].core)]] = true;
    }
  partialSums.move(firingStages, tilesOfStage, plan);
  partialSums.forEachSender([&](int core, std::uint64_t) {
    firesHere[coreIndex[static_cast<std::size_t>(core)]] = true;
  });
  windowCores.clear();
  for (std::size_t c = 0; c < firesHere.size(); ++c)
    if (firesHere[c])
      windowCores.push_back(c);
}

void Machine::receiveSums(const std::vector<BurstArrival> &arrivals) {
  partialSums.forEachSender([&](int core, std::uint64_t packets) {
    usedCores[indexOf(core)]->sendSums(packets);
  });
  partialSums.forEachReceiver(arrivals,
                              [&](int core, const IncomingSums &sums) {
                                usedCores[indexOf(core)]->receiveSums(sums);
                              });
}

void Machine::joinMaxima(const Latency &latency) {
  for (std::vector<Inbound> &senders : inbound)
    senders.clear();
  for (std::size_t c : windowCores)
    for (std::size_t g = 0; g < usedCores[c]->groups().size(); ++g)
      for (const Outgoing *content : usedCores[c]->groups()[g].destinations)
        inbound[coreIndex[static_cast<std::size_t>(content->destination)]]
            .push_back({usedCores[c].get(), g, content});
  for (std::size_t stage : firingStages)
    if (program.stages[stage].subtractGroupMaximum)
      joinStage(stage, latency);
}

/// visit(tile, place among its maxima, place among the joint maxima) for every
/// group of every tile with active neurons, in every frame that is prepared.
template <typename Visit>
void Machine::forEachShare(std::size_t stage, Visit &&visit) const {
  const int groups = program.stages[stage].groups;
  for (std::size_t t : tilesOfStage[stage]) {
    TileUnit &tile = *tiles[t];
    if (tile.activeNeurons() == 0)
      continue;
    const TileShape &extent = tile.shape();
    for (int row = 0; row < tile.preparedFrames(); ++row)
      for (int g = 0; g < extent.groups(); ++g) {
        const int ofTile = row * extent.groups() + g;
        const int ofStage = row * groups + extent.groupBegin + g;
        visit(tile, static_cast<std::size_t>(ofTile),
              static_cast<std::size_t>(ofStage));
      }
  }
}

/// Each tile of a split group sends its maximum to the group's first tile and
/// gets the joint one back; tiles of one core need no message.
void Machine::joinStage(std::size_t stage, const Latency &latency) {
  auto &joint = jointMaxima[stage];
  const int frames = tiles[tilesOfStage[stage].front()]->preparedFrames();
  joint.assign(static_cast<std::size_t>(frames) *
                   static_cast<std::size_t>(program.stages[stage].groups),
               TileUnit::lowest());
  std::vector<TileUnit *> first(joint.size());
  forEachShare(stage, [&](TileUnit &tile, std::size_t own, std::size_t place) {
    joint[place] = std::max(joint[place], tile.groupMaxima()[own]);
    if (!first[place] ||
        tile.tile().columnBegin < first[place]->tile().columnBegin)
      first[place] = &tile;
  });
  forEachShare(stage, [&](TileUnit &tile, std::size_t, std::size_t place) {
    TileUnit &collector = *first[place];
    const int from = tile.tile().core, to = collector.tile().core;
    if (from == to)
      return;
    ++tile.counters()[Counter::MaximumExchange];
    ++collector.counters()[Counter::MaximumExchange];
    const std::uint64_t wait = 2 * latency(from, to);
    for (int core : {from, to})
      usedCores[coreIndex[static_cast<std::size_t>(core)]]->waitForMaxima(wait);
  });
}

const std::vector<std::size_t> &Machine::takeBursts(int step) {
  if (observer) {
    if (step == 0)
      observeStages();
    observeSpikes(step);
  }
  bursts.clear();
  activeCores.clear();
  receivers.clear();
  for (std::size_t c : windowCores) {
    const Core &core = *usedCores[c];
    if (!core.firesAt(step))
      continue;
    activeCores.push_back(c);
    for (const OutgoingBurst &burst : core.bursts()) {
      bursts.push_back(burst);
      for (const Outgoing *content : burst.group->destinations) {
        const std::size_t to =
            coreIndex[static_cast<std::size_t>(content->destination)];
        // Not a time yet: the core is among the receivers.
        if (arrivalEnd[to] == 0)
          receivers.push_back(to);
        arrivalEnd[to] = 1;
      }
    }
  }
  std::sort(receivers.begin(), receivers.end());
  for (std::size_t to : receivers) {
    arrivalEnd[to] = 0;
    arrivalsAt[to].clear();
    lastSource[to] = -1;
  }
  return receivers;
}

void Machine::arrive(std::vector<BurstArrival> &arrivals,
                     const std::vector<BurstArrival> &sums,
                     NetworkLimits limits) {
  networkLimits = limits;
  if (!sums.empty())
    delayBursts(arrivals, sums);
  std::size_t next = 0;
  for (const OutgoingBurst &burst : bursts)
    for (const Outgoing *content : burst.group->destinations) {
      const std::size_t to =
          coreIndex[static_cast<std::size_t>(content->destination)];
      const BurstArrival &at = arrivals[next++];
      arrivalEnd[to] = std::max(arrivalEnd[to], at.last);
      if (lastSource[to] != burst.sourceCore) {
        lastSource[to] = burst.sourceCore;
        arrivalsAt[to].push_back(at);
        continue;
      }
      BurstArrival &all = arrivalsAt[to].back();
      all.first = std::min(all.first, at.first);
      all.last = std::max(all.last, at.last);
    }
}

/// Those of cores whose sums come later than they were told.
void Machine::delayBursts(std::vector<BurstArrival> &arrivals,
                          const std::vector<BurstArrival> &sums) {
  partialSums.forEachReceiver(sums, [&](int core, const IncomingSums &now) {
    const std::uint64_t told = usedCores[indexOf(core)]->sumsArrival();
    sumsLate[indexOf(core)] = now.arrival - std::min(now.arrival, told);
  });
  auto at = arrivals.begin();
  for (const OutgoingBurst &burst : bursts) {
    const std::uint64_t late = sumsLate[indexOf(burst.sourceCore)];
    const auto end =
        at + static_cast<std::ptrdiff_t>(burst.group->destinations.size());
    for (; at != end; ++at) {
      at->first += late;
      at->last += late;
    }
  }
}

void Machine::followLinks() {
  for (const PartialSums::Transfer &sums : sentSums()) {
    links.startBurst(sums.packets, sums.departures.first);
    links.follow(sums.way->links);
  }
  for (const OutgoingBurst &burst : bursts) {
    links.startBurst(burst.packets, burst.departures.first - burst.sumsDelay);
    for (const Outgoing *content : burst.group->destinations)
      links.follow(content->way->links);
  }
}

std::uint64_t Machine::endStep() {
  involved.clear();
  std::set_union(activeCores.begin(), activeCores.end(), receivers.begin(),
                 receivers.end(), std::back_inserter(involved));
  stepCores.clear();
  for (std::size_t c : involved) {
    stepCores.push_back(usedCores[c].get());
    if (sumsLate[c] > 0)
      usedCores[c]->waitForSums(sumsLate[c]);
    sumsLate[c] = 0;
  }
  if (timeline)
    observeTimes();
  const std::uint64_t cycles = timing.close(
      stepCores,
      [&](int number) -> const Core & {
        return *usedCores[coreIndex[static_cast<std::size_t>(number)]];
      },
      links, networkLimits);
  for (std::size_t c : involved)
    arrivalEnd[c] = 0;
  links.endStep(networkLimits.linksFill ? cycles : 0);
  partialSums.endStep();
  ++stepNumber;
  return cycles;
}

/// Whether the stage fires its token's last frame in this window.
bool Machine::completes(std::size_t stage) const {
  return plan.at[stage].frame + 1 == program.frames;
}

void Machine::endWindow() {
  for (std::size_t s : firingStages) {
    const FireKind fire = program.stages[s].fire;
    if (fire == FireKind::Output && !completes(s))
      continue;
    const int frame = plan.at[s].frame;
    for (std::size_t t : tilesOfStage[s]) {
      trainWords[s] += wordWeight(fire, frame) * tiles[t]->frameDigest();
      if (wantMembraneDigest)
        membraneWords[s] +=
            membraneWeight(fire, frame) * tiles[t]->membraneDigest();
    }
    if (!completes(s))
      continue;
    const auto position = static_cast<std::uint64_t>(plan.at[s].position);
    digest += rowDigest(s, position, trainWords[s]);
    if (wantMembraneDigest)
      membraneDigest += rowDigest(s, position, membraneWords[s]);
    trainWords[s] = membraneWords[s] = 0;
    if (fire == FireKind::Output)
      outputMembranes = activeMembranes(s);
  }
}

std::vector<std::int32_t> Machine::activeMembranes(std::size_t stage) const {
  const Stage &shape = program.stages[stage];
  const int columns =
      shape.perKey ? plan.at[stage].position + 1 : shape.groupWidth;
  std::vector<std::int32_t> values(static_cast<std::size_t>(shape.groups) *
                                   static_cast<std::size_t>(columns));
  for (std::size_t t : tilesOfStage[stage]) {
    const TileUnit &tile = *tiles[t];
    const TileShape &extent = tile.shape();
    for (int g = extent.groupBegin; g < extent.groupEnd; ++g) {
      const std::int32_t *from =
          tile.membranes() +
          std::ptrdiff_t(g - extent.groupBegin) * extent.columns();
      std::copy_n(from, tile.activeColumnCount(),
                  values.begin() + std::ptrdiff_t(g) * columns +
                      extent.columnBegin);
    }
  }
  return values;
}

void Machine::observeStages() {
  for (std::size_t s : firingStages)
    if (program.stages[s].fire != FireKind::Output || completes(s))
      observer->onStage(static_cast<int>(s), plan.at[s], activeMembranes(s));
}

void Machine::observeSpikes(int step) {
  for (std::size_t s : firingStages)
    for (std::size_t t : tilesOfStage[s]) {
      const StepEvents &events = tiles[t]->events();
      if (step >= units[s].steps())
        continue;
      for (std::size_t c = 0; c < events.classCount(); ++c)
        for (std::int32_t e = events.begin[c]; e < events.begin[c + 1]; ++e)
          observer->onSpike(static_cast<int>(s), plan.at[s], step,
                            events.neurons[static_cast<std::size_t>(e)],
                            events.classes[c].payload);
    }
}

} // namespace synfire
