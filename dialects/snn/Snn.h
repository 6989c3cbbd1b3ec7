//===- Snn.h - the dialect of spiking networks ------------------*- C++ -*-===//
//
// Ops, attributes, types and their meaning: the .td files of this folder;
// constraints: docs/spec/dialects.md, and docs/spec/program.md for what a
// dendrite accumulates.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_DIALECTS_SNN_SNN_H
#define SYNFIRE_DIALECTS_SNN_SNN_H

#include "dialects/ann/Ann.h"
#include "dialects/support/Real.h"
#include "runtime/neuron/Neuron.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/APInt.h"

#include <limits>
#include <optional>
#include <string>

#include "dialects/snn/SnnDialect.h.inc"
#include "dialects/snn/SnnEnums.h.inc"

#include "dialects/snn/SnnAttributeInterfaces.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/snn/SnnTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/snn/SnnAttributes.h.inc"

#include "dialects/snn/SnnOpInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/snn/SnnOps.h.inc"

namespace synfire::snn {

/// Width in which bounds of sums are calculated: no sum of a verified op
/// overflows it.
constexpr unsigned boundBits = 256;

/// F of the network or system around `op`; 1 outside of any.
int64_t framesOf(mlir::Operation *op);

/// Checks what the populations and dendrites within a network or system must be
/// like, given its frames (S9, S11).
llvm::LogicalResult verifyPopulations(FramesOpInterface network);

/// Checks the tokens of a prefix, where there is one, against the model (S13).
llvm::LogicalResult verifyPrefix(mlir::Operation *network,
                                 mlir::DenseI64ArrayAttr tokens,
                                 ann::ConfigAttr config);

/// Checks that the sites of the populations among `ops` differ and are not
/// empty (S7).
llvm::LogicalResult verifySites(llvm::ArrayRef<mlir::Operation *> ops);

} // namespace synfire::snn

#endif // SYNFIRE_DIALECTS_SNN_SNN_H
