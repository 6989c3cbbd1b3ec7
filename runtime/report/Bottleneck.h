//===- Bottleneck.h - where a run's cycles go -------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_BOTTLENECK_H
#define SYNFIRE_RUNTIME_REPORT_BOTTLENECK_H

#include "runtime/program/Run.h"

#include <cstddef>
#include <string>
#include <vector>

namespace synfire {

/// Lower bound / cycles; 0 where the run has no bound.
double efficiency(const TimingRun &timing);

struct CauseShare {
  StepCause cause = StepCause::Barrier;
  double steps = 0, cycles = 0; ///< shares of the run's
};
/// The causes that bind a step, most cycles first.
std::vector<CauseShare> causeShares(const TimingRun &timing);

/// The stage with the most busy cycles.
CoreStage busiestStage(const CoreRun &core);

/// How full a core is.
struct CapacityShare {
  const char *what; ///< as the field of core in a hw-model
  double share;
};
std::vector<CapacityShare> capacityShares(const CoreRun &core,
                                          const CoreCapacity &capacity);

/// The `most` busiest; equal ones in ascending order.
std::vector<CoreRun> busiestCores(const Run &run, std::size_t most);
std::vector<LinkRun> busiestLinks(const Run &run, std::size_t most);

/// The bound, its causes, the busiest cores and links as tables for a terminal;
/// empty where the run has no bound.
std::string bottleneckText(const Run &run);

/// The stages that have a tile on the core.
std::vector<std::string> stagesOn(const Run &run, const CoreRun &core);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_BOTTLENECK_H
