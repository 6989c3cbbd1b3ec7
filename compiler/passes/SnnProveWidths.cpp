//===- SnnProveWidths.cpp - prove the widths of all accumulators ----------===//
//
// The bound of each sum comes from the dendrite's interface; this pass gives it
// the limits of the trains that come in.
//
//===----------------------------------------------------------------------===//
#include "compiler/passes/Passes.h"
#include "runtime/program/Widths.h"

namespace synfire {

#define GEN_PASS_DEF_SNNPROVEWIDTHS
#include "compiler/passes/Passes.h.inc"

namespace {

using llvm::APInt;

/// Largest magnitude of the codes of `train`; zero for no train.
APInt codeLimit(mlir::Value train) {
  if (!train)
    return APInt::getZero(snn::boundBits);
  auto fire = train.getDefiningOp<snn::FireOp>();
  return APInt(snn::boundBits, static_cast<std::uint64_t>(fire.getCodeLimit()));
}

void noteOperand(mlir::InFlightDiagnostic &error, llvm::StringRef what,
                 mlir::Value train) {
  if (!train)
    return;
  auto fire = train.getDefiningOp<snn::FireOp>();
  error.attachNote(fire.getLoc())
      << what << " '" << fire.getSite() << "' has codes of magnitude up to "
      << fire.getCodeLimit();
}

llvm::LogicalResult proveWidth(snn::DendriteOpInterface dendrite) {
  mlir::Value driver = dendrite.getDriverTrain();
  mlir::Value stored = dendrite.getStoredTrain();
  APInt limit = dendrite.getSumBound(codeLimit(driver), codeLimit(stored));
  int64_t bits = static_cast<int64_t>(limit.getActiveBits()) + 1;
  if (bits + fewestMultiplierBits > neuronInputBits) {
    mlir::InFlightDiagnostic error =
        dendrite.emitOpError("accumulates ")
        << bits << " bits and has a multiplier of " << fewestMultiplierBits
        << ": needs " << bits + fewestMultiplierBits
        << " bits, but neuron inputs hold " << neuronInputBits;
    noteOperand(error, "driver", driver);
    noteOperand(error, "stored train", stored);
    error.attachNote() << (stored ? "" : "fewer weight bits, ")
                       << "fewer steps, a smaller outlier shift or fewer "
                          "positions make it narrower";
    return error;
  }
  dendrite.setProvenBits(bits);
  return mlir::success();
}

class SnnProveWidths : public impl::SnnProveWidthsBase<SnnProveWidths> {
  void runOnOperation() override {
    bool proven = true;
    for (auto dendrite :
         getOperation().getBody().getOps<snn::DendriteOpInterface>())
      proven &= succeeded(proveWidth(dendrite));
    if (!proven)
      signalPassFailure();
  }
};

} // namespace
} // namespace synfire
