//===- StepBursts.cpp - what the cores send each other in a step ----------===//
#include "simulator/spiking/StepBursts.h"

#include "simulator/noc/ShareOf.h"
#include "simulator/spiking/SpikingCore.h"

#include <algorithm>

namespace synfire {
namespace {

/// Packets of a slice leave evenly spaced.
Departures departuresOf(const SliceStep &slice, std::uint32_t firstPacket,
                        std::uint32_t lastPacket) {
  const std::uint64_t gaps =
      std::max<std::uint64_t>(1, slice.counts.packets - 1);
  const std::uint64_t span = slice.departures.last - slice.departures.first;
  return {slice.departures.first + shareOf(span, firstPacket, gaps),
          slice.departures.first + shareOf(span, lastPacket, gaps)};
}

} // namespace

void StepBursts::build(const SpikingState &state,
                       const std::vector<SpikingCore> &cores, bool paces) {
  sent.clear();
  contents.clear();
  copied.clear();
  toCore.resize(cores.size());
  for (std::vector<std::uint32_t> &bursts : toCore)
    bursts.clear();
  const NeuronPlacement &placement = state.placement;
  const bool copies = !state.wiring.trees.empty();
  if (copies)
    contentOfBundle.resize(state.wiring.bundles.size());
  for (std::size_t source = 0; source < cores.size(); ++source) {
    const int core = placement.cores[source].core;
    std::uint32_t destination = none;
    for (const std::uint32_t number : cores[source].sentBundles()) {
      const BundleStep &now = state.bundles[number];
      const AxonBundle &bundle = state.wiring.bundles[number];
      const SliceStep &slice = state.slices[bundle.slice];
      const bool isNew = bundle.destination != destination;
      if (isNew) {
        destination = bundle.destination;
        toCore[destination].push_back(
            static_cast<std::uint32_t>(contents.size()));
        contents.push_back({{},
                            static_cast<std::uint32_t>(source),
                            state.latency[number],
                            none});
      }
      if (copies)
        contentOfBundle[number] =
            static_cast<std::uint32_t>(contents.size() - 1);
      else
        addPackets(isNew, core, placement.cores[destination].core, now.packets,
                   departuresOf(slice, now.firstPacket, now.lastPacket));
      const std::uint64_t dense = bundle.denseRows > 0 ? slice.fired : 0;
      InputWork &work = contents.back().work;
      work.packets += now.packets;
      work.rows += dense * bundle.denseRows + now.eventEnd - bundle.firstEvent;
      work.words += dense * bundle.denseWords + now.sparseWords;
      work.operations += dense * bundle.denseOperations + now.sparseOperations;
    }
    for (const std::uint32_t tree : cores[source].sentTrees())
      addTree(state, tree, core);
  }
  for (std::uint32_t content = 0; paces && content < contents.size(); ++content)
    setPace(content, inputCycles(state.chip.timing, contents[content].work));
}

/// Packets of several slices to one core are one burst.
void StepBursts::addPackets(bool isNew, int source, int destination,
                            std::uint64_t packets, Departures departures) {
  if (isNew) {
    sent.bursts.push_back({source,
                           static_cast<std::uint32_t>(sent.destinations.size()),
                           1, packets, departures.first, departures.last});
    sent.destinations.emplace_back();
    sent.destinations.back().core = destination;
    return;
  }
  Burst &burst = sent.bursts.back();
  burst.packets += packets;
  burst.firstDeparture = std::min(burst.firstDeparture, departures.first);
  burst.lastDeparture = std::max(burst.lastDeparture, departures.last);
}

void StepBursts::addTree(const SpikingState &state, std::uint32_t number,
                         int source) {
  const AxonTree &tree = state.wiring.trees[number];
  const TreeStep &now = state.trees[number];
  const Departures departures =
      departuresOf(state.slices[tree.slice], now.firstPacket, now.lastPacket);
  const auto burst = static_cast<std::uint32_t>(sent.bursts.size());
  sent.bursts.push_back(
      {source, static_cast<std::uint32_t>(sent.destinations.size()),
       tree.branches, now.packets, departures.first, departures.last});
  for (std::uint32_t b = 0; b < tree.branches; ++b) {
    const std::uint32_t bundle = state.wiring.branches[tree.firstBranch + b];
    Content &content = contents[contentOfBundle[bundle]];
    copied.push_back({burst, content.lastRecord});
    content.lastRecord = static_cast<std::uint32_t>(sent.destinations.size());
    sent.destinations.emplace_back();
    sent.destinations.back().core =
        state.placement.cores[state.wiring.bundles[bundle].destination].core;
  }
}

void StepBursts::setPace(std::uint32_t content, const InputCycles &cycles) {
  const auto pace = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(cycles.perPacket(), UINT32_MAX));
  if (copied.empty()) {
    sent.destinations[content].cyclesPerPacket = pace;
    return;
  }
  for (std::uint32_t record = contents[content].lastRecord; record != none;
       record = copied[record].before)
    sent.destinations[record].cyclesPerPacket = pace;
}

StepBursts::Times StepBursts::timesOfChain(std::uint32_t record) const {
  Times times;
  times.firstArrival = times.departures.first = UINT64_MAX;
  for (; record != none; record = copied[record].before) {
    const Burst &burst = sent.bursts[copied[record].burst];
    const BurstDestination &at = sent.destinations[record];
    times.firstArrival = std::min(times.firstArrival, at.firstArrival);
    times.lastArrival = std::max(times.lastArrival, at.lastArrival);
    times.departures.first =
        std::min(times.departures.first, burst.firstDeparture);
    times.departures.last =
        std::max(times.departures.last, burst.lastDeparture);
  }
  return times;
}

} // namespace synfire
