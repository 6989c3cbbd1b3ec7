//===- Compile.h - from a checkpoint to a Program ---------------*- C++ -*-===//
//
// The named phases of the compiler: import, calibrate, plan, convert, prove
// widths, map, emit. Tools, tests and benchmarks all compile through it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_PIPELINES_COMPILE_H
#define SYNFIRE_COMPILER_PIPELINES_COMPILE_H

#include "compiler/convert/Methods.h"
#include "compiler/import/Checkpoint.h"
#include "compiler/mapping/Problem.h"
#include "compiler/pipelines/Calibrate.h"
#include "runtime/program/Program.h"

#include <string>
#include <vector>

namespace synfire {

struct CompileOptions {
  ConversionOptions conversion;
  std::string hardware = "loihi2"; ///< built-in name or a .textproto path
  MappingOptions mapping;
  CalibrationOptions calibration;
  /// Directory for the temporary weights file; empty: weights stay in memory.
  std::string workDirectory;
};

/// Where `--emit` stops. Statistics and Plan are what convert-ann-to-snn reads.
enum class CompilePhase { Ann, Statistics, Plan, Snn, Chip, Program };

/// What compilations of one checkpoint share; collected once for a sweep.
struct Calibration {
  CalibrationData data;
  /// Token windows that were run, for block-wise calibration.
  std::vector<std::vector<int>> windows;
  /// Those that CalibrationOptions::reserve has kept out.
  std::vector<std::vector<int>> reserved;
  std::string source; ///< for reports: file and number of tokens
  /// The prefix that everything was seen behind, and what it was asked for by.
  PrefixValues prefix;
  int prefixTokens = 0;           ///< ConversionOptions::prefixTokens
  std::vector<std::string> notes; ///< on the choice of the prefix
  double margin = 0; ///< what ConversionOptions::margin 0 stands for
};
Result<Calibration> collectCalibration(const Checkpoint &checkpoint,
                                       const CalibrationOptions &options,
                                       const PrefixRequest &prefix = {});

/// Runs the method of the options: units of all sites, trained and calibrated.
/// The calibration must be one for the options' number of prefix tokens.
Result<NetworkPlan> planConversion(const Checkpoint &checkpoint,
                                   const CompileOptions &options,
                                   const Calibration &calibration);

/// The rest of the way for a plan, whose prefix is the calibration's.
Result<Program> compilePlan(const Checkpoint &checkpoint,
                            const CompileOptions &options,
                            const Calibration &calibration,
                            const NetworkPlan &plan);

/// The whole way: collectCalibration, planConversion, compilePlan.
Result<Program> compileModel(const Checkpoint &checkpoint,
                             const CompileOptions &options);

/// MLIR text of the module after a phase before Program, or the statistics or
/// the plan as JSON. `plan` may be null: the method makes one.
Result<std::string> compileToText(const Checkpoint &checkpoint,
                                  const CompileOptions &options,
                                  CompilePhase phase,
                                  const NetworkPlan *plan = nullptr);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PIPELINES_COMPILE_H
