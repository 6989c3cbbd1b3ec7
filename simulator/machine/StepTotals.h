//===- StepTotals.h - sums over the steps of a run --------------*- C++ -*-===//
//
// What binds a step and the sums over all steps, for every simulator of cores.
// Formulas: docs/spec/machine.md, "Cycles of a step" and "Lower bound".
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_STEPTOTALS_H
#define SYNFIRE_SIMULATOR_MACHINE_STEPTOTALS_H

#include "runtime/program/Run.h"
#include "simulator/machine/Timeline.h"

#include <cstdint>
#include <functional>

namespace synfire {

/// A lower bound of a step and what makes it so, or what kept a step.
struct StepBound {
  std::uint64_t cycles = 0; ///< of a lower bound, without the barrier
  StepCause cause = StepCause::Barrier;
  int place = -1; ///< as StepTimeline::place
};

class StepTotals {
public:
  explicit StepTotals(std::uint64_t barrierCycles) : barrier(barrierCycles) {}
  void watch(TimelineObserver *watcher) { observer = watcher; }

  /// Adds a step whose last core ends at `finish`, and returns its cause: the
  /// largest of barrier, bound and the cycles beyond the bound. These only
  /// contention explains: `contention` says what kept the last core, given
  /// their number. `operations`: for the observer.
  StepBound
  close(std::uint64_t finish, const StepBound &bound, std::uint64_t operations,
        const std::function<StepBound(std::uint64_t beyond)> &contention);

  std::uint64_t barrierCycles() const { return barrier; }
  /// Cycles of all steps so far: where the next one starts.
  std::uint64_t now() const { return timing.cycles; }
  const TimingRun &totals() const { return timing; }

private:
  void add(std::uint64_t cycles, std::uint64_t boundCycles,
           const StepBound &cause, std::uint64_t operations);

  std::uint64_t barrier;
  TimelineObserver *observer = nullptr;
  TimingRun timing;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_STEPTOTALS_H
