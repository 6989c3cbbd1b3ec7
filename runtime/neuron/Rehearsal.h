//===- Rehearsal.h - what a silent pass decides -----------------*- C++ -*-===//
//
// Private to this library: the end of a rehearsal for mask or shift (neuron.md,
// N19), for one neuron and for lanes of them.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_REHEARSAL_H
#define SYNFIRE_RUNTIME_NEURON_REHEARSAL_H

#include "runtime/neuron/Neuron.h"

#include <cstdint>
#include <limits>

namespace synfire {

/// What a silent pass remembers of its steps. Distances are those of the tested
/// membrane to the step's threshold, the smallest of the pass.
struct RehearsalTrace {
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  std::int64_t membrane = 0;      ///< at the end
  std::int64_t net = 0;           ///< positive less negative spikes
  std::int64_t beyond = none;     ///< above it, where a positive spike fired
  std::int64_t shortAbove = none; ///< below it, where none fired
  std::int64_t shortBelow = none; ///< of -v, where no negative spike fired
};

/// Mutes the neuron or shifts its membrane, which is at its offset.
void endRehearsal(const NeuronConfig &config, const RehearsalTrace &trace,
                  NeuronState &state);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_REHEARSAL_H
