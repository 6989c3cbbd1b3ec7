//===- Calibrate.h - site statistics from text ------------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_PIPELINES_CALIBRATE_H
#define SYNFIRE_COMPILER_PIPELINES_CALIBRATE_H

#include "compiler/convert/Methods.h"
#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Plan.h"
#include "compiler/reference/Prefix.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace synfire {

struct CalibrationOptions {
  /// Text to run; empty: texts that the model itself writes from its first
  /// token at temperature 1 with a fixed seed, which need no data.
  std::string file;
  int tokens = 2048; ///< most tokens to use
  /// Share of the windows, 0..0.5, to keep out of the calibration: what a
  /// search may judge its choices by.
  double reserve = 0;
  /// Run the model with its online rotations, to record their sites too.
  bool onlineHadamard = false;
  int threads = 1;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// The prefix to calibrate behind.
struct PrefixRequest {
  int count = 0; ///< ConversionOptions::prefixTokens
  /// These tokens and no others; empty: `count` of them are chosen.
  std::vector<int> tokens;
};

/// What calibration saw, and the token windows that it ran.
struct CalibrationRun {
  CalibrationData data;
  PrefixValues prefix;
  std::vector<std::string> notes; ///< on the choice of the prefix
  std::vector<std::vector<int>> windows;
  std::vector<std::vector<int>> reserved; ///< not run
};

/// Float statistics and samples of every site (docs/spec/sites.md) of the plan,
/// run over the checkpoint's weights. A text must fill at least one window of
/// 128 tokens (or of the model's context, where that is shorter). Behind a
/// prefix, whose own positions are not seen, windows are cut to what is left of
/// the context.
Result<CalibrationRun> calibrate(const Checkpoint &checkpoint,
                                 const ReferencePlan &plan,
                                 const CalibrationOptions &options,
                                 const PrefixRequest &prefix = {});

} // namespace synfire

#endif // SYNFIRE_COMPILER_PIPELINES_CALIBRATE_H
