//===- SnnAttributes.cpp - units: how a membrane becomes spikes -----------===//
//
// Verifiers cite docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

#include "dialects/snn/SnnEnums.cpp.inc"

#include "dialects/snn/SnnAttributeInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/snn/SnnAttributes.cpp.inc"

namespace synfire::snn {

using mlir::failure;
using mlir::success;

using EmitError = llvm::function_ref<mlir::InFlightDiagnostic()>;

void SnnDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/snn/SnnAttributes.cpp.inc"
      >();
}

static llvm::LogicalResult verifyRange(EmitError emitError,
                                       llvm::StringRef what, int64_t value,
                                       int64_t low, int64_t high) {
  if (value < low || value > high)
    return emitError() << what << " is " << value << ", but must lie in " << low
                       << " to " << high;
  return success();
}

static llvm::LogicalResult verifyPositive(EmitError emitError,
                                          llvm::StringRef what, double value) {
  if (!ir::isPositive(value))
    return emitError() << what << " must be positive and finite";
  return success();
}

/// S2.
llvm::LogicalResult PhaseAttr::verify(EmitError emitError, int64_t steps,
                                      int64_t levels, ir::Real threshold,
                                      int64_t outlierShift, bool) {
  if (failed(verifyRange(emitError, "steps", steps, 1, 30)) ||
      failed(verifyRange(emitError, "levels", levels, 1, 15)) ||
      failed(verifyPositive(emitError, "threshold", threshold)) ||
      failed(verifyRange(emitError, "outlier_shift", outlierShift, 0, 16)))
    return failure();
  return success();
}

int64_t PhaseAttr::getCodeLimit() const {
  return (getLevels() << getSteps()) << getOutlierShift();
}

double PhaseAttr::getCodeScale() const {
  return std::ldexp(getThreshold() / static_cast<double>(getLevels()),
                    -static_cast<int>(getSteps()));
}

/// S3.
llvm::LogicalResult HgAttr::verify(EmitError emitError, Function, Realisation,
                                   int64_t steps, ir::Real fullScale,
                                   ir::Real inputLimit, int64_t entries) {
  if (failed(verifyRange(emitError, "steps", steps, 1, 30)) ||
      failed(verifyPositive(emitError, "full_scale", fullScale)) ||
      failed(verifyPositive(emitError, "input_limit", inputLimit)) ||
      failed(verifyRange(emitError, "entries", entries, 2, 1 << 20)))
    return failure();
  return success();
}

int64_t HgAttr::getCodeLimit() const { return int64_t(1) << getSteps(); }

double HgAttr::getCodeScale() const {
  return std::ldexp(getFullScale(), -static_cast<int>(getSteps()));
}

} // namespace synfire::snn
