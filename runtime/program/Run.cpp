//===- Run.cpp - totals reconcile -----------------------------------------===//
#include "runtime/program/Run.h"

#include <fmt/format.h>

namespace synfire {
namespace {

Status verifySum(const Counters &sum, const Counters &total,
                 const char *parts) {
  for (int i = 0; i < counterCount; ++i) {
    auto counter = static_cast<Counter>(i);
    if (sum[counter] != total[counter])
      return makeError(fmt::format("{} sum to {} over {}, but the total is {}",
                                   info(counter).name, sum[counter], parts,
                                   total[counter]),
                       "run");
  }
  return Status::success();
}

} // namespace

const char *toString(CoreStage stage) { return toString(causeOf(stage)); }

const char *toString(StepCause cause) {
  static const char *const names[] = {
      "setup",          "neuron_update", "axon_walk", "axon_lookup",
      "synapse_memory", "accumulation",  "maxima",    "link",
      "barrier",        "sums"};
  static_assert(sizeof(names) / sizeof(names[0]) ==
                    static_cast<std::size_t>(StepCause::Count),
                "one name for each cause");
  return names[static_cast<std::size_t>(cause)];
}

const char *toString(CoreStall stall) {
  static const char *const names[] = {"packets", "memory", "accumulation",
                                      "send",    "maxima", "sums"};
  static_assert(sizeof(names) / sizeof(names[0]) ==
                    static_cast<std::size_t>(CoreStall::Count),
                "one name for each stall");
  return names[static_cast<std::size_t>(stall)];
}

Status verify(const Run &run) {
  if (run.stageNames.size() != run.stages.size() ||
      run.stageLayers.size() != run.stages.size() ||
      run.stageRoles.size() != run.stages.size())
    return makeError(
        fmt::format("{} stages with {} names, {} layers and {} roles",
                    run.stages.size(), run.stageNames.size(),
                    run.stageLayers.size(), run.stageRoles.size()),
        "run");
  Counters overStages;
  for (const StageRun &stage : run.stages)
    overStages += stage.counters;
  SYNFIRE_TRY(verifySum(overStages, run.total, "stages"));
  if (run.cores.empty())
    return Status::success();
  Counters overCores;
  for (const CoreRun &core : run.cores)
    overCores += core.counters;
  return verifySum(overCores, run.total, "cores");
}

} // namespace synfire
