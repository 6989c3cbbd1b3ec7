//===- ImportLlama.h - a LLaMA checkpoint as ann IR -------------*- C++ -*-===//
//
// Builds the `ann.model` of a checkpoint: its layers with the sites of
// docs/spec/sites.md, and its weights as references by name.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_IMPORT_IMPORTLLAMA_H
#define SYNFIRE_COMPILER_IMPORT_IMPORTLLAMA_H

#include "compiler/import/Checkpoint.h"
#include "runtime/support/Status.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>

namespace synfire {

/// A module with one verified `ann.model` @name. Fails if a tensor is missing
/// or has another shape than the config asks for; reads no values
/// (validateLlama does). Loads the dialect into the context.
Result<mlir::OwningOpRef<mlir::ModuleOp>>
importLlama(mlir::MLIRContext &context, const Checkpoint &checkpoint,
            const std::string &name);

} // namespace synfire

#endif // SYNFIRE_COMPILER_IMPORT_IMPORTLLAMA_H
