//===- CoreCycles.h - what work takes on a core -----------------*- C++ -*-===//
//
// The arithmetic of CoreTiming, once for the machine, which counts, and the
// mapper, which expects: `Count` is std::uint64_t, and each quotient is rounded
// up, or double, and none is. Formulas: docs/spec/machine.md, "Cycles of a
// core".
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_HW_MODELS_CORECYCLES_H
#define SYNFIRE_HW_MODELS_CORECYCLES_H

#include "hw-models/ChipModel.h"
#include "runtime/support/DivideUp.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

inline std::uint64_t cyclesOf(std::uint64_t count, int cyclesEach) {
  return count * static_cast<std::uint64_t>(cyclesEach);
}

/// `count` operations of `cyclesEach` on so many lanes.
inline std::uint64_t cyclesOnLanes(std::uint64_t count, int cyclesEach,
                                   int lanes) {
  return divideUp(cyclesOf(count, cyclesEach),
                  static_cast<std::uint64_t>(lanes));
}
inline double cyclesOnLanes(double count, int cyclesEach, int lanes) {
  return count * cyclesEach / std::max(1, lanes);
}

/// Of one step's neurons, `fired` of the updated ones.
inline std::uint64_t updateCycles(const CoreTiming &timing,
                                  std::uint64_t updates, std::uint64_t fired) {
  return divideUp(cyclesOf(updates, timing.neuronUpdateCycles) +
                      cyclesOf(fired, timing.neuronSpikeCycles),
                  static_cast<std::uint64_t>(timing.neuronLanes));
}
inline double updateCycles(const CoreTiming &timing, double updates,
                           double fired) {
  return (updates * timing.neuronUpdateCycles +
          fired * timing.neuronSpikeCycles) /
         std::max(1, timing.neuronLanes);
}

/// Before the first step of a window: look-up units read, digital multiplies,
/// and neuron updates of a rehearsal.
template <typename Count>
Count setupCycles(const CoreTiming &timing, Count lookups, Count multiplies,
                  Count rehearsed) {
  return lookups * static_cast<Count>(timing.lookupCycles) +
         cyclesOnLanes(multiplies, timing.multiplyCycles, timing.neuronLanes) +
         cyclesOnLanes(rehearsed, timing.neuronUpdateCycles,
                       timing.neuronLanes);
}

/// Of packets that leave.
template <typename Count>
Count walkCycles(const CoreTiming &timing, Count packets) {
  return packets * static_cast<Count>(timing.outputAxonCycles);
}

/// Of sums of split inputs that have come and are added up.
template <typename Count>
Count sumsCycles(const CoreTiming &timing, Count sums) {
  return sums * static_cast<Count>(timing.axonLookupCycles) +
         cyclesOnLanes(sums, timing.accumulateCycles, timing.accumulateLanes);
}

/// The three stages of the input side, which overlap.
template <typename Count> struct StageCycles {
  Count lookup = 0, memory = 0, accumulation = 0;
};

/// Of packets that open `rows`, read or write `words` of the synapse memory and
/// cause `operations`.
template <typename Count>
StageCycles<Count> stageCycles(const CoreTiming &timing, Count packets,
                               Count rows, Count words, Count operations) {
  return {packets * static_cast<Count>(timing.axonLookupCycles),
          rows * static_cast<Count>(timing.rowFetchCycles) +
              words * static_cast<Count>(timing.synapseWordCycles),
          cyclesOnLanes(operations, timing.accumulateCycles,
                        timing.accumulateLanes)};
}

} // namespace synfire

#endif // SYNFIRE_HW_MODELS_CORECYCLES_H
