//===- AnnRotateOnline.cpp - rotate what no weight can rotate -------------===//
//
// The online half of the Hadamard rotation (CONVERSION 4.2); compiler/prepare
// has the offline half.
//
//===----------------------------------------------------------------------===//
#include "compiler/passes/Passes.h"

#include "mlir/IR/Builders.h"

#include <algorithm>
#include <string>

using namespace mlir;

namespace synfire {

#define GEN_PASS_DEF_ANNROTATEONLINE
#include "compiler/passes/Passes.h.inc"

namespace {

/// "layers.0.mlp.product", "rotated" -> "layers.0.mlp.rotated"
std::string sibling(StringRef site, StringRef name) {
  return (site.substr(0, site.rfind('.') + 1) + name).str();
}

class AnnRotateOnline : public impl::AnnRotateOnlineBase<AnnRotateOnline> {
public:
  using AnnRotateOnlineBase::AnnRotateOnlineBase;

  void runOnOperation() override {
    if (mostWidth < 2) {
      getOperation().emitError("a block has at least 2 values, but most-width "
                               "is ")
          << mostWidth.getValue();
      return signalPassFailure();
    }
    for (Operation &op :
         llvm::make_early_inc_range(getOperation().getBody().front())) {
      auto product = dyn_cast<ann::MulOp>(op);
      auto attention = dyn_cast<ann::AttentionOp>(op);
      if ((product && failed(rotateProduct(product))) ||
          (attention && failed(rotateOperands(attention))))
        return signalPassFailure();
    }
  }

private:
  /// The rotated value, made right after the plain one; null where the width
  /// allows no block.
  Value rotate(Value value, int64_t width, const std::string &site) {
    const auto even = static_cast<int64_t>(
        uint64_t(1) << llvm::countr_zero(static_cast<uint64_t>(width)));
    const auto most = static_cast<int64_t>(
        llvm::bit_floor(static_cast<uint64_t>(mostWidth.getValue())));
    const int64_t block = std::min(even, most);
    Operation *producer = value.getDefiningOp();
    if (block == 1) {
      producer->emitError("not supported: an online rotation of ")
          << width << " values, which no power of two divides";
      return {};
    }
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfter(producer);
    return builder.create<ann::HadamardOp>(
        NameLoc::get(builder.getStringAttr(site)), value.getType(), value,
        block, site);
  }

  LogicalResult rotateProduct(ann::MulOp product) {
    SmallVector<ann::LinearOp> readers;
    for (Operation *user : product->getUsers())
      if (auto linear = dyn_cast<ann::LinearOp>(user))
        readers.push_back(linear);
    if (readers.empty())
      return success();
    Value value = product.getResult();
    Value rotated = rotate(value, product.getType().getDimSize(1),
                           sibling(product.getSite(), "rotated"));
    if (!rotated)
      return failure();
    const auto block = rotated.getDefiningOp<ann::HadamardOp>().getBlockAttr();
    for (ann::LinearOp linear : readers) {
      linear.getInputMutable().assign(rotated);
      linear.setInputHadamardAttr(block);
    }
    return success();
  }

  LogicalResult rotateOperands(ann::AttentionOp attention) {
    for (OpOperand *operand :
         {&attention.getQueriesMutable(), &attention.getKeysMutable()}) {
      Operation *producer = operand->get().getDefiningOp();
      if (isa<ann::HadamardOp>(producer))
        continue;
      const std::string site =
          producer->getAttrOfType<StringAttr>("site").getValue().str();
      Value rotated =
          rotate(operand->get(), attention.getHeadWidth(), site + "_rotated");
      if (!rotated)
        return failure();
      operand->set(rotated);
    }
    return success();
  }
};

} // namespace
} // namespace synfire
