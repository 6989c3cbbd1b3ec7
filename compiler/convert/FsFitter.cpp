//===- FsFitter.cpp - nonlinearities as gated FS banks --------------------===//
#include "compiler/convert/FsFitter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace synfire {
namespace {

/// A threshold that no 32-bit membrane reaches, and one that each does.
constexpr std::int64_t never = std::int64_t(1) << 53;
constexpr std::int64_t always = -never;

/// Grid points an octave of magnitude: fine enough for the curvature of every
/// function here.
constexpr int gridPerOctave = 64;
/// Digits of a bank that the least-squares fit solves for.
constexpr std::size_t coarseDigits = 8;

struct Target {
  Nonlinearity function;
  double inputScale;
  double outputScale;
  int steps;

  double at(double membrane) const {
    return evaluateCode(function, membrane * inputScale, outputScale, steps);
  }
  bool saturated(std::int64_t membrane) const {
    return std::abs(at(double(membrane))) >= std::ldexp(1.0, steps) - 1;
  }
};

/// Membranes between which the function changes little: both ends, zero,
/// magnitudes in geometric progression, and where saturation begins or ends.
std::vector<std::int64_t> makeGrid(const Target &target, std::int64_t low,
                                   std::int64_t high) {
  std::vector<std::int64_t> grid = {low, high, 0};
  for (double magnitude = 1; magnitude < 2147483648.0;
       magnitude *= std::exp2(1.0 / gridPerOctave))
    for (const int sign : {-1, 1})
      grid.push_back(sign * static_cast<std::int64_t>(magnitude));
  grid.erase(std::remove_if(grid.begin(), grid.end(),
                            [&](std::int64_t point) {
                              return point < low || point > high;
                            }),
             grid.end());
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  std::vector<std::int64_t> kinks;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    std::int64_t before = grid[i], after = grid[i + 1];
    if (target.saturated(before) == target.saturated(after))
      continue;
    while (after - before > 1) {
      const std::int64_t middle = before + (after - before) / 2;
      (target.saturated(middle) == target.saturated(before) ? before : after) =
          middle;
    }
    kinks.push_back(after);
  }
  grid.insert(grid.end(), kinks.begin(), kinks.end());
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  return grid;
}

/// Square root of the deviation from the chord: proportional to the width of
/// the interval, so sums over intervals count banks of equal error.
double bankWeight(const Target &target, std::int64_t from, std::int64_t to) {
  const double middle = target.at((double(from) + double(to)) / 2);
  double deviation =
      std::abs(middle - (target.at(double(from)) + target.at(double(to))) / 2);
  if (relativeErrorCounts(target.function))
    deviation /= std::max(1.0, std::abs(middle));
  return std::sqrt(deviation);
}

/// Gate edges of at most `banks` banks over low..high, both ends included.
/// Where saturation begins a bank always ends.
std::vector<std::int64_t> chooseGates(const Target &target, std::int64_t low,
                                      std::int64_t high, int banks) {
  const std::vector<std::int64_t> grid = makeGrid(target, low, high);
  std::vector<double> weight(grid.size(), 0);
  std::vector<bool> kink(grid.size(), false);
  double total = 0;
  int segments = 1;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    total += weight[i] = bankWeight(target, grid[i], grid[i + 1]);
    kink[i] =
        i > 0 && target.saturated(grid[i]) != target.saturated(grid[i - 1]);
    segments += kink[i];
  }
  std::vector<std::int64_t> gates = {low};
  const double share = total / std::max(1, banks - segments + 1);
  double filled = 0;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    if (kink[i] && grid[i] > gates.back()) {
      gates.push_back(grid[i]);
      filled = 0;
    }
    double left = weight[i];
    std::int64_t from = grid[i];
    while (share > 0 && filled + left > share * (1 + 1e-9)) {
      const double part = (share - filled) / left;
      const std::int64_t gate =
          from + std::llround(part * double(grid[i + 1] - from));
      left -= share - filled;
      filled = 0;
      from = gate;
      if (gate > gates.back() && gate < high)
        gates.push_back(gate);
    }
    filled += left;
  }
  gates.push_back(high + 1);
  return gates;
}

/// A x = b for a symmetric positive semidefinite A; a ridge decides between
/// digits that always fire together.
std::vector<double> solve(std::vector<std::vector<double>> a,
                          std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i)
    a[i][i] += 1e-9 * (1 + a[i][i]);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t row = i + 1; row < n; ++row) {
      const double factor = a[row][i] / a[i][i];
      for (std::size_t column = i; column < n; ++column)
        a[row][column] -= factor * a[i][column];
      b[row] -= factor * b[i];
    }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t column = i + 1; column < n; ++column)
      b[i] -= a[i][column] * b[column];
    b[i] /= a[i][i];
  }
  return b;
}

/// Weights of the binary digits of a position in [0, width).
std::vector<std::int64_t> digitWeights(std::int64_t width, int most) {
  std::vector<std::int64_t> weights;
  for (std::int64_t rest = width; rest > 1 && int(weights.size()) < most;) {
    rest = (rest + 1) / 2;
    weights.push_back(rest);
  }
  return weights;
}

/// Least-squares payloads: one a digit, the constant term last. Each is rounded
/// before the next is solved for, so that later ones make up for it. Digits too
/// fine to tell curvature follow the mean slope, and samples lie where those
/// digits are silent: otherwise they would alias with the coarse ones.
std::vector<std::int32_t>
fitPayloads(const Target &target, std::int64_t low, std::int64_t width,
            const std::vector<std::int64_t> &weights) {
  const std::size_t coarse = std::min(weights.size(), coarseDigits);
  const std::int64_t leaf = coarse == 0 ? width : weights[coarse - 1];
  const double slope =
      (target.at(double(low + width)) - target.at(double(low))) / double(width);
  std::vector<std::int32_t> fine;
  double missing = 0; // what rounding takes from the mean
  for (std::size_t k = coarse; k < weights.size(); ++k) {
    const double payload = slope * double(weights[k]);
    fine.push_back(static_cast<std::int32_t>(std::nearbyint(payload)));
    missing += (payload - fine.back()) / 2;
  }

  const std::size_t unknowns = coarse + 1;
  std::vector<std::vector<double>> normal(unknowns,
                                          std::vector<double>(unknowns, 0));
  std::vector<double> right(unknowns, 0);
  for (std::int64_t sample = 0; sample < width; sample += leaf) {
    std::int64_t rest = sample;
    std::vector<double> fires(unknowns, 1);
    for (std::size_t k = 0; k < coarse; ++k) {
      fires[k] = rest >= weights[k];
      rest -= rest >= weights[k] ? weights[k] : 0;
    }
    const double wanted =
        target.at(double(low + sample)) - slope * double(rest) + missing;
    for (std::size_t i = 0; i < unknowns; ++i) {
      if (fires[i] == 0)
        continue;
      right[i] += wanted;
      for (std::size_t j = 0; j < unknowns; ++j)
        normal[i][j] += fires[j];
    }
  }
  std::vector<std::int32_t> payloads;
  while (!right.empty()) {
    const double first = std::nearbyint(solve(normal, right).front());
    payloads.push_back(static_cast<std::int32_t>(
        std::clamp(first, -2147483647.0, 2147483647.0)));
    for (std::size_t i = 0; i < right.size(); ++i) {
      right[i] -= normal[i][0] * payloads.back();
      normal[i].erase(normal[i].begin());
    }
    right.erase(right.begin());
    normal.erase(normal.begin());
  }
  payloads.insert(payloads.end() - 1, fine.begin(), fine.end());
  return payloads;
}

/// The bank of membranes low..low+width-1, with gates still to be set.
FiringTable fitBank(const Target &target, std::int64_t low,
                    std::int64_t width) {
  const std::vector<std::int64_t> weights =
      digitWeights(width, target.steps - 1);
  std::vector<std::int32_t> payloads = fitPayloads(target, low, width, weights);
  const auto steps = static_cast<std::size_t>(target.steps);
  FiringTable table;
  table.threshold.assign(steps, never);
  table.decrement.assign(steps, 0);
  table.payload.assign(steps, 0);
  if (payloads.back() != 0) {
    table.threshold[0] = always;
    table.payload[0] = payloads.back();
  }
  std::size_t used = weights.size();
  while (used > 0 && payloads[used - 1] == 0)
    --used;
  for (std::size_t k = 0; k < used; ++k) {
    table.threshold[k + 1] = low + weights[k];
    table.decrement[k + 1] = weights[k];
    table.payload[k + 1] = payloads[k];
  }
  return table;
}

bool carriesNothing(const FiringTable &table) {
  return std::all_of(table.payload.begin(), table.payload.end(),
                     [](std::int32_t payload) { return payload == 0; });
}

Status checkArguments(double inputScale, double outputScale, int steps,
                      double low, double high, int maxBanks) {
  if (!(inputScale > 0) || !std::isfinite(inputScale) || !(outputScale > 0) ||
      !std::isfinite(outputScale))
    return makeError(fmt::format("scales must be positive and finite, but are "
                                 "{} (input) and {} (output)",
                                 inputScale, outputScale));
  if (steps < 1 || steps > 31)
    return makeError(
        fmt::format("FS banks of {} steps, but 1 to 31 fit", steps));
  if (!std::isfinite(low) || !std::isfinite(high) || !(low < high))
    return makeError(
        fmt::format("input range {}..{} is empty or not finite", low, high));
  if (maxBanks < 1)
    return makeError(fmt::format(
        "{} FS banks allowed, but at least one is needed", maxBanks));
  return Status::success();
}

} // namespace

Result<NeuronConfig> fitFsBanks(Nonlinearity function, double inputScale,
                                double outputScale, int steps, double low,
                                double high, int maxBanks, int guardBits) {
  SYNFIRE_TRY(
      checkArguments(inputScale, outputScale, steps, low, high, maxBanks));
  const Target target{function, inputScale, outputScale, steps};
  constexpr double most = std::numeric_limits<std::int32_t>::max();
  const auto first = static_cast<std::int64_t>(
      std::clamp(std::floor(low / inputScale), -most, most));
  const auto last = static_cast<std::int64_t>(
      std::clamp(std::ceil(high / inputScale), -most, most));
  const std::vector<std::int64_t> gates =
      chooseGates(target, first, last, std::min(maxBanks, 256));

  const auto bankCount = static_cast<int>(gates.size()) - 1;
  if (bankCount > maxBanks)
    return makeError(fmt::format("{} FS banks allowed, but saturation alone "
                                 "splits {}..{} into {}",
                                 maxBanks, low, high, bankCount),
                     toString(function));

  NeuronConfig config;
  config.steps = steps;
  config.guardBits = guardBits;
  for (std::size_t i = 0; i + 1 < gates.size(); ++i) {
    NeuronBank bank;
    bank.table = fitBank(target, gates[i], gates[i + 1] - gates[i]);
    bank.low = i == 0 ? std::numeric_limits<std::int64_t>::min() : gates[i];
    bank.high = i + 2 == gates.size() ? std::numeric_limits<std::int64_t>::max()
                                      : gates[i + 1];
    if (!carriesNothing(bank.table))
      config.banks.push_back(std::move(bank));
  }
  if (config.banks.empty())
    return makeError(
        fmt::format("every result on {}..{} is below half an output unit of {}",
                    low, high, outputScale),
        toString(function));
  SYNFIRE_TRY(verify(config));
  return config;
}

} // namespace synfire
