//===- LookupBuilder.cpp - look-up tables for nonlinearities --------------===//
#include "compiler/convert/LookupBuilder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace synfire {
namespace {

/// The function in code units over signed membranes.
struct Target {
  Nonlinearity function;
  double inputScale;
  double outputScale;
  int steps;

  double at(double membrane) const {
    return evaluateCode(function, membrane * inputScale, outputScale, steps);
  }
};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double middle() const { return (low + high) / 2; }
  double halfWidth() const { return (high - low) / 2; }
};

/// The rows of one octave of one sign; 2^digits of them when it is full.
struct Octave {
  int bits;
  int sign;
  std::int64_t first; ///< magnitudes first..last
  std::int64_t last;
  int digits = 0;
  double error = 0; ///< measure over the octave's bins at this many digits

  int shift() const { return std::max(0, bits - 1 - digits); }
  std::int64_t rows() const { return ((last - first) >> shift()) + 1; }
  bool splits() const { return shift() > 0; }
};

/// The target's range over one bin. Functions are monotone over a bin but for
/// one turning point.
Range rangeOfBin(const Target &target, const Octave &octave, std::int64_t row) {
  const std::int64_t width = std::int64_t(1) << octave.shift();
  const std::int64_t from = octave.first + row * width;
  const std::int64_t to = std::min(from + width - 1, octave.last);
  Range range;
  range.include(target.at(double(octave.sign) * double(from)));
  range.include(target.at(double(octave.sign) * double(to)));
  if (const auto turn = turningPoint(target.function)) {
    const double magnitude = *turn / target.inputScale * octave.sign;
    if (magnitude > double(from) && magnitude < double(to))
      range.include(target.at(octave.sign * magnitude));
  }
  return range;
}

/// Half the range of the worst bin, 0 where half a code of rounding hides it.
double octaveError(const Target &target, const Octave &octave) {
  double worst = 0;
  const std::int64_t rows = octave.rows();
  for (std::int64_t row = 0; row < rows; ++row) {
    const Range range = rangeOfBin(target, octave, row);
    double error = range.halfWidth();
    if (error <= 0.5)
      continue;
    if (relativeErrorCounts(target.function))
      error /= std::max(1.0, std::abs(range.middle()));
    worst = std::max(worst, error);
  }
  return worst;
}

/// The octaves that get rows of their own.
std::vector<Octave> ownOctaves(const Target &target, std::int64_t limit) {
  std::vector<Octave> octaves;
  const bool negative = target.function == Nonlinearity::Exp ||
                        target.function == Nonlinearity::SiLU;
  const bool positive = target.function != Nonlinearity::Exp;
  for (const int sign : {1, -1}) {
    if (!(sign > 0 ? positive : negative))
      continue;
    for (int bits = 1; bits <= 31; ++bits) {
      const std::int64_t first = std::int64_t(1) << (bits - 1);
      if (first > limit)
        break;
      octaves.push_back({bits, sign, first, std::min(2 * first - 1, limit)});
      octaves.back().error = octaveError(target, octaves.back());
    }
  }
  return octaves;
}

/// Gives rows to the worst octave while the budget lasts.
void spendBudget(const Target &target, std::vector<Octave> &octaves,
                 std::int64_t budget) {
  std::int64_t used = 1;
  for (const Octave &octave : octaves)
    used += octave.rows();
  while (true) {
    Octave *worst = nullptr;
    Octave split;
    for (Octave &octave : octaves) {
      if (!octave.splits() || octave.error <= (worst ? worst->error : 0))
        continue;
      Octave finer = octave;
      ++finer.digits;
      if (used - octave.rows() + finer.rows() <= budget) {
        worst = &octave;
        split = finer;
      }
    }
    if (!worst)
      return;
    used += split.rows() - worst->rows();
    split.error = octaveError(target, split);
    *worst = split;
  }
}

Status checkArguments(double inputScale, double outputScale, int steps,
                      double inputMaximum) {
  if (!(inputScale > 0) || !std::isfinite(inputScale) || !(outputScale > 0) ||
      !std::isfinite(outputScale))
    return makeError(fmt::format("scales must be positive and finite, but are "
                                 "{} (input) and {} (output)",
                                 inputScale, outputScale));
  if (steps < 1 || steps > 31)
    return makeError(fmt::format(
        "output has {} steps, but the look-up unit emits 1 to 31", steps));
  if (!(inputMaximum > 0) || !std::isfinite(inputMaximum))
    return makeError(fmt::format(
        "input limit must be positive and finite, but is {}", inputMaximum));
  return Status::success();
}

} // namespace

Result<LookupTable> buildLookup(Nonlinearity function, double inputScale,
                                double outputScale, int steps,
                                double inputMaximum, int entryBudget,
                                double *worstError) {
  SYNFIRE_TRY(checkArguments(inputScale, outputScale, steps, inputMaximum));
  const Target target{function, inputScale, outputScale, steps};
  const double limit =
      std::min(std::ceil(inputMaximum / inputScale), 2147483647.0);
  std::vector<Octave> octaves =
      ownOctaves(target, static_cast<std::int64_t>(limit));
  const auto fewest = static_cast<std::int64_t>(octaves.size()) + 1;
  if (entryBudget < fewest)
    return makeError(fmt::format("a budget of {} look-up rows, but inputs up "
                                 "to {} units need at least {}",
                                 entryBudget, limit, fewest),
                     toString(function));
  spendBudget(target, octaves, entryBudget);

  LookupTable table;
  table.function = toString(function);
  table.steps = steps;
  table.limit = static_cast<std::int32_t>(limit);
  table.entryBits = steps + 1;
  double worst = 0;
  const auto addRow = [&](const Range &range) {
    const double entry = std::nearbyint(range.middle());
    worst = std::max({worst, range.high - entry, entry - range.low});
    table.entries.push_back(static_cast<std::int32_t>(entry));
  };

  // Row 0 belongs to zero and to every octave without rows of its own.
  Range zero;
  zero.include(target.at(0));
  addRow(zero);
  table.shift.fill(31);
  for (const Octave &octave : octaves) {
    const auto base = static_cast<std::int32_t>(table.entries.size());
    const auto index = static_cast<std::size_t>(octave.bits);
    const auto shift = static_cast<std::uint8_t>(octave.shift());
    for (std::int64_t row = 0; row < octave.rows(); ++row)
      addRow(rangeOfBin(target, octave, row));
    if (octave.sign > 0) {
      table.base[index] = base;
      table.shift[index] = shift;
    }
    if (octave.sign < 0 || function == Nonlinearity::Square) {
      table.base[32 + index] = base;
      table.shift[32 + index] = shift;
    }
  }
  if (worstError)
    *worstError = worst * outputScale;
  SYNFIRE_TRY(verify(table));
  return table;
}

} // namespace synfire
