//===- SnnRanges.h - range checks of attribute parameters -------*- C++ -*-===//
//
// Private to the verifiers of this folder.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNNRANGES_H
#define SYNFIRE_DIALECTS_SNN_SNNRANGES_H

#include "dialects/support/Real.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace synfire::snn {

using EmitError = llvm::function_ref<mlir::InFlightDiagnostic()>;

inline llvm::LogicalResult verifyRange(EmitError emitError,
                                       llvm::StringRef what, int64_t value,
                                       int64_t low, int64_t high) {
  if (value < low || value > high)
    return emitError() << what << " is " << value << ", but must lie in " << low
                       << " to " << high;
  return mlir::success();
}

inline llvm::LogicalResult verifyPositive(EmitError emitError,
                                          llvm::StringRef what, double value) {
  if (!ir::isPositive(value))
    return emitError() << what << " must be positive and finite";
  return mlir::success();
}

} // namespace synfire::snn

#endif // SYNFIRE_DIALECTS_SNN_SNNRANGES_H
