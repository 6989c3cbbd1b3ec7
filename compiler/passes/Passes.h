//===- Passes.h - the passes of synfire -------------------------*- C++ -*-===//
//
// One pass, one .cpp; options, pre- and postconditions are in Passes.td.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_PASSES_PASSES_H
#define SYNFIRE_COMPILER_PASSES_PASSES_H

#include "dialects/ann/Ann.h"
#include "dialects/chip/Chip.h"
#include "dialects/snn/Snn.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/Pass.h"

#include <memory>

namespace synfire {

#define GEN_PASS_DECL
#include "compiler/passes/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/passes/Passes.h.inc"

/// The dialects of synfire.
void registerSynfireDialects(mlir::DialectRegistry &registry);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PASSES_PASSES_H
