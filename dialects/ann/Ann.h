//===- Ann.h - the dialect of the trained transformer -----------*- C++ -*-===//
//
// Ops, attributes and their meaning: the .td files of this folder; constraints:
// docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_ANN_ANN_H
#define SYNFIRE_DIALECTS_ANN_ANN_H

#include "dialects/support/Real.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace synfire::ann {

/// True for a rank-2 shape of any number of tokens by a known positive width.
bool isPerToken(mlir::ShapedType type);

} // namespace synfire::ann

#include "dialects/ann/AnnDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/ann/AnnAttributes.h.inc"

#define GET_OP_CLASSES
#include "dialects/ann/AnnOps.h.inc"

#endif // SYNFIRE_DIALECTS_ANN_ANN_H
