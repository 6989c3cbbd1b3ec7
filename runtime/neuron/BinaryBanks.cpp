//===- BinaryBanks.cpp - base-2 tables as shifts --------------------------===//
#include "runtime/neuron/BinaryBanks.h"

#include <algorithm>

namespace synfire {
namespace {

/// The largest magnitude of an int32 membrane.
constexpr std::int64_t largestMagnitude = std::int64_t(1) << 31;

/// n if value == factor << n for some n in [0, 31], else -1.
int shiftOf(std::int64_t value, int factor) {
  for (int n = 0; n <= 31; ++n)
    if (value == std::int64_t(factor) << n)
      return n;
  return -1;
}

bool followsShifts(const NeuronConfig &config, const FiringTable &table,
                   int shift, std::int64_t lowered, int payloadShift) {
  for (int step = 0; step < config.steps; ++step)
    for (int level = 0; level < config.levels; ++level) {
      const auto index = static_cast<std::size_t>(step * config.levels + level);
      const int place = config.steps - 1 - step;
      const std::int64_t factor = config.levels + level;
      if (table.threshold[index] + lowered != factor << (shift + place) ||
          table.decrement[index] != factor << (shift + place) ||
          table.payload[index] != factor << (payloadShift + place))
        return false;
    }
  return true;
}

} // namespace

std::optional<BinaryBanks> recogniseBinaryBanks(const NeuronConfig &config) {
  if (config.input != InputMode::AllAtOnce ||
      config.comparison != Comparison::GreaterEqual ||
      config.sign == SignMode::Bipolar || config.tracerOn ||
      config.negative != NegativeRule::Off || config.steps > 31 ||
      (config.cap != 0 && config.cap < config.steps) || config.banks.size() > 2)
    return std::nullopt;

  BinaryBanks banks;
  banks.steps = config.steps;
  banks.levels = config.levels;
  banks.magnitude = config.sign == SignMode::Magnitude;
  const std::int64_t largest = config.clamp > 0
                                   ? std::min(config.clamp, largestMagnitude)
                                   : largestMagnitude;
  banks.clamp = static_cast<std::uint32_t>(largest);

  if (config.banks.front().low > 0 || config.banks.back().high <= largest)
    return std::nullopt;
  if (config.banks.size() == 2) {
    const std::int64_t border = config.banks[0].high;
    if (border != config.banks[1].low || border <= 0)
      return std::nullopt;
    banks.outlierFrom =
        static_cast<std::uint32_t>(std::min(border, largestMagnitude + 1));
  }

  for (std::size_t bank = 0; bank < config.banks.size(); ++bank) {
    const FiringTable &table = config.banks[bank].table;
    const auto last =
        static_cast<std::size_t>((config.steps - 1) * config.levels);
    const int shift = shiftOf(table.decrement[last], config.levels);
    const std::int64_t lowered = table.decrement[last] - table.threshold[last];
    const int payloadShift = shiftOf(table.payload[last], config.levels);
    // The kernel shifts 32-bit lanes, so no place may lie beyond bit 31.
    if (shift < 0 || payloadShift < 0 || shift + config.steps - 1 > 31 ||
        payloadShift + config.steps - 1 > 31 ||
        !followsShifts(config, table, shift, lowered, payloadShift))
      return std::nullopt;
    // Below every threshold, an offset keeps inputs <= 0 silent, as the kernel
    // assumes; below 2^31, its sum with a magnitude stays within 32 bits.
    const std::int64_t offset = config.offset + lowered;
    if (offset < 0 || offset >= std::int64_t(config.levels) << shift ||
        offset >= largestMagnitude)
      return std::nullopt;
    banks.offset[bank] = static_cast<std::uint32_t>(offset);
    banks.shift[bank] = shift;
    banks.payloadShift[bank] = payloadShift;
  }
  if (config.banks.size() == 1) {
    banks.offset[1] = banks.offset[0];
    banks.shift[1] = banks.shift[0];
    banks.payloadShift[1] = banks.payloadShift[0];
  }
  return banks;
}

SYNFIRE_MULTIVERSION
void openBanks(const BinaryBanks &given, const std::int32_t *membranes,
               std::size_t count, std::uint32_t *units,
               std::uint32_t *outlier) {
  const BinaryBanks banks = given;
  for (std::size_t i = 0; i < count; ++i) {
    const OpenedBank opened = openBank(banks, membranes[i]);
    units[i] = opened.units;
    outlier[i] = opened.outlier;
  }
}

SYNFIRE_MULTIVERSION
void closeBanks(const BinaryBanks &given, const std::int32_t *membranes,
                std::size_t count, const std::uint32_t *magnitudes,
                const std::uint32_t *outlier, std::int32_t *codes,
                std::uint32_t *high) {
  const BinaryBanks banks = given;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code =
        closeBank(banks, membranes[i], magnitudes[i], outlier[i]);
    codes[i] = static_cast<std::int32_t>(code);
    high[i] = code & outlier[i];
  }
}

} // namespace synfire
