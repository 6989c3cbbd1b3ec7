//===- Compile.h - from a checkpoint to a Program ---------------*- C++ -*-===//
//
// The named phases of the compiler as one call: import, calibrate, convert,
// prove widths, map, emit. Tools, tests and benchmarks all compile through it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_PIPELINES_COMPILE_H
#define SYNFIRE_COMPILER_PIPELINES_COMPILE_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/import/Checkpoint.h"
#include "compiler/pipelines/Calibrate.h"
#include "compiler/reference/Statistics.h"
#include "runtime/program/Program.h"

#include <string>

namespace synfire {

struct CompileOptions {
  ConversionOptions conversion;
  std::string hardware = "loihi2";   ///< built-in name or a .textproto path
  std::string placement = "hilbert"; ///< "hilbert", "row-major", "random:SEED"
  CalibrationOptions calibration;
  /// Directory for the temporary weights file; empty: weights stay in memory.
  std::string workDirectory;
};

/// Where `--emit` stops. Statistics are what convert-ann-to-snn reads.
enum class CompilePhase { Ann, Statistics, Snn, Chip, Program };

/// The whole way. `statistics` may be null: they are collected as
/// calibrate() does with options.calibration.
Result<Program> compileModel(const Checkpoint &checkpoint,
                             const CompileOptions &options,
                             const StatisticsMap *statistics = nullptr);

/// MLIR text of the module after a phase before Program, or the statistics as
/// JSON.
Result<std::string> compileToText(const Checkpoint &checkpoint,
                                  const CompileOptions &options,
                                  CompilePhase phase);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PIPELINES_COMPILE_H
