//===- SpikingMachine.cpp - a plain spiking network on a chip -------------===//
#include "simulator/spiking/SpikingMachine.h"

#include "runtime/program/Digest.h"
#include "runtime/program/UsedMesh.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {
namespace {

constexpr int denseWeightBits = 8 * denseSynapseBytes;
constexpr int sparseWordBits = 8 * sparseSynapseBytes;
/// Phases of less work than this run on one thread: handing them out takes a
/// few microseconds.
constexpr std::uint64_t neuronsWorthThreads = 1 << 12;
constexpr std::uint64_t operationsWorthThreads = 1 << 18;
constexpr std::size_t burstsWorthThreads = 1 << 7;

Counters countersOf(const SliceCounts &counts) {
  Counters counters;
  counters[Counter::SopLinear] = counts.operations();
  counters[Counter::NeuronUpdate] = counts.updates;
  counters[Counter::Spike] = counts.spikes;
  counters[Counter::SpikeBits] = counts.spikes;
  counters[Counter::WeightRead] = counts.operations();
  counters[Counter::WeightReadBits] = counts.denseOperations * denseWeightBits +
                                      counts.sparseOperations * sparseWordBits;
  counters[Counter::StateRead] = counts.operations() + counts.updates;
  counters[Counter::StateWrite] = counts.operations() + counts.updates;
  counters[Counter::AxonRead] = counts.rows;
  counters[Counter::SpikeSent] = counts.packets;
  counters[Counter::HopEastWest] = counts.hopsEastWest;
  counters[Counter::HopNorthSouth] = counts.hopsNorthSouth;
  counters[Counter::ChipCrossing] = counts.chipCrossings;
  counters[Counter::SpikeDelivered] = counts.delivered;
  return counters;
}

UsedMesh usedMesh(const Mesh &mesh, const NeuronPlacement &placement) {
  UsedMesh used(mesh);
  for (const PlacedCore &core : placement.cores)
    used.add(mesh.routerOfCore(core.core));
  return used;
}

} // namespace

Result<std::unique_ptr<SpikingMachine>>
SpikingMachine::create(SpikingNetwork network, const ChipModel &chip,
                       const SpikingOptions &options) {
  std::unique_ptr<SpikingMachine> machine(
      new SpikingMachine(std::max(1, options.threads)));
  SpikingMachine &made = *machine;
  made.options = options;
  made.name = network.name;
  made.neurons = static_cast<std::uint64_t>(network.neurons());
  SpikingState &state = made.state;
  state.chip = chip;
  SYNFIRE_ASSIGN(state.placement, placeNeurons(network, chip));
  SYNFIRE_ASSIGN(Routing routing, Routing::create(chip, state.placement.chipsX,
                                                  state.placement.chipsY));
  made.routing = std::make_unique<Routing>(std::move(routing));
  if (options.noc != "none") {
    SYNFIRE_ASSIGN(made.network, makeNetwork(options.noc, chip, *made.routing));
    made.links = std::make_unique<StepLinks>(chip, *made.routing);
  }
  SYNFIRE_ASSIGN(state.wiring,
                 wire(network, state.placement, chip, *made.routing));
  state.populations = std::move(network.populations);
  state.slices.resize(state.placement.slices.size());
  state.bundles.resize(state.wiring.bundles.size());
  state.trees.resize(state.wiring.trees.size());
  state.opening.resize(made.team.size());
  for (auto &bundles : state.opening)
    bundles.resize(state.placement.cores.size());
  state.fired.resize(state.populations.size());
  made.gathered.resize(state.populations.size());
  for (const CoreMemory &memory : state.wiring.memory)
    for (const DenseBlock &block : memory.blocks)
      made.gathered[static_cast<std::size_t>(block.population)] = true;
  state.latency.resize(state.wiring.bundles.size());
  for (std::size_t b = 0; made.network && b < state.latency.size(); ++b) {
    const AxonBundle &bundle = state.wiring.bundles[b];
    const NeuronSlice &source = state.placement.slices[bundle.slice];
    state.latency[b] = made.network->latency(
        state.placement.cores[static_cast<std::size_t>(source.core)].core,
        state.placement.cores[bundle.destination].core);
  }
  made.totals.resize(state.slices.size());
  made.silent = std::make_unique<Countdown[]>(state.populations.size());
  for (std::size_t p = 0; p < state.populations.size(); ++p)
    made.silent[p].left = static_cast<std::uint32_t>(
        state.placement.slicesOfPopulation[p].size());
  made.sums.resize(made.team.size());
  made.cores.reserve(state.placement.cores.size());
  for (std::size_t core = 0; core < state.placement.cores.size(); ++core)
    made.cores.emplace_back(state, core);
  made.timing = StepTotals(
      usedMesh(made.routing->mesh(), state.placement).barrierCycles(chip.noc));
  return machine;
}

void SpikingMachine::forEach(std::size_t jobs, bool parallel,
                             const PhaseTeam::Job &job) {
  const auto count = static_cast<std::uint32_t>(jobs);
  if (parallel)
    team.run(count, job);
  else
    for (std::uint32_t i = 0; i < count; ++i)
      job(i, 0);
}

const SpikingStep &SpikingMachine::step() {
  for (MemberSums &member : sums) {
    member.counts = {};
    member.mostHops = 0;
    member.populations.assign(state.populations.size(), {});
    member.finish = member.last = member.slowestBound = member.slowest = 0;
  }
  forEach(
      cores.size(), neurons >= neuronsWorthThreads,
      [this](std::uint32_t core, std::uint32_t member) { fire(core, member); });
  // The step before tells how much there is to add; the first one is a guess.
  const bool parallel =
      steps == 0 || last.counters[Counter::SopLinear] >= operationsWorthThreads;
  // The network runs beside the cores: neither needs the other's results.
  const std::uint32_t networkJobs = network ? 1 : 0;
  forEach(cores.size() + networkJobs, parallel,
          [&](std::uint32_t job, std::uint32_t member) {
            if (job < networkJobs)
              carry(sums[member]);
            else
              receive(job - networkJobs, sums[member]);
          });
  if (network) {
    const std::uint32_t linkJobs = linksFollowed ? 0 : 1;
    forEach(cores.size() - finished + linkJobs,
            bursts.traffic().bursts.size() >= burstsWorthThreads,
            [&](std::uint32_t job, std::uint32_t member) {
              if (job < linkJobs)
                links->follow(bursts.traffic());
              else
                finish(finished + job - linkJobs, sums[member]);
            });
  }
  reduce();
  ++steps;
  return last;
}

void SpikingMachine::fire(std::size_t core, std::size_t member) {
  cores[core].fire(steps, member);
  const PlacedCore &placed = state.placement.cores[core];
  for (int s = placed.firstSlice; s < placed.firstSlice + placed.slices; ++s) {
    const auto population = static_cast<std::size_t>(
        state.placement.slices[static_cast<std::size_t>(s)].population);
    if (gathered[population] && --silent[population].left == 0)
      gatherFired(population);
  }
}

void SpikingMachine::gatherFired(std::size_t population) {
  const std::vector<int> &slices =
      state.placement.slicesOfPopulation[population];
  silent[population].left = static_cast<std::uint32_t>(slices.size());
  std::vector<std::int32_t> &fired = state.fired[population];
  fired.clear();
  for (int number : slices) {
    const NeuronSlice &slice =
        state.placement.slices[static_cast<std::size_t>(number)];
    const SliceStep &now = state.slices[static_cast<std::size_t>(number)];
    const std::int32_t *local =
        cores[static_cast<std::size_t>(slice.core)].firedNeurons().data() +
        now.firstFired;
    const std::size_t before = fired.size();
    fired.resize(before + now.fired);
    for (std::size_t i = 0; i < now.fired; ++i)
      fired[before + i] = local[i] + slice.first - slice.firstLocal;
  }
}

void SpikingMachine::receive(std::size_t core, MemberSums &member) {
  cores[core].receive(cores, options.accumulatorDigest);
  const PlacedCore &placed = state.placement.cores[core];
  for (std::size_t s = 0; s < cores[core].inputs().size(); ++s) {
    const std::size_t number = static_cast<std::size_t>(placed.firstSlice) + s;
    const SliceStep &slice = state.slices[number];
    const SliceInput &input = cores[core].inputs()[s];
    for (const SliceCounts *counts : {&slice.counts, &input.counts}) {
      totals[number] += *counts;
      member.counts += *counts;
    }
    const auto population =
        static_cast<std::size_t>(state.placement.slices[number].population);
    member.populations[population].spikes += slice.spikeSum;
    member.populations[population].accumulators += input.accumulatorSum;
  }
  member.mostHops = std::max(member.mostHops, cores[core].mostHops());
}

/// Of equal ends or bounds that of the first core counts.
void SpikingMachine::finish(std::size_t core, MemberSums &member) {
  cores[core].finish(bursts);
  const std::uint64_t end = cores[core].finished();
  if (end > member.finish || (end == member.finish && core < member.last)) {
    member.finish = end;
    member.last = core;
  }
  const std::uint64_t bound = cores[core].bound().cycles;
  if (bound > member.slowestBound ||
      (bound == member.slowestBound && core < member.slowest)) {
    member.slowestBound = bound;
    member.slowest = core;
  }
}

/// Goes on with the links and the cores' clocks until the other members have
/// nothing left to begin: its bursts are in this processor's caches.
void SpikingMachine::carry(MemberSums &member) {
  bursts.build(state, cores, network->coresFill());
  network->deliver(bursts.traffic());
  linksFollowed = team.hasOpenJobs();
  if (linksFollowed)
    links->follow(bursts.traffic());
  std::size_t core = 0;
  while (core < cores.size() && team.hasOpenJobs())
    finish(core++, member);
  finished = core;
}

void SpikingMachine::reduce() {
  SliceCounts sum;
  last = {};
  for (const MemberSums &member : sums) {
    sum += member.counts;
    last.mostHops = std::max(last.mostHops, member.mostHops);
  }
  last.counters = countersOf(sum);
  for (std::size_t p = 0; p < state.populations.size(); ++p) {
    std::uint64_t spikes = 0, accumulators = 0;
    for (const MemberSums &member : sums) {
      spikes += member.populations[p].spikes;
      accumulators += member.populations[p].accumulators;
    }
    spikeDigest += rowDigest(p, steps, spikes);
    accumulatorDigest += rowDigest(p, steps, accumulators);
  }
  if (network)
    closeStep();
}

/// Of cores and links. Where a packet is to blame, its source is, or its way if
/// that takes longer.
StepBound SpikingMachine::boundOfStep() const {
  const MemberSums *slowest = &sums.front();
  for (const MemberSums &member : sums)
    if (member.slowestBound > slowest->slowestBound ||
        (member.slowestBound == slowest->slowestBound &&
         member.slowest < slowest->slowest))
      slowest = &member;
  const LinkTerm link = links->bound().largest();
  if (network->linksFill() && link.cycles > slowest->slowestBound)
    return {link.cycles, StepCause::Link, link.link};
  if (slowest->slowestBound == 0)
    return {};
  const SpikingCore &core = cores[slowest->slowest];
  const CoreBound &bound = core.bound();
  if (bound.awaited.sourceCore < 0)
    return {bound.cycles, bound.cause, core.number()};
  const SpikingCore &source =
      cores[static_cast<std::size_t>(bound.awaited.sourceCore)];
  if (bound.awaited.latency > bound.awaited.departure)
    return {bound.cycles, StepCause::Link,
            links->largestBetween(source.number(), core.number()).link};
  return {bound.cycles, source.outputCause(), source.number()};
}

/// Of the core that ends last: a link of its last packets' way, or its own
/// stage where they did not come late or waited for the core itself.
StepBound SpikingMachine::contentionOf(const SpikingCore &core,
                                       std::uint64_t beyond) const {
  const InputContention found = core.contention();
  if (network->linksFill() && found.source >= 0 && 2 * found.delay > beyond) {
    const LinkTerm link = links->largestBetween(found.source, core.number());
    if (!network->coresFill() || link.busyCycles > found.cycles)
      return {0, StepCause::Link, link.link};
  }
  return {0, found.cause, core.number()};
}

void SpikingMachine::closeStep() {
  std::uint64_t finish = 0;
  std::size_t lastCore = 0;
  for (const MemberSums &member : sums)
    if (member.finish > finish ||
        (member.finish == finish && member.last < lastCore)) {
      finish = member.finish;
      lastCore = member.last;
    }
  const StepBound bound = boundOfStep();
  const StepBound cause =
      timing.close(finish, bound, last.counters[Counter::SopLinear],
                   [&](std::uint64_t beyond) {
                     return contentionOf(cores[lastCore], beyond);
                   });
  last.barrierCycles = timing.barrierCycles();
  last.cycles = finish + last.barrierCycles;
  last.boundCycles = bound.cycles + last.barrierCycles;
  last.cause = cause.cause;
  (last.cause == StepCause::Link ? last.causeLink : last.causeCore) =
      cause.place;
  links->endStep(network->linksFill() ? last.cycles : 0);
}

CoreRun SpikingMachine::coreRun(std::size_t core) const {
  CoreRun run = cores[core].totals();
  run.demand = state.wiring.demands[core];
  const PlacedCore &placed = state.placement.cores[core];
  for (int s = placed.firstSlice; s < placed.firstSlice + placed.slices; ++s) {
    const auto slice = static_cast<std::size_t>(s);
    const Counters counters = countersOf(totals[slice]);
    run.counters += counters;
    run.packetsSent += counters[Counter::SpikeSent];
    run.stages.push_back(state.placement.slices[slice].population);
  }
  std::sort(run.stages.begin(), run.stages.end());
  run.stages.erase(std::unique(run.stages.begin(), run.stages.end()),
                   run.stages.end());
  return run;
}

Run SpikingMachine::run() const {
  Run run;
  run.executor = "machine";
  run.model.name = name;
  run.chip = state.chip;
  run.usedCores = static_cast<int>(cores.size());
  run.digest = spikeDigest;
  run.membraneDigest = options.accumulatorDigest ? accumulatorDigest : 0;
  run.stages.resize(state.populations.size());
  for (std::size_t p = 0; p < state.populations.size(); ++p) {
    run.stageNames.push_back(state.populations[p].name);
    run.stageLayers.push_back(static_cast<int>(p));
    run.stageRoles.emplace_back();
    run.stages[p].values =
        static_cast<std::uint64_t>(state.populations[p].neurons) * steps;
  }
  for (std::size_t slice = 0; slice < totals.size(); ++slice)
    run.stages[static_cast<std::size_t>(
                   state.placement.slices[slice].population)]
        .counters += countersOf(totals[slice]);
  for (const StageRun &stage : run.stages)
    run.total += stage.counters;
  run.timing = timing.totals();
  run.timing.noc = options.noc;
  run.timing.clockHz = state.chip.timing.clockHz;
  const Mesh &mesh = routing->mesh();
  std::uint64_t busiest = 0;
  for (std::size_t c = 0; c < cores.size(); ++c) {
    run.cores.push_back(coreRun(c));
    const CoreRun &core = run.cores.back();
    if (core.busyCycles > busiest) {
      busiest = core.busyCycles;
      run.timing.busiestCore = core.core;
    }
  }
  run.usedChips = usedMesh(mesh, state.placement).chips();
  if (network) {
    run.links = network->usedLinks();
    links->bound().fillPeaks(mesh, run.links);
  }
  return run;
}

template <typename ValuesOfCore>
std::vector<std::int32_t>
SpikingMachine::gather(int population, ValuesOfCore &&valuesOfCore) const {
  std::vector<std::int32_t> values;
  for (int number :
       state.placement
           .slicesOfPopulation[static_cast<std::size_t>(population)]) {
    const NeuronSlice &slice =
        state.placement.slices[static_cast<std::size_t>(number)];
    const auto &held =
        valuesOfCore(cores[static_cast<std::size_t>(slice.core)]);
    const std::int32_t *from = held.data() + slice.firstLocal;
    values.insert(values.end(), from, from + slice.neurons);
  }
  return values;
}

std::vector<std::int32_t> SpikingMachine::accumulators(int population) const {
  return gather(population, [](const SpikingCore &core) -> const auto & {
    return core.accumulators();
  });
}

std::vector<std::int32_t> SpikingMachine::membranes(int population) const {
  if (state.populations[static_cast<std::size_t>(population)].rule !=
      FiringRule::LeakyIntegrateAndFire)
    return {};
  return gather(population, [](const SpikingCore &core) -> const auto & {
    return core.membranes();
  });
}

} // namespace synfire
