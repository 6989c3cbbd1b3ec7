//===- PhaseCodes.cpp - neurons of the one-shot codes ---------------------===//
#include "compiler/convert/PhaseCodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace synfire {
namespace {

/// Bits of the largest code: a product of two such codes over 128 channels, and
/// a multiplier on top, stay within neuronInputBits.
constexpr int mostCodeBits = 22;
/// Bits of a code below the smallest payload where payloads are no powers of
/// two: what tells bases near 2 apart (CONVERSION.md 7.3), and the least that
/// still makes a code of it.
constexpr int usualFractionBits = 8;
constexpr int fewestFractionBits = 2;
/// Bits of the largest membrane that makes a difference, and those below a code
/// unit.
constexpr int membraneBits = 29;
constexpr int mostGuardBits = 8;
constexpr double largestBase = 4;

/// One step's entries each, in units of the full scale tau.
struct StepTables {
  std::vector<double> threshold, decrement, payload;
};

Status checkSteps(int steps) {
  if (steps < 1 || steps > mostSteps)
    return makeError(fmt::format("a train of {} steps, but the unit runs 1 to "
                                 "{}",
                                 steps, mostSteps));
  return {};
}

Status checkBase(const char *what, double base) {
  if (!(base > 1 && base <= largestBase))
    return makeError(fmt::format("{} {} is not above 1 and at most {}", what,
                                 base, largestBase));
  return {};
}

Status checkFullScale(double tau) {
  if (!(tau > 0) || !std::isfinite(tau))
    return makeError(
        fmt::format("a full scale of {}, but it must be above 0", tau));
  return {};
}

Status checkCap(int cap) {
  if (cap < 0)
    return makeError(fmt::format(
        "a cap of {} spikes, but it must be 0 (no limit) or more", cap));
  return {};
}

/// The smallest n with value <= 2^n.
int bitsOf(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  return fraction == 0.5 ? exponent - 1 : exponent;
}

double power(double base, int exponent) {
  double result = 1;
  for (int i = 0; i < exponent; ++i)
    result *= base;
  return result;
}

/// The least membrane from which a neuron fires at every step, whatever lies
/// above: the sensible clamp, as it changes no train.
double saturation(const StepTables &tables) {
  double least = 0, taken = 0;
  for (std::size_t t = 0; t < tables.threshold.size(); ++t) {
    least = std::max(least, tables.threshold[t] + taken);
    taken += tables.decrement[t];
  }
  return least;
}

/// Code units of 2^-n tau that put enough bits below the smallest payload.
Result<double> chooseCodeUnit(const StepTables &tables) {
  const double smallest =
      *std::min_element(tables.payload.begin(), tables.payload.end());
  double sum = 0;
  for (const double value : tables.payload)
    sum += value;
  const int used = bitsOf(sum / smallest) + 1;
  const int fraction = std::min(usualFractionBits, mostCodeBits - used);
  if (fraction < fewestFractionBits)
    return makeError(
        fmt::format("{} steps whose payloads span {} bits leave {} of {} code "
                    "bits below the smallest, but {} are needed",
                    tables.payload.size(), used, mostCodeBits - used,
                    mostCodeBits, fewestFractionBits),
        {}, "use fewer steps or a smaller base");
  return std::ldexp(1.0, bitsOf(smallest) - 1 - fraction);
}

/// Sign-magnitude, one level, one bank. `unit` and `offset` are in units of
/// tau, as the tables are.
Result<TableUnit> toFixedPoint(const StepTables &tables, double tau,
                               double unit, double offset, int cap) {
  const double reach = saturation(tables) / unit;
  const int guardBits = std::min(mostGuardBits, membraneBits - bitsOf(reach));
  if (guardBits < 1)
    return makeError(
        fmt::format("{} steps need {} bits of membrane and a guard bit, but {} "
                    "fit",
                    tables.threshold.size(), bitsOf(reach), membraneBits),
        {}, "use fewer steps or a smaller base");
  const double membraneUnit = std::ldexp(unit, -guardBits);
  const auto inMembrane = [&](double value) {
    return static_cast<std::int64_t>(std::llround(value / membraneUnit));
  };

  TableUnit made;
  made.membraneScale = tau * membraneUnit;
  made.codeScale = tau * unit;
  NeuronConfig &config = made.config;
  config.steps = static_cast<int>(tables.threshold.size());
  config.sign = SignMode::Magnitude;
  config.cap = cap;
  config.offset = inMembrane(offset);
  config.guardBits = guardBits;
  NeuronBank bank;
  bank.low = 0;
  bank.high = std::numeric_limits<std::int64_t>::max();
  std::int64_t taken = 0;
  for (std::size_t t = 0; t < tables.threshold.size(); ++t) {
    bank.table.threshold.push_back(inMembrane(tables.threshold[t]));
    bank.table.decrement.push_back(inMembrane(tables.decrement[t]));
    bank.table.payload.push_back(
        static_cast<std::int32_t>(std::llround(tables.payload[t] / unit)));
    config.clamp = std::max(config.clamp, bank.table.threshold[t] + taken);
    taken += bank.table.decrement[t];
  }
  config.clamp = std::max<std::int64_t>(config.clamp - config.offset, 1);
  config.banks.push_back(std::move(bank));
  SYNFIRE_TRY(verify(config));
  return made;
}

} // namespace

Result<TableUnit> makeMgpcUnit(const MgpcTable &table, double tau, int cap) {
  const int steps = static_cast<int>(table.grain.size());
  SYNFIRE_TRY(checkSteps(steps));
  SYNFIRE_TRY(checkFullScale(tau));
  SYNFIRE_TRY(checkCap(cap));
  const std::size_t grains = table.thresholdBase.size();
  if (table.decrementBase.size() != grains ||
      table.payloadBase.size() != grains)
    return makeError(fmt::format("{} bases of thresholds, {} of decrements and "
                                 "{} of payloads: every grain has one of each",
                                 grains, table.decrementBase.size(),
                                 table.payloadBase.size()));
  int next = 0;
  for (int t = 0; t < steps; ++t) {
    const int grain = table.grain[static_cast<std::size_t>(t)];
    if (grain != next && grain != next - 1)
      return makeError(fmt::format("step {} is of grain {}, but grains count "
                                   "from 0 and never fall or skip",
                                   t, grain));
    next = grain + 1;
  }
  if (static_cast<std::size_t>(next) != grains)
    return makeError(fmt::format(
        "steps use {} grains, but there are bases of {}", next, grains));
  if (!(table.offset >= 0 && table.offset < 1))
    return makeError(fmt::format(
        "an offset of {} full scales, but it must lie in 0..1", table.offset));
  StepTables tables;
  for (int t = 0; t < steps; ++t) {
    const auto grain =
        static_cast<std::size_t>(table.grain[static_cast<std::size_t>(t)]);
    SYNFIRE_TRY(checkBase("threshold base", table.thresholdBase[grain]));
    SYNFIRE_TRY(checkBase("decrement base", table.decrementBase[grain]));
    SYNFIRE_TRY(checkBase("payload base", table.payloadBase[grain]));
    tables.threshold.push_back(1 / power(table.thresholdBase[grain], t + 1));
    tables.decrement.push_back(1 / power(table.decrementBase[grain], t + 1));
    tables.payload.push_back(1 / power(table.payloadBase[grain], t + 1));
  }
  SYNFIRE_ASSIGN(const double unit, chooseCodeUnit(tables));
  return toFixedPoint(tables, tau, unit, table.offset, cap);
}

Result<TableUnit> makePhaseCodeUnit(int steps, double base, double tau,
                                    double offset, int cap) {
  SYNFIRE_TRY(checkSteps(steps));
  SYNFIRE_TRY(checkBase("base", base));
  SYNFIRE_TRY(checkFullScale(tau));
  SYNFIRE_TRY(checkCap(cap));
  if (!(offset >= 0 && offset < 1))
    return makeError(fmt::format("an offset of {} last thresholds, but it must "
                                 "be at least 0 and less than 1",
                                 offset));
  StepTables tables;
  for (int t = 0; t < steps; ++t)
    tables.threshold.push_back(1 / power(base, t + 1));
  tables.decrement = tables.payload = tables.threshold;
  const double last = tables.threshold.back();
  if (base == 2)
    return toFixedPoint(tables, tau, last, offset * last, cap);
  SYNFIRE_ASSIGN(const double unit, chooseCodeUnit(tables));
  return toFixedPoint(tables, tau, unit, offset * last, cap);
}

Result<TableUnit> makeSingleSpikeUnit(int steps, double base, double tau) {
  SYNFIRE_TRY(checkSteps(steps));
  SYNFIRE_TRY(checkBase("base", base));
  SYNFIRE_TRY(checkFullScale(tau));
  StepTables tables;
  for (int j = 0; j < steps; ++j) {
    tables.payload.push_back(1 / power(base, j));
    tables.threshold.push_back(tables.payload.back() * (1 + 1 / base) / 2);
  }
  tables.decrement.assign(tables.payload.size(), 0);
  if (base == 2)
    return toFixedPoint(tables, tau, tables.payload.back(), 0, 1);
  SYNFIRE_ASSIGN(const double unit, chooseCodeUnit(tables));
  return toFixedPoint(tables, tau, unit, 0, 1);
}

Result<TableUnit> makeWinnerTakesAllUnit(int steps, double base) {
  SYNFIRE_TRY(checkSteps(steps));
  SYNFIRE_TRY(checkBase("base", base));
  // Thresholds are odd multiples of half a ln(base), so they are exact.
  constexpr int scoreFractionBits = 16;
  StepTables tables;
  for (int j = 0; j < steps; ++j)
    tables.payload.push_back(1 / power(base, j));
  double unit = tables.payload.back();
  if (base != 2) {
    SYNFIRE_ASSIGN(unit, chooseCodeUnit(tables));
  } else if (steps > mostCodeBits + 1) {
    return makeError(fmt::format("weights down to 2^-{} need {} bits, but a "
                                 "code has {}",
                                 steps - 1, steps, mostCodeBits + 1),
                     {}, "use fewer steps or a smaller base");
  }
  TableUnit made;
  made.membraneScale = std::ldexp(std::log(base), -scoreFractionBits);
  made.codeScale = unit;
  NeuronConfig &config = made.config;
  config.steps = steps;
  config.cap = 1;
  NeuronBank bank;
  bank.low = std::numeric_limits<std::int64_t>::min();
  bank.high = std::numeric_limits<std::int64_t>::max();
  for (int j = 0; j < steps; ++j) {
    bank.table.threshold.push_back((1 - 2 * j) *
                                   (std::int64_t(1) << scoreFractionBits) / 2);
    bank.table.decrement.push_back(0);
    bank.table.payload.push_back(static_cast<std::int32_t>(
        std::llround(tables.payload[static_cast<std::size_t>(j)] / unit)));
  }
  config.banks.push_back(std::move(bank));
  SYNFIRE_TRY(verify(config));
  return made;
}

Result<TableUnit> makeTtfsUnit(int steps, double tau, bool rounding) {
  SYNFIRE_TRY(checkSteps(steps));
  SYNFIRE_TRY(checkFullScale(tau));
  StepTables tables;
  for (int t = 0; t < steps; ++t)
    tables.threshold.push_back(double(steps - t) / steps);
  tables.payload = tables.threshold;
  tables.decrement.assign(tables.payload.size(), 0);
  const double slot = 1.0 / steps;
  return toFixedPoint(tables, tau, slot, rounding ? slot / 2 : 0, 1);
}

Result<TableUnit> makeCountSplitUnit(int bits, int extraBits,
                                     std::vector<double> channelScale,
                                     double step) {
  if (bits < 1 || bits > 8)
    return makeError(fmt::format(
        "counts of {} bits, but a step has 255 levels: 1 to 8 bits", bits));
  if (extraBits < 0 || extraBits > 8)
    return makeError(fmt::format("{} extra bits take 2^{} steps, but the unit "
                                 "runs {}: 0 to 8 extra bits",
                                 extraBits, extraBits, mostSteps));
  if (!(step > 0) || !std::isfinite(step))
    return makeError(
        fmt::format("a quantiser step of {}, but it must be above 0", step));
  for (std::size_t channel = 0; channel < channelScale.size(); ++channel)
    if (!(channelScale[channel] > 0) || !std::isfinite(channelScale[channel]))
      return makeError(fmt::format("channel {} has scale {}, but it must be "
                                   "above 0",
                                   channel, channelScale[channel]));
  TableUnit made;
  made.codeScale = step;
  made.membraneScale = std::ldexp(step, -mostGuardBits);
  made.channelScale = std::move(channelScale);
  NeuronConfig &config = made.config;
  config.steps = 1 << extraBits;
  config.levels = (1 << bits) - 1;
  config.sign = SignMode::Magnitude;
  config.guardBits = mostGuardBits;
  config.offset = std::int64_t(1) << (mostGuardBits - 1);
  config.clamp = std::int64_t(config.steps) * config.levels << mostGuardBits;
  NeuronBank bank;
  bank.low = 0;
  bank.high = std::numeric_limits<std::int64_t>::max();
  for (int t = 0; t < config.steps; ++t)
    for (int level = 1; level <= config.levels; ++level) {
      bank.table.threshold.push_back(std::int64_t(level) << mostGuardBits);
      bank.table.payload.push_back(level);
    }
  bank.table.decrement = bank.table.threshold;
  config.banks.push_back(std::move(bank));
  SYNFIRE_TRY(verify(config));
  return made;
}

} // namespace synfire
