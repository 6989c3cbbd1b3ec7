//===- StepTiming.cpp - cycles of a step and what bound it ----------------===//
#include "simulator/machine/StepTiming.h"

#include <algorithm>

namespace synfire {

std::uint64_t StepTiming::close(const std::vector<const Core *> &cores,
                                const CoreByNumber &coreOf,
                                const LinkTerm &link) {
  std::uint64_t finish = 0, operations = 0;
  for (const Core *core : cores) {
    finish = std::max(finish, core->step().finish);
    operations += core->step().operations;
  }
  const Bound bound = boundOf(cores, coreOf, link);
  const std::uint64_t cycles = finish + barrier;
  add(cycles, bound.cycles + barrier, causeOf(bound, finish, link), operations);
  return cycles;
}

StepTiming::Bound StepTiming::boundOf(const std::vector<const Core *> &cores,
                                      const CoreByNumber &coreOf,
                                      const LinkTerm &link) const {
  const Core *slowest = nullptr;
  Bound bound;
  for (const Core *core : cores)
    if (core->step().bound.cycles > bound.cycles) {
      bound.cycles = core->step().bound.cycles;
      slowest = core;
    }
  if (link.cycles > bound.cycles)
    return {link.cycles, StepCause::Link, link.link};
  if (!slowest)
    return bound;
  const CoreBound &found = slowest->step().bound;
  const AwaitedPacket &awaited = found.awaited;
  if (awaited.sourceCore < 0)
    return {bound.cycles, found.cause, slowest->number()};
  if (awaited.latency > awaited.departure)
    return {bound.cycles, StepCause::Link, link.link};
  return {bound.cycles, coreOf(awaited.sourceCore).step().outputCause,
          awaited.sourceCore};
}

/// Of barrier, bound and what the step took beyond its bound, which only
/// contention explains, the largest.
StepTiming::Bound StepTiming::causeOf(const Bound &bound, std::uint64_t finish,
                                      const LinkTerm &link) const {
  const std::uint64_t beyond =
      finish > bound.cycles ? finish - bound.cycles : 0;
  if (barrier > bound.cycles && barrier > beyond)
    return {0, StepCause::Barrier, -1};
  if (beyond > bound.cycles && link.link >= 0)
    return {0, StepCause::Link, link.link};
  return bound;
}

void StepTiming::add(std::uint64_t cycles, std::uint64_t boundCycles,
                     const Bound &cause, std::uint64_t operations) {
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
  timing.stepCycles.push_back(static_cast<std::uint32_t>(cycles));
  timing.stepBounds.push_back(static_cast<std::uint32_t>(boundCycles));
  timing.stepCauses.push_back(cause.cause);
  timing.stepPlaces.push_back(cause.place);
}

} // namespace synfire
