//===- ConvertNorm.cpp - normalisations -----------------------------------===//
#include "compiler/passes/AnnConverter.h"

#include <cmath>

using namespace mlir;

namespace synfire {

LogicalResult AnnConverter::convert(ann::RmsNormOp op) {
  const std::string site = op.getSite().str();
  const int64_t width = widthOf(op.getInput());
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  FailureOr<const SiteStatistics *> square =
      units.statistics(op, site + ".square");
  FailureOr<const SiteStatistics *> mean = units.statistics(op, site + ".mean");
  FailureOr<const SiteStatistics *> rsqrt =
      units.statistics(op, site + ".rsqrt");
  if (failed(square) || failed(mean) || failed(rsqrt))
    return failure();
  const double margin = units.margin();
  const double squareLimit = (*square)->maximum * margin * margin;
  FailureOr<Value> squares = fireFunction(
      op, {identity(op.getLoc(), *input)}, snn::Function::Square,
      {squareLimit, std::sqrt(squareLimit)}, site + ".square", snn::Role::Norm);
  if (failed(squares))
    return failure();
  Value sum =
      builder.create<snn::GroupSumOp>(op.getLoc(), currentType(1, 1), *squares,
                                      1.0 / static_cast<double>(width));
  PopulationOptions options;
  options.bias = op.getEps();
  FailureOr<Value> inverse = fireFunction(
      op, {sum}, snn::Function::Rsqrt,
      {(*rsqrt)->maximum * margin, (*mean)->maximum * margin * margin},
      site + ".rsqrt", snn::Role::Norm, options);
  if (failed(inverse))
    return failure();
  Value repeated =
      besideResult(op.getLoc(), *input, site + ".input", snn::Role::Norm);
  define(op.getResult(),
         product(op.getLoc(), currentType(1, width), *inverse, repeated), site,
         snn::Role::Norm, /*wide=*/false, /*averagedInput=*/1, op.getGain());
  return success();
}

} // namespace synfire
