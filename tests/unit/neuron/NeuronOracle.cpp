//===- NeuronOracle.cpp - the neuron definition once more -----------------===//
#include "tests/unit/neuron/NeuronOracle.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace synfire::test {
namespace {

struct Choice {
  int level = 0; ///< negative: negative spike
  double taken = 0;
  double value = 0; ///< delivered; the rest payload with level 0
};

double biasAt(const NeuronConfig &config, int t) {
  return config.bias.empty() ? 0.0 : double(config.bias[std::size_t(t)]);
}

/// What the unit would do with membrane `v` at step t.
Choice choose(const NeuronConfig &config, const FiringTable &table, int t,
              double v, int balance) {
  const bool strict = config.comparison == Comparison::Greater;
  const bool fromTracer = config.negative == NegativeRule::FromTracer;
  int chosen = 0; // signed level
  // Ascending thresholds: the last one that holds is the highest level.
  for (int l = 1; l <= config.levels; ++l) {
    const double theta =
        double(table.threshold[std::size_t(t * config.levels + l - 1)]);
    const bool up = strict ? v > theta : v >= theta;
    const bool down = (config.sign == SignMode::Bipolar || fromTracer) &&
                      (strict ? -v > theta : -v >= theta);
    if (up || down)
      chosen = up ? l : -l;
  }
  if (chosen == 0 && config.negative == NegativeRule::BelowZero && v < 0)
    chosen = -1;
  if (chosen == 0)
    return {0, 0, double(table.rest)};
  const int above = config.tracerOn ? config.tracerMaximum - balance : 1 << 20;
  const int below = config.tracerOn || config.negative != NegativeRule::Off
                        ? balance - config.tracerMinimum
                        : 1 << 20;
  if ((chosen > 0 ? above : below) <= 0)
    return {};
  if (fromTracer)
    chosen = chosen > 0 ? std::min(chosen, above) : -std::min(-chosen, below);
  const auto at = std::size_t(t * config.levels + std::abs(chosen) - 1);
  const double direction = chosen > 0 ? 1 : -1;
  return {chosen, direction * double(table.decrement[at]),
          direction * double(table.payload[at])};
}

/// SRP's mask and COS's offset (CONVERSION.md 6.5, 6.6), mirrored for neurons
/// of two sides.
void rehearse(const NeuronConfig &config, const std::vector<double> &currents,
              double &v0, bool &mute) {
  const FiringTable &table = config.banks[0].table;
  const bool strict = config.comparison == Comparison::Greater;
  const bool twoSided = config.sign == SignMode::Bipolar;
  double v = v0, net = 0;
  std::vector<double> above, below, over;
  for (int t = 0; t < config.rehearsalSteps; ++t) {
    v += currents[std::size_t(t)] + biasAt(config, t);
    const Choice choice = choose(config, table, t, v, 0);
    const double theta = double(table.threshold[std::size_t(t)]);
    (choice.level > 0 ? over : above)
        .push_back(choice.level > 0 ? v - theta : theta - v);
    if (choice.level >= 0)
      below.push_back(theta + v);
    v -= choice.taken;
    net += choice.level;
  }
  const auto last = std::size_t(config.rehearsalSteps - 1);
  const double theta = double(table.threshold[last]);
  const double h = double(table.decrement[last]);
  const double margin = double(config.rehearsalMargin);
  if (config.rehearsal == Rehearsal::ResidualMask) {
    if (!twoSided)
      mute = !(v > margin);
    else if (net != 0)
      mute = !((net > 0 ? v : -v) + (h - theta) > margin);
    return;
  }
  const auto amount = [&](const std::vector<double> &distances) {
    return distances.empty()
               ? 0.0
               : std::max(h, margin + *std::min_element(distances.begin(),
                                                        distances.end()));
  };
  if (strict ? v > theta : v >= theta)
    v0 += amount(above);
  else if (twoSided && (strict ? -v > theta : -v >= theta))
    v0 -= amount(below);
  else if (!twoSided && v < 0 && net > 0)
    v0 -= amount(over);
}

} // namespace

OracleTrain runOracle(const NeuronConfig &config,
                      const std::vector<double> &inputs) {
  const bool streamed = config.input == InputMode::Streamed;
  OracleTrain train;
  double v = double(config.offset), sign = 1;
  if (streamed) {
    train.bank = 0;
  } else {
    double x = inputs[0];
    if (config.clamp > 0 && std::fabs(x) > double(config.clamp))
      x = std::copysign(double(config.clamp), x);
    if (config.sign == SignMode::Magnitude) {
      sign = x > 0 ? 1 : x < 0 ? -1 : 0;
      x = std::fabs(x);
    }
    v += x;
    for (int b = int(config.banks.size()) - 1; b >= 0 && sign != 0; --b) {
      const NeuronBank &bank = config.banks[std::size_t(b)];
      if (!(x < double(bank.low)) && x < double(bank.high)) {
        train.bank = b;
        break;
      }
    }
  }
  double v0 = v;
  bool mute = false;
  std::vector<double> heard = inputs;
  if (config.rehearsal == Rehearsal::Average) {
    double total = 0;
    for (const double input : inputs)
      total += input;
    for (int t = 0; t < config.steps; ++t)
      heard[std::size_t(t)] = std::floor(total * (t + 1) / config.steps) -
                              std::floor(total * t / config.steps);
  } else if (config.rehearsal != Rehearsal::Off) {
    rehearse(config, heard, v0, mute);
  }
  v = v0;
  int sent = 0, balance = 0;
  for (int t = 0; t < config.steps; ++t) {
    if (streamed)
      v += heard[std::size_t(t)] + biasAt(config, t);
    Choice choice;
    if (train.bank >= 0)
      choice = choose(config, config.banks[std::size_t(train.bank)].table, t, v,
                      balance);
    v -= choice.taken;
    const bool capped = config.cap > 0 && sent >= config.cap;
    const bool empty = streamed && choice.value == 0;
    if ((choice.level == 0 && choice.value == 0) || capped || empty || mute) {
      train.level.push_back(0);
      train.value.push_back(0);
    } else {
      ++sent;
      const int counted = config.negative == NegativeRule::FromTracer
                              ? choice.level
                              : (choice.level > 0) - (choice.level < 0);
      balance += counted;
      train.level.push_back(sign < 0 ? -choice.level : choice.level);
      train.value.push_back(choice.value * sign);
    }
    train.membrane.push_back(v);
  }
  return train;
}

} // namespace synfire::test
