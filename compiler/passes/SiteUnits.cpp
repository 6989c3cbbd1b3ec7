#include "compiler/passes/SiteUnits.h"

#include "compiler/convert/LasMethod.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace mlir;

namespace synfire {
namespace {

/// Bits of functions and values that spike beside a method whose steps are no
/// bits.
constexpr int usualCodeSteps = 16;

/// Bits of numbers. What every layer adds to needs more; what is multiplied
/// with other values, and summed over keys, leaves room for a multiplier (P6).
constexpr int numberBits = 20;
constexpr int streamBits = 22;
constexpr int operandBits = 18;

/// Bits of digital functions. A row of a look-up table takes three bytes up to
/// 23 bits.
constexpr int mostFunctionBits = 23;
/// exp and 1 / sum, and both together, since they are multiplied. More bits of
/// 1 / sum would take rows of its table from the small sums that most tokens
/// have.
constexpr int softmaxBits = 18;
constexpr int softmaxProductBits = 48;
/// rsqrt times the residual stream.
constexpr int compensatedRootBits = 18;
/// Code bits of weights and values and the sum over keys together.
constexpr int mixBits = 46;
constexpr int fewestWeightBits = 10;

/// A site that calibration saw at zero alone (a pruned layer) may have any
/// scale.
double orOne(double scale) { return scale > 0 ? scale : 1; }

/// The smallest power of two that is not below.
double roundedUp(double scale) {
  return std::exp2(std::ceil(std::log2(orOne(scale))));
}

int bitsOf(std::int64_t value) {
  return static_cast<int>(llvm::Log2_64_Ceil(static_cast<uint64_t>(value)));
}

/// The smallest payload that a spike of the unit can carry; 0 if some spike, or
/// silence, carries a negative one.
std::int64_t smallestPositivePayload(const NeuronConfig &config) {
  if (config.sign != SignMode::None || config.negative != NegativeRule::Off)
    return 0;
  std::int64_t smallest = std::numeric_limits<std::int32_t>::max();
  for (const NeuronBank &bank : config.banks) {
    if (bank.table.rest < 0)
      return 0;
    for (std::int64_t payload : bank.table.payload) {
      if (payload < 0)
        return 0;
      if (payload > 0)
        smallest = std::min(smallest, payload);
    }
  }
  return smallest;
}

} // namespace

SiteUnits::SiteUnits(MLIRContext *irContext, const ConversionOptions &options,
                     const NetworkPlan &networkPlan,
                     const StatisticsMap &statistics)
    : context(irContext), conversion(options), plan(networkPlan),
      map(statistics) {}

double SiteUnits::margin() const {
  return conversion.margin > 0 ? conversion.margin : calibratedMargin;
}

int SiteUnits::frameBits() const { return bitsOf(form().frames); }

FailureOr<const SiteStatistics *>
SiteUnits::statistics(Operation *op, const std::string &site) {
  auto seen = map.find(site);
  if (seen == map.end() || seen->second.count == 0) {
    op->emitError("no calibration statistics for site '") << site << "'";
    return failure();
  }
  return &seen->second;
}

const SiteUnit *SiteUnits::coding(const std::string &site) {
  auto known = plan.codings.find(site);
  // The values of attention have two names (docs/spec/sites.md).
  if (StringRef projection = site; projection.consume_back(".v_proj")) {
    auto other = plan.codings.find(projection.str() + ".v");
    if (other != plan.codings.end())
      found.insert(other->first);
    if (known == plan.codings.end())
      known = other;
  }
  if (known == plan.codings.end())
    return nullptr;
  found.insert(known->first);
  return &known->second;
}

LogicalResult SiteUnits::checkCodings(Operation *model) const {
  for (const auto &[site, unit] : plan.codings)
    if (found.count(site) == 0)
      return model->emitError("a coding is given for site '")
             << site << "', which the network does not have";
  return success();
}

LogicalResult SiteUnits::checkSigns(Operation *op, const std::string &site,
                                    const TableUnit &unit) const {
  auto seen = map.find(site);
  const std::int64_t smallest = smallestPositivePayload(unit.config);
  if (seen == map.end() || smallest == 0)
    return success();
  double scale = unit.codeScale;
  if (!unit.channelScale.empty())
    scale *=
        *std::max_element(unit.channelScale.begin(), unit.channelScale.end());
  if (seen->second.minimum >= -0.5 * scale * static_cast<double>(smallest))
    return success();
  InFlightDiagnostic error = op->emitError("site '")
                             << site << "' takes values down to "
                             << seen->second.minimum
                             << ": the code is one-sided";
  error.attachNote() << "a two-sided code sends negative spikes too; or leave "
                        "the site without a coding";
  return error;
}

FailureOr<PopulationUnit> SiteUnits::coded(Operation *op,
                                           const std::string &site,
                                           const SiteUnit &coding) {
  auto emitError = [&] { return op->emitError("site '") << site << "': "; };
  PopulationUnit made;
  if (const auto *phase = std::get_if<PhaseUnit>(&coding)) {
    if (auto attribute = snn::PhaseAttr::getChecked(
            emitError, context, int64_t(phase->steps), int64_t(phase->levels),
            ir::Real(phase->threshold), int64_t(phase->outlierShift),
            phase->rounding))
      made.unit = attribute;
  } else if (const auto *number = std::get_if<NumberUnit>(&coding)) {
    if (auto attribute = snn::NumberAttr::getChecked(
            emitError, context, int64_t(number->bits),
            ir::Real(number->fullScale)))
      made.unit = attribute;
  } else {
    const auto &table = std::get<TableUnit>(coding);
    if (auto attribute =
            snn::TableAttr::fromConfig(emitError, context, table.config,
                                       table.membraneScale, table.codeScale))
      made.unit = attribute;
    if (!table.channelScale.empty())
      made.channelScale = DenseF64ArrayAttr::get(context, table.channelScale);
    if (failed(checkSigns(op, site, table)))
      return failure();
  }
  if (!made.unit)
    return failure();
  if (std::string why = made.unit.whyNotInFrames(form().frames); !why.empty()) {
    emitError() << why << ", but the network has " << form().frames
                << " frame(s)";
    return failure();
  }
  return made;
}

snn::PhaseAttr SiteUnits::phase(const SiteStatistics &seen, bool wide) const {
  ConversionOptions options = conversion;
  options.margin = margin();
  const Method *method = findMethod(options.method);
  if (!method || !method->binaryCode)
    options.steps = usualCodeSteps;
  const PhaseUnit unit = phaseUnit(seen, options, wide);
  return snn::PhaseAttr::get(context, unit.steps, unit.levels, unit.threshold,
                             unit.outlierShift, unit.rounding);
}

FailureOr<snn::UnitAttrInterface>
SiteUnits::uncoded(Operation *op, const std::string &site, bool wide) {
  if (!form().digital && form().frames > 1) {
    InFlightDiagnostic error = op->emitError("site '")
                               << site
                               << "' has no coding, and a phase code needs its "
                                  "whole input at once";
    error.attachNote() << "code it by a streamed neuron, or leave what the "
                          "method does not code to the digital unit";
    return failure();
  }
  FailureOr<const SiteStatistics *> seen = statistics(op, site);
  if (failed(seen))
    return failure();
  if (!form().digital)
    return snn::UnitAttrInterface(phase(**seen, wide));
  int bits = numberBits;
  switch (siteKind(site)) {
  case SiteKind::Embedding:
  case SiteKind::Residual:
    bits = streamBits;
    break;
  case SiteKind::Query:
  case SiteKind::Key:
  case SiteKind::Value:
    // What is rotated once more is an operand of no product.
    bits = wide ? numberBits : operandBits;
    break;
  default:
    break;
  }
  return snn::UnitAttrInterface(snn::NumberAttr::get(
      context, bits, roundedUp((*seen)->absoluteMaximum() * margin())));
}

FailureOr<PopulationUnit> SiteUnits::value(Operation *op,
                                           const std::string &site, bool wide) {
  if (const SiteUnit *given = coding(site))
    return coded(op, site, *given);
  FailureOr<snn::UnitAttrInterface> unit = uncoded(op, site, wide);
  if (failed(unit))
    return failure();
  return PopulationUnit{*unit, {}};
}

int SiteUnits::functionBits(snn::Function function) const {
  if (!form().digital) {
    const Method *method = findMethod(conversion.method);
    const int steps =
        method && method->binaryCode ? conversion.steps : usualCodeSteps;
    switch (function) {
    case snn::Function::Square:
      return conversion.wideSteps;
    case snn::Function::Rsqrt:
      return steps + frameBits();
    default:
      return steps;
    }
  }
  // A compensated result is sent once for each frame.
  const int shared = softmaxProductBits - (compensated() ? 2 * frameBits() : 0);
  switch (function) {
  case snn::Function::Rsqrt:
    return compensated() ? compensatedRootBits
                         : std::min(numberBits + frameBits(), mostFunctionBits);
  case snn::Function::Exp:
  case snn::Function::Reciprocal:
    return std::min(softmaxBits, shared / 2);
  default:
    return numberBits;
  }
}

snn::HgAttr SiteUnits::function(snn::Function function,
                                const FunctionRange &range) {
  const bool digital = form().digital;
  const bool lookup = digital || conversion.lookup;
  double result = orOne(range.result);
  // The mean square of what has come in the first of F frames is that of all
  // over F^2.
  if (function == snn::Function::Rsqrt && !compensated())
    result *= form().frames;
  return snn::HgAttr::get(context, function,
                          lookup ? snn::Realisation::Lut : snn::Realisation::Fs,
                          functionBits(function), result, orOne(range.input),
                          conversion.lookupEntries, digital);
}

snn::NumberAttr SiteUnits::weights(std::int64_t positions, snn::FireOp values) {
  const int rest =
      mixBits - bitsOf(positions) - bitsOf(values.getUnit().getCodeLimit());
  return snn::NumberAttr::get(
      context, std::clamp(rest, fewestWeightBits, numberBits), 1.0);
}

PopulationUnit SiteUnits::repeated(snn::FireOp fire) {
  auto hg = dyn_cast<snn::HgAttr>(fire.getUnit());
  if (!hg)
    return {fire.getUnit(), fire.getChannelScaleAttr()};
  const int bits = static_cast<int>(hg.getSteps()) +
                   (fire.getAccumulatedOutput() ? frameBits() : 0);
  return {snn::NumberAttr::get(context, std::min(bits, 24), hg.getFullScale()),
          {}};
}

} // namespace synfire
