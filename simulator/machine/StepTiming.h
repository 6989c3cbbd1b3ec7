//===- StepTiming.h - cycles of a step and what bound it --------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_STEPTIMING_H
#define SYNFIRE_SIMULATOR_MACHINE_STEPTIMING_H

#include "simulator/machine/Core.h"
#include "simulator/machine/LinkBound.h"
#include "simulator/machine/Timeline.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace synfire {

/// What a network lets packets wait for.
struct NetworkLimits {
  bool linksFill = true;  ///< links, which move one packet at a time
  bool coresFill = false; ///< cores, which take packets in at their pace
};

/// Adds steps up. Formulas: docs/spec/machine.md, "Cycles of a step" and "Lower
/// bound".
class StepTiming {
public:
  explicit StepTiming(std::uint64_t barrierCycles) : barrier(barrierCycles) {}
  void watch(TimelineObserver *watcher) { observer = watcher; }

  /// A step in which these cores did something. `links`: what it asked of them.
  /// Returns the cycles, barrier included.
  using CoreByNumber = std::function<const Core &(int number)>;
  std::uint64_t close(const std::vector<const Core *> &cores,
                      const CoreByNumber &coreOf, const LinkBound &links,
                      NetworkLimits limits);

  /// Cycles of all steps so far: where the next one starts.
  std::uint64_t now() const { return timing.cycles; }
  const TimingRun &totals() const { return timing; }

private:
  struct Bound {
    std::uint64_t cycles = 0; ///< without the barrier
    StepCause cause = StepCause::Barrier;
    int place = -1;
  };
  Bound boundOf(const std::vector<const Core *> &cores,
                const CoreByNumber &coreOf, const LinkBound &links,
                NetworkLimits limits) const;
  Bound contentionOf(const Core &last, std::uint64_t beyond,
                     const CoreByNumber &coreOf, const LinkBound &links,
                     NetworkLimits limits) const;
  void add(std::uint64_t cycles, std::uint64_t boundCycles, const Bound &cause,
           std::uint64_t operations);

  std::uint64_t barrier;
  TimelineObserver *observer = nullptr;
  TimingRun timing;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_STEPTIMING_H
