//===- NeuronOracle.cpp - the neuron definition once more -----------------===//
#include "tests/unit/neuron/NeuronOracle.h"

#include <cmath>

namespace synfire::test {

OracleTrain runOracle(const NeuronConfig &config,
                      const std::vector<double> &inputs) {
  const bool streamed = config.input == InputMode::Streamed;
  const bool strict = config.comparison == Comparison::Greater;
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
  int sent = 0, balance = 0;
  for (int t = 0; t < config.steps; ++t) {
    if (streamed)
      v += inputs[std::size_t(t)] +
           (config.bias.empty() ? 0.0 : double(config.bias[std::size_t(t)]));
    int chosen = 0; // signed level
    double h = 0, d = 0;
    if (train.bank >= 0) {
      const FiringTable &table = config.banks[std::size_t(train.bank)].table;
      // Ascending thresholds: the last one that holds is the highest level.
      for (int l = 1; l <= config.levels; ++l) {
        const auto at = std::size_t(t * config.levels + l - 1);
        const double theta = double(table.threshold[at]);
        const bool up = strict ? v > theta : v >= theta;
        const bool down = config.sign == SignMode::Bipolar &&
                          (strict ? -v > theta : -v >= theta);
        if (up || down) {
          chosen = up ? l : -l;
          h = double(table.decrement[at]);
          d = double(table.payload[at]);
        }
      }
      if (chosen == 0 && config.negative == NegativeRule::BelowZero && v < 0) {
        chosen = -1;
        h = double(table.decrement[std::size_t(t * config.levels)]);
        d = double(table.payload[std::size_t(t * config.levels)]);
      }
    }
    if (config.tracerOn && chosen > 0 && balance >= config.tracerMaximum)
      chosen = 0;
    if ((config.tracerOn || config.negative != NegativeRule::Off) &&
        chosen < 0 && balance <= config.tracerMinimum)
      chosen = 0;
    if (chosen != 0)
      v -= chosen > 0 ? h : -h;
    const bool muted = config.cap > 0 && sent >= config.cap;
    if (chosen == 0 || muted) {
      train.level.push_back(0);
      train.value.push_back(0);
    } else {
      ++sent;
      balance += chosen > 0 ? 1 : -1;
      train.level.push_back(sign < 0 ? -chosen : chosen);
      train.value.push_back((chosen > 0 ? d : -d) * sign);
    }
    train.membrane.push_back(v);
  }
  return train;
}

} // namespace synfire::test
