//===- RunSummary.h - a run's counters, grouped -----------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_RUNSUMMARY_H
#define SYNFIRE_RUNTIME_REPORT_RUNSUMMARY_H

#include "runtime/program/Run.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// Some stages' share of a run: one layer, or one site of all layers.
struct StageGroup {
  std::string name;
  std::uint64_t stages = 0;
  std::uint64_t values = 0;  ///< active neurons x tokens
  std::uint64_t neurons = 0; ///< those that can fire
  Counters counters;
  std::vector<std::uint64_t> spikesByStep;

  /// Spikes of one value that can fire, over all steps and at one of them.
  double spikesPerValue() const;
  double spikesPerValue(std::size_t step) const;
};

/// Stages joined by layer: "embedding", "layer 0", …, "head".
std::vector<StageGroup> byLayer(const Run &run);
/// Stages joined by site over the layers: "attn.q", "mlp.gate", …, in order of
/// execution.
std::vector<StageGroup> bySite(const Run &run);

/// A network that no transformer was converted to (spiking.md): it has
/// populations for stages, and neither layers, tokens nor a conversion.
bool isPlainNetwork(const Run &run);
/// Its populations, one by one.
std::vector<StageGroup> byPopulation(const Run &run);
std::uint64_t neuronsOfPlainNetwork(const Run &run);
/// Executed steps, with and without timing: all neurons are updated in each.
std::uint64_t stepsOfPlainNetwork(const Run &run);

std::uint64_t sops(const Counters &counters);
std::uint64_t hops(const Counters &counters);

/// Which operations spikes drove and which they did not.
struct OperationShares {
  std::uint64_t spikeDriven = 0;    ///< additions by spikes
  std::uint64_t digitalMacs = 0;    ///< driven by numbers
  std::uint64_t requantisation = 0; ///< digital multiplies
  std::uint64_t runningMaximum = 0; ///< digital comparisons
  std::uint64_t lookupReads = 0;
  std::uint64_t argmax = 0; ///< comparisons that choose generated tokens

  std::uint64_t total() const {
    return spikeDriven + digitalMacs + requantisation + runningMaximum +
           lookupReads + argmax;
  }
  double spikeDrivenShare() const;
};
OperationShares operationShares(const Run &run);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_RUNSUMMARY_H
