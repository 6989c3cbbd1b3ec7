//===- StreamedUnits.cpp - neurons of the streamed codes ------------------===//
#include "compiler/convert/StreamedUnits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <utility>

namespace synfire {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// Fewest and wanted membrane units of one threshold.
constexpr std::int64_t leastUnits = 1 << 8;
constexpr std::int64_t wantedUnits = 1 << 12;
/// What a train may deliver in all stays below this many membrane units: a
/// quarter of the 31 bits that a requantised input has.
constexpr std::int64_t rangeUnits = std::int64_t(1) << 29;
/// alpha is a fraction with a denominator of at most this: 2T and T = 256.
constexpr int mostDenominator = 2 * mostSteps;

Status checkParameters(const StreamedParameters &parameters) {
  if (parameters.frames < 1 || parameters.frames > mostSteps)
    return makeError(fmt::format("a streamed neuron of {} frames, but 1 to {} "
                                 "fit",
                                 parameters.frames, mostSteps));
  if (!(parameters.threshold > 0 && parameters.threshold < never))
    return makeError(fmt::format("a threshold of {}, but it must be positive",
                                 parameters.threshold));
  if (!(parameters.initial >= 0 && parameters.initial < 1))
    return makeError(fmt::format("an initial membrane of {} thresholds, but it "
                                 "must lie in [0, 1)",
                                 parameters.initial));
  return Status::success();
}

/// Membrane units of one spike's worth: `multiple` times a power of two, so
/// that a train of `range` spikes fits.
Result<std::int64_t> chooseUnits(std::int64_t multiple, std::int64_t range) {
  std::int64_t units = multiple;
  while (units < wantedUnits && 2 * units * range <= rangeUnits)
    units *= 2;
  if (units < leastUnits || units * range > rangeUnits)
    return makeError(
        fmt::format("a train that delivers up to {} times its smallest spike "
                    "in multiples of 1/{} does not fit {} membrane units",
                    range, multiple, rangeUnits),
        {}, "use fewer frames or levels");
  return units;
}

int bitsBelow(std::int64_t units) {
  int bits = 0;
  for (; units > 1; units /= 2)
    ++bits;
  return bits;
}

/// One bank of `steps` equal rows of the table.
void fillTable(NeuronConfig &config, const std::vector<std::int64_t> &threshold,
               const std::vector<std::int64_t> &decrement,
               const std::vector<std::int32_t> &payload) {
  config.levels = static_cast<int>(threshold.size());
  NeuronBank bank;
  bank.low = std::numeric_limits<std::int64_t>::min();
  bank.high = std::numeric_limits<std::int64_t>::max();
  for (int step = 0; step < config.steps; ++step) {
    FiringTable &table = bank.table;
    table.threshold.insert(table.threshold.end(), threshold.begin(),
                           threshold.end());
    table.decrement.insert(table.decrement.end(), decrement.begin(),
                           decrement.end());
    table.payload.insert(table.payload.end(), payload.begin(), payload.end());
  }
  config.banks = {std::move(bank)};
}

/// In a network of one frame every input is whole before the first step, which
/// is mode AllAtOnce: what streams in by steps joins the offset, and two-sided
/// tests become those of the magnitude.
Result<TableUnit> finish(NeuronConfig config, int frames, double membraneScale,
                         double codeScale) {
  if (frames > 1) {
    config.input = InputMode::Streamed;
  } else {
    config.input = InputMode::AllAtOnce;
    config.offset =
        std::accumulate(config.bias.begin(), config.bias.end(), config.offset);
    config.bias.clear();
    config.rehearsal = Rehearsal::Off;
    config.rehearsalSteps = 0;
    config.rehearsalMargin = 0;
    if (config.sign == SignMode::Bipolar)
      config.sign = SignMode::Magnitude;
  }
  SYNFIRE_TRY(verify(config));
  TableUnit unit;
  unit.config = std::move(config);
  unit.membraneScale = membraneScale;
  unit.codeScale = codeScale;
  return unit;
}

/// The smallest D for which alpha * D is whole; 0: none.
int denominatorOf(double alpha) {
  constexpr double tolerance = 1e-7;
  for (int denominator = 1; denominator <= mostDenominator; ++denominator) {
    const double scaled = alpha * denominator;
    if (std::fabs(scaled - std::nearbyint(scaled)) < tolerance)
      return denominator;
  }
  return 0;
}

} // namespace

Result<IsShape> isShape(int bits, int frames, IsOffset offset) {
  if (bits < 2 || bits > 8)
    return makeError(
        fmt::format("a quantiser of {} bits, but 2 to 8 fit", bits));
  const int half = 1 << (bits - 1);
  if (frames < 1 || frames > half)
    return makeError(fmt::format("{} frames, but a quantiser of {} bits has 1 "
                                 "to {}",
                                 frames, bits, half),
                     {}, "alpha = 2^(n-1) / T must be at least 1");
  if (half % frames != 0)
    return makeError(
        fmt::format("{} frames do not divide 2^{} into equal offsets", frames,
                    bits - 1),
        {}, "use a power of two");
  IsShape shape;
  const int steps = (1 << bits) - 1;
  shape.levels = (steps + frames - 1) / frames;
  shape.alpha = offset == IsOffset::Remark
                    ? static_cast<double>(half) / frames
                    : (shape.levels * frames + 1) / (2.0 * frames);
  return shape;
}

namespace {

Status checkIs(const IsParameters &parameters) {
  SYNFIRE_TRY(checkParameters(parameters));
  const int levels = parameters.levels;
  if (levels < 1 || levels > 255)
    return makeError(
        fmt::format("{} levels, but an IS neuron has 1 to 255", levels));
  if (!(parameters.alpha >= 0 && parameters.alpha <= levels))
    return makeError(fmt::format("alpha is {}, but must lie in 0..{}, the "
                                 "number of levels",
                                 parameters.alpha, levels));
  if (denominatorOf(parameters.alpha) == 0)
    return makeError(fmt::format("alpha is {}, but must be a fraction with a "
                                 "denominator of at most {}",
                                 parameters.alpha, mostDenominator));
  return Status::success();
}

/// Fires at every step, whatever the membrane (neuron.md, N4), and never.
constexpr std::int64_t always = -(std::int64_t(1) << 53);
constexpr std::int64_t unreached = std::int64_t(1) << 53;

/// The levels s of one step as what they deliver, s - alpha: a bank for those
/// below alpha, one for those above, and silence between, where it is 0.
void fillSignedLevels(NeuronConfig &config, int levels, int alpha,
                      std::int64_t units) {
  config.levels = std::max(alpha, levels - alpha);
  const auto makeBank = [&](int first, int count) {
    NeuronBank bank;
    for (int index = 0; index < config.levels; ++index) {
      const int level = first + index;
      const bool used = index < count;
      const std::int64_t worth = level * units;
      bank.table.threshold.push_back(!used ? unreached - config.levels + index
                                     : level == 0 ? always
                                                  : worth);
      bank.table.decrement.push_back(used ? worth : 0);
      bank.table.payload.push_back(used ? level - alpha : 0);
    }
    return bank;
  };
  NeuronBank below = makeBank(0, alpha);
  below.low = std::numeric_limits<std::int64_t>::min();
  below.high = alpha * units - config.offset;
  NeuronBank above = makeBank(alpha + 1, levels - alpha);
  above.low = below.high + units;
  above.high = std::numeric_limits<std::int64_t>::max();
  config.banks = {std::move(below), std::move(above)};
}

/// A binary chip sends s ones of L sub-steps. The offset is a constant, which a
/// weight's receiver could hold as a bias; but a product of two trains needs
/// each train's own value. So a sub-step before the others fires always, with a
/// threshold's worth that its own bias brings, and is worth -alpha: the
/// constant spike on an inhibitory line. Its share of the current waits for the
/// next sub-step, which changes no count: with v in [0, theta) and a share of
/// at most theta, L sub-steps of at most one spike still deliver floor(v /
/// theta).
Result<TableUnit> makeUnfoldedIsUnit(const IsParameters &parameters) {
  const int frames = parameters.frames;
  const int levels = parameters.levels;
  const bool constant = parameters.alpha > 0;
  const int parts = levels + (constant ? 1 : 0);
  if (frames * parts > mostSteps)
    return makeError(fmt::format("{} frames of {} sub-steps, but a train has "
                                 "at most {} steps",
                                 frames, parts, mostSteps),
                     {}, "use fewer bits or frames");
  const int denominator = denominatorOf(parameters.alpha);
  SYNFIRE_ASSIGN(
      const std::int64_t units,
      chooseUnits(std::int64_t(denominator) * parts, levels * frames));
  const auto alpha =
      static_cast<std::int64_t>(std::nearbyint(parameters.alpha * denominator));
  NeuronConfig config;
  config.steps = frames * parts;
  config.guardBits = bitsBelow(units / denominator);
  config.offset = std::llround(parameters.initial * units);
  config.bias.assign(static_cast<std::size_t>(config.steps),
                     alpha * (units / denominator / parts));
  if (parameters.average)
    config.rehearsal = Rehearsal::Average;
  fillTable(config, {units}, {units}, {denominator});
  if (constant)
    for (int step = 0; step < config.steps; step += parts) {
      FiringTable &table = config.banks.front().table;
      const auto at = static_cast<std::size_t>(step);
      table.threshold[at] = always;
      table.payload[at] = static_cast<std::int32_t>(-alpha);
      config.bias[at] += units;
    }
  return finish(std::move(config), frames, parameters.threshold / units,
                parameters.threshold / denominator);
}

} // namespace

Result<TableUnit> makeIsUnit(const IsParameters &parameters) {
  SYNFIRE_TRY(checkIs(parameters));
  if (parameters.unfold)
    return makeUnfoldedIsUnit(parameters);
  const int frames = parameters.frames;
  const int levels = parameters.levels;
  // alpha is a whole number of membrane units and of code units.
  const int denominator = denominatorOf(parameters.alpha);
  SYNFIRE_ASSIGN(const std::int64_t units,
                 chooseUnits(denominator, levels * frames));
  const auto alpha =
      static_cast<int>(std::nearbyint(parameters.alpha * denominator));
  NeuronConfig config;
  config.steps = frames;
  config.guardBits = bitsBelow(units / denominator);
  config.offset = std::llround(parameters.initial * units);
  if (frames == 1) {
    if (denominator != 1)
      return makeError(fmt::format("alpha is {}, but must be whole in a "
                                   "network of one frame",
                                   parameters.alpha));
    config.offset += alpha * units;
    fillSignedLevels(config, levels, alpha, units);
  } else {
    config.bias.assign(static_cast<std::size_t>(frames),
                       alpha * (units / denominator));
    if (parameters.average)
      config.rehearsal = Rehearsal::Average;
    std::vector<std::int64_t> threshold;
    std::vector<std::int32_t> payload;
    for (int level = 1; level <= levels; ++level) {
      threshold.push_back(level * units);
      payload.push_back(level * denominator - alpha);
    }
    fillTable(config, threshold, threshold, payload);
    config.banks.front().table.rest = -alpha;
  }
  return finish(std::move(config), frames, parameters.threshold / units,
                parameters.threshold / denominator);
}

Result<TableUnit> makeIfUnit(const StreamedParameters &parameters,
                             bool twoSided) {
  return makeRehearsedIfUnit(parameters, twoSided, Rehearsal::Off, 0);
}

Result<TableUnit> makeRehearsedIfUnit(const StreamedParameters &parameters,
                                      bool twoSided, Rehearsal rehearsal,
                                      int rehearsalSteps) {
  SYNFIRE_TRY(checkParameters(parameters));
  const int frames = parameters.frames;
  SYNFIRE_ASSIGN(const std::int64_t units, chooseUnits(1, frames));
  const std::int64_t initial = std::llround(parameters.initial * units);
  NeuronConfig config;
  config.steps = frames;
  config.guardBits = bitsBelow(units);
  if (rehearsal != Rehearsal::Off) {
    if (rehearsalSteps < 1 || rehearsalSteps > frames)
      return makeError(fmt::format("a rehearsal of {} steps, but a train has "
                                   "1 to {}",
                                   rehearsalSteps, frames));
    config.rehearsal = rehearsal;
    config.rehearsalSteps = rehearsalSteps;
    config.rehearsalMargin = std::max<std::int64_t>(1, units / 1000);
  }
  if (twoSided) {
    // v0 moves both thresholds towards zero instead of the membrane, so that a
    // train of -x is the negative of a train of x.
    config.sign = SignMode::Bipolar;
    fillTable(config, {std::max<std::int64_t>(1, units - initial)}, {units},
              {1});
  } else {
    config.offset = initial;
    fillTable(config, {units}, {units}, {1});
  }
  const double spike = parameters.threshold / frames;
  return finish(std::move(config), frames, spike / units, spike);
}

Result<TableUnit> makeStBifUnit(const StreamedParameters &parameters,
                                int minimum, int maximum) {
  SYNFIRE_TRY(checkParameters(parameters));
  constexpr int most = 1 << 15;
  if (minimum > 0 || maximum < 1 || minimum < -most || maximum > most)
    return makeError(fmt::format("a tracer between {} and {}, but it must lie "
                                 "within +-{} and hold 0 and 1",
                                 minimum, maximum, most));
  SYNFIRE_ASSIGN(const std::int64_t units,
                 chooseUnits(1, std::max(maximum, -minimum)));
  NeuronConfig config;
  config.steps = parameters.frames;
  config.guardBits = bitsBelow(units);
  config.offset = std::llround(parameters.initial * units);
  config.negative = NegativeRule::BelowZero;
  config.tracerOn = true;
  config.tracerMinimum = minimum;
  config.tracerMaximum = maximum;
  fillTable(config, {units}, {units}, {1});
  return finish(std::move(config), parameters.frames,
                parameters.threshold / units, parameters.threshold);
}

Result<TableUnit> makeEcmtUnit(const StreamedParameters &parameters,
                               int count) {
  SYNFIRE_TRY(checkParameters(parameters));
  if (count < 1 || count > 16)
    return makeError(fmt::format(
        "{} levels of doubling thresholds, but 1 to 16 fit", count));
  const int frames = parameters.frames;
  SYNFIRE_ASSIGN(const std::int64_t units,
                 chooseUnits(1, std::int64_t(frames) << (count - 1)));
  NeuronConfig config;
  config.steps = frames;
  config.guardBits = bitsBelow(units);
  config.sign = SignMode::Bipolar;
  std::vector<std::int64_t> threshold, decrement;
  std::vector<std::int32_t> payload;
  for (int k = 0; k < count; ++k) {
    decrement.push_back(units << k);
    threshold.push_back((units << k) - units / 2);
    payload.push_back(1 << k);
  }
  fillTable(config, threshold, decrement, payload);
  const double spike = parameters.threshold / frames;
  return finish(std::move(config), frames, spike / units, spike);
}

Result<TableUnit> makeStaUnit(const StreamedParameters &parameters,
                              bool twoSided) {
  SYNFIRE_TRY(checkParameters(parameters));
  // A whole spike and a burst of two, all in halves of the threshold, leave in
  // one step: v >= theta sends 2 + min(2, floor((v - theta) / (theta / 2))),
  // which is min(4, floor(v / (theta / 2))), and below theta at most one half.
  constexpr int halves = 4;
  const int frames = parameters.frames;
  SYNFIRE_ASSIGN(const std::int64_t units, chooseUnits(1, halves * frames));
  NeuronConfig config;
  config.steps = frames;
  config.guardBits = bitsBelow(units);
  if (twoSided)
    config.sign = SignMode::Bipolar;
  else
    config.negative = NegativeRule::FromTracer;
  std::vector<std::int64_t> threshold;
  std::vector<std::int32_t> payload;
  for (int level = 1; level <= halves; ++level) {
    threshold.push_back(level * units);
    payload.push_back(level);
  }
  fillTable(config, threshold, threshold, payload);
  const double half = parameters.threshold / (2 * frames);
  return finish(std::move(config), frames, half / units, half);
}

} // namespace synfire
