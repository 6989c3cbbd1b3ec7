//===- SpikingCore.cpp - neurons and synapses of one core -----------------===//
#include "simulator/spiking/SpikingCore.h"

#include "runtime/program/Digest.h"
#include "simulator/machine/RowKernels.h"
#include "simulator/spiking/FiringRules.h"

#include <algorithm>
#include <cstring>

namespace synfire {
namespace {

/// Lengths of sparse rows whose words are looked up and not divided.
constexpr std::uint32_t knownRowLengths = 64;
/// How far ahead of its use a sparse row is fetched from memory.
constexpr std::uint32_t rowsAhead = 8;

std::uint32_t sparseWords(std::uint32_t synapses, const CoreTiming &timing) {
  return static_cast<std::uint32_t>(
      divideUp(std::uint64_t(synapses) * sparseSynapseBytes * 8,
               static_cast<std::uint64_t>(timing.synapseWordBits)));
}

void addSparseRow(const std::uint8_t *row, std::uint32_t synapses,
                  std::int32_t *sums) {
  const std::uint8_t *weights = row + std::size_t(2) * synapses;
  for (std::uint32_t s = 0; s < synapses; ++s) {
    std::uint16_t target = 0;
    std::memcpy(&target, row + std::size_t(2) * s, sizeof(target));
    sums[target] += static_cast<std::int8_t>(weights[s]);
  }
}

} // namespace

SliceCounts &SliceCounts::operator+=(const SliceCounts &other) {
  updates += other.updates;
  spikes += other.spikes;
  delivered += other.delivered;
  packets += other.packets;
  hopsEastWest += other.hopsEastWest;
  hopsNorthSouth += other.hopsNorthSouth;
  chipCrossings += other.chipCrossings;
  rows += other.rows;
  denseOperations += other.denseOperations;
  sparseOperations += other.sparseOperations;
  return *this;
}

SpikingCore::SpikingCore(SpikingState &state, std::size_t core)
    : shared(&state), index(core), memory(&state.wiring.memory[index]),
      axons(&state.wiring.axons[index]), placed(state.placement.cores[index]),
      output(state.chip.timing, 0) {
  total.core = placed.core;
  const auto neurons = static_cast<std::size_t>(placed.neurons);
  sums.resize(neurons);
  events.resize(axons->events);
  received.resize(static_cast<std::size_t>(placed.slices));
  for (std::uint32_t b = 0; b < axons->bundles; ++b)
    emptyBundle(axons->firstBundle + b);
  std::int32_t columns = 0;
  for (const DenseBlock &block : memory->blocks)
    columns = std::max(columns, block.columns);
  rowSum.resize(static_cast<std::size_t>(columns));
  if (axons->events > 0)
    for (std::uint32_t length = 0; length < knownRowLengths; ++length)
      wordsOfRow.push_back(sparseWords(length, state.chip.timing));
  for (int s = 0; s < placed.slices; ++s) {
    const NeuronSlice &slice =
        state.placement.slices[static_cast<std::size_t>(placed.firstSlice) +
                               static_cast<std::size_t>(s)];
    const Population &population =
        state.populations[static_cast<std::size_t>(slice.population)];
    if (population.rule != FiringRule::LeakyIntegrateAndFire)
      continue;
    membrane.resize(neurons);
    flags.resize(neurons);
    std::fill_n(membrane.begin() + slice.firstLocal, slice.neurons,
                population.leaky.initialMembrane);
    if (population.leaky.refractorySteps > 0)
      waiting.resize(neurons);
  }
}

void SpikingCore::fire(std::uint64_t step, std::size_t thread) {
  fired.clear();
  output = OutputClock(shared->chip.timing, 0);
  mostHopsOfPacket = 0;
  for (const std::uint32_t bundle : active)
    emptyBundle(bundle);
  active.clear();
  for (const std::uint32_t tree : activeTrees)
    shared->trees[tree] = {};
  activeTrees.clear();
  for (int s = 0; s < placed.slices; ++s) {
    const auto slice = static_cast<std::size_t>(placed.firstSlice) +
                       static_cast<std::size_t>(s);
    SliceStep &now = shared->slices[slice];
    now = {};
    updateNeurons(slice, step);
    send(slice);
    if (!axons->treeOfNeuron.empty())
      sendTrees(slice);
    now.departures = output.update(now.counts.updates, now.counts.spikes,
                                   now.counts.packets);
  }
  for (std::uint32_t b = 0; b < axons->bundles; ++b) {
    const std::uint32_t bundle = axons->firstBundle + b;
    const BundleStep &now = shared->bundles[bundle];
    const std::uint64_t packets = now.packets;
    if (packets == 0)
      continue;
    const AxonBundle &way = shared->wiring.bundles[bundle];
    active.push_back(bundle);
    if (now.eventEnd > way.firstEvent)
      shared->opening[thread][way.destination].push_back(bundle);
    if (axons->treeOfNeuron.empty())
      countWay(way.slice, packets, way.route);
  }
  for (std::uint32_t t = 0; t < axons->trees; ++t) {
    const std::uint32_t number = axons->firstTree + t;
    const AxonTree &tree = shared->wiring.trees[number];
    if (shared->trees[number].packets == 0)
      continue;
    activeTrees.push_back(number);
    countWay(tree.slice, shared->trees[number].packets, tree.route);
  }
  std::fill(sums.begin(), sums.end(), 0);
}

void SpikingCore::countWay(std::uint32_t slice, std::uint64_t packets,
                           const Route &route) {
  mostHopsOfPacket = std::max(mostHopsOfPacket, route.hops());
  SliceCounts &counts = shared->slices[slice].counts;
  counts.hopsEastWest +=
      packets * static_cast<std::uint64_t>(route.eastWestHops);
  counts.hopsNorthSouth +=
      packets * static_cast<std::uint64_t>(route.northSouthHops);
  counts.chipCrossings +=
      packets * static_cast<std::uint64_t>(route.chipCrossings);
}

void SpikingCore::emptyBundle(std::uint32_t bundle) {
  shared->bundles[bundle] = {};
  shared->bundles[bundle].eventEnd = shared->wiring.bundles[bundle].firstEvent;
}

void SpikingCore::updateNeurons(std::size_t number, std::uint64_t step) {
  const NeuronSlice &slice = shared->placement.slices[number];
  const Population &population =
      shared->populations[static_cast<std::size_t>(slice.population)];
  SliceStep &now = shared->slices[number];
  now.firstFired = static_cast<std::uint32_t>(fired.size());
  const std::int32_t shift = slice.first - slice.firstLocal;
  if (population.rule == FiringRule::LeakyIntegrateAndFire) {
    const LeakyIntegrateAndFire &rule = population.leaky;
    const auto neurons = static_cast<std::size_t>(slice.neurons);
    const std::int32_t *input = sums.data() + slice.firstLocal;
    std::int32_t *membranes = membrane.data() + slice.firstLocal;
    if (rule.refractorySteps > 0)
      integrateRefractory(rule, neurons, input, membranes,
                          waiting.data() + slice.firstLocal, flags.data());
    else
      integrate(rule, neurons, input, membranes, flags.data());
    for (std::int32_t n = 0; n < slice.neurons; ++n)
      if (flags[static_cast<std::size_t>(n)])
        fired.push_back(slice.firstLocal + n);
  } else {
    appendSources(population, step, slice.first, slice.neurons, shift, fired);
  }
  now.fired = static_cast<std::uint32_t>(fired.size()) - now.firstFired;
  now.counts.updates = static_cast<std::uint64_t>(slice.neurons);
  now.counts.spikes = now.fired;
  for (std::size_t i = now.firstFired; i < fired.size(); ++i)
    now.spikeSum +=
        neuronKey(static_cast<std::uint64_t>(std::int64_t(fired[i]) + shift));
}

void SpikingCore::send(std::size_t number) {
  SliceStep &now = shared->slices[number];
  const std::vector<std::uint32_t> &dense = shared->wiring.denseBundles[number];
  BundleStep *bundles = shared->bundles.data();
  const auto targets = static_cast<std::uint32_t>(dense.size());
  if (axons->axons.empty()) {
    for (std::uint32_t t = 0; now.fired > 0 && t < targets; ++t) {
      BundleStep &bundle = bundles[dense[t]];
      bundle.packets = now.fired;
      bundle.firstPacket = t;
      bundle.lastPacket = (now.fired - 1) * targets + t;
    }
    now.counts.packets = now.counts.delivered =
        std::uint64_t(now.fired) * targets;
    return;
  }
  std::uint32_t place = 0;
  auto count = [&place](BundleStep &bundle) {
    if (bundle.packets++ == 0)
      bundle.firstPacket = place;
    bundle.lastPacket = place++;
  };
  for (std::uint32_t i = 0; i < now.fired; ++i) {
    const auto neuron = static_cast<std::size_t>(fired[now.firstFired + i]);
    for (std::uint32_t bundle : dense)
      count(bundles[bundle]);
    for (std::uint32_t a = axons->axonBegin[neuron];
         a < axons->axonBegin[neuron + 1]; ++a) {
      const SparseAxon axon = axons->axons[a];
      BundleStep &bundle = bundles[axon.bundle & ~ownPacket];
      events[bundle.eventEnd++] = axon.row;
      bundle.sparseOperations += axon.row.synapses;
      bundle.sparseWords +=
          axon.row.synapses < knownRowLengths
              ? wordsOfRow[axon.row.synapses]
              : sparseWords(axon.row.synapses, shared->chip.timing);
      if (axon.bundle & ownPacket)
        count(bundle);
    }
  }
  now.counts.packets = now.counts.delivered = place;
}

/// Each spike leaves once, for all its destinations.
void SpikingCore::sendTrees(std::size_t number) {
  SliceStep &now = shared->slices[number];
  std::uint32_t place = 0;
  for (std::uint32_t i = 0; i < now.fired; ++i) {
    const std::uint32_t tree =
        axons
            ->treeOfNeuron[static_cast<std::size_t>(fired[now.firstFired + i])];
    if (tree == noTree)
      continue;
    TreeStep &step = shared->trees[tree];
    if (step.packets++ == 0)
      step.firstPacket = place;
    step.lastPacket = place++;
  }
  now.counts.packets = place;
}

void SpikingCore::receive(const std::vector<SpikingCore> &cores, bool digest) {
  for (SliceInput &slice : received)
    slice = {};
  addDense();
  for (auto &ofThread : shared->opening) {
    addSparse(cores, ofThread[index]);
    ofThread[index].clear();
  }
  if (digest)
    digestAccumulators();
}

void SpikingCore::addDense() {
  for (const DenseBlock &block : memory->blocks) {
    const std::vector<std::int32_t> &rows =
        shared->fired[static_cast<std::size_t>(block.population)];
    const auto columns = static_cast<std::size_t>(block.columns);
    constexpr std::size_t most = RowSum<std::int8_t>::mostRows;
    for (std::size_t first = 0; first < rows.size(); first += most) {
      addRows(shared->wiring.dense.data() + block.offset, columns,
              rows.data() + first, std::min(most, rows.size() - first), columns,
              rowSum.data());
      flush(rowSum.data(), columns, sums.data() + block.firstLocal);
    }
    SliceCounts &counts =
        received[static_cast<std::size_t>(block.slice - placed.firstSlice)]
            .counts;
    counts.rows += rows.size();
    counts.denseOperations += rows.size() * columns;
  }
}

SliceCounts &SpikingCore::countsOf(std::uint32_t local) {
  const auto first = static_cast<std::size_t>(placed.firstSlice);
  std::size_t slice = first + static_cast<std::size_t>(placed.slices) - 1;
  while (slice > first && shared->placement.slices[slice].firstLocal >
                              static_cast<std::int32_t>(local))
    --slice;
  return received[slice - first].counts;
}

void SpikingCore::addSparse(const std::vector<SpikingCore> &cores,
                            const std::vector<std::uint32_t> &opening) {
  const std::uint8_t *synapses = memory->sparse.data();
  for (const std::uint32_t number : opening) {
    const AxonBundle &bundle = shared->wiring.bundles[number];
    const BundleStep &now = shared->bundles[number];
    const std::vector<SparseRow> &opened =
        cores[static_cast<std::size_t>(
                  shared->placement.slices[bundle.slice].core)]
            .events;
    const std::uint32_t end = now.eventEnd;
    for (std::uint32_t e = bundle.firstEvent; e < end; ++e) {
      if (e + rowsAhead < end)
        __builtin_prefetch(synapses + std::size_t(opened[e + rowsAhead].begin) *
                                          sparseSynapseBytes);
      const SparseRow row = opened[e];
      const std::uint8_t *at =
          synapses + std::size_t(row.begin) * sparseSynapseBytes;
      addSparseRow(at, row.synapses, sums.data());
      if (placed.slices > 1) {
        SliceCounts &counts = countsOf(at[0] | std::uint32_t(at[1]) << 8);
        ++counts.rows;
        counts.sparseOperations += row.synapses;
      }
    }
    if (placed.slices == 1) {
      SliceCounts &counts = received.front().counts;
      counts.rows += end - bundle.firstEvent;
      counts.sparseOperations += now.sparseOperations;
    }
  }
}

void SpikingCore::digestAccumulators() {
  for (int s = 0; s < placed.slices; ++s) {
    const auto number = static_cast<std::size_t>(placed.firstSlice) +
                        static_cast<std::size_t>(s);
    const NeuronSlice &slice = shared->placement.slices[number];
    std::uint64_t sum = 0;
    for (std::int32_t n = 0; n < slice.neurons; ++n)
      sum +=
          neuronKey(static_cast<std::uint64_t>(std::int64_t(slice.first) + n)) *
          static_cast<std::uint64_t>(
              std::int64_t(sums[static_cast<std::size_t>(slice.firstLocal) +
                                static_cast<std::size_t>(n)]));
    received[static_cast<std::size_t>(s)].accumulatorSum = sum;
  }
}

void SpikingCore::gatherArrivals(const StepBursts &bursts) {
  arrivals.clear();
  order.clear();
  packetsArriving = 0;
  for (const std::uint32_t number : bursts.arriving(index)) {
    const StepBursts::Content &content = bursts.content(number);
    const StepBursts::Times times = bursts.times(number);
    order.emplace_back(times.firstArrival,
                       static_cast<std::uint32_t>(arrivals.size()));
    packetsArriving += content.work.packets;
    arrivals.push_back({times.lastArrival, content.source, content.latency,
                        times.departures, content.work});
  }
  // Ascending sources where they arrive at once.
  std::sort(order.begin(), order.end());
}

StepCause SpikingCore::outputCause() const {
  return output.walkCycles() > output.updateCycles() ? StepCause::AxonWalk
                                                     : StepCause::NeuronUpdate;
}

InputContention SpikingCore::contention() const {
  InputContention found;
  InputClock input;
  std::uint64_t lastDone = 0;
  for (const auto &[first, place] : order) {
    const Arrival &arrival = arrivals[place];
    const std::uint64_t done = input.take(
        inputCycles(shared->chip.timing, arrival.work), first, arrival.last);
    if (done <= lastDone)
      continue;
    lastDone = done;
    found.source = shared->placement.cores[arrival.source].core;
    found.delay = arrival.last - (arrival.departures.last + arrival.latency);
  }
  found.cause = slowestStage(input);
  found.cycles = std::max(
      {input.lookupCycles(), input.memoryCycles(), input.accumulationCycles()});
  return found;
}

void SpikingCore::finish(const StepBursts &bursts) {
  gatherArrivals(bursts);
  InputClock input;
  InputBoundSearch bound;
  total.packetsReceived += packetsArriving;
  for (const auto &[first, place] : order) {
    const Arrival &arrival = arrivals[place];
    const InputCycles cycles = inputCycles(shared->chip.timing, arrival.work);
    const std::uint64_t done = input.take(cycles, first, arrival.last);
    total.peakInputQueue = longestQueue(cycles, done - arrival.last,
                                        packetsArriving, total.peakInputQueue);
    const auto source = static_cast<int>(arrival.source);
    bound.add(cycles, {source, arrival.departures.first, arrival.latency},
              {source, arrival.departures.last, arrival.latency});
  }
  finishCycle = std::max(output.sent(), input.end());
  lowerBound = bound.orElse({output.sent(), outputCause(), {}});
  TableOf<CoreStage, std::uint64_t> &stage = total.stageCycles;
  stage[CoreStage::NeuronUpdate] += output.updateCycles();
  stage[CoreStage::AxonWalk] += output.walkCycles();
  stage[CoreStage::AxonLookup] += input.lookupCycles();
  stage[CoreStage::SynapseMemory] += input.memoryCycles();
  stage[CoreStage::Accumulation] += input.accumulationCycles();
  TableOf<CoreStall, std::uint64_t> &stall = total.stallCycles;
  stall[CoreStall::Send] += output.sent() - output.updated();
  stall[CoreStall::Packets] += input.packetStall();
  stall[CoreStall::Memory] += input.memoryStall();
  stall[CoreStall::Accumulation] += input.accumulationStall();
  total.busyCycles += std::max({output.updateCycles(), output.walkCycles(),
                                input.lookupCycles(), input.memoryCycles(),
                                input.accumulationCycles()});
}

} // namespace synfire
