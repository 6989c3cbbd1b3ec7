//===- AnnConverter.h - one model to one network ----------------*- C++ -*-===//
//
// Walks the ops of a model in order and writes populations. The rules are in
// files by what they convert: ConvertLayers, ConvertNorm, ConvertAttention.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_PASSES_ANNCONVERTER_H
#define SYNFIRE_COMPILER_PASSES_ANNCONVERTER_H

#include "compiler/passes/SiteUnits.h"
#include "dialects/ann/Ann.h"
#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"

#include <string>

namespace synfire {

/// What of a population does not follow from its unit.
struct PopulationOptions {
  double bias = 0;
  bool subtractMaximum = false;
  /// How many factors of what has come instead of the whole the sum of the
  /// currents holds, beyond those that its reader wants. Only a compensated
  /// network asks.
  int averagedInput = 0;
};

/// A converted value: currents that no population has fired yet, or a train.
struct Converted {
  mlir::SmallVector<mlir::Value> currents;
  mlir::Value train;
  std::string site;
  snn::Role role = snn::Role::Linear;
  bool wide = false;     ///< needs the finer code of wideSteps
  int averagedInput = 0; ///< see PopulationOptions
  ann::WeightAttr gain;  ///< scales the train; folded into the next weights
};

class AnnConverter {
public:
  AnnConverter(ann::ModelOp from, const ConversionOptions &conversion,
               const NetworkPlan &plan, const StatisticsMap &statistics)
      : model(from), builder(from.getContext()),
        units(from.getContext(), conversion, plan, statistics) {}

  mlir::LogicalResult run();

private:
  mlir::LogicalResult convert(ann::EmbeddingOp op);
  mlir::LogicalResult convert(ann::RmsNormOp op);
  mlir::LogicalResult convert(ann::LinearOp op);
  mlir::LogicalResult convert(ann::RotaryOp op);
  mlir::LogicalResult convert(ann::HadamardOp op);
  mlir::LogicalResult convert(ann::AttentionOp op);
  mlir::LogicalResult convert(ann::SiluOp op);
  mlir::LogicalResult convert(ann::MulOp op);
  mlir::LogicalResult convert(ann::AddOp op);
  mlir::LogicalResult convert(ann::ReturnOp op);
  mlir::LogicalResult convertOp(mlir::Operation *op);

  /// Exponentials of scores, by the look-up unit or by a neuron of their own.
  mlir::FailureOr<mlir::Value> exponentials(ann::AttentionOp op,
                                            const std::string &site,
                                            mlir::Value scores);
  mlir::FailureOr<mlir::Value> reciprocals(ann::AttentionOp op,
                                           mlir::Value sums);
  /// The two orders of softmax: divide, then mix; or mix, then divide.
  mlir::LogicalResult divideFirst(ann::AttentionOp op, mlir::Value exps,
                                  mlir::Value contents);
  mlir::LogicalResult mixFirst(ann::AttentionOp op, mlir::Value exps,
                               mlir::Value contents);

  /// The train of a value; its population is made at the first request.
  mlir::FailureOr<mlir::Value> trainOf(mlir::Value value);
  /// Whether a model's reader of the value is a `Reader`.
  template <typename Reader> static bool isReadBy(mlir::Value value) {
    return llvm::any_of(value.getUsers(), [](mlir::Operation *user) {
      return mlir::isa<Reader>(user);
    });
  }
  mlir::Value fire(mlir::Location location, mlir::ValueRange currents,
                   PopulationUnit unit, const std::string &site, snn::Role role,
                   const PopulationOptions &options = {});
  /// A nonlinear function, and its result coded where the method codes it.
  mlir::FailureOr<mlir::Value>
  fireFunction(mlir::Operation *op, mlir::ValueRange currents,
               snn::Function function, const FunctionRange &range,
               const std::string &site, snn::Role role,
               PopulationOptions options = {});
  mlir::Value identity(mlir::Location location, mlir::Value train);
  mlir::Value product(mlir::Location location, snn::CurrentType type,
                      mlir::Value driver, mlir::Value stored);
  /// In several frames operands of a product fire in one window (P12): a train
  /// that the other operand depends on is repeated by a population of its own.
  mlir::Value besideResult(mlir::Location location, mlir::Value train,
                           const std::string &site, snn::Role role);
  void define(mlir::Value value, mlir::Value current, llvm::StringRef site,
              snn::Role role, bool wide, int averagedInput = 0,
              ann::WeightAttr gain = {});
  int64_t layerOf(llvm::StringRef site);
  snn::CurrentType currentType(int64_t groups, int64_t columns,
                               bool perKey = false) {
    return snn::CurrentType::get(builder.getContext(), groups, columns, perKey);
  }
  static int64_t widthOf(mlir::Value value) {
    return mlir::cast<mlir::ShapedType>(value.getType()).getDimSize(1);
  }

  ann::ModelOp model;
  mlir::OpBuilder builder;
  SiteUnits units;
  llvm::DenseMap<mlir::Value, Converted> values;
  int64_t positions = 0;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_PASSES_ANNCONVERTER_H
