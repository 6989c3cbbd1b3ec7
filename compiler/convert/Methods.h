//===- Methods.h - every conversion method by its name ----------*- C++ -*-===//
//
// A method turns what calibration saw into a NetworkPlan. Adding one means
// adding a file with its function and a row to the registry in Methods.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_METHODS_H
#define SYNFIRE_COMPILER_CONVERT_METHODS_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/convert/SiteCoding.h"
#include "compiler/reference/Samples.h"
#include "compiler/reference/Statistics.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire {

/// What a method may look at.
struct CalibrationData {
  StatisticsMap statistics;
  SampleMap samples; ///< empty unless the method wants them
};

/// Block-wise calibration of a plan against the float model (CONVERSION 4.5),
/// which needs the weights and therefore comes from the pipeline; changes
/// thresholds and initial membranes of the plan's codings.
using BlockCalibration = std::function<Status(NetworkPlan &plan)>;

using MethodPlan = Result<NetworkPlan>(const ConversionOptions &,
                                       const CalibrationData &,
                                       const BlockCalibration &);

struct Method {
  std::string name;      ///< "las", "mgpc", "dual-is", ...
  std::string summary;   ///< one line for --help
  bool streamed = false; ///< Mode S
  int defaultSteps = 16;
  /// Meant to lose nothing: full scales keep a margin over what was seen.
  bool fineCode = false;
  /// T steps carry T bits, and so do functions that spike beside it.
  bool binaryCode = false;
  std::function<MethodPlan> plan;
};

/// All of them, in the order of CONVERSION.md.
const std::vector<Method> &methods();
/// nullptr: unknown.
const Method *findMethod(const std::string &name);
/// "las, phase, mgpc, ..."
std::string methodNames();

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_METHODS_H
