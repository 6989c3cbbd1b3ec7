//===- AnnOps.cpp - layers of a transformer -------------------------------===//
//
// Verifiers cite docs/spec/dialects.md.
//
//===----------------------------------------------------------------------===//
#include "dialects/ann/Ann.h"

#include "dialects/support/HadamardBlock.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "dialects/ann/AnnOps.cpp.inc"

namespace synfire::ann {

bool isPerToken(ShapedType type) {
  return type.hasRank() && type.getRank() == 2 && type.isDynamicDim(0) &&
         !type.isDynamicDim(1) && type.getDimSize(1) > 0;
}

static int64_t widthOf(TypedValue<RankedTensorType> value) {
  return value.getType().getDimSize(1);
}

/// Checks that `weight` is a matrix [rows, columns].
static LogicalResult verifyMatrix(Operation *op, WeightAttr weight,
                                  int64_t rows, int64_t columns) {
  if (weight.getShape() == ArrayRef<int64_t>{rows, columns})
    return success();
  InFlightDiagnostic error = op->emitOpError("weight '")
                             << weight.getName() << "' has shape [";
  llvm::interleaveComma(weight.getShape(), error);
  return error << "], but the operands need [" << rows << ", " << columns
               << "]";
}

/// A8, A9.
LogicalResult ModelOp::verifyRegions() {
  Block &block = getBody().front();
  auto tokens = RankedTensorType::get({ShapedType::kDynamic},
                                      IntegerType::get(getContext(), 32));
  if (block.getNumArguments() != 1 || block.getArgument(0).getType() != tokens)
    return emitOpError("needs exactly one block argument, the tokens, of type ")
           << tokens;
  if (block.empty() || !isa<ReturnOp>(block.back()))
    return emitOpError("must end with 'ann.return'");

  llvm::StringMap<Operation *> producers;
  for (Operation &op : block.without_terminator()) {
    auto site = op.getAttrOfType<StringAttr>("site");
    if (!site || op.getDialect() != (*this)->getDialect())
      return op.emitOpError("is no layer of a model: it names no site");
    if (site.empty())
      return op.emitOpError("needs a site: the name of the value it produces");
    auto [entry, isNew] = producers.try_emplace(site.getValue(), &op);
    if (!isNew) {
      InFlightDiagnostic error = op.emitOpError("produces site '")
                                 << site.getValue()
                                 << "', which has a producer already";
      error.attachNote(entry->second->getLoc()) << "produced here";
      return error;
    }
  }
  return success();
}

/// A8.
LogicalResult ReturnOp::verify() {
  int64_t vocabulary =
      cast<ModelOp>((*this)->getParentOp()).getConfig().getVocabulary();
  if (widthOf(getLogits()) != vocabulary)
    return emitOpError("returns ")
           << widthOf(getLogits())
           << " logits per token, but the vocabulary has " << vocabulary
           << " tokens";
  return success();
}

/// A3.
LogicalResult EmbeddingOp::verify() {
  WeightAttr weight = getWeight();
  if (weight.getRank() != 2)
    return emitOpError("weight '")
           << weight.getName() << "' is a vector, but a table needs rows";
  return verifyMatrix(*this, weight, weight.getShape()[0],
                      widthOf(getResult()));
}

/// A4.
LogicalResult RmsNormOp::verify() {
  WeightAttr gain = getGain();
  if (gain.getShape() != ArrayRef<int64_t>{widthOf(getInput())}) {
    InFlightDiagnostic error = emitOpError("gain '")
                               << gain.getName() << "' has shape [";
    llvm::interleaveComma(gain.getShape(), error);
    return error << "], but the input needs [" << widthOf(getInput()) << "]";
  }
  if (!ir::isPositive(getEps()))
    return emitOpError("eps must be positive and finite");
  return success();
}

/// A10.
LogicalResult HadamardOp::verify() {
  return ir::verifyHadamardBlock(*this, getBlock(), widthOf(getInput()));
}

/// A5, A10.
LogicalResult LinearOp::verify() {
  if (std::optional<int64_t> block = getInputHadamard();
      block &&
      failed(ir::verifyHadamardBlock(*this, *block, widthOf(getInput()))))
    return failure();
  return verifyMatrix(*this, getWeight(), widthOf(getResult()),
                      widthOf(getInput()));
}

/// A6.
LogicalResult RotaryOp::verify() {
  if (getHeadWidth() % 2 != 0)
    return emitOpError("turns pairs of components, but a head has ")
           << getHeadWidth();
  int64_t width = widthOf(getInput());
  if (width % getHeadWidth() != 0 || width / getHeadWidth() != getHeads())
    return emitOpError("input is ")
           << width << " wide, but has " << getHeads() << " heads of "
           << getHeadWidth() << " components";
  if (!ir::isPositive(getTheta()))
    return emitOpError("theta must be positive and finite");
  return success();
}

/// A7.
LogicalResult AttentionOp::verify() {
  int64_t queryWidth = widthOf(getQueries());
  if (queryWidth % getHeads() != 0)
    return emitOpError("queries are ")
           << queryWidth << " wide, which is no multiple of " << getHeads()
           << " heads";
  if (getHeads() % getKeyValueHeads() != 0)
    return emitOpError() << getHeads() << " heads cannot share "
                         << getKeyValueHeads() << " key/value heads evenly";
  int64_t keyValueWidth = getHeadWidth() * getKeyValueHeads();
  if (widthOf(getKeys()) != keyValueWidth)
    return emitOpError("keys are ")
           << widthOf(getKeys()) << " wide, but " << getKeyValueHeads()
           << " heads of " << getHeadWidth() << " components need "
           << keyValueWidth;
  if (widthOf(getValues()) != keyValueWidth)
    return emitOpError("values are ")
           << widthOf(getValues()) << " wide, but " << getKeyValueHeads()
           << " heads of " << getHeadWidth() << " components need "
           << keyValueWidth;
  if (getResult().getType() != getQueries().getType())
    return emitOpError("result must have the type of the queries, ")
           << getQueries().getType();
  return success();
}

} // namespace synfire::ann
