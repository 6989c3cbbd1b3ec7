//===- RandomConfig.cpp - seeded neuron configurations --------------------===//
#include "tests/unit/neuron/RandomConfig.h"

#include <algorithm>
#include <limits>

namespace synfire::test {

std::int64_t draw(Random &random, std::int64_t low, std::int64_t high) {
  return low + std::int64_t(random() % std::uint64_t(high - low + 1));
}

NeuronConfig randomTables(Random &random, InputMode mode, int steps) {
  NeuronConfig config;
  config.input = mode;
  config.steps = steps > 0 ? steps : int(draw(random, 1, 20));
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
    config.negative =
        draw(random, 0, 1) ? NegativeRule::BelowZero : NegativeRule::FromTracer;
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
        if (draw(random, 0, 9) == 0)
          bank.table.payload.back() = 0;
      }
    }
    config.banks.push_back(bank);
  }
  if (mode == InputMode::Streamed && config.sign == SignMode::None &&
      config.negative == NegativeRule::Off && config.cap == 0 &&
      !config.tracerOn)
    config.banks[0].table.rest =
        static_cast<std::int32_t>(draw(random, -50, 50));
  return config;
}

namespace {

/// The same levels at every step; payloads first, first + rise, ...
NeuronConfig evenLevels(Random &random, int steps, int levels,
                        std::int64_t theta, std::int32_t first,
                        std::int32_t rise) {
  NeuronConfig config;
  config.input = InputMode::Streamed;
  config.steps = steps;
  config.levels = levels;
  config.offset =
      draw(random, 0, 3) == 0 ? draw(random, -theta, 2 * theta) : theta / 2;
  NeuronBank bank{0, 1, {}};
  for (int t = 0; t < steps; ++t)
    for (int l = 1; l <= levels; ++l) {
      bank.table.threshold.push_back(l * theta);
      bank.table.decrement.push_back(l * theta);
      bank.table.payload.push_back(first + (l - 1) * rise);
    }
  config.banks = {bank};
  return config;
}

NeuronConfig integerSpiking(Random &random, int steps, std::int64_t theta) {
  const int most = steps <= 8 ? 255 : 24;
  const int levels =
      int(draw(random, 0, 1) ? draw(random, 1, 8) : draw(random, 9, most));
  // alpha = numerator / denominator.
  const auto denominator = static_cast<std::int32_t>(draw(random, 1, 6));
  const auto numerator =
      static_cast<std::int32_t>(draw(random, 0, denominator * levels));
  NeuronConfig config = evenLevels(random, steps, levels, theta,
                                   denominator - numerator, denominator);
  config.banks[0].table.rest = -numerator;
  config.bias.assign(std::size_t(steps), numerator * theta / denominator);
  return config;
}

NeuronConfig ecmt(Random &random, int steps, std::int64_t theta) {
  NeuronConfig config =
      evenLevels(random, steps, int(draw(random, 1, 9)), theta, 1, 0);
  config.sign = SignMode::Bipolar;
  config.offset = 0;
  FiringTable &table = config.banks[0].table;
  for (std::size_t i = 0; i < table.threshold.size(); ++i) {
    const auto power =
        static_cast<std::int32_t>(1u << (i % std::size_t(config.levels)));
    table.decrement[i] = theta * power;
    table.threshold[i] = theta * power - theta / 2;
    table.payload[i] = power;
  }
  return config;
}

} // namespace

NeuronConfig randomStreamed(Random &random, StreamKind kind, int steps) {
  if (steps == 0)
    steps = int(draw(random, 0, 9) == 0 ? draw(random, 65, mostSteps)
                                        : draw(random, 1, 20));
  const std::int64_t theta =
      std::max<std::int64_t>(2, draw(random, 1, 600) << draw(random, 0, 15));
  NeuronConfig config = evenLevels(random, steps, 1, theta, 1, 1);
  switch (kind) {
  case StreamKind::FreeTables:
    do
      config = randomTables(random, InputMode::Streamed, steps);
    while (!verify(config).ok());
    return config;
  case StreamKind::IntegerSpiking:
    config = integerSpiking(random, steps, theta);
    break;
  case StreamKind::OneSidedIf:
    break;
  case StreamKind::TwoSidedIf:
    config.sign = SignMode::Bipolar;
    config.offset = draw(random, -1, 1) * theta / 2;
    if (draw(random, 0, 1))
      for (std::int64_t &threshold : config.banks[0].table.threshold)
        threshold -= theta / 2;
    break;
  case StreamKind::StBif:
    config.negative = NegativeRule::BelowZero;
    config.tracerOn = draw(random, 0, 4) != 0;
    config.tracerMinimum = int(draw(random, -8, 0));
    config.tracerMaximum = int(draw(random, 0, 15));
    break;
  case StreamKind::Ecmt:
    config = ecmt(random, steps, theta);
    break;
  case StreamKind::Sta:
    config = evenLevels(random, steps, int(draw(random, 1, 6)), theta, 1, 1);
    config.offset = 0;
    config.negative = NegativeRule::FromTracer;
    config.tracerOn = draw(random, 0, 3) == 0;
    config.tracerMinimum = int(draw(random, -3, 0));
    config.tracerMaximum = int(draw(random, 0, 20));
    break;
  case StreamKind::ResidualMask:
  case StreamKind::OptimalShift:
    config.rehearsal = kind == StreamKind::ResidualMask
                           ? Rehearsal::ResidualMask
                           : Rehearsal::OptimalShift;
    config.rehearsalSteps = int(draw(random, 1, steps));
    config.rehearsalMargin = draw(random, 0, theta / 100 + 1);
    if (draw(random, 0, 2) == 0) {
      config.sign = SignMode::Bipolar;
      config.offset = 0;
      for (std::int64_t &threshold : config.banks[0].table.threshold)
        threshold -= theta / 2;
    }
    break;
  case StreamKind::Average:
  case StreamKind::Count:
    config = integerSpiking(random, steps, theta);
    config.rehearsal = Rehearsal::Average;
    break;
  }
  if (draw(random, 0, 3) == 0)
    config.comparison = Comparison::Greater;
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
