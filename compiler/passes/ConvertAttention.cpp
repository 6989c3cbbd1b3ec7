//===- ConvertAttention.cpp - scores, softmax, mix ------------------------===//
#include "compiler/passes/AnnConverter.h"

#include <cmath>

using namespace mlir;

namespace synfire {

/// "layers.0.attn.out" -> "layers.0.attn."
static std::string siblings(StringRef site) {
  return site.substr(0, site.rfind('.') + 1).str();
}

FailureOr<Value> AnnConverter::exponentials(ann::AttentionOp op,
                                            const std::string &site,
                                            Value scores) {
  PopulationOptions options;
  options.subtractMaximum = true;
  const SiteUnit *coding = units.coding(site);
  const auto *table = coding ? std::get_if<TableUnit>(coding) : nullptr;
  if (table && table->config.input == InputMode::AllAtOnce) {
    FailureOr<PopulationUnit> unit = units.coded(op, site, *coding);
    if (failed(unit))
      return failure();
    return fire(op.getLoc(), {scores}, *unit, site, snn::Role::Attention,
                options);
  }
  // Below this the exponential is less than half a unit of its code.
  const double smallestExponent =
      (units.functionBits(snn::Function::Exp) + 1) * std::log(2.0);
  return fireFunction(op, {scores}, snn::Function::Exp, {1.0, smallestExponent},
                      site, snn::Role::Attention, options);
}

FailureOr<Value> AnnConverter::reciprocals(ann::AttentionOp op, Value sums) {
  return fireFunction(op, {sums}, snn::Function::Reciprocal,
                      {1.0, static_cast<double>(positions)},
                      siblings(op.getSite()) + "reciprocal",
                      snn::Role::Attention);
}

LogicalResult AnnConverter::divideFirst(ann::AttentionOp op, Value exps,
                                        Value contents) {
  Location location = op.getLoc();
  const std::string base = siblings(op.getSite());
  const int64_t heads = op.getHeads();
  FailureOr<Value> inverse = reciprocals(
      op,
      builder.create<snn::GroupSumOp>(location, currentType(1, heads), exps));
  if (failed(inverse))
    return failure();
  Value repeated =
      besideResult(location, exps, base + "exp.repeated", snn::Role::Attention);
  Value quotient =
      product(location, currentType(heads, positions, /*perKey=*/true),
              *inverse, repeated);
  const std::string site = base + "weights";
  PopulationUnit unit{
      units.weights(positions, contents.getDefiningOp<snn::FireOp>()), {}};
  if (const SiteUnit *coding = units.coding(site)) {
    FailureOr<PopulationUnit> coded = units.coded(op, site, *coding);
    if (failed(coded))
      return failure();
    unit = *coded;
  }
  PopulationOptions options;
  options.averagedInput = 1;
  Value weights =
      fire(location, {quotient}, unit, site, snn::Role::Attention, options);
  // Their mix is the result: what a spiking network would have coded before
  // its division is not there.
  if (!units.form().digital)
    (void)units.coding(base + "mix");
  // The values of earlier tokens are whole, so the mix streams in as evenly as
  // the weights do.
  define(op.getResult(),
         builder.create<snn::MixOp>(
             location, currentType(1, heads * op.getHeadWidth()), weights,
             contents, int64_t(op.getHeadWidth()),
             heads / op.getKeyValueHeads()),
         op.getSite(), snn::Role::Attention, /*wide=*/false);
  return success();
}

LogicalResult AnnConverter::mixFirst(ann::AttentionOp op, Value exps,
                                     Value contents) {
  Location location = op.getLoc();
  const std::string site = siblings(op.getSite()) + "mix";
  const int64_t heads = op.getHeads();
  auto type = currentType(1, heads * op.getHeadWidth());
  Value sum =
      builder.create<snn::GroupSumOp>(location, currentType(1, heads), exps);
  Value mix = builder.create<snn::MixOp>(location, type, exps, contents,
                                         int64_t(op.getHeadWidth()),
                                         heads / op.getKeyValueHeads());
  FailureOr<Value> inverse = reciprocals(op, sum);
  if (failed(inverse))
    return failure();
  FailureOr<PopulationUnit> unit = units.value(op, site, /*wide=*/true);
  if (failed(unit))
    return failure();
  Value mixed = fire(location, {mix}, *unit, site, snn::Role::Attention);
  define(op.getResult(), product(location, type, *inverse, mixed), op.getSite(),
         snn::Role::Attention, /*wide=*/false, /*averagedInput=*/1);
  return success();
}

LogicalResult AnnConverter::convert(ann::AttentionOp op) {
  FailureOr<Value> queries = trainOf(op.getQueries());
  FailureOr<Value> keys = trainOf(op.getKeys());
  FailureOr<Value> contents = trainOf(op.getValues());
  if (failed(queries) || failed(keys) || failed(contents))
    return failure();
  const int64_t heads = op.getHeads();
  const int64_t headWidth = op.getHeadWidth();
  Value scores = builder.create<snn::ScoresOp>(
      op.getLoc(), currentType(heads, positions, /*perKey=*/true), *queries,
      *keys, headWidth, heads / op.getKeyValueHeads(), positions,
      1.0 / std::sqrt(static_cast<double>(headWidth)));
  FailureOr<Value> exps =
      exponentials(op, siblings(op.getSite()) + "exp", scores);
  if (failed(exps))
    return failure();
  const bool divides =
      units.form().digital || units.coding(siblings(op.getSite()) + "weights");
  return divides ? divideFirst(op, *exps, *contents)
                 : mixFirst(op, *exps, *contents);
}

} // namespace synfire
