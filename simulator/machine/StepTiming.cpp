//===- StepTiming.cpp - cycles of a step and what bound it ----------------===//
#include "simulator/machine/StepTiming.h"

#include <algorithm>

namespace synfire {

std::uint64_t StepTiming::close(const std::vector<const Core *> &cores,
                                const CoreByNumber &coreOf,
                                const LinkBound &links, NetworkLimits limits) {
  std::uint64_t operations = 0;
  const Core *last = nullptr;
  for (const Core *core : cores) {
    operations += core->step().operations;
    if (!last || core->step().finish > last->step().finish)
      last = core;
  }
  const std::uint64_t finish = last ? last->step().finish : 0;
  const Bound bound = boundOf(cores, coreOf, links, limits);
  const std::uint64_t beyond =
      finish > bound.cycles ? finish - bound.cycles : 0;
  Bound cause = bound;
  if (barrier > bound.cycles && barrier > beyond)
    cause = {0, StepCause::Barrier, -1};
  else if (beyond > bound.cycles)
    cause = contentionOf(*last, beyond, coreOf, links, limits);
  add(finish + barrier, bound.cycles + barrier, cause, operations);
  return finish + barrier;
}

StepTiming::Bound StepTiming::boundOf(const std::vector<const Core *> &cores,
                                      const CoreByNumber &coreOf,
                                      const LinkBound &links,
                                      NetworkLimits limits) const {
  const Core *slowest = nullptr;
  Bound bound;
  for (const Core *core : cores)
    if (core->step().bound.cycles > bound.cycles) {
      bound.cycles = core->step().bound.cycles;
      slowest = core;
    }
  if (limits.linksFill)
    if (const LinkTerm link = links.largest(); link.cycles > bound.cycles)
      return {link.cycles, StepCause::Link, link.link};
  if (!slowest)
    return bound;
  const CoreBound &found = slowest->step().bound;
  const AwaitedPacket &awaited = found.awaited;
  if (awaited.sourceCore < 0)
    return {bound.cycles, found.cause, slowest->number()};
  const Core &source = coreOf(awaited.sourceCore);
  if (awaited.latency > awaited.departure)
    return {bound.cycles, StepCause::Link,
            links.largestOn(source.linksTo(slowest->number())).link};
  return {bound.cycles, source.step().outputCause, awaited.sourceCore};
}

/// What kept the core that ended last: it began late, its packets came late,
/// because of a link of their way or because it could not take them in itself,
/// or they did not.
StepTiming::Bound StepTiming::contentionOf(const Core &last,
                                           std::uint64_t beyond,
                                           const CoreByNumber &coreOf,
                                           const LinkBound &links,
                                           NetworkLimits limits) const {
  const CoreStep &step = last.step();
  auto ofSums = [&](const CoreStep &held) {
    return Bound{0, StepCause::Link, links.largestOn(held.sumsWay->links).link};
  };
  if (limits.linksFill && step.finish == step.sent &&
      2 * step.sumsDelay > beyond)
    return ofSums(step);
  if (limits.linksFill && step.lastSource >= 0 && 2 * step.lastDelay > beyond) {
    const Core &source = coreOf(step.lastSource);
    if (2 * source.step().sumsDelay > step.lastDelay)
      return ofSums(source.step());
    const LinkTerm link = links.largestOn(source.linksTo(last.number()));
    if (!limits.coresFill || link.busyCycles > step.inputCycles)
      return {0, StepCause::Link, link.link};
  }
  return {0, step.inputCause, last.number()};
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
  timing.stepCycles.push_back(cycles);
  timing.stepBounds.push_back(boundCycles);
  timing.stepCauses.push_back(cause.cause);
  timing.stepPlaces.push_back(cause.place);
}

} // namespace synfire
