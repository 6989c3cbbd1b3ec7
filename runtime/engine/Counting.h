//===- Counting.h - counters from sums over trains --------------*- C++ -*-===//
//
// Every counter of program.md is linear in a few sums per stage (spikes, hidden
// multiplies, active neurons, and for Scores the spikes of a token times its
// number of keys), so the engine sums those and derives the rest once.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_COUNTING_H
#define SYNFIRE_RUNTIME_ENGINE_COUNTING_H

#include "runtime/neuron/Row.h"
#include "runtime/program/Program.h"
#include "runtime/program/Run.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// Sums over all tokens so far.
struct StageTotals {
  RowCounts trains; ///< of a digital stage: numbers
  /// Of a Lookup in several frames, whose steps `trains` cannot hold.
  std::vector<std::uint64_t> spikesByStep;
  std::uint64_t active = 0;      ///< active neurons
  std::uint64_t keyedSpikes = 0; ///< spikes of a token x (position + 1)
  std::uint64_t keyedHiddenMultiplies = 0;
  /// Events of a perKey stage at the token's own key; only with several frames.
  std::uint64_t ownKeyEvents = 0;
  std::uint64_t digest = 0;
  std::uint64_t membraneDigest = 0;

  StageTotals() = default;
  StageTotals(const Program &program, const Stage &stage);
  void add(const StageTotals &other);
};

/// Fills stages, total and digests of `run`.
void fillCounters(const Program &program,
                  const std::vector<StageTotals> &totals, std::uint64_t tokens,
                  Run &run);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_COUNTING_H
