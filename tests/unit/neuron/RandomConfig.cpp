//===- RandomConfig.cpp - seeded neuron configurations --------------------===//
#include "tests/unit/neuron/RandomConfig.h"

#include <algorithm>
#include <limits>

namespace synfire::test {

std::int64_t draw(Random &random, std::int64_t low, std::int64_t high) {
  return low + std::int64_t(random() % std::uint64_t(high - low + 1));
}

NeuronConfig randomTables(Random &random, InputMode mode) {
  NeuronConfig config;
  config.input = mode;
  config.steps = int(draw(random, 1, 20));
  config.levels = draw(random, 0, 1) ? 1 : int(draw(random, 2, 6));
  config.comparison =
      draw(random, 0, 1) ? Comparison::Greater : Comparison::GreaterEqual;
  if (draw(random, 0, 2) != 0)
    config.sign =
        mode == InputMode::AllAtOnce ? SignMode::Magnitude : SignMode::Bipolar;
  config.cap = draw(random, 0, 2) == 0 ? int(draw(random, 1, 4)) : 0;
  config.offset = draw(random, -20, 60);
  if (draw(random, 0, 2) == 0) {
    config.tracerOn = true;
    config.tracerMinimum = int(draw(random, -3, 0));
    config.tracerMaximum = int(draw(random, 0, 4));
  }
  if (config.sign == SignMode::None && draw(random, 0, 1)) {
    config.negative = NegativeRule::BelowZero;
    config.tracerMaximum = std::max(config.tracerMaximum, config.tracerMinimum);
  }
  if (mode == InputMode::Streamed && draw(random, 0, 1))
    for (int t = 0; t < config.steps; ++t)
      config.bias.push_back(draw(random, -20, 40));
  if (mode == InputMode::AllAtOnce && draw(random, 0, 2) == 0)
    config.clamp = draw(random, 1, 2000);

  const int banks = mode == InputMode::Streamed ? 1 : int(draw(random, 1, 4));
  std::int64_t edge = draw(random, -300, 50);
  for (int b = 0; b < banks; ++b) {
    NeuronBank bank;
    bank.low = edge + draw(random, 0, 1) * 10;
    bank.high = edge = bank.low + draw(random, 1, 600);
    if (b + 1 == banks && draw(random, 0, 1))
      bank.high = std::numeric_limits<std::int64_t>::max();
    for (int t = 0; t < config.steps; ++t) {
      std::int64_t threshold = draw(random, -40, 200);
      for (int l = 0; l < config.levels; ++l) {
        bank.table.threshold.push_back(threshold);
        threshold += draw(random, 1, 60);
        bank.table.decrement.push_back(draw(random, -30, 150));
        bank.table.payload.push_back(
            static_cast<std::int32_t>(draw(random, -100, 1000)));
      }
    }
    config.banks.push_back(bank);
  }
  return config;
}

NeuronConfig multiThreshold(int steps, int levels, int guard, int outlierShift,
                            SignMode sign, std::int64_t offset) {
  NeuronConfig config;
  config.steps = steps;
  config.levels = levels;
  config.sign = sign;
  config.offset = offset;
  config.guardBits = guard;
  const std::int64_t border = std::int64_t(levels) << (steps + guard);
  const int banks = outlierShift > 0 ? 2 : 1;
  for (int b = 0; b < banks; ++b) {
    NeuronBank bank;
    bank.low = b == 0 ? 0 : border;
    bank.high =
        b + 1 == banks ? std::numeric_limits<std::int64_t>::max() : border;
    for (int t = 0; t < steps; ++t)
      for (int k = 0; k < levels; ++k) {
        const std::int64_t code = std::int64_t(levels + k)
                                  << (steps - 1 - t + b * outlierShift);
        bank.table.threshold.push_back(code << guard);
        bank.table.decrement.push_back(code << guard);
        bank.table.payload.push_back(static_cast<std::int32_t>(code));
      }
    config.banks.push_back(bank);
  }
  return config;
}

NeuronConfig randomMultiThreshold(Random &random, int levels) {
  int bits = 0;
  while ((2 * levels - 1) >> bits)
    ++bits;
  const int steps = int(draw(random, 1, 30 - bits));
  const int outlierShift =
      draw(random, 0, 1) ? int(draw(random, 0, 30 - bits - steps)) : 0;
  const int guard =
      int(draw(random, 0, std::max(0, 30 - bits - steps - outlierShift)));
  NeuronConfig config =
      multiThreshold(steps, levels, guard, outlierShift,
                     draw(random, 0, 3) ? SignMode::Magnitude : SignMode::None,
                     draw(random, 0, (std::int64_t(levels) << guard) - 1));
  if (draw(random, 0, 2) == 0)
    config.clamp = draw(random, 1, std::int64_t(1) << 32);
  // A bank with lower thresholds rounds to more than the offset alone does.
  NeuronBank &outer = config.banks.back();
  if (draw(random, 0, 1)) {
    const std::int64_t lowered =
        draw(random, 0,
             outer.table.decrement[std::size_t((steps - 1) * levels)] - 1 -
                 config.offset);
    for (std::int64_t &threshold : outer.table.threshold)
      threshold -= lowered;
  }
  return config;
}

std::vector<std::int32_t> interestingInputs(const NeuronConfig &config,
                                            Random &random, int randoms) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  std::vector<std::int64_t> wanted = {0,     1,        -1,       most,
                                      -most, most - 1, -most - 1};
  const auto around = [&](std::int64_t value) {
    for (int delta = -1; delta <= 1; ++delta) {
      wanted.push_back(value + delta);
      wanted.push_back(-(value + delta));
    }
  };
  around(config.clamp);
  for (const NeuronBank &bank : config.banks) {
    if (bank.high <= most)
      around(bank.high);
    around(bank.low);
    for (const std::int64_t threshold : bank.table.threshold) {
      around(threshold);
      around(threshold - config.offset);
      around(2 * threshold);
    }
  }
  for (int i = 0; i < randoms; ++i) {
    const std::int64_t size = std::int64_t(1) << draw(random, 0, 31);
    wanted.push_back(draw(random, -size, size - 1));
  }
  std::vector<std::int32_t> inputs;
  for (const std::int64_t value : wanted)
    if (value >= -most - 1 && value <= most)
      inputs.push_back(static_cast<std::int32_t>(value));
  return inputs;
}

} // namespace synfire::test
