//===- StepTiming.h - cycles of a step and what bound it --------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_STEPTIMING_H
#define SYNFIRE_SIMULATOR_MACHINE_STEPTIMING_H

#include "simulator/machine/Core.h"
#include "simulator/machine/LinkBound.h"
#include "simulator/machine/StepTotals.h"
#include "simulator/noc/NetworkLimits.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace synfire {

/// Steps of cores that execute a Program. Formulas: docs/spec/machine.md,
/// "Cycles of a step" and "Lower bound".
class StepTiming {
public:
  explicit StepTiming(std::uint64_t barrierCycles) : steps(barrierCycles) {}
  void watch(TimelineObserver *watcher) { steps.watch(watcher); }

  /// A step in which these cores did something. `links`: what it asked of them.
  /// Returns the cycles, barrier included.
  using CoreByNumber = std::function<const Core &(int number)>;
  std::uint64_t close(const std::vector<const Core *> &cores,
                      const CoreByNumber &coreOf, const LinkBound &links,
                      NetworkLimits limits);

  /// Cycles of all steps so far: where the next one starts.
  std::uint64_t now() const { return steps.now(); }
  const TimingRun &totals() const { return steps.totals(); }

private:
  StepBound boundOf(const std::vector<const Core *> &cores,
                    const CoreByNumber &coreOf, const LinkBound &links,
                    NetworkLimits limits) const;
  StepBound contentionOf(const Core &last, std::uint64_t beyond,
                         const CoreByNumber &coreOf, const LinkBound &links,
                         NetworkLimits limits) const;

  StepTotals steps;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_STEPTIMING_H
