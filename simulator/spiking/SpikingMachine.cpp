//===- SpikingMachine.cpp - a plain spiking network on a chip -------------===//
#include "simulator/spiking/SpikingMachine.h"

#include "runtime/program/Digest.h"

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
  return counters;
}

/// Of the smallest rectangle of routers that holds all cores (machine.md).
std::uint64_t barrierCycles(const ChipModel &chip, const Mesh &mesh,
                            const NeuronPlacement &placement) {
  int left = mesh.width(), right = 0, top = mesh.height(), bottom = 0;
  for (const PlacedCore &core : placement.cores) {
    const RouterCoordinate at = mesh.routerOfCore(core.core);
    left = std::min(left, at.x);
    right = std::max(right, at.x);
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  return static_cast<std::uint64_t>(
      chip.noc.barrierCycles(right - left + 1, bottom - top + 1));
}

} // namespace

Result<std::unique_ptr<SpikingMachine>>
SpikingMachine::create(SpikingNetwork network, const ChipModel &chip,
                       const SpikingOptions &options) {
  if (chip.noc.multicast == Multicast::Tree)
    return makeError("not supported: multicast TREE for plain networks",
                     "chip " + chip.name, "UNICAST is");
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
  }
  SYNFIRE_ASSIGN(state.wiring,
                 wire(network, state.placement, chip, *made.routing));
  state.populations = std::move(network.populations);
  state.slices.resize(state.placement.slices.size());
  state.bundles.resize(state.wiring.bundles.size());
  state.burst.resize(state.wiring.bundles.size());
  state.arriving.resize(state.placement.cores.size());
  state.fired.resize(state.populations.size());
  made.gathered.resize(state.populations.size());
  for (const CoreMemory &memory : state.wiring.memory)
    for (const DenseBlock &block : memory.blocks)
      made.gathered[static_cast<std::size_t>(block.population)] = true;
  state.latency.resize(state.wiring.bundles.size());
  for (std::size_t b = 0; made.network && b < state.latency.size(); ++b)
    state.latency[b] = static_cast<std::uint32_t>(
        made.network->latency(state.wiring.bundles[b].route));
  made.totals.resize(state.slices.size());
  made.spikeSums.resize(state.populations.size());
  made.accumulatorSums.resize(state.populations.size());
  made.cores.reserve(state.placement.cores.size());
  for (std::size_t core = 0; core < state.placement.cores.size(); ++core)
    made.cores.emplace_back(state, core);
  made.barrier = barrierCycles(chip, made.routing->mesh(), state.placement);
  made.timing.noc = options.noc;
  made.timing.clockHz = chip.timing.clockHz;
  return machine;
}

void SpikingMachine::forEachCore(bool parallel,
                                 const std::function<void(std::size_t)> &job) {
  const auto count = static_cast<std::uint32_t>(cores.size());
  if (parallel)
    team.run(count, job);
  else
    for (std::uint32_t core = 0; core < count; ++core)
      job(core);
}

const SpikingStep &SpikingMachine::step() {
  forEachCore(neurons >= neuronsWorthThreads,
              [this](std::size_t core) { cores[core].fire(steps); });
  gatherFired();
  buildTraffic();
  if (options.noc == "packet")
    setPaces();
  // The step before tells how much there is to add; the first one is a guess.
  const bool parallel =
      steps == 0 || last.counters[Counter::SopLinear] >= operationsWorthThreads;
  // The network runs beside the cores: neither needs the other's results.
  const std::uint32_t networkJobs = network ? 1 : 0;
  const auto receive = [&](std::uint32_t job) {
    if (job < networkJobs)
      network->deliver(traffic);
    else
      cores[job - networkJobs].receive(cores, options.accumulatorDigest);
  };
  const auto jobs = static_cast<std::uint32_t>(cores.size()) + networkJobs;
  if (parallel)
    team.run(jobs, receive);
  else
    for (std::uint32_t job = 0; job < jobs; ++job)
      receive(job);
  if (network)
    forEachCore(
        traffic.bursts.size() >= burstsWorthThreads,
        [this](std::size_t core) { cores[core].finish(cores, traffic); });
  reduce();
  ++steps;
  return last;
}

void SpikingMachine::gatherFired() {
  for (std::size_t p = 0; p < state.fired.size(); ++p) {
    if (!gathered[p])
      continue;
    std::vector<std::int32_t> &fired = state.fired[p];
    fired.clear();
    for (int number : state.placement.slicesOfPopulation[p]) {
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
}

void SpikingMachine::buildTraffic() {
  traffic.clear();
  state.work.clear();
  for (std::vector<std::uint32_t> &arriving : state.arriving)
    arriving.clear();
  for (const CoreAxons &axons : state.wiring.axons) {
    std::uint32_t destination = ~std::uint32_t(0);
    for (std::uint32_t b = 0; b < axons.bundles; ++b) {
      const std::uint32_t number = axons.firstBundle + b;
      const BundleStep &now = state.bundles[number];
      if (now.packets == 0)
        continue;
      const AxonBundle &bundle = state.wiring.bundles[number];
      state.arriving[bundle.destination].push_back(number);
      const SliceStep &slice = state.slices[bundle.slice];
      // Packets of a slice leave evenly spaced.
      const std::uint64_t gaps =
          std::max<std::uint64_t>(1, slice.counts.packets - 1);
      const std::uint64_t span = slice.departures.last - slice.departures.first;
      const std::uint64_t first =
          slice.departures.first + span * now.firstPacket / gaps;
      const std::uint64_t end =
          slice.departures.first + span * now.lastPacket / gaps;
      if (bundle.destination == destination) {
        Burst &burst = traffic.bursts.back();
        burst.packets += now.packets;
        burst.firstDeparture = std::min(burst.firstDeparture, first);
        burst.lastDeparture = std::max(burst.lastDeparture, end);
      } else {
        const NeuronPlacement &placement = state.placement;
        traffic.bursts.push_back(
            {placement
                 .cores[static_cast<std::size_t>(
                     placement.slices[bundle.slice].core)]
                 .core,
             static_cast<std::uint32_t>(traffic.destinations.size()), 1,
             now.packets, first, end});
        traffic.destinations.emplace_back();
        traffic.destinations.back().core =
            placement.cores[bundle.destination].core;
        state.work.emplace_back();
        destination = bundle.destination;
      }
      state.burst[number] =
          static_cast<std::uint32_t>(traffic.destinations.size() - 1);
      const std::uint64_t dense = bundle.denseRows > 0 ? slice.fired : 0;
      InputWork &work = state.work.back();
      work.packets += now.packets;
      work.rows += dense * bundle.denseRows + now.eventEnd - bundle.firstEvent;
      work.words += dense * bundle.denseWords + now.sparseWords;
      work.operations += dense * bundle.denseOperations + now.sparseOperations;
    }
  }
}

/// The network that stops packets at full cores has to know how fast they are.
void SpikingMachine::setPaces() {
  for (std::size_t burst = 0; burst < state.work.size(); ++burst)
    traffic.destinations[burst].cyclesPerPacket =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(
            inputCycles(state.chip.timing, state.work[burst]).perPacket(),
            UINT32_MAX));
}

void SpikingMachine::reduce() {
  SliceCounts sum;
  std::fill(spikeSums.begin(), spikeSums.end(), 0);
  std::fill(accumulatorSums.begin(), accumulatorSums.end(), 0);
  for (std::size_t s = 0; s < state.slices.size(); ++s) {
    const SliceStep &slice = state.slices[s];
    totals[s] += slice.counts;
    sum += slice.counts;
    const auto population =
        static_cast<std::size_t>(state.placement.slices[s].population);
    spikeSums[population] += slice.spikeSum;
    accumulatorSums[population] += slice.accumulatorSum;
  }
  for (std::size_t p = 0; p < spikeSums.size(); ++p) {
    spikeDigest += rowDigest(p, steps, spikeSums[p]);
    accumulatorDigest += rowDigest(p, steps, accumulatorSums[p]);
  }
  last = {};
  last.counters = countersOf(sum);
  for (const SpikingCore &core : cores)
    last.mostHops = std::max(last.mostHops, core.mostHops());
  if (network)
    closeStep();
}

/// As the machine does it: of barrier, bound and what the step took beyond its
/// bound, which only contention explains, the largest is the cause.
void SpikingMachine::closeStep() {
  std::uint64_t finish = 0;
  SpikingBound bound;
  for (const SpikingCore &core : cores) {
    finish = std::max(finish, core.finished());
    if (core.bound().cycles > bound.cycles)
      bound = core.bound();
  }
  const std::uint64_t beyond =
      finish > bound.cycles ? finish - bound.cycles : 0;
  last.barrierCycles = barrier;
  last.cycles = finish + barrier;
  last.boundCycles = bound.cycles + barrier;
  last.cause = bound.cause;
  last.causeCore = bound.core;
  if (barrier > bound.cycles && barrier > beyond)
    last.cause = StepCause::Barrier;
  else if (beyond > bound.cycles)
    last.cause = StepCause::Link;
  if (last.cause == StepCause::Barrier || last.cause == StepCause::Link)
    last.causeCore = -1;
  ++(last.cause == StepCause::Barrier ? timing.barrierBoundSteps
     : last.cause == StepCause::Link  ? timing.linkBoundSteps
                                      : timing.computeBoundSteps);
  ++timing.steps;
  timing.cycles += last.cycles;
  timing.barrierCycles += barrier;
  timing.boundCycles += last.boundCycles;
  ++timing.causeSteps[last.cause];
  timing.causeCycles[last.cause] += last.cycles;
  timing.stepCycles.push_back(static_cast<std::uint32_t>(
      std::min<std::uint64_t>(last.cycles, UINT32_MAX)));
  timing.stepBounds.push_back(static_cast<std::uint32_t>(
      std::min<std::uint64_t>(last.boundCycles, UINT32_MAX)));
  timing.stepCauses.push_back(last.cause);
  timing.stepPlaces.push_back(last.causeCore);
}

Run SpikingMachine::run() const {
  Run run;
  run.executor = "machine";
  run.model.name = name;
  run.chip = state.chip;
  run.usedCores = static_cast<int>(cores.size());
  run.usedChips = state.placement.chipsX * state.placement.chipsY;
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
  std::uint64_t busiest = 0;
  for (std::size_t c = 0; c < cores.size(); ++c) {
    const PlacedCore &placed = state.placement.cores[c];
    CoreRun core = cores[c].totals();
    for (int s = placed.firstSlice; s < placed.firstSlice + placed.slices;
         ++s) {
      const auto slice = static_cast<std::size_t>(s);
      const Counters counters = countersOf(totals[slice]);
      core.counters += counters;
      core.packetsSent += counters[Counter::SpikeSent];
      run.total += counters;
      run.stages[static_cast<std::size_t>(
                     state.placement.slices[slice].population)]
          .counters += counters;
    }
    run.cores.push_back(core);
  }
  run.timing = timing;
  for (const CoreRun &core : run.cores)
    if (core.busyCycles > busiest) {
      busiest = core.busyCycles;
      run.timing.busiestCore = core.core;
    }
  if (network)
    run.links = network->usedLinks();
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
