//===- SnnNetwork.cpp - populations and their networks --------------------===//
//
// Verifiers cite docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

#include <cmath>

using namespace mlir;

#include "dialects/snn/SnnOpInterfaces.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/snn/SnnOps.cpp.inc"

namespace synfire::snn {

/// S6.
LogicalResult FireOp::verify() {
  if (getCurrents().empty())
    return emitOpError("needs a current");
  TrainType train = getTrain().getType();
  auto expected = CurrentType::get(getContext(), train.getGroups(),
                                   train.getColumns(), train.getPerKey());
  for (auto [index, current] : llvm::enumerate(getCurrents()))
    if (current.getType() != expected) {
      InFlightDiagnostic error = emitOpError("current ")
                                 << index << " has type " << current.getType()
                                 << ", but the population needs " << expected;
      error.attachNote(current.getLoc()) << "accumulated here";
      return error;
    }
  if (getSite().empty())
    return emitOpError("needs a site: the name of the value it produces");
  if (std::optional<double> bias = getBias(); bias && !std::isfinite(*bias))
    return emitOpError("bias must be finite");
  if (std::optional<double> scale = getMembraneScale();
      scale && !ir::isPositive(*scale))
    return emitOpError("membrane_scale must be positive and finite");
  return success();
}

/// S6.
LogicalResult OutputOp::verify() {
  if (getSite().empty())
    return emitOpError("needs a site: the name of the value it produces");
  if (getCurrent().getType().getPerKey())
    return emitOpError("cannot give logits per key");
  if (std::optional<double> scale = getMembraneScale();
      scale && !ir::isPositive(*scale))
    return emitOpError("membrane_scale must be positive and finite");
  return success();
}

LogicalResult verifySites(ArrayRef<Operation *> ops) {
  llvm::StringMap<Operation *> producers;
  for (Operation *op : ops) {
    StringRef site;
    if (auto fire = dyn_cast<FireOp>(op))
      site = fire.getSite();
    else if (auto output = dyn_cast<OutputOp>(op))
      site = output.getSite();
    else
      continue;
    auto [entry, isNew] = producers.try_emplace(site, op);
    if (!isNew) {
      InFlightDiagnostic error = op->emitOpError("produces site '")
                                 << site << "', which has a producer already";
      error.attachNote(entry->second->getLoc()) << "produced here";
      return error;
    }
  }
  return success();
}

/// S7, S8.
LogicalResult NetworkOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.getNumArguments() != 0)
    return emitOpError(
        "takes no block arguments: the token drives 'snn.embed'");
  auto output = block.empty() ? OutputOp() : dyn_cast<OutputOp>(block.back());
  if (!output)
    return emitOpError("must end with 'snn.output'");

  SmallVector<Operation *> ops;
  for (Operation &op : block.without_terminator()) {
    if (!isa<DendriteOpInterface, FireOp>(op))
      return op.emitOpError("is neither a dendrite nor a population");
    if (auto fire = dyn_cast<FireOp>(op);
        fire &&
        (fire.getLayer() < -1 || fire.getLayer() > getConfig().getLayers()))
      return fire.emitOpError("is of layer ")
             << fire.getLayer() << ", but the model has layers 0 to "
             << getConfig().getLayers() - 1 << " (-1: before, "
             << getConfig().getLayers() << ": after them)";
    ops.push_back(&op);
  }
  ops.push_back(output);
  int64_t logits = output.getCurrent().getType().getWidth();
  if (logits != getConfig().getVocabulary())
    return output.emitOpError("gives ")
           << logits << " logits, but the vocabulary has "
           << getConfig().getVocabulary() << " tokens";
  return verifySites(ops);
}

} // namespace synfire::snn
