//===- StepBursts.cpp - what the cores send each other in a step ----------===//
#include "simulator/spiking/StepBursts.h"

#include "simulator/spiking/SpikingCore.h"

#include <algorithm>

namespace synfire {

void StepBursts::build(const SpikingState &state,
                       const std::vector<SpikingCore> &cores, bool paces) {
  sent.clear();
  contents.clear();
  toCore.resize(cores.size());
  for (std::vector<std::uint32_t> &bursts : toCore)
    bursts.clear();
  const NeuronPlacement &placement = state.placement;
  for (std::size_t source = 0; source < cores.size(); ++source) {
    std::uint32_t destination = ~std::uint32_t(0);
    for (const std::uint32_t number : cores[source].sentBundles()) {
      const BundleStep &now = state.bundles[number];
      const AxonBundle &bundle = state.wiring.bundles[number];
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
        Burst &burst = sent.bursts.back();
        burst.packets += now.packets;
        burst.firstDeparture = std::min(burst.firstDeparture, first);
        burst.lastDeparture = std::max(burst.lastDeparture, end);
      } else {
        destination = bundle.destination;
        const auto burst = static_cast<std::uint32_t>(sent.bursts.size());
        sent.bursts.push_back(
            {placement.cores[source].core, burst, 1, now.packets, first, end});
        sent.destinations.emplace_back();
        sent.destinations.back().core = placement.cores[destination].core;
        contents.push_back(
            {{}, static_cast<std::uint32_t>(source), state.latency[number]});
        toCore[destination].push_back(burst);
      }
      const std::uint64_t dense = bundle.denseRows > 0 ? slice.fired : 0;
      InputWork &work = contents.back().work;
      work.packets += now.packets;
      work.rows += dense * bundle.denseRows + now.eventEnd - bundle.firstEvent;
      work.words += dense * bundle.denseWords + now.sparseWords;
      work.operations += dense * bundle.denseOperations + now.sparseOperations;
    }
  }
  for (std::size_t burst = 0; paces && burst < contents.size(); ++burst)
    sent.destinations[burst].cyclesPerPacket =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(
            inputCycles(state.chip.timing, contents[burst].work).perPacket(),
            UINT32_MAX));
}

} // namespace synfire
