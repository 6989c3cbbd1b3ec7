//===- Calibrate.h - site statistics from text ------------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_PIPELINES_CALIBRATE_H
#define SYNFIRE_COMPILER_PIPELINES_CALIBRATE_H

#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Plan.h"
#include "compiler/reference/Statistics.h"

#include <cstdint>
#include <functional>
#include <string>

namespace synfire {

struct CalibrationOptions {
  /// Text to run; empty: texts that the model itself writes from its first
  /// token at temperature 1 with a fixed seed, which need no data.
  std::string file;
  int tokens = 2048; ///< most tokens to use
  int threads = 1;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// Float statistics of every site (docs/spec/sites.md) of the plan, run over
/// the checkpoint's weights.
Result<StatisticsMap> calibrate(const Checkpoint &checkpoint,
                                const ReferencePlan &plan,
                                const CalibrationOptions &options);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PIPELINES_CALIBRATE_H
