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
  steps.close(finish, boundOf(cores, coreOf, links, limits), operations,
              [&](std::uint64_t beyond) {
                return contentionOf(*last, beyond, coreOf, links, limits);
              });
  return finish + steps.barrierCycles();
}

StepBound StepTiming::boundOf(const std::vector<const Core *> &cores,
                              const CoreByNumber &coreOf,
                              const LinkBound &links,
                              NetworkLimits limits) const {
  const Core *slowest = nullptr;
  StepBound bound;
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
StepBound StepTiming::contentionOf(const Core &last, std::uint64_t beyond,
                                   const CoreByNumber &coreOf,
                                   const LinkBound &links,
                                   NetworkLimits limits) const {
  const CoreStep &step = last.step();
  auto ofSums = [&](const CoreStep &held) {
    return StepBound{0, StepCause::Link,
                     links.largestOn(held.sumsWay->links).link};
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

} // namespace synfire
