//===- Neuron.cpp - the one programmable neuron unit ----------------------===//
#include "runtime/neuron/Neuron.h"

#include "runtime/neuron/EqualShare.h"
#include "runtime/neuron/HiddenMultiply.h"
#include "runtime/neuron/Rehearsal.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace synfire {
namespace {

/// Magnitudes of everything that is added to a membrane stay within this. A
/// step adds an input, a bias and a decrement, so 256 steps stay below 2^63
/// (neuron.md, N4).
constexpr std::int64_t rangeLimit = std::int64_t(1) << 53;

/// Most spikes of an AllAtOnce train: rows count them in bytes.
constexpr int mostSpikes = 255;

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

/// Distinguishes the steps of a train in its digest word.
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
  // N20
  if (table.rest == 0)
    return Status::success();
  if (table.rest == std::numeric_limits<std::int32_t>::min())
    return makeError("the rest payload is -2^31; the limit is 2^31 - 1 in "
                     "magnitude",
                     where);
  if (config.input != InputMode::Streamed)
    return makeError("a rest payload needs streamed input", where);
  if (config.sign != SignMode::None || config.negative != NegativeRule::Off)
    return makeError("a rest payload needs sign mode none and no negative rule",
                     where);
  if (config.cap != 0 || config.tracerOn ||
      config.rehearsal == Rehearsal::ResidualMask)
    return makeError("a rest payload excludes cap, tracer and residual mask: "
                     "its silence is a delivery too",
                     where);
  return Status::success();
}

Status verifyRehearsal(const NeuronConfig &config) {
  // N19
  if (config.rehearsal == Rehearsal::Off)
    return Status::success();
  if (config.input != InputMode::Streamed)
    return makeError("a rehearsal needs streamed input");
  if (config.rehearsal == Rehearsal::Average)
    return Status::success();
  if (config.rehearsalSteps < 1 || config.rehearsalSteps > config.steps)
    return makeError(
        "a rehearsal has " + std::to_string(config.rehearsalSteps) +
        " steps, but the train has 1 to " + std::to_string(config.steps));
  if (config.rehearsalMargin < 0 || config.rehearsalMargin > rangeLimit)
    return makeError("rehearsal margin " +
                     std::to_string(config.rehearsalMargin) +
                     " is not within 0 and 2^53");
  if (config.levels != 1)
    return makeError("a rehearsal for mask or shift needs one level, but there "
                     "are " +
                     std::to_string(config.levels));
  if (config.tracerOn || config.negative != NegativeRule::Off)
    return makeError("a rehearsal for mask or shift excludes tracer and "
                     "negative rule");
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
    if (config.steps > mostSpikes &&
        (config.cap == 0 || config.cap > mostSpikes))
      return makeError("a train of " + std::to_string(config.steps) +
                       " steps needs a cap of 1 to " +
                       std::to_string(mostSpikes) +
                       " spikes: counts of whole inputs are bytes");
  }
  // N8
  if (config.negative != NegativeRule::Off && config.sign != SignMode::None)
    return makeError("a negative rule needs sign mode none");
  if ((config.tracerOn || config.negative != NegativeRule::Off) &&
      config.tracerMinimum > config.tracerMaximum)
    return makeError("tracer minimum " + std::to_string(config.tracerMinimum) +
                     " exceeds its maximum " +
                     std::to_string(config.tracerMaximum));
  return Status::success();
}

/// What reached a threshold; direction 0: nothing did, or nothing may fire.
struct Firing {
  int direction = 0;
  int level = 0;
};

/// N10
void integrate(const NeuronConfig &config, NeuronState &state, int step,
               std::int64_t current) {
  state.membrane += config.rehearsal == Rehearsal::Average
                        ? equalShare(state.total, step, config.steps)
                        : current;
  if (!config.bias.empty())
    state.membrane += config.bias[static_cast<std::size_t>(step)];
}

/// N11 and N12.
Firing findFiring(const NeuronConfig &config, const NeuronState &state,
                  const FiringTable &table, int step) {
  const bool testsBelow = config.sign == SignMode::Bipolar ||
                          config.negative == NegativeRule::FromTracer;
  Firing firing;
  for (int level = config.levels; level >= 1; --level) {
    const std::int64_t threshold =
        table.threshold[tableIndex(config, step, level)];
    if (reaches(config.comparison, state.membrane, threshold))
      firing = {1, level};
    else if (testsBelow &&
             reaches(config.comparison, -state.membrane, threshold))
      firing = {-1, level};
    if (firing.direction != 0)
      break;
  }
  if (firing.direction == 0 && config.negative == NegativeRule::BelowZero &&
      state.membrane < 0)
    firing = {-1, 1};

  const bool bounded =
      firing.direction > 0
          ? config.tracerOn
          : config.tracerOn || config.negative != NegativeRule::Off;
  if (firing.direction == 0 || !bounded)
    return firing;
  const std::int64_t room =
      firing.direction > 0 ? std::int64_t(config.tracerMaximum) - state.tracer
                           : std::int64_t(state.tracer) - config.tracerMinimum;
  if (room <= 0)
    return {};
  if (config.negative == NegativeRule::FromTracer)
    firing.level = static_cast<int>(std::min<std::int64_t>(firing.level, room));
  return firing;
}

/// The silent pass of ResidualMask and OptimalShift (N19).
RehearsalTrace traceRehearsal(const NeuronConfig &config, NeuronState trial,
                              const std::int64_t *currents) {
  const FiringTable &table = config.banks.front().table;
  RehearsalTrace trace;
  for (int t = 0; t < config.rehearsalSteps; ++t) {
    const auto at = static_cast<std::size_t>(t);
    integrate(config, trial, t, currents[t]);
    const Firing firing = findFiring(config, trial, table, t);
    const std::int64_t v = trial.membrane, threshold = table.threshold[at];
    if (firing.direction > 0)
      trace.beyond = std::min(trace.beyond, v - threshold);
    else
      trace.shortAbove = std::min(trace.shortAbove, threshold - v);
    if (firing.direction >= 0)
      trace.shortBelow = std::min(trace.shortBelow, threshold + v);
    trial.membrane -= firing.direction * table.decrement[at];
    trace.net += firing.direction;
  }
  trace.membrane = trial.membrane;
  return trace;
}

} // namespace

Status verify(const NeuronConfig &config) {
  // N1
  if (config.steps < 1 || config.steps > mostSteps)
    return makeError("a train has " + std::to_string(config.steps) +
                     " steps, but the unit runs 1 to " +
                     std::to_string(mostSteps));
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
  SYNFIRE_TRY(verifyMode(config));
  return verifyRehearsal(config);
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

void rehearse(const NeuronConfig &config, NeuronState &state,
              const std::int64_t *currents) {
  if (config.rehearsal == Rehearsal::Average)
    state.total =
        std::accumulate(currents, currents + config.steps, std::int64_t(0));
  else if (config.rehearsal != Rehearsal::Off)
    endRehearsal(config, traceRehearsal(config, state, currents), state);
}

Spike step(const NeuronConfig &config, NeuronState &state, int step,
           std::int64_t current) {
  if (config.input == InputMode::Streamed)
    integrate(config, state, step, current);
  if (state.bank < 0)
    return {};
  const FiringTable &table =
      config.banks[static_cast<std::size_t>(state.bank)].table;
  const Firing firing = findFiring(config, state, table, step);
  Spike spike;
  if (firing.direction == 0) {
    if (table.rest == 0)
      return {};
    spike.sign = 1;
  } else {
    const std::size_t entry = tableIndex(config, step, firing.level);
    state.membrane -= firing.direction * table.decrement[entry];
    // A spike that is capped, muted or empty is not sent, but the membrane
    // moves as if it were.
    const bool empty =
        config.input == InputMode::Streamed && table.payload[entry] == 0;
    if (state.muted || empty || (config.cap > 0 && state.sent >= config.cap))
      return {};
    spike.sign = static_cast<std::int8_t>(firing.direction * state.sign);
    spike.level = static_cast<std::uint8_t>(firing.level);
  }
  spike.bank = static_cast<std::uint8_t>(state.bank);
  ++state.sent;
  state.tracer +=
      firing.direction *
      (config.negative == NegativeRule::FromTracer ? firing.level : 1);
  return spike;
}

std::int64_t payload(const NeuronConfig &config, int step, Spike spike) {
  if (spike.silent())
    return 0;
  const FiringTable &table = config.banks[spike.bank].table;
  if (spike.level == 0)
    return table.rest;
  return std::int64_t(spike.sign) *
         table.payload[tableIndex(config, step, spike.level)];
}

std::uint64_t digestTerm(const NeuronConfig &config, int step, Spike spike) {
  if (spike.silent())
    return 0;
  const auto value = static_cast<std::uint64_t>(payload(config, step, spike));
  std::uint64_t high = value * spike.bank;
  if (config.levels > 1 || config.input == InputMode::Streamed) {
    const int level = spike.level == 0 ? config.levels + 1 : spike.level;
    high += static_cast<std::uint64_t>(std::int64_t(spike.sign) * level) *
            stepKey(step);
  }
  return value + (high << 32);
}

std::int64_t smallestPayload(const NeuronConfig &config) {
  std::int64_t smallest = 0;
  const auto include = [&](std::int64_t entry) {
    if (entry != 0 && (smallest == 0 || std::abs(entry) < smallest))
      smallest = std::abs(entry);
  };
  for (const NeuronBank &bank : config.banks) {
    include(bank.table.rest);
    for (const std::int32_t entry : bank.table.payload)
      include(entry);
  }
  return smallest;
}

bool hidesMultiply(std::int64_t payload, std::int64_t smallest) {
  if (payload == 0)
    return false;
  const std::int64_t ratio = std::abs(payload) / smallest;
  return payload % smallest != 0 || (ratio & (ratio - 1)) != 0;
}

bool hidesMultiply(const NeuronConfig &config, int step, Spike spike) {
  return hidesMultiply(payload(config, step, spike), smallestPayload(config));
}

} // namespace synfire
