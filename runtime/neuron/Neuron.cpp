//===- Neuron.cpp - the one programmable neuron unit ----------------------===//
#include "runtime/neuron/Neuron.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace synfire {
namespace {

/// Magnitudes of everything that is added to a membrane stay within this, so
/// that 64 steps cannot leave 64 bits (neuron.md, N4).
constexpr std::int64_t rangeLimit = std::int64_t(1) << 53;

bool reaches(Comparison comparison, std::int64_t value,
             std::int64_t threshold) {
  return comparison == Comparison::GreaterEqual ? value >= threshold
                                                : value > threshold;
}

bool inRange(std::int64_t value) {
  return value >= -rangeLimit && value <= rangeLimit;
}

bool allInRange(const std::vector<std::int64_t> &values) {
  return std::all_of(values.begin(), values.end(), inRange);
}

std::size_t tableIndex(const NeuronConfig &config, int step, int level) {
  return static_cast<std::size_t>(step) * config.levels + (level - 1);
}

/// Distinguishes the steps of a multi-level train in its digest word.
std::uint32_t stepKey(int step) {
  auto key = static_cast<std::uint32_t>(step + 1) * 0x9e3779b9u;
  key = (key ^ (key >> 16)) * 0x85ebca6bu;
  key = (key ^ (key >> 13)) * 0xc2b2ae35u;
  return (key ^ (key >> 16)) | 1u;
}

Status verifyTable(const NeuronConfig &config, std::size_t bank) {
  const FiringTable &table = config.banks[bank].table;
  const std::string where = "bank " + std::to_string(bank);
  const std::size_t entries =
      static_cast<std::size_t>(config.steps) * config.levels;
  // N2
  if (table.threshold.size() != entries || table.decrement.size() != entries ||
      table.payload.size() != entries)
    return makeError(
        "tables hold " + std::to_string(table.threshold.size()) +
            " thresholds, " + std::to_string(table.decrement.size()) +
            " decrements and " + std::to_string(table.payload.size()) +
            " payloads, but steps x levels is " + std::to_string(entries),
        where);
  // N4
  if (!allInRange(table.threshold) || !allInRange(table.decrement))
    return makeError("a threshold or decrement exceeds 2^53 in magnitude",
                     where);
  for (int step = 0; step < config.steps; ++step)
    for (int level = 1; level <= config.levels; ++level) {
      const std::size_t index = tableIndex(config, step, level);
      // N3
      if (level > 1 && table.threshold[index] <= table.threshold[index - 1])
        return makeError("thresholds of step " + std::to_string(step) +
                             " do not ascend: level " + std::to_string(level) +
                             " has " + std::to_string(table.threshold[index]) +
                             " after " +
                             std::to_string(table.threshold[index - 1]),
                         where);
      // N4
      if (table.payload[index] == std::numeric_limits<std::int32_t>::min())
        return makeError("payload of step " + std::to_string(step) +
                             " and level " + std::to_string(level) +
                             " is -2^31; the limit is 2^31 - 1 in magnitude",
                         where);
    }
  return Status::success();
}

Status verifyMode(const NeuronConfig &config) {
  if (config.input == InputMode::Streamed) {
    // N6
    if (config.banks.size() != 1)
      return makeError("a streamed population has one bank, but " +
                       std::to_string(config.banks.size()) + " are given");
    if (config.sign == SignMode::Magnitude)
      return makeError("a streamed population cannot run on the magnitude: the "
                       "sign of its input is not known before the last step");
    if (config.clamp != 0)
      return makeError("a streamed population cannot clamp its input");
    if (!config.bias.empty() &&
        config.bias.size() != static_cast<std::size_t>(config.steps))
      return makeError("bias has " + std::to_string(config.bias.size()) +
                       " entries, but there are " +
                       std::to_string(config.steps) + " steps");
  } else {
    // N7
    if (config.sign == SignMode::Bipolar)
      return makeError("sign mode bipolar needs streamed input");
    if (!config.bias.empty())
      return makeError("a bias per step needs streamed input");
  }
  // N8
  if (config.negative == NegativeRule::BelowZero &&
      config.sign != SignMode::None)
    return makeError("the below-zero rule needs sign mode none");
  if ((config.tracerOn || config.negative == NegativeRule::BelowZero) &&
      config.tracerMinimum > config.tracerMaximum)
    return makeError("tracer minimum " + std::to_string(config.tracerMinimum) +
                     " exceeds its maximum " +
                     std::to_string(config.tracerMaximum));
  return Status::success();
}

} // namespace

Status verify(const NeuronConfig &config) {
  // N1
  if (config.steps < 1 || config.steps > 64)
    return makeError("a train has " + std::to_string(config.steps) +
                     " steps, but the unit runs 1 to 64");
  if (config.levels < 1 || config.levels > 255)
    return makeError("a step has " + std::to_string(config.levels) +
                     " levels, but the unit holds 1 to 255");
  if (config.banks.empty() || config.banks.size() > 256)
    return makeError("a population has " + std::to_string(config.banks.size()) +
                     " banks, but the unit holds 1 to 256");
  // N4
  if (!inRange(config.offset) || !inRange(config.clamp) ||
      !allInRange(config.bias))
    return makeError("offset, clamp or bias exceeds 2^53 in magnitude");
  if (config.clamp < 0 || config.cap < 0 || config.guardBits < 0)
    return makeError("clamp, cap and guard bits must not be negative");
  for (std::size_t bank = 0; bank < config.banks.size(); ++bank) {
    SYNFIRE_TRY(verifyTable(config, bank));
    // N5
    const NeuronBank &here = config.banks[bank];
    if (here.low >= here.high)
      return makeError("gate [" + std::to_string(here.low) + ", " +
                           std::to_string(here.high) + ") is empty",
                       "bank " + std::to_string(bank));
    if (bank > 0 && config.banks[bank - 1].high > here.low)
      return makeError("gate starts at " + std::to_string(here.low) +
                           " before the previous one ends at " +
                           std::to_string(config.banks[bank - 1].high),
                       "bank " + std::to_string(bank));
  }
  return verifyMode(config);
}

void begin(const NeuronConfig &config, NeuronState &state, std::int64_t input) {
  state = NeuronState();
  if (config.input == InputMode::Streamed) {
    state.membrane = config.offset;
    state.bank = 0;
    return;
  }
  std::int64_t x = input;
  if (config.clamp > 0)
    x = std::clamp(x, -config.clamp, config.clamp);
  if (config.sign == SignMode::Magnitude) {
    state.sign = static_cast<std::int8_t>((x > 0) - (x < 0));
    x = std::abs(x);
  }
  state.membrane = x + config.offset;
  if (state.sign == 0)
    return;
  for (std::size_t bank = 0; bank < config.banks.size(); ++bank)
    if (x >= config.banks[bank].low && x < config.banks[bank].high)
      state.bank = static_cast<std::int16_t>(bank);
}

Spike step(const NeuronConfig &config, NeuronState &state, int step,
           std::int64_t current) {
  if (config.input == InputMode::Streamed) {
    state.membrane += current;
    if (!config.bias.empty())
      state.membrane += config.bias[static_cast<std::size_t>(step)];
  }
  if (state.bank < 0)
    return {};
  const FiringTable &table =
      config.banks[static_cast<std::size_t>(state.bank)].table;

  int direction = 0;
  int level = config.levels;
  for (; level >= 1; --level) {
    const std::int64_t threshold =
        table.threshold[tableIndex(config, step, level)];
    if (reaches(config.comparison, state.membrane, threshold))
      direction = 1;
    else if (config.sign == SignMode::Bipolar &&
             reaches(config.comparison, -state.membrane, threshold))
      direction = -1;
    if (direction != 0)
      break;
  }
  if (direction == 0 && config.negative == NegativeRule::BelowZero &&
      state.membrane < 0) {
    direction = -1;
    level = 1;
  }
  if (direction == 0)
    return {};

  const bool boundedBelow =
      config.tracerOn || config.negative == NegativeRule::BelowZero;
  if (direction > 0 && config.tracerOn && state.tracer >= config.tracerMaximum)
    return {};
  if (direction < 0 && boundedBelow && state.tracer <= config.tracerMinimum)
    return {};

  state.membrane -=
      direction * table.decrement[tableIndex(config, step, level)];
  // A capped spike is not sent, but the membrane moves as if it were.
  if (config.cap > 0 && state.sent >= config.cap)
    return {};
  ++state.sent;
  state.tracer += direction;
  Spike spike;
  spike.sign = static_cast<std::int8_t>(direction * state.sign);
  spike.level = static_cast<std::uint8_t>(level);
  spike.bank = static_cast<std::uint8_t>(state.bank);
  return spike;
}

std::int64_t payload(const NeuronConfig &config, int step, Spike spike) {
  if (spike.level == 0)
    return 0;
  return std::int64_t(spike.sign) *
         config.banks[spike.bank]
             .table.payload[tableIndex(config, step, spike.level)];
}

std::uint64_t digestTerm(const NeuronConfig &config, int step, Spike spike) {
  if (spike.level == 0)
    return 0;
  const auto value = static_cast<std::uint64_t>(payload(config, step, spike));
  std::uint64_t high = value * spike.bank;
  if (config.levels > 1)
    high += static_cast<std::uint64_t>(std::int64_t(spike.sign)) * spike.level *
            stepKey(step);
  return value + (high << 32);
}

bool hidesMultiply(const NeuronConfig &config, int step, Spike spike) {
  const std::int64_t value = std::abs(payload(config, step, spike));
  if (value == 0)
    return false;
  std::int64_t smallest = value;
  for (const NeuronBank &bank : config.banks)
    for (const std::int32_t entry : bank.table.payload)
      if (entry != 0)
        smallest = std::min(smallest, std::abs(std::int64_t(entry)));
  const std::int64_t ratio = value / smallest;
  return value % smallest != 0 || (ratio & (ratio - 1)) != 0;
}

} // namespace synfire
