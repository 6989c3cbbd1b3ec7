//===- Chip.h - the dialect of mapped networks ------------------*- C++ -*-===//
//
// Ops and their meaning: the .td files of this folder; constraints:
// docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_CHIP_CHIP_H
#define SYNFIRE_DIALECTS_CHIP_CHIP_H

#include "dialects/snn/Snn.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"

#include <utility>

namespace synfire::chip {

/// Neurons of a population that share a core: groups [groupBegin, groupEnd) x
/// columns [columnBegin, columnEnd).
struct Rectangle {
  int32_t core;
  int64_t groupBegin, groupEnd, columnBegin, columnEnd;
  int64_t inputPart;
};

/// Number of blocks of `block` groups by columns that cover a population.
int64_t countBlocks(std::pair<int64_t, int64_t> population,
                    llvm::ArrayRef<int64_t> block);

/// "1x32"
mlir::ParseResult parseRectangle(mlir::OpAsmParser &parser,
                                 mlir::DenseI64ArrayAttr &sizes);
void printRectangle(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                    mlir::DenseI64ArrayAttr sizes);

/// "[0 to 3, 9]"
mlir::ParseResult parseCores(mlir::OpAsmParser &parser,
                             mlir::DenseI32ArrayAttr &cores);
void printCores(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                mlir::DenseI32ArrayAttr cores);

} // namespace synfire::chip

#include "dialects/chip/ChipDialect.h.inc"

#define GET_OP_CLASSES
#include "dialects/chip/ChipOps.h.inc"

#endif // SYNFIRE_DIALECTS_CHIP_CHIP_H
