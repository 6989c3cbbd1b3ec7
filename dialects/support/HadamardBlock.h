//===- HadamardBlock.h - blocks of a Hadamard matrix ------------*- C++ -*-===//
#ifndef SYNFIRE_DIALECTS_SUPPORT_HADAMARDBLOCK_H
#define SYNFIRE_DIALECTS_SUPPORT_HADAMARDBLOCK_H

#include "mlir/IR/Operation.h"
#include "llvm/Support/MathExtras.h"

#include <cstdint>

namespace synfire::ir {

/// A10, S4: blocks of a Sylvester-Hadamard matrix along a value of `width`.
inline mlir::LogicalResult verifyHadamardBlock(mlir::Operation *op,
                                               std::int64_t block,
                                               std::int64_t width) {
  if (!llvm::isPowerOf2_64(static_cast<std::uint64_t>(block)) ||
      width % block != 0)
    return op->emitOpError("a Hadamard block of ")
           << block << " must be a power of two that divides the width "
           << width;
  return mlir::success();
}

} // namespace synfire::ir

#endif // SYNFIRE_DIALECTS_SUPPORT_HADAMARDBLOCK_H
