//===- NeuronPropertyTest.cpp - what holds for every input ----------------===//
#include "runtime/neuron/Neuron.h"
#include "tests/unit/neuron/NeuronOracle.h"
#include "tests/unit/neuron/RandomConfig.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace {

using namespace synfire;
using namespace synfire::test;

struct Train {
  std::int64_t code = 0;
  int spikes = 0;
  std::vector<Spike> events;
  NeuronState state;
};

Train runOnce(const NeuronConfig &config, std::int64_t input) {
  Train train;
  begin(config, train.state, input);
  for (int t = 0; t < config.steps; ++t) {
    const Spike spike = step(config, train.state, t);
    train.events.push_back(spike);
    train.code += payload(config, t, spike);
    train.spikes += !spike.silent();
  }
  return train;
}

void expectOracleTrain(const NeuronConfig &config,
                       const std::vector<double> &inputs) {
  const OracleTrain oracle = runOracle(config, inputs);
  NeuronState state;
  begin(config, state, std::int64_t(inputs[0]));
  EXPECT_EQ(state.bank, oracle.bank);
  const std::vector<std::int64_t> currents(inputs.begin(), inputs.end());
  rehearse(config, state, currents.data());
  for (int t = 0; t < config.steps; ++t) {
    const auto at = std::size_t(t);
    const bool streamed = config.input == InputMode::Streamed;
    const Spike spike =
        step(config, state, t, streamed ? std::int64_t(inputs[at]) : 0);
    EXPECT_EQ(spike.level * spike.sign, oracle.level[at]) << "step " << t;
    EXPECT_EQ(double(payload(config, t, spike)), oracle.value[at]);
    EXPECT_EQ(double(state.membrane), oracle.membrane[at]);
  }
}

TEST(NeuronProperty, UnitEqualsOracleAllAtOnce) {
  Random random(11);
  for (int i = 0; i < 500 && !HasFailure(); ++i) {
    const NeuronConfig config = randomTables(random, InputMode::AllAtOnce);
    ASSERT_TRUE(verify(config).ok());
    for (const std::int32_t input : interestingInputs(config, random, 30))
      expectOracleTrain(config, {double(input)});
  }
}

TEST(NeuronProperty, UnitEqualsOracleStreamed) {
  Random random(12);
  for (int i = 0; i < 3000 && !HasFailure(); ++i) {
    const NeuronConfig config = randomTables(random, InputMode::Streamed);
    ASSERT_TRUE(verify(config).ok());
    std::vector<double> currents;
    for (int t = 0; t < config.steps; ++t)
      currents.push_back(double(draw(random, -150, 200)));
    expectOracleTrain(config, currents);
  }
}

TEST(NeuronProperty, UnitEqualsOracleForEveryStreamedKind) {
  Random random(18);
  for (int kind = 0; kind < int(StreamKind::Count); ++kind)
    for (int i = 0; i < 600 && !HasFailure(); ++i) {
      const NeuronConfig config = randomStreamed(random, StreamKind(kind));
      const Status status = verify(config);
      ASSERT_TRUE(status.ok()) << status.error().message();
      SCOPED_TRACE(kind);
      const std::int64_t theta = config.banks[0].table.decrement[0];
      const std::int64_t size = std::max<std::int64_t>(
          2, theta * draw(random, 1, 2 * config.levels) / 2);
      const std::int64_t mean = draw(random, -size, size) / 2;
      std::vector<double> currents;
      for (int t = 0; t < config.steps; ++t)
        currents.push_back(double(mean + draw(random, -size, size)));
      expectOracleTrain(config, currents);
    }
}

/// The released STA procedure: a full spike, then a burst of up to two half
/// ones, negative only while the memory of what was sent is positive.
TEST(NeuronProperty, StaIsFourLevelsOfAHalf) {
  Random random(19);
  for (int i = 0; i < 4000; ++i) {
    const std::int64_t half = draw(random, 1, 40);
    NeuronConfig config;
    config.steps = int(draw(random, 1, 24));
    config.levels = 4;
    config.input = InputMode::Streamed;
    config.negative = NegativeRule::FromTracer;
    NeuronBank bank{0, 1, {}};
    for (int t = 0; t < config.steps; ++t)
      for (int l = 1; l <= 4; ++l) {
        bank.table.threshold.push_back(l * half);
        bank.table.decrement.push_back(l * half);
        bank.table.payload.push_back(l);
      }
    config.banks = {bank};
    ASSERT_TRUE(verify(config).ok());
    NeuronState state;
    begin(config, state, 0);
    std::int64_t v = 0, memory = 0;
    const auto send = [&](std::int64_t halves) {
      v -= halves * half;
      memory += halves;
      return halves;
    };
    for (int t = 0; t < config.steps; ++t) {
      const std::int64_t current = draw(random, -4 * half, 4 * half);
      v += current;
      std::int64_t sent = 0;
      if (v >= 2 * half)
        sent += send(2);
      else if (v <= -2 * half && memory > 0)
        sent += send(-2);
      const std::int64_t rest = std::max(-memory * half, v);
      sent += send(std::clamp<std::int64_t>(rest / half, -2, 2));
      ASSERT_EQ(payload(config, t, step(config, state, t, current)), sent);
      ASSERT_EQ(state.membrane, v);
      ASSERT_EQ(state.tracer, memory);
      ASSERT_GE(memory, 0);
    }
  }
}

/// Thresholds, currents and biases at the limits of N4, all of one sign.
TEST(NeuronProperty, NoMembraneLeaves64Bits) {
  const std::int64_t limit = std::int64_t(1) << 53;
  for (const std::int64_t sign : {-1, 1}) {
    NeuronConfig config;
    config.steps = mostSteps;
    config.input = InputMode::Streamed;
    config.offset = sign * limit;
    config.bias.assign(mostSteps, sign * limit);
    NeuronBank bank{0, 1, {}};
    bank.table.threshold.assign(mostSteps, -limit);
    bank.table.decrement.assign(mostSteps, -sign * limit);
    bank.table.payload.assign(mostSteps, 1);
    config.banks = {bank};
    config.rehearsal = Rehearsal::OptimalShift;
    config.rehearsalSteps = mostSteps;
    config.rehearsalMargin = limit;
    ASSERT_TRUE(verify(config).ok());
    const std::vector<std::int64_t> currents(mostSteps, sign * limit);
    NeuronState state;
    begin(config, state, 0);
    rehearse(config, state, currents.data());
    for (int t = 0; t < mostSteps; ++t) {
      step(config, state, t, currents[std::size_t(t)]);
      ASSERT_EQ(state.membrane > 0, sign > 0) << "step " << t;
    }
  }
}

TEST(NeuronProperty, Base2CodeIsFloor) {
  Random random(13);
  for (int i = 0; i < 4000; ++i) {
    const int steps = int(draw(random, 1, 20)), guard = int(draw(random, 0, 8));
    const std::int64_t offset = draw(random, 0, (std::int64_t(1) << guard) - 1);
    const NeuronConfig config =
        multiThreshold(steps, 1, guard, 0, SignMode::Magnitude, offset);
    const std::int64_t x =
        draw(random, -(1 << 29), 1 << 29) >> draw(random, 0, 28);
    const std::int64_t largest = (std::int64_t(1) << steps) - 1;
    const std::int64_t magnitude =
        std::min((std::abs(x) + offset) >> guard, largest);
    ASSERT_EQ(runOnce(config, x).code, x < 0 ? -magnitude : magnitude)
        << "x " << x << " steps " << steps << " guard " << guard;
  }
}

/// 0 <= |x| - |xhat| <= tau 2^-T for every H where |x| <= tau (CONVERSION 3.1).
TEST(NeuronProperty, MultiThresholdErrorIsBounded) {
  Random random(14);
  for (int levels = 1; levels <= 15; ++levels)
    for (int i = 0; i < 500; ++i) {
      const int steps = int(draw(random, 1, 16)), guard = 4;
      NeuronConfig config =
          multiThreshold(steps, levels, guard, 0, SignMode::Magnitude, 0);
      if (draw(random, 0, 1))
        config.comparison = Comparison::Greater;
      const std::int64_t tau = std::int64_t(levels) << (steps + guard);
      const std::int64_t x = draw(random, -tau, tau);
      const std::int64_t error =
          std::abs(x) - (std::abs(runOnce(config, x).code) << guard);
      ASSERT_GE(error, 0);
      ASSERT_LE(error, std::int64_t(levels) << guard)
          << "H " << levels << " T " << steps << " x " << x;
    }
}

TEST(NeuronProperty, CapNeverIncreasesSpikes) {
  Random random(15);
  for (int i = 0; i < 2000; ++i) {
    NeuronConfig config = randomTables(random, InputMode::AllAtOnce);
    config.tracerOn = false;
    config.negative = NegativeRule::Off;
    config.cap = 0;
    const std::int64_t x = draw(random, -3000, 3000);
    const Train free = runOnce(config, x);
    config.cap = int(draw(random, 1, 5));
    const Train capped = runOnce(config, x);
    ASSERT_EQ(capped.spikes, std::min(free.spikes, config.cap));
    ASSERT_EQ(capped.state.membrane, free.state.membrane);
    for (std::size_t t = 0; t < free.events.size(); ++t)
      if (!capped.events[t].silent()) {
        ASSERT_EQ(capped.events[t].level, free.events[t].level);
      }
  }
}

/// At equilibrium S = clip(floor(sum I / theta + 1/2), Smin, Smax).
TEST(NeuronProperty, StBifEquilibriumIsTheQuantiser) {
  Random random(16);
  const auto floorDiv = [](std::int64_t a, std::int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
  };
  for (int i = 0; i < 4000; ++i) {
    const std::int64_t theta = 2 * draw(random, 1, 50);
    NeuronConfig config;
    config.steps = 64;
    config.input = InputMode::Streamed;
    config.negative = NegativeRule::BelowZero;
    config.tracerOn = true;
    config.tracerMinimum = draw(random, 0, 1) ? -8 : 0;
    config.tracerMaximum = config.tracerMinimum + 15;
    config.offset = theta / 2;
    NeuronBank bank{0, 1, {}};
    bank.table.threshold.assign(64, theta);
    bank.table.decrement.assign(64, theta);
    bank.table.payload.assign(64, 1);
    config.banks = {bank};
    ASSERT_TRUE(verify(config).ok());
    NeuronState state;
    begin(config, state, 0);
    std::int64_t sum = 0;
    for (int t = 0; t < 64; ++t) {
      const std::int64_t current = t < 8 ? draw(random, -200, 200) : 0;
      sum += current;
      step(config, state, t, current);
    }
    const std::int64_t target = std::clamp(floorDiv(2 * sum + theta, 2 * theta),
                                           std::int64_t(config.tracerMinimum),
                                           std::int64_t(config.tracerMaximum));
    ASSERT_EQ(state.tracer, target) << "theta " << theta << " sum " << sum;
  }
}

/// theta * sum (s - alpha) = sum I + v0 - v(T), always (CONVERSION 4.1).
TEST(NeuronProperty, IntegerSpikingIdentity) {
  Random random(17);
  for (int i = 0; i < 4000; ++i) {
    const std::int64_t theta = 2 * draw(random, 1, 40);
    NeuronConfig config;
    config.steps = int(draw(random, 1, 16));
    config.levels = int(draw(random, 1, 12));
    config.input = InputMode::Streamed;
    config.offset = theta / 2;
    const std::int64_t alpha = draw(random, 0, 6);
    config.bias.assign(std::size_t(config.steps), alpha * theta);
    NeuronBank bank{0, 1, {}};
    for (int t = 0; t < config.steps; ++t)
      for (int l = 1; l <= config.levels; ++l) {
        bank.table.threshold.push_back(l * theta);
        bank.table.decrement.push_back(l * theta);
        bank.table.payload.push_back(l);
      }
    config.banks = {bank};
    ASSERT_TRUE(verify(config).ok());
    NeuronState state;
    begin(config, state, 0);
    std::int64_t sumCurrents = 0, sumLevels = 0;
    for (int t = 0; t < config.steps; ++t) {
      const std::int64_t current = draw(random, -400, 400);
      sumCurrents += current;
      sumLevels += payload(config, t, step(config, state, t, current));
    }
    ASSERT_EQ(theta * (sumLevels - alpha * config.steps),
              sumCurrents + config.offset - state.membrane);
  }
}

TEST(NeuronProperty, DigestTellsTrainsOfEqualValueApart) {
  // Levels 1 and 2 twice over: 1 then 2 and 2 then 1 deliver the same value.
  NeuronConfig config;
  config.steps = 2;
  config.levels = 2;
  config.input = InputMode::Streamed;
  config.banks = {{0, 1, {{1, 2, 1, 2}, {1, 2, 1, 2}, {1, 2, 1, 2}}}};
  ASSERT_TRUE(verify(config).ok());
  const Spike one{1, 1, 0}, two{1, 2, 0};
  EXPECT_EQ(payload(config, 0, one) + payload(config, 1, two),
            payload(config, 0, two) + payload(config, 1, one));
  EXPECT_NE(digestTerm(config, 0, one) + digestTerm(config, 1, two),
            digestTerm(config, 0, two) + digestTerm(config, 1, one));
  const Spike minusOne{-1, 1, 0};
  EXPECT_EQ(digestTerm(config, 0, one) + digestTerm(config, 0, minusOne), 0u);
}

/// Two streamed trains of one level whose sums agree but not their timing, and
/// a rest event against every level.
TEST(NeuronProperty, DigestTellsStepsAndRestApart) {
  NeuronConfig config;
  config.steps = 2;
  config.input = InputMode::Streamed;
  config.banks = {{0, 1, {{1, 1}, {1, 1}, {3, 3}, 3}}};
  ASSERT_TRUE(verify(config).ok());
  const Spike one{1, 1, 0}, resting{1, 0, 0};
  EXPECT_EQ(payload(config, 0, one), payload(config, 1, one));
  EXPECT_NE(digestTerm(config, 0, one), digestTerm(config, 1, one));
  EXPECT_EQ(payload(config, 0, resting), payload(config, 0, one));
  EXPECT_NE(digestTerm(config, 0, resting), digestTerm(config, 0, one));
  EXPECT_NE(digestTerm(config, 0, resting), digestTerm(config, 1, resting));
}

TEST(NeuronProperty, DigestTellsBanksApart) {
  const NeuronConfig config =
      multiThreshold(4, 1, 0, 2, SignMode::Magnitude, 0);
  const Spike normal{1, 1, 0}, outlier{1, 1, 1};
  // Step 0 of the normal bank and step 2 of the outlier bank both carry 8.
  EXPECT_EQ(payload(config, 0, normal), payload(config, 2, outlier));
  EXPECT_NE(digestTerm(config, 0, normal), digestTerm(config, 2, outlier));
}

TEST(NeuronProperty, HiddenMultipliesAreThePayloadsOffPowersOfTwo) {
  const NeuronConfig config =
      multiThreshold(3, 4, 0, 1, SignMode::Magnitude, 0);
  for (int bank = 0; bank < 2; ++bank)
    for (int t = 0; t < 3; ++t)
      for (int level = 1; level <= 4; ++level) {
        const Spike spike{1, std::uint8_t(level), std::uint8_t(bank)};
        EXPECT_EQ(hidesMultiply(config, t, spike), level != 1);
      }
  EXPECT_FALSE(hidesMultiply(config, 0, Spike()));
}

} // namespace
