//===- AnnAttributes.cpp - weights and shapes of a model ------------------===//
//
// Verifiers cite docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#include "dialects/ann/Ann.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"

#include <utility>

#define GET_ATTRDEF_CLASSES
#include "dialects/ann/AnnAttributes.cpp.inc"

namespace synfire::ann {

using mlir::failure;
using mlir::success;

void AnnDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/ann/AnnAttributes.cpp.inc"
      >();
}

/// A1.
llvm::LogicalResult
WeightAttr::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                   llvm::StringRef tensor, llvm::ArrayRef<int64_t> shape) {
  if (tensor.empty())
    return emitError() << "a weight needs the name of a tensor";
  if (shape.empty() || shape.size() > 2)
    return emitError() << "weight '" << tensor << "' has " << shape.size()
                       << " dimensions, but a weight is a vector or a matrix";
  for (int64_t size : shape)
    if (size <= 0)
      return emitError() << "weight '" << tensor << "' has a dimension of size "
                         << size << ", but sizes are positive";
  return success();
}

/// A2.
llvm::LogicalResult
ConfigAttr::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                   int64_t vocabulary, int64_t hidden, int64_t intermediate,
                   int64_t layers, int64_t heads, int64_t keyValueHeads,
                   int64_t headWidth, int64_t positions, ir::Real rmsNormEps,
                   ir::Real ropeTheta) {
  const std::pair<llvm::StringRef, int64_t> sizes[] = {
      {"vocabulary", vocabulary},
      {"hidden", hidden},
      {"intermediate", intermediate},
      {"layers", layers},
      {"heads", heads},
      {"key_value_heads", keyValueHeads},
      {"head_width", headWidth},
      {"positions", positions}};
  for (auto [label, size] : sizes)
    if (size <= 0)
      return emitError() << label << " is " << size << ", but must be positive";
  if (heads % keyValueHeads != 0)
    return emitError() << heads << " heads cannot share " << keyValueHeads
                       << " key/value heads evenly";
  if (headWidth % 2 != 0)
    return emitError() << "head_width is " << headWidth
                       << ", but rotary embedding turns pairs of components";
  if (!ir::isPositive(rmsNormEps))
    return emitError() << "rms_norm_eps must be positive and finite";
  if (!ir::isPositive(ropeTheta))
    return emitError() << "rope_theta must be positive and finite";
  return success();
}

} // namespace synfire::ann
