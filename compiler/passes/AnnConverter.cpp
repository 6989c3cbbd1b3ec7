#include "compiler/passes/AnnConverter.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;

namespace synfire {

int64_t AnnConverter::layerOf(StringRef site) {
  int64_t layer = -1;
  if (site.consume_front("layers.") &&
      !site.split('.').first.getAsInteger(10, layer))
    return layer;
  return site == "embed" ? -1 : model.getConfig().getLayers();
}

Value AnnConverter::fire(Location location, ValueRange currents,
                         PopulationUnit unit, const std::string &site,
                         snn::Role role, const PopulationOptions &options) {
  auto shape = cast<snn::CurrentType>(currents.front().getType());
  auto train = snn::TrainType::get(builder.getContext(), shape.getGroups(),
                                   shape.getColumns(), shape.getPerKey());
  auto hg = dyn_cast<snn::HgAttr>(unit.unit);
  const bool accumulated = units.compensated() && hg && hg.getDigital();
  auto op = builder.create<snn::FireOp>(
      location, train, currents, unit.unit, builder.getStringAttr(site),
      snn::RoleAttr::get(builder.getContext(), role),
      builder.getI64IntegerAttr(layerOf(site)),
      options.bias == 0 ? FloatAttr() : builder.getF64FloatAttr(options.bias),
      options.subtractMaximum ? builder.getUnitAttr() : UnitAttr(), FloatAttr(),
      unit.channelScale,
      builder.getI64IntegerAttr(units.compensated() ? options.averagedInput
                                                    : 0),
      accumulated ? builder.getUnitAttr() : UnitAttr());
  return op.getTrain();
}

FailureOr<Value> AnnConverter::fireFunction(Operation *op, ValueRange currents,
                                            snn::Function function,
                                            const FunctionRange &range,
                                            const std::string &site,
                                            snn::Role role,
                                            PopulationOptions options) {
  // Whatever arrives, the function is that of the whole value.
  ++options.averagedInput;
  PopulationUnit unit{units.function(function, range), {}};
  const SiteUnit *coding = units.coding(site);
  if (!coding)
    return fire(op->getLoc(), currents, unit, site, role, options);
  FailureOr<PopulationUnit> coded = units.coded(op, site, *coding);
  if (failed(coded))
    return failure();
  Value exact =
      fire(op->getLoc(), currents, unit, site + ".function", role, options);
  return fire(op->getLoc(), {identity(op->getLoc(), exact)}, *coded, site,
              role);
}

Value AnnConverter::identity(Location location, Value train) {
  auto type = cast<snn::TrainType>(train.getType());
  return builder.create<snn::IdentityOp>(
      location,
      currentType(type.getGroups(), type.getColumns(), type.getPerKey()),
      train);
}

Value AnnConverter::product(Location location, snn::CurrentType type,
                            Value driver, Value stored) {
  auto form = units.options().concurrent || units.form().frames > 1
                  ? snn::ProductForm::Concurrent
                  : snn::ProductForm::Stored;
  return builder.create<snn::ProductOp>(
      location, type, driver, stored,
      snn::ProductFormAttr::get(builder.getContext(), form));
}

Value AnnConverter::besideResult(Location location, Value train,
                                 const std::string &site, snn::Role role) {
  if (units.form().frames == 1)
    return train;
  return fire(location, {identity(location, train)},
              units.repeated(train.getDefiningOp<snn::FireOp>()), site, role);
}

void AnnConverter::define(Value value, Value current, StringRef site,
                          snn::Role role, bool wide, int averagedInput,
                          ann::WeightAttr gain) {
  Converted made;
  made.currents.push_back(current);
  made.site = site.str();
  made.role = role;
  made.wide = wide;
  made.averagedInput = averagedInput;
  made.gain = gain;
  values[value] = std::move(made);
}

FailureOr<Value> AnnConverter::trainOf(Value value) {
  Converted &made = values[value];
  if (made.train)
    return made.train;
  FailureOr<PopulationUnit> unit =
      units.value(value.getDefiningOp(), made.site, made.wide);
  if (failed(unit))
    return failure();
  PopulationOptions options;
  options.averagedInput = made.averagedInput;
  made.train =
      fire(value.getLoc(), made.currents, *unit, made.site, made.role, options);
  return made.train;
}

LogicalResult AnnConverter::convertOp(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<ann::EmbeddingOp, ann::RmsNormOp, ann::LinearOp, ann::RotaryOp,
            ann::HadamardOp, ann::AttentionOp, ann::SiluOp, ann::MulOp,
            ann::AddOp, ann::ReturnOp>(
          [&](auto known) { return convert(known); })
      .Default([](Operation *unknown) {
        return unknown->emitError(
            "not supported: converting this op to spikes");
      });
}

LogicalResult AnnConverter::run() {
  if (Status valid = verify(units.options()); !valid.ok())
    return model.emitError(valid.error().message());
  const NetworkForm &form = units.form();
  if (form.frames < 1 || form.frames > mostSteps)
    return model.emitError("a network of ")
           << form.frames << " frames, but a token streams through in 1 to "
           << mostSteps;
  if (units.compensated() && !form.digital)
    return model.emitError("not supported: expectation compensation of "
                           "functions that spike");
  if (form.frames > 1 && !form.digital && !units.options().lookup)
    return model.emitError("not supported: banks of firing tables as functions "
                           "of a network of several frames");
  ann::ConfigAttr from = model.getConfig();
  constexpr int64_t defaultPositions = 1024;
  positions = units.options().context > 0
                  ? units.options().context
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
  const SmallVector<int64_t> prefix(form.prefixTokens.begin(),
                                    form.prefixTokens.end());
  auto network = builder.create<snn::NetworkOp>(
      model.getLoc(), model.getSymName(), config, int64_t(form.frames),
      prefix.empty() ? DenseI64ArrayAttr()
                     : builder.getDenseI64ArrayAttr(prefix));
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  auto convertAll = [&]() -> LogicalResult {
    for (Operation &op : model.getBody().front())
      if (failed(convertOp(&op)))
        return failure();
    return success(succeeded(units.checkCodings(model)) &&
                   succeeded(mlir::verify(network)));
  };
  if (failed(convertAll())) {
    network.erase();
    return failure();
  }
  model.erase();
  return success();
}

} // namespace synfire
