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

int64_t FireOp::getCodeLimit() {
  return getUnit().getCodeLimit() *
         (getAccumulatedOutput() ? framesOf(*this) : 1);
}

/// S12.
static LogicalResult verifyChannelScale(FireOp fire, ArrayRef<double> scales) {
  const int64_t width = fire.getTrain().getType().getWidth();
  if (static_cast<int64_t>(scales.size()) != width)
    return fire.emitOpError("has channel_scale of ")
           << scales.size() << " factors, but " << width << " neurons";
  if (!llvm::all_of(scales, ir::isPositive))
    return fire.emitOpError("channel_scale must be positive and finite");
  if (!isa<TableAttr>(fire.getUnit()))
    return fire.emitOpError("has channel_scale, but its unit is no "
                            "'#snn.table'");
  return success();
}

/// S6, S11, S12.
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
  if (getAveragedInput() < 0 || getAveragedInput() > 2)
    return emitOpError("averaged_input is ")
           << getAveragedInput() << ", but must lie in 0 to 2";
  if (auto hg = dyn_cast<HgAttr>(getUnit());
      getAccumulatedOutput() && !(hg && hg.getDigital()))
    return emitOpError("has accumulated_output, but its unit is no digital "
                       "function");
  if (auto scales = getChannelScale())
    return verifyChannelScale(*this, *scales);
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

/// S13.
LogicalResult NetworkOp::verify() {
  return verifyPrefix(*this, getPrefixTokensAttr(), getConfig());
}

/// S7, S8, S11, S12.
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
  if (failed(verifyPopulations(*this)))
    return failure();
  return verifySites(ops);
}

} // namespace synfire::snn
