//===- Tables.cpp - firing tables of the phase codes ----------------------===//
#include "compiler/convert/Tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace synfire {
namespace {

constexpr int membraneBits = 30;
constexpr int mostGuardBits = 8;

int significantBits(std::int64_t value) {
  int bits = 0;
  for (; value > 0; value >>= 1)
    ++bits;
  return bits;
}

/// Bits n such that levels <= 2^n.
int levelBits(int levels) { return significantBits(levels - 1); }

Status checkShape(int steps, int levels, int outlierShift) {
  if (steps < 1 || steps > 30)
    return makeError(
        fmt::format("a phase code of {} steps, but 1 to 30 fit", steps));
  if (levels < 1 || levels > 255)
    return makeError(
        fmt::format("{} levels, but the neuron unit holds 1 to 255", levels));
  if (outlierShift < 0 || outlierShift > 30)
    return makeError(fmt::format(
        "an outlier bank 2^{} above the normal one, but 2^0 to 2^30 fit",
        outlierShift));
  return Status::success();
}

} // namespace

Result<int> chooseGuardBits(int steps, int levels, int outlierShift) {
  SYNFIRE_TRY(checkShape(steps, levels, outlierShift));
  const int used = steps + levelBits(levels) + outlierShift;
  if (used >= membraneBits)
    return makeError(
        fmt::format("{} steps, {} levels and an outlier bank of 2^{} use {} "
                    "bits of the membrane's {} and leave no guard bit",
                    steps, levels, outlierShift, used, membraneBits),
        {}, "use fewer steps or levels");
  return std::min(mostGuardBits, membraneBits - used);
}

Result<NeuronConfig> makePhaseTable(int steps, int levels, int outlierShift,
                                    int guardBits, bool rounding) {
  SYNFIRE_TRY(checkShape(steps, levels, outlierShift));
  if (guardBits < 0 ||
      steps + levelBits(levels) + outlierShift + guardBits > membraneBits)
    return makeError(
        fmt::format("{} steps, {} levels, an outlier bank of 2^{} and {} guard "
                    "bits do not fit a membrane of {} bits",
                    steps, levels, outlierShift, guardBits, membraneBits),
        {}, "use fewer steps or levels");
  // Half of the last threshold, H << guardBits, must be an integer.
  if (rounding && guardBits == 0 && levels % 2 != 0)
    return makeError(
        fmt::format("rounding with {} level(s) needs a guard bit", levels));

  NeuronConfig config;
  config.steps = steps;
  config.levels = levels;
  config.sign = SignMode::Magnitude;
  config.guardBits = guardBits;
  const std::int64_t fullScale = std::int64_t(levels) << (steps + guardBits);
  config.clamp = fullScale << outlierShift;
  const std::int64_t half = (std::int64_t(levels) << guardBits) / 2;
  config.offset = rounding ? half : 0;

  const int bankCount = outlierShift > 0 ? 2 : 1;
  for (int index = 0; index < bankCount; ++index) {
    NeuronBank bank;
    const bool outer = index + 1 == bankCount;
    bank.low = index == 0 ? 0 : fullScale;
    bank.high = outer ? std::numeric_limits<std::int64_t>::max() : fullScale;
    const int shift = index == 0 ? 0 : outlierShift;
    // One offset serves both banks, so the outlier bank lowers its thresholds
    // by what is missing to half of its own last one.
    const std::int64_t lowered = rounding ? (half << shift) - half : 0;
    for (int step = 0; step < steps; ++step)
      for (int k = 0; k < levels; ++k) {
        const std::int64_t code = std::int64_t(levels + k)
                                  << (steps - 1 - step + shift);
        bank.table.threshold.push_back((code << guardBits) - lowered);
        bank.table.decrement.push_back(code << guardBits);
        bank.table.payload.push_back(static_cast<std::int32_t>(code));
      }
    config.banks.push_back(std::move(bank));
  }
  SYNFIRE_TRY(verify(config));
  return config;
}

} // namespace synfire
