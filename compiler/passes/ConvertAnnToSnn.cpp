#include "compiler/passes/ConvertAnnToSnn.h"

#include "compiler/convert/OatCalibration.h"
#include "compiler/passes/Passes.h"
#include "runtime/support/Files.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>

using namespace mlir;

namespace synfire {

#define GEN_PASS_DEF_CONVERTANNTOSNN
#include "compiler/passes/Passes.h.inc"

namespace {

/// A site that calibration saw at zero alone (a pruned layer) may have any
/// scale.
double orOne(double scale) { return scale > 0 ? scale : 1; }

/// A converted value: currents that no population has fired yet, or a train.
struct Converted {
  SmallVector<Value> currents;
  Value train;
  std::string site;
  snn::Role role = snn::Role::Linear;
  bool wide = false;    ///< needs the finer code of wideSteps
  ann::WeightAttr gain; ///< scales the train; folded into the next weights
};

class Converter {
public:
  Converter(ann::ModelOp from, const ConversionOptions &conversion,
            const StatisticsMap &map)
      : model(from), options(conversion), statistics(map),
        builder(from.getContext()),
        margin(conversion.margin > 0 ? conversion.margin : calibratedMargin) {}

  LogicalResult run();

private:
  LogicalResult convert(ann::EmbeddingOp op);
  LogicalResult convert(ann::RmsNormOp op);
  LogicalResult convert(ann::LinearOp op);
  LogicalResult convert(ann::RotaryOp op);
  LogicalResult convert(ann::AttentionOp op);
  LogicalResult convert(ann::SiluOp op);
  LogicalResult convert(ann::MulOp op);
  LogicalResult convert(ann::AddOp op);
  LogicalResult convert(ann::ReturnOp op);
  LogicalResult convertOp(Operation *op);

  /// The spikes of a value; its population is made at the first request.
  FailureOr<Value> trainOf(Value value);
  FailureOr<const SiteStatistics *> statisticsOf(Operation *op,
                                                 const std::string &site);
  FailureOr<snn::PhaseAttr> phase(Operation *op, const std::string &site,
                                  bool wide);
  snn::HgAttr nonlinear(snn::Function function, int steps, double fullScale,
                        double inputLimit);
  Value fire(Location location, ValueRange currents, Attribute unit,
             const std::string &site, snn::Role role, double bias = 0,
             bool subtractMaximum = false);
  Value product(Location location, Value driver, Value stored, int64_t columns);
  void define(Value value, Value current, StringRef site, snn::Role role,
              bool wide, ann::WeightAttr gain = {});
  int64_t layerOf(StringRef site);
  snn::CurrentType currentType(int64_t groups, int64_t columns,
                               bool perKey = false) {
    return snn::CurrentType::get(builder.getContext(), groups, columns, perKey);
  }
  int64_t widthOf(Value value) {
    return cast<ShapedType>(value.getType()).getDimSize(1);
  }

  ann::ModelOp model;
  const ConversionOptions &options;
  const StatisticsMap &statistics;
  OpBuilder builder;
  double margin;
  DenseMap<Value, Converted> values;
  int64_t positions = 0;
};

int64_t Converter::layerOf(StringRef site) {
  int64_t layer = -1;
  if (site.consume_front("layers.") &&
      !site.split('.').first.getAsInteger(10, layer))
    return layer;
  return site == "embed" ? -1 : model.getConfig().getLayers();
}

FailureOr<const SiteStatistics *>
Converter::statisticsOf(Operation *op, const std::string &site) {
  auto found = statistics.find(site);
  if (found == statistics.end() || found->second.count == 0) {
    op->emitError("no calibration statistics for site '") << site << "'";
    return failure();
  }
  return &found->second;
}

FailureOr<snn::PhaseAttr> Converter::phase(Operation *op,
                                           const std::string &site, bool wide) {
  FailureOr<const SiteStatistics *> seen = statisticsOf(op, site);
  if (failed(seen))
    return failure();
  const bool las = options.method == "las";
  const int steps = wide ? options.wideSteps : options.steps;
  OatThresholds thresholds =
      calibrateOat(**seen, steps, las && options.outlierAware,
                   /*rounding=*/!las, margin);
  return snn::PhaseAttr::get(builder.getContext(), steps,
                             las && !wide ? options.levels : 1,
                             thresholds.normal, thresholds.outlierShift,
                             /*rounding=*/!las);
}

snn::HgAttr Converter::nonlinear(snn::Function function, int steps,
                                 double fullScale, double inputLimit) {
  return snn::HgAttr::get(
      builder.getContext(), function,
      options.lookup ? snn::Realisation::Lut : snn::Realisation::Fs, steps,
      orOne(fullScale), orOne(inputLimit), options.lookupEntries);
}

Value Converter::fire(Location location, ValueRange currents, Attribute unit,
                      const std::string &site, snn::Role role, double bias,
                      bool subtractMaximum) {
  auto shape = cast<snn::CurrentType>(currents.front().getType());
  auto train = snn::TrainType::get(builder.getContext(), shape.getGroups(),
                                   shape.getColumns(), shape.getPerKey());
  auto op = builder.create<snn::FireOp>(
      location, train, currents, cast<snn::UnitAttrInterface>(unit),
      builder.getStringAttr(site),
      snn::RoleAttr::get(builder.getContext(), role),
      builder.getI64IntegerAttr(layerOf(site)),
      bias == 0 ? FloatAttr() : builder.getF64FloatAttr(bias),
      subtractMaximum ? builder.getUnitAttr() : UnitAttr(), FloatAttr());
  return op.getTrain();
}

Value Converter::product(Location location, Value driver, Value stored,
                         int64_t columns) {
  auto form = options.concurrent ? snn::ProductForm::Concurrent
                                 : snn::ProductForm::Stored;
  return builder.create<snn::ProductOp>(
      location, currentType(1, columns), driver, stored,
      snn::ProductFormAttr::get(builder.getContext(), form));
}

void Converter::define(Value value, Value current, StringRef site,
                       snn::Role role, bool wide, ann::WeightAttr gain) {
  Converted made;
  made.currents.push_back(current);
  made.site = site.str();
  made.role = role;
  made.wide = wide;
  made.gain = gain;
  values[value] = std::move(made);
}

FailureOr<Value> Converter::trainOf(Value value) {
  Converted &made = values[value];
  if (made.train)
    return made.train;
  FailureOr<snn::PhaseAttr> unit =
      phase(value.getDefiningOp(), made.site, made.wide);
  if (failed(unit))
    return failure();
  made.train = fire(value.getLoc(), made.currents, *unit, made.site, made.role);
  return made.train;
}

LogicalResult Converter::convert(ann::EmbeddingOp op) {
  Value current = builder.create<snn::EmbedOp>(
      op.getLoc(), currentType(1, widthOf(op.getResult())), op.getWeight(),
      int64_t(options.weightBits));
  define(op.getResult(), current, op.getSite(), snn::Role::Embedding,
         /*wide=*/true);
  return success();
}

LogicalResult Converter::convert(ann::RmsNormOp op) {
  const std::string site = op.getSite().str();
  const int64_t width = widthOf(op.getInput());
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  FailureOr<const SiteStatistics *> square = statisticsOf(op, site + ".square");
  FailureOr<const SiteStatistics *> mean = statisticsOf(op, site + ".mean");
  FailureOr<const SiteStatistics *> rsqrt = statisticsOf(op, site + ".rsqrt");
  if (failed(square) || failed(mean) || failed(rsqrt))
    return failure();
  const double squareLimit = (*square)->maximum * margin * margin;
  Value squares = fire(op.getLoc(),
                       {builder.create<snn::IdentityOp>(
                           op.getLoc(), currentType(1, width), *input)},
                       nonlinear(snn::Function::Square, options.wideSteps,
                                 squareLimit, std::sqrt(squareLimit)),
                       site + ".square", snn::Role::Norm);
  Value sum =
      builder.create<snn::GroupSumOp>(op.getLoc(), currentType(1, 1), squares,
                                      1.0 / static_cast<double>(width));
  Value inverse = fire(op.getLoc(), {sum},
                       nonlinear(snn::Function::Rsqrt, options.steps,
                                 (*rsqrt)->maximum * margin,
                                 (*mean)->maximum * margin * margin),
                       site + ".rsqrt", snn::Role::Norm, op.getEps());
  define(op.getResult(), product(op.getLoc(), inverse, *input, width), site,
         snn::Role::Norm, /*wide=*/false, op.getGain());
  return success();
}

LogicalResult Converter::convert(ann::LinearOp op) {
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  Value current = builder.create<snn::SawOp>(
      op.getLoc(), currentType(1, widthOf(op.getResult())), *input,
      op.getWeight(), values[op.getInput()].gain, int64_t(options.weightBits));
  // A rotation adds its own rounding, so what it turns is coded finely.
  const bool wide =
      llvm::any_of(op.getResult().getUsers(),
                   [](Operation *user) { return isa<ann::RotaryOp>(user); });
  const bool head =
      llvm::any_of(op.getResult().getUsers(),
                   [](Operation *user) { return isa<ann::ReturnOp>(user); });
  define(op.getResult(), current, op.getSite(),
         head ? snn::Role::LmHead : snn::Role::Linear, wide);
  return success();
}

LogicalResult Converter::convert(ann::RotaryOp op) {
  FailureOr<Value> input = trainOf(op.getInput());
  if (failed(input))
    return failure();
  Value current = builder.create<snn::RotaryOp>(
      op.getLoc(), currentType(1, widthOf(op.getInput())), *input,
      int64_t(op.getHeadWidth()), op.getTheta(), positions);
  define(op.getResult(), current, op.getSite(), snn::Role::Rope,
         /*wide=*/false);
  return success();
}

LogicalResult Converter::convert(ann::AttentionOp op) {
  Location location = op.getLoc();
  FailureOr<Value> queries = trainOf(op.getQueries());
  FailureOr<Value> keys = trainOf(op.getKeys());
  FailureOr<Value> contents = trainOf(op.getValues());
  if (failed(queries) || failed(keys) || failed(contents))
    return failure();
  StringRef out = op.getSite();
  const std::string base = out.substr(0, out.rfind('.') + 1).str();
  const int64_t heads = op.getHeads();
  const int64_t headWidth = op.getHeadWidth();
  const int64_t sharing = heads / op.getKeyValueHeads();
  Value scores = builder.create<snn::ScoresOp>(
      location, currentType(heads, positions, /*perKey=*/true), *queries, *keys,
      headWidth, sharing, positions,
      1.0 / std::sqrt(static_cast<double>(headWidth)));
  // Below this the exponential is less than half a unit of its code.
  const double smallestExponent = (options.steps + 1) * std::log(2.0);
  Value weights =
      fire(location, {scores},
           nonlinear(snn::Function::Exp, options.steps, 1.0, smallestExponent),
           base + "exp", snn::Role::Attention, 0, /*subtractMaximum=*/true);
  Value sum =
      builder.create<snn::GroupSumOp>(location, currentType(1, heads), weights);
  Value mix =
      builder.create<snn::MixOp>(location, currentType(1, heads * headWidth),
                                 weights, *contents, headWidth, sharing);
  Value inverse = fire(location, {sum},
                       nonlinear(snn::Function::Reciprocal, options.steps, 1.0,
                                 static_cast<double>(positions)),
                       base + "reciprocal", snn::Role::Attention);
  FailureOr<snn::PhaseAttr> mixUnit = phase(op, base + "mix", /*wide=*/true);
  if (failed(mixUnit))
    return failure();
  Value mixed =
      fire(location, {mix}, *mixUnit, base + "mix", snn::Role::Attention);
  define(op.getResult(), product(location, inverse, mixed, heads * headWidth),
         out, snn::Role::Attention, /*wide=*/false);
  return success();
}

LogicalResult Converter::convert(ann::SiluOp op) {
  Converted &input = values[op.getInput()];
  FailureOr<const SiteStatistics *> before = statisticsOf(op, input.site);
  FailureOr<const SiteStatistics *> after =
      statisticsOf(op, op.getSite().str());
  if (failed(before) || failed(after))
    return failure();
  if (input.train)
    return op.emitError("not supported: the input of silu is used elsewhere");
  Converted made;
  made.site = op.getSite().str();
  made.role = snn::Role::Activation;
  made.train = fire(op.getLoc(), input.currents,
                    nonlinear(snn::Function::Silu, options.steps,
                              (*after)->absoluteMaximum() * margin,
                              (*before)->absoluteMaximum() * margin),
                    made.site, made.role);
  values[op.getResult()] = std::move(made);
  return success();
}

LogicalResult Converter::convert(ann::MulOp op) {
  FailureOr<Value> driver = trainOf(op.getLhs());
  FailureOr<Value> stored = trainOf(op.getRhs());
  if (failed(driver) || failed(stored))
    return failure();
  define(op.getResult(),
         product(op.getLoc(), *driver, *stored, widthOf(op.getResult())),
         op.getSite(), snn::Role::Product, /*wide=*/false);
  return success();
}

LogicalResult Converter::convert(ann::AddOp op) {
  Converted sum;
  sum.site = op.getSite().str();
  sum.role = snn::Role::Residual;
  sum.wide = true;
  for (Value operand : op->getOperands()) {
    // A projection that nothing else needs ends in the sum's own membrane.
    Converted &made = values[operand];
    if (!made.train && operand.hasOneUse() &&
        isa<ann::LinearOp>(operand.getDefiningOp())) {
      sum.currents.append(made.currents);
      continue;
    }
    FailureOr<Value> train = trainOf(operand);
    if (failed(train))
      return failure();
    sum.currents.push_back(builder.create<snn::IdentityOp>(
        op.getLoc(), currentType(1, widthOf(operand)), *train));
  }
  values[op.getResult()] = std::move(sum);
  return success();
}

LogicalResult Converter::convert(ann::ReturnOp op) {
  const Converted &logits = values[op.getLogits()];
  FailureOr<const SiteStatistics *> seen = statisticsOf(op, logits.site);
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

LogicalResult Converter::convertOp(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<ann::EmbeddingOp, ann::RmsNormOp, ann::LinearOp, ann::RotaryOp,
            ann::AttentionOp, ann::SiluOp, ann::MulOp, ann::AddOp,
            ann::ReturnOp>([&](auto known) { return convert(known); })
      .Default([](Operation *unknown) {
        return unknown->emitError(
            "not supported: converting this op to spikes");
      });
}

LogicalResult Converter::run() {
  if (Status valid = verify(options); !valid.ok())
    return model.emitError(valid.error().message());
  ann::ConfigAttr from = model.getConfig();
  constexpr int64_t defaultPositions = 1024;
  positions = options.context > 0
                  ? options.context
                  : std::min(from.getPositions(), defaultPositions);
  if (positions > from.getPositions())
    return model.emitError("a context of ")
           << positions << " exceeds the model's " << from.getPositions()
           << " positions";
  auto config = ann::ConfigAttr::get(
      builder.getContext(), from.getVocabulary(), from.getHidden(),
      from.getIntermediate(), from.getLayers(), from.getHeads(),
      from.getKeyValueHeads(), from.getHeadWidth(), positions,
      from.getRmsNormEps(), from.getRopeTheta());
  builder.setInsertionPointAfter(model);
  auto network = builder.create<snn::NetworkOp>(model.getLoc(),
                                                model.getSymName(), config);
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  for (Operation &op : model.getBody().front())
    if (failed(convertOp(&op))) {
      network.erase();
      return failure();
    }
  model.erase();
  return success();
}

class ConvertAnnToSnn : public impl::ConvertAnnToSnnBase<ConvertAnnToSnn> {
public:
  using ConvertAnnToSnnBase::ConvertAnnToSnnBase;

  void runOnOperation() override {
    ConversionOptions options;
    options.method = method;
    options.steps = steps;
    options.wideSteps = wideSteps;
    options.levels = levels;
    options.weightBits = weightBits;
    options.lookup = lookup;
    options.concurrent = concurrent;
    options.outlierAware = outlierAware;
    options.lookupEntries = lookupEntries;
    options.margin = margin;
    options.context = context;
    Result<StatisticsMap> map = read(statistics);
    if (!map) {
      getOperation().emitError(map.error().message());
      return signalPassFailure();
    }
    for (ann::ModelOp model :
         llvm::make_early_inc_range(getOperation().getOps<ann::ModelOp>()))
      if (failed(convertAnnToSnn(model, options, *map)))
        return signalPassFailure();
  }

private:
  static Result<StatisticsMap> read(const std::string &file) {
    if (file.empty())
      return makeError("no calibration statistics", "convert-ann-to-snn",
                       "name a JSON file with the option statistics");
    SYNFIRE_ASSIGN(std::string text, readFile(file));
    return statisticsFromJson(text, file);
  }
};

} // namespace

LogicalResult convertAnnToSnn(ann::ModelOp model,
                              const ConversionOptions &options,
                              const StatisticsMap &statistics) {
  return Converter(model, options, statistics).run();
}

} // namespace synfire
