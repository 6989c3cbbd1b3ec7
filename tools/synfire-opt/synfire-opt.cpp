//===- synfire-opt.cpp - run passes on text -------------------------------===//
//
// Reads MLIR text of synfire's dialects, runs the passes that the command line
// names, and prints the result.
//
//===----------------------------------------------------------------------===//
#include "compiler/passes/Passes.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  synfire::registerSynfireDialects(registry);
  synfire::registerSynfirePasses();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "synfire optimizer driver\n", registry));
}
