//===- ConvertLayers.cpp - synapses, positions, sums and products ---------===//
#include "compiler/passes/AnnConverter.h"

#include <cmath>

using namespace mlir;

namespace synfire {

LogicalResult AnnConverter::convert(ann::EmbeddingOp op) {
  const NetworkForm &form = units.form();
  Value current = builder.create<snn::EmbedOp>(
      op.getLoc(), currentType(1, widthOf(op.getResult())), op.getWeight(),
      int64_t(units.options().weightBits), form.frames > 1 && !form.inputOnce);
  define(op.getResult(), current, op.getSite(), snn::Role::Embedding,
         /*wide=*/true);
  return success();
}

LogicalResult AnnConverter::convert(ann::LinearOp op) {
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  Value current = builder.create<snn::SawOp>(
      op.getLoc(), currentType(1, widthOf(op.getResult())), *input,
      op.getWeight(), values[op.getInput()].gain, op.getInputHadamardAttr(),
      int64_t(units.options().weightBits));
  // A rotation adds its own rounding, so what it turns is coded finely.
  define(op.getResult(), current, op.getSite(),
         isReadBy<ann::ReturnOp>(op.getResult()) ? snn::Role::LmHead
                                                 : snn::Role::Linear,
         /*wide=*/isReadBy<ann::RotaryOp>(op.getResult()));
  return success();
}

LogicalResult AnnConverter::convert(ann::RotaryOp op) {
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  Value current = builder.create<snn::RotaryOp>(
      op.getLoc(), currentType(1, widthOf(op.getInput())), *input,
      int64_t(op.getHeadWidth()), op.getTheta(), positions);
  define(op.getResult(), current, op.getSite(), snn::Role::Rope,
         /*wide=*/isReadBy<ann::HadamardOp>(op.getResult()));
  return success();
}

LogicalResult AnnConverter::convert(ann::HadamardOp op) {
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  Value current = builder.create<snn::HadamardOp>(
      op.getLoc(), currentType(1, widthOf(op.getInput())), *input,
      int64_t(op.getBlock()),
      1 / std::sqrt(static_cast<double>(op.getBlock())));
  define(op.getResult(), current, op.getSite(), values[op.getInput()].role,
         /*wide=*/false);
  return success();
}

LogicalResult AnnConverter::convert(ann::SiluOp op) {
  const std::string site = op.getSite().str();
  const std::string before = values[op.getInput()].site;
  FailureOr<const SiteStatistics *> seen = units.statistics(op, before);
  FailureOr<const SiteStatistics *> made = units.statistics(op, site);
  if (failed(seen) || failed(made))
    return failure();
  const double margin = units.margin();
  const FunctionRange range{(*made)->absoluteMaximum() * margin,
                            (*seen)->absoluteMaximum() * margin};
  PopulationOptions options;
  SmallVector<Value> currents;
  if (units.coding(before)) {
    FailureOr<Value> train = trainOf(op.getInput());
    if (failed(train))
      return failure();
    currents.push_back(identity(op.getLoc(), *train));
  } else {
    Converted &input = values[op.getInput()];
    if (input.train)
      return op.emitError("not supported: the input of silu is used elsewhere");
    currents = input.currents;
    options.averagedInput = input.averagedInput;
  }
  FailureOr<Value> train =
      fireFunction(op, currents, snn::Function::Silu, range, site,
                   snn::Role::Activation, options);
  if (failed(train))
    return failure();
  Converted result;
  result.site = site;
  result.role = snn::Role::Activation;
  result.train = *train;
  values[op.getResult()] = std::move(result);
  return success();
}

LogicalResult AnnConverter::convert(ann::MulOp op) {
  FailureOr<Value> driver = trainOf(op.getLhs());
  FailureOr<Value> stored = trainOf(op.getRhs());
  if (failed(driver) || failed(stored))
    return failure();
  define(op.getResult(),
         product(op.getLoc(), currentType(1, widthOf(op.getResult())), *driver,
                 *stored),
         op.getSite(), snn::Role::Product,
         /*wide=*/isReadBy<ann::HadamardOp>(op.getResult()),
         /*averagedInput=*/1);
  return success();
}

LogicalResult AnnConverter::convert(ann::AddOp op) {
  Converted sum;
  sum.site = op.getSite().str();
  sum.role = snn::Role::Residual;
  sum.wide = true;
  for (Value operand : op->getOperands()) {
    // A projection that nothing else needs ends in the sum's own membrane.
    const Converted &made = values[operand];
    if (!made.train && operand.hasOneUse() && !units.coding(made.site) &&
        isa<ann::LinearOp>(operand.getDefiningOp())) {
      sum.currents.append(made.currents);
      continue;
    }
    FailureOr<Value> train = trainOf(operand);
    if (failed(train))
      return failure();
    sum.currents.push_back(identity(op.getLoc(), *train));
  }
  values[op.getResult()] = std::move(sum);
  return success();
}

LogicalResult AnnConverter::convert(ann::ReturnOp op) {
  const Converted &logits = values[op.getLogits()];
  FailureOr<const SiteStatistics *> seen = units.statistics(op, logits.site);
  if (failed(seen))
    return failure();
  if (logits.currents.size() != 1)
    return op.emitError("not supported: logits that are no linear layer");
  // Headroom of 2^5 above what calibration saw, in 31 bits.
  int exponent = 0;
  std::frexp((*seen)->absoluteMaximum(), &exponent);
  builder.create<snn::OutputOp>(
      op.getLoc(), logits.currents.front(), builder.getStringAttr(logits.site),
      builder.getF64FloatAttr(std::ldexp(1.0, exponent - 25)));
  return success();
}

} // namespace synfire
