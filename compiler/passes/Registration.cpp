//===- Registration.cpp - what the MLIR tools know ------------------------===//
//
// The tools call this and registerSynfirePasses(), which Passes.td generates.
//
//===----------------------------------------------------------------------===//
#include "compiler/passes/Passes.h"

namespace synfire {

void registerSynfireDialects(mlir::DialectRegistry &registry) {
  registry.insert<ann::AnnDialect, snn::SnnDialect, chip::ChipDialect>();
}

} // namespace synfire
