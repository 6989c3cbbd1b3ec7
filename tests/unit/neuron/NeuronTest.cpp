//===- NeuronTest.cpp - one hand-checkable train a system -----------------===//
//
// The examples of CONVERSION.md 11.1, scaled to integers. A train is written as
// signed levels, 0 for silence.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/Neuron.h"

#include <gtest/gtest.h>

namespace {

using namespace synfire;
using Levels = std::vector<int>;
using Wide = std::vector<std::int64_t>;

struct Train {
  Levels levels;
  std::int64_t value = 0;
  std::int64_t rest = 0;
};

Train runTrain(const NeuronConfig &config, const Wide &inputs) {
  const Status status = verify(config);
  EXPECT_TRUE(status.ok()) << status.error().message();
  Train train;
  NeuronState state;
  begin(config, state, inputs[0]);
  for (int t = 0; t < config.steps; ++t) {
    const Spike spike =
        config.input == InputMode::Streamed
            ? step(config, state, t, inputs[static_cast<std::size_t>(t)])
            : step(config, state, t);
    train.levels.push_back(spike.sign * spike.level);
    train.value += payload(config, t, spike);
  }
  train.rest = state.membrane;
  return train;
}

/// threshold = decrement = payload.
NeuronConfig allAtOnce(int steps, int levels, SignMode sign,
                       const Wide &table) {
  NeuronConfig config;
  config.steps = steps;
  config.levels = levels;
  config.sign = sign;
  config.banks = {
      {0, std::int64_t(1) << 50, {table, table, {table.begin(), table.end()}}}};
  return config;
}

/// The same levels at each step: threshold = decrement = payload.
NeuronConfig streamed(int steps, const Wide &levels) {
  Wide table;
  for (int t = 0; t < steps; ++t)
    table.insert(table.end(), levels.begin(), levels.end());
  NeuronConfig config =
      allAtOnce(steps, int(levels.size()), SignMode::None, table);
  config.input = InputMode::Streamed;
  return config;
}

// Unit 1/8: 8 = 64 units, the last threshold 0.5 = 4 units.
TEST(Neuron, PhaseBase2) {
  NeuronConfig config = allAtOnce(4, 1, SignMode::Magnitude, {32, 16, 8, 4});
  Train train = runTrain(config, {42});
  EXPECT_EQ(train.levels, (Levels{1, 0, 1, 0}));
  EXPECT_EQ(train.value, 40);

  config.offset = 2;
  train = runTrain(config, {42});
  EXPECT_EQ(train.levels, (Levels{1, 0, 1, 1}));
  EXPECT_EQ(train.value, 44);

  config.offset = 0;
  config.cap = 2;
  train = runTrain(config, {63});
  EXPECT_EQ(train.levels, (Levels{1, 1, 0, 0}));
  EXPECT_EQ(train.value, 48);
  EXPECT_EQ(train.rest, 3) << "a capped train resets for all its spikes";

  config.cap = 0;
  config.comparison = Comparison::Greater;
  train = runTrain(config, {32});
  EXPECT_EQ(train.levels, (Levels{0, 1, 1, 1}));
  EXPECT_EQ(train.value, 28);
}

TEST(Neuron, MultiThreshold) {
  NeuronConfig config =
      allAtOnce(4, 4, SignMode::Magnitude,
                {32, 40, 48, 56, 16, 20, 24, 28, 8, 10, 12, 14, 4, 5, 6, 7});
  config.comparison = Comparison::Greater;
  Train train = runTrain(config, {56});
  EXPECT_EQ(train.levels, (Levels{3, 0, 0, 4}));
  EXPECT_EQ(train.value, 55); // 6.875
  train = runTrain(config, {40});
  EXPECT_EQ(train.levels, (Levels{1, 0, 0, 4}));
  EXPECT_EQ(train.value, 39); // 4.875
  config.comparison = Comparison::GreaterEqual;
  train = runTrain(config, {40});
  EXPECT_EQ(train.levels, (Levels{2, 0, 0, 0}));
  EXPECT_EQ(train.value, 40);
}

// Unit 1/32: theta_n = 2 = 64 units, theta_o = 32 = 1024 units.
TEST(Neuron, OutlierAwareBanks) {
  NeuronConfig config;
  config.steps = 5;
  config.levels = 2;
  config.sign = SignMode::Magnitude;
  config.comparison = Comparison::Greater;
  config.clamp = 1024;
  config.banks.resize(2);
  for (int b = 0; b < 2; ++b) {
    NeuronBank &bank = config.banks[static_cast<std::size_t>(b)];
    bank.low = b == 0 ? 0 : 64;
    bank.high = b == 0 ? 64 : 1025;
    for (int t = 0; t < 5; ++t)
      for (int k = 0; k < 2; ++k) {
        const int value = ((b == 0 ? 64 : 1024) >> (t + 1)) * (2 + k) / 2;
        bank.table.threshold.push_back(value);
        bank.table.decrement.push_back(value);
        bank.table.payload.push_back(value);
      }
  }
  Train train = runTrain(config, {-38}); // -1.1875
  EXPECT_EQ(train.levels, (Levels{-1, 0, 0, -1, 0}));
  EXPECT_EQ(train.value, -36);     // -1.125
  train = runTrain(config, {640}); // 20
  EXPECT_EQ(train.levels, (Levels{1, 0, 0, 2, 0}));
  EXPECT_EQ(train.value, 608); // 19
  train = runTrain(config, {5000});
  EXPECT_EQ(train.value, 1008) << "an input beyond the clamp saturates";
}

TEST(Neuron, IntegerSpiking) {
  NeuronConfig config = streamed(2, {4, 8, 12, 16}); // theta = 4 units
  config.offset = 2;
  config.bias = {8, 8}; // alpha = 2
  Train train = runTrain(config, {6, -3});
  EXPECT_EQ(train.levels, (Levels{4, 1}));
  EXPECT_EQ(train.value - 2 * 8, 4); // 1
  train = runTrain(config, {16, -20});
  EXPECT_EQ(train.levels, (Levels{4, 0}));
  EXPECT_EQ(train.value - 2 * 8, 0); // the uneven input misses its target -1
}

TEST(Neuron, IntegrateAndFire) {
  NeuronConfig config = streamed(4, {4});
  config.offset = 2;
  const Train train = runTrain(config, {1, 1, 1, 1});
  EXPECT_EQ(train.levels, (Levels{0, 1, 0, 0}));
  EXPECT_EQ(train.rest, 2);
}

TEST(Neuron, StBif) {
  NeuronConfig config = streamed(6, {4});
  config.offset = 2;
  config.negative = NegativeRule::BelowZero;
  config.tracerOn = true;
  config.tracerMinimum = -8;
  config.tracerMaximum = 7;
  const Train train = runTrain(config, {8, 0, -12, 1, 0, 0});
  EXPECT_EQ(train.levels, (Levels{1, 1, -1, -1, -1, 0}));
  EXPECT_EQ(train.value, -4);
  EXPECT_EQ(train.rest, 3);
}

TEST(Neuron, TwoSidedMultiThreshold) {
  NeuronConfig config = streamed(4, {2, 4, 8}); // lambda = 2 units
  for (std::size_t i = 0; i < 12; ++i)
    config.banks[0].table.threshold[i] -= 1; // lambda / 2
  config.sign = SignMode::Bipolar;
  const Train train = runTrain(config, {-7, -7, -7, -7});
  EXPECT_EQ(train.levels, (Levels{-3, -2, -3, -3}));
  EXPECT_EQ(train.value, -28); // mean -1.75
}

// Thresholds 2^-j (1 + 1/2) / 2 in units of 1/384, payloads 2^-j * 32.
TEST(Neuron, SingleSpikePhase) {
  NeuronConfig config;
  config.steps = 6;
  config.sign = SignMode::Magnitude;
  config.cap = 1;
  config.banks = {
      {0,
       1 << 20,
       {{288, 144, 72, 36, 18, 9}, Wide(6, 0), {32, 16, 8, 4, 2, 1}}}};
  const Train train = runTrain(config, {-128}); // -1/3
  EXPECT_EQ(train.levels, (Levels{0, 0, -1, 0, 0, 0}));
  EXPECT_EQ(train.value, -8); // -0.25
}

TEST(Neuron, TimeToFirstSpike) {
  NeuronConfig config =
      allAtOnce(8, 1, SignMode::Magnitude, {8, 7, 6, 5, 4, 3, 2, 1});
  config.cap = 1;
  // Unit 1/4 in the membrane needs thresholds of 1/2: 2, 4, ... 16.
  for (std::int64_t &threshold : config.banks[0].table.threshold)
    threshold *= 2;
  const Train train = runTrain(config, {-5});
  EXPECT_EQ(train.levels, (Levels{0, 0, 0, 0, 0, 0, -1, 0}));
  EXPECT_EQ(train.value, -2); // -1.0
}

TEST(Neuron, WinnerOrientedSoftmax) {
  // Unit 1/2 of ln 2: threshold(j) = 1/2 - j, weight 2^-j in 1/8.
  NeuronConfig config;
  config.steps = 4;
  config.cap = 1;
  config.banks = {{-100, 100, {{1, -1, -3, -5}, Wide(4, 0), {8, 4, 2, 1}}}};
  EXPECT_EQ(runTrain(config, {0}).value, 4);
  EXPECT_EQ(runTrain(config, {-2}).value, 2);
  EXPECT_EQ(runTrain(config, {-4}).value, 1);
}

TEST(Neuron, BurstSplit) {
  Wide levels;
  for (int t = 0; t < 2; ++t)
    for (int l = 1; l <= 15; ++l)
      levels.push_back(l);
  const NeuronConfig config = allAtOnce(2, 15, SignMode::None, levels);
  EXPECT_EQ(runTrain(config, {30}).levels, (Levels{15, 15}));
  EXPECT_EQ(runTrain(config, {31}).rest, 1);
  EXPECT_EQ(runTrain(config, {7}).levels, (Levels{7, 0}));
}

TEST(Neuron, OpenGateIsHalfOpen) {
  NeuronConfig config = allAtOnce(1, 1, SignMode::None, {1});
  config.banks[0].low = 10;
  config.banks[0].high = 12;
  config.banks.push_back({12, 13, {{1}, {1}, {5}}});
  EXPECT_EQ(runTrain(config, {9}).value, 0);
  EXPECT_EQ(runTrain(config, {10}).value, 1);
  EXPECT_EQ(runTrain(config, {11}).value, 1);
  EXPECT_EQ(runTrain(config, {12}).value, 5);
  EXPECT_EQ(runTrain(config, {13}).value, 0);
}

TEST(Neuron, MagnitudeOfZeroIsSilent) {
  NeuronConfig config = allAtOnce(2, 1, SignMode::Magnitude, {2, 1});
  config.offset = 3;
  EXPECT_EQ(runTrain(config, {0}).levels, (Levels{0, 0}));
  EXPECT_EQ(runTrain(config, {1}).levels, (Levels{1, 1}));
}

} // namespace
