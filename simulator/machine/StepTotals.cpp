//===- StepTotals.cpp - sums over the steps of a run ----------------------===//
#include "simulator/machine/StepTotals.h"

namespace synfire {

StepBound StepTotals::close(
    std::uint64_t finish, const StepBound &bound, std::uint64_t operations,
    const std::function<StepBound(std::uint64_t beyond)> &contention) {
  const std::uint64_t beyond =
      finish > bound.cycles ? finish - bound.cycles : 0;
  StepBound cause = bound;
  if (barrier > bound.cycles && barrier > beyond)
    cause = {};
  else if (beyond > bound.cycles)
    cause = contention(beyond);
  add(finish + barrier, bound.cycles + barrier, cause, operations);
  return cause;
}

void StepTotals::add(std::uint64_t cycles, std::uint64_t boundCycles,
                     const StepBound &cause, std::uint64_t operations) {
  switch (cause.cause) {
  case StepCause::Barrier:
    ++timing.barrierBoundSteps;
    break;
  case StepCause::Link:
  case StepCause::Maxima:
    ++timing.linkBoundSteps;
    break;
  default:
    ++timing.computeBoundSteps;
  }
  if (observer)
    observer->onStep({timing.steps,
                      {timing.cycles, timing.cycles + cycles},
                      barrier,
                      boundCycles,
                      cause.cause,
                      cause.place,
                      operations});
  ++timing.steps;
  timing.cycles += cycles;
  timing.barrierCycles += barrier;
  timing.boundCycles += boundCycles;
  ++timing.causeSteps[cause.cause];
  timing.causeCycles[cause.cause] += cycles;
  timing.stepCycles.push_back(cycles);
  timing.stepBounds.push_back(boundCycles);
  timing.stepCauses.push_back(cause.cause);
  timing.stepPlaces.push_back(cause.place);
}

} // namespace synfire
