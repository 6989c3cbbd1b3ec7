//===- PhaseCodesTest.cpp - neurons of the one-shot codes -----------------===//
#include "compiler/convert/PhaseCodes.h"
#include "runtime/neuron/BinaryBanks.h"
#include "runtime/program/Widths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace synfire;
using testing::HasSubstr;

TableUnit made(const Result<TableUnit> &unit) {
  EXPECT_TRUE(unit.ok()) << unit.error().message();
  EXPECT_TRUE(verify(unit->config).ok());
  EXPECT_EQ(unit->config.banks.size(), 1u);
  return *unit;
}

struct Train {
  double value = 0;
  std::vector<int> levels;
  int spikes = 0;
};

Train encode(const TableUnit &unit, double x) {
  NeuronState state;
  begin(unit.config, state,
        static_cast<std::int64_t>(std::llround(x / unit.membraneScale)));
  Train train;
  std::int64_t code = 0;
  for (int t = 0; t < unit.config.steps; ++t) {
    const Spike spike = step(unit.config, state, t);
    train.levels.push_back(spike.level);
    train.spikes += spike.level != 0;
    code += payload(unit.config, t, spike);
  }
  train.value = static_cast<double>(code) * unit.codeScale;
  return train;
}

/// Inputs from -limit to limit.
template <typename Check> void sweep(double limit, Check check) {
  const int points = 4001;
  for (int i = 0; i < points; ++i)
    check(limit * (2.0 * i / (points - 1) - 1));
}

TEST(PhaseCodes, Base2TruncatesTowardsZeroWithinOneLastStep) {
  const double tau = 7.3;
  for (const int steps : {1, 4, 8, 16}) {
    const TableUnit unit = made(makePhaseCodeUnit(steps, 2, tau, 0, 0));
    const double last = std::ldexp(tau, -steps);
    EXPECT_DOUBLE_EQ(unit.codeScale, last);
    sweep(tau, [&](double x) {
      const double error = std::fabs(x) - std::fabs(encode(unit, x).value);
      EXPECT_GE(error, -last / 256);
      EXPECT_LE(error, last * (1 + 1.0 / 128));
    });
  }
}

TEST(PhaseCodes, HalfALastThresholdRounds) {
  const double tau = 3;
  const TableUnit unit = made(makePhaseCodeUnit(6, 2, tau, 0.5, 0));
  const double last = std::ldexp(tau, -6);
  sweep(tau - last, [&](double x) {
    EXPECT_LE(std::fabs(x - encode(unit, x).value), last * 0.51);
  });
}

TEST(PhaseCodes, Base2RunsAsBinaryBanksOfTheSmallestCodes) {
  for (const double offset : {0.0, 0.5})
    for (const int steps : {2, 8, 20}) {
      const TableUnit unit = made(makePhaseCodeUnit(steps, 2, 1, offset, 0));
      EXPECT_TRUE(recogniseBinaryBanks(unit.config)) << steps;
      EXPECT_EQ(largestCode(unit.config), (std::int64_t(1) << steps) - 1);
    }
}

TEST(PhaseCodes, LargerInputsFireAtEveryStep) {
  for (const double base : {1.5, 2.0}) {
    const TableUnit unit = made(makePhaseCodeUnit(8, base, 2, 0.5, 0));
    const double full = encode(unit, 50).value;
    EXPECT_EQ(encode(unit, 50).spikes, 8);
    EXPECT_EQ(encode(unit, -50).value, -full);
    EXPECT_NEAR(full, 2 * (1 - std::pow(base, -8)) / (base - 1), 0.02);
    // The clamp is where every further input fires the same train.
    const auto clamp =
        static_cast<double>(unit.config.clamp) * unit.membraneScale;
    EXPECT_EQ(encode(unit, clamp).spikes, 8);
    EXPECT_LT(encode(unit, clamp * 0.99).spikes, 8);
  }
}

TEST(PhaseCodes, SmallerBasesStayWithinTheirLastThreshold) {
  const double tau = 6, base = 1.5;
  const TableUnit unit = made(makePhaseCodeUnit(5, base, tau, 0, 0));
  const double last = tau * std::pow(base, -5);
  sweep(tau, [&](double x) {
    EXPECT_LE(std::fabs(x - encode(unit, x).value), last * 1.01);
  });
  // Golden 02: 59/10 fires at steps 1 and 3.
  EXPECT_EQ(encode(unit, 5.9).levels, (std::vector<int>{1, 0, 1, 0, 0}));
}

TEST(PhaseCodes, TheCapCutsTrainsAndMovesNoMembrane) {
  const TableUnit unit = made(makePhaseCodeUnit(4, 2, 8, 0, 2));
  const Train train = encode(unit, 7.875);
  EXPECT_EQ(train.levels, (std::vector<int>{1, 1, 0, 0}));
  EXPECT_DOUBLE_EQ(train.value, 6);
}

TEST(PhaseCodes, MgpcTablesTellBasesNearTwoApart) {
  MgpcTable table;
  table.grain = {0, 0, 0, 0, 1, 1, 1, 1};
  table.thresholdBase = {2.0045, 1.9961};
  table.decrementBase = {1.9989, 2.0021};
  table.payloadBase = {2.002, 1.998};
  table.offset = std::ldexp(0.5, -8);
  const double tau = 4.3;
  const TableUnit unit = made(makeMgpcUnit(table, tau, 0));
  const FiringTable &bank = unit.config.banks[0].table;
  for (std::size_t t = 0; t < 8; ++t) {
    const auto g = static_cast<std::size_t>(table.grain[t]);
    const double exponent = -static_cast<double>(t + 1);
    const auto expect = [&](double base, double integer, double scale) {
      const double value = tau * std::pow(base, exponent);
      // Half a unit of eight bits below the last value, of tau 2^-8.
      EXPECT_NEAR(integer * scale, value, std::ldexp(tau, -8 - 8) / 2 * 1.01);
      EXPECT_NE(static_cast<std::int64_t>(integer),
                std::llround(tau * std::pow(2, exponent) / scale))
          << "step " << t;
    };
    expect(table.payloadBase[g], bank.payload[t], unit.codeScale);
    expect(table.thresholdBase[g], static_cast<double>(bank.threshold[t]),
           unit.membraneScale);
    expect(table.decrementBase[g], static_cast<double>(bank.decrement[t]),
           unit.membraneScale);
  }
  EXPECT_NEAR(static_cast<double>(unit.config.offset) * unit.membraneScale,
              tau * table.offset, unit.membraneScale);
}

TEST(PhaseCodes, MgpcExponentsCountOverTheWholeTrain) {
  // Golden 08.
  const MgpcTable table = {{0, 0, 1, 1}, {2.25, 1.6}, {2, 1.6}, {2, 1.5}, 0};
  const TableUnit unit = made(makeMgpcUnit(table, 4, 0));
  EXPECT_EQ(encode(unit, -3).levels, (std::vector<int>{1, 1, 0, 0}));
  EXPECT_NEAR(encode(unit, -3).value, -3, 1e-9);
  EXPECT_EQ(encode(unit, 2.5).levels, (std::vector<int>{1, 0, 0, 0}));
  EXPECT_NEAR(encode(unit, 2.5).value, 2, 1e-9);
}

TEST(PhaseCodes, MgpcWithBases2IsThePhaseCode) {
  MgpcTable table;
  table.grain = {0, 0, 0, 1, 1, 1};
  table.thresholdBase = table.decrementBase = table.payloadBase = {2, 2};
  table.offset = std::ldexp(0.5, -6);
  const TableUnit trained = made(makeMgpcUnit(table, 5, 0));
  const TableUnit plain = made(makePhaseCodeUnit(6, 2, 5, 0.5, 0));
  sweep(6, [&](double x) {
    EXPECT_NEAR(encode(trained, x).value, encode(plain, x).value,
                std::ldexp(5, -6) * 1.01);
  });
  int different = 0;
  sweep(6, [&](double x) {
    different += encode(trained, x).value != encode(plain, x).value;
  });
  // Inputs are rounded to another membrane unit, which matters at ties alone.
  EXPECT_LE(different, 40);
}

TEST(PhaseCodes, CodesOfAnyBaseFitAProductOfTwo) {
  for (const double base : {1.1, 1.4, 1.9, 1.99, 2.07, 3.0})
    for (const int steps : {4, 8, 12, 16, 19, 40}) {
      const Result<TableUnit> unit = makePhaseCodeUnit(steps, base, 1, 0, 0);
      if (!unit) {
        EXPECT_GT(steps * std::log2(base), 18) << base << " " << steps;
        continue;
      }
      EXPECT_LE(largestCode(unit->config), std::int64_t(1) << 22);
      EXPECT_GE(unit->config.guardBits, 1);
      EXPECT_LE(unit->config.clamp, std::int64_t(1) << 30);
    }
}

TEST(PhaseCodes, ASingleSpikeIsTheNearestPowerOfTheBase) {
  const double tau = 3;
  for (const double base : {1.15, 1.4, 2.0}) {
    const int steps = base < 1.2 ? 40 : 12;
    const TableUnit unit = made(makeSingleSpikeUnit(steps, base, tau));
    const double bound = (base - 1) / (base + 1);
    const double smallest =
        tau * std::pow(base, 1 - steps) * (1 + 1 / base) / 2;
    sweep(tau, [&](double x) {
      const Train train = encode(unit, x);
      if (std::fabs(x) < smallest * 0.999) {
        EXPECT_EQ(train.spikes, 0);
      } else if (std::fabs(x) > smallest * 1.001) {
        EXPECT_EQ(train.spikes, 1);
        EXPECT_LE(std::fabs(train.value - x), std::fabs(x) * (bound + 0.005));
      }
    });
  }
  // Golden 23.
  const TableUnit unit = made(makeSingleSpikeUnit(6, 2, 1));
  EXPECT_EQ(encode(unit, 0.75).value, 1);
  EXPECT_EQ(encode(unit, 0.74).value, 0.5);
  EXPECT_EQ(encode(unit, -1.0 / 3).value, -0.25);
  EXPECT_EQ(encode(unit, 0.0234375).value, 0.03125);
  EXPECT_EQ(encode(unit, 0.015625).value, 0);
}

TEST(PhaseCodes, TheWinnerFiresAtTheSecondStepAndOthersByTheirDistance) {
  for (const double base : {1.4, 2.0}) {
    const int steps = 10;
    const TableUnit unit = made(makeWinnerTakesAllUnit(steps, base));
    EXPECT_EQ(encode(unit, 0).levels[1], 1);
    for (int i = 0; i < 400; ++i) {
      const double x = -0.05 * i;
      const Train train = encode(unit, x);
      const double exponent = std::ceil(0.5 - x / std::log(base) - 1e-6);
      if (exponent > steps - 1) {
        EXPECT_EQ(train.spikes, 0) << x;
        continue;
      }
      EXPECT_EQ(train.spikes, 1);
      EXPECT_NEAR(train.value, std::pow(base, -exponent), 0.01) << x;
      // Relative to the winner's weight: exp(x) by the nearest power.
      const double weight = train.value * base;
      EXPECT_LE(std::fabs(std::log(weight) - x), std::log(base) * 0.55) << x;
    }
  }
}

TEST(PhaseCodes, TimeToFirstSpikeIsLinear) {
  const double tau = 4;
  for (const int steps : {8, 64}) {
    const TableUnit cut = made(makeTtfsUnit(steps, tau, false));
    const TableUnit round = made(makeTtfsUnit(steps, tau, true));
    EXPECT_EQ(largestCode(cut.config), steps);
    sweep(tau, [&](double x) {
      const Train train = encode(cut, x);
      EXPECT_LE(train.spikes, 1);
      EXPECT_LE(std::fabs(x - train.value), tau / steps * 1.01);
      EXPECT_LE(std::fabs(x - encode(round, x).value), tau / steps * 0.51);
    });
  }
  // Golden 25.
  const TableUnit unit = made(makeTtfsUnit(8, tau, false));
  EXPECT_EQ(encode(unit, -1.25).levels[6], 1);
  EXPECT_EQ(encode(unit, 3.9).value, 3.5);
  EXPECT_EQ(encode(unit, 9).value, 4);
}

TEST(PhaseCodes, LongTrainsOfTimeToFirstSpike) {
  const TableUnit unit = made(makeTtfsUnit(128, 1, true));
  EXPECT_EQ(encode(unit, 0.5).levels[64], 1);
  EXPECT_EQ(encode(unit, 1.0 / 128).levels[127], 1);
}

TEST(PhaseCodes, CountsCarryWhatTheyHold) {
  const TableUnit unit = made(makeCountSplitUnit(4, 1, {1, 0.5}, 1));
  EXPECT_EQ(unit.config.steps, 2);
  EXPECT_EQ(unit.config.levels, 15);
  EXPECT_EQ(unit.channelScale, (std::vector<double>{1, 0.5}));
  for (int q = 0; q <= 31; ++q) {
    const Train train = encode(unit, q);
    EXPECT_EQ(train.levels,
              (std::vector<int>{std::min(q, 15), std::min(q - 15, 15) > 0
                                                     ? std::min(q - 15, 15)
                                                     : 0}));
    EXPECT_EQ(train.value, std::min(q, 30));
    EXPECT_EQ(encode(unit, -q).value, -std::min(q, 30));
  }
  EXPECT_EQ(encode(unit, 6.49).value, 6);
  EXPECT_EQ(encode(unit, 6.51).value, 7);
}

TEST(PhaseCodes, ErrorsNameTheLimit) {
  const auto message = [](const Result<TableUnit> &unit) {
    EXPECT_FALSE(unit.ok());
    return unit.ok() ? std::string() : unit.error().message();
  };
  EXPECT_THAT(message(makePhaseCodeUnit(0, 2, 1, 0, 0)),
              HasSubstr("0 steps, but the unit runs 1 to 256"));
  EXPECT_THAT(message(makePhaseCodeUnit(257, 1.01, 1, 0, 0)),
              HasSubstr("257 steps"));
  EXPECT_THAT(message(makePhaseCodeUnit(30, 2, 1, 0, 0)),
              HasSubstr("membrane and a guard bit, but 29 fit"));
  EXPECT_THAT(message(makePhaseCodeUnit(22, 1.99, 1, 0, 0)),
              HasSubstr("code bits below the smallest"));
  EXPECT_THAT(message(makePhaseCodeUnit(8, 1, 1, 0, 0)),
              HasSubstr("base 1 is not above 1"));
  EXPECT_THAT(message(makePhaseCodeUnit(8, NAN, 1, 0, 0)), HasSubstr("base"));
  EXPECT_THAT(message(makePhaseCodeUnit(8, 2, 0, 0, 0)),
              HasSubstr("full scale of 0"));
  EXPECT_THAT(message(makePhaseCodeUnit(8, 2, 1, 1, 0)),
              HasSubstr("offset of 1 last thresholds"));
  EXPECT_THAT(message(makePhaseCodeUnit(8, 2, 1, 0, -1)),
              HasSubstr("cap of -1"));
  EXPECT_THAT(message(makeSingleSpikeUnit(8, 5, 1)), HasSubstr("at most 4"));
  EXPECT_THAT(message(makeWinnerTakesAllUnit(24, 2)),
              HasSubstr("but a code has 23"));
  EXPECT_THAT(message(makeTtfsUnit(300, 1, true)), HasSubstr("1 to 256"));
  EXPECT_THAT(message(makeCountSplitUnit(9, 1, {}, 1)),
              HasSubstr("255 levels: 1 to 8 bits"));
  EXPECT_THAT(message(makeCountSplitUnit(4, 9, {}, 1)),
              HasSubstr("0 to 8 extra bits"));
  EXPECT_THAT(message(makeCountSplitUnit(4, 1, {1, 0}, 1)),
              HasSubstr("channel 1 has scale 0"));
  EXPECT_THAT(message(makeCountSplitUnit(4, 1, {}, -1)),
              HasSubstr("quantiser step of -1"));

  MgpcTable table;
  table.grain = {0, 0, 1, 1};
  table.thresholdBase = table.decrementBase = table.payloadBase = {2, 2};
  EXPECT_TRUE(makeMgpcUnit(table, 1, 0).ok());
  MgpcTable bad = table;
  bad.grain = {0, 1, 0, 1};
  EXPECT_THAT(message(makeMgpcUnit(bad, 1, 0)),
              HasSubstr("step 2 is of grain 0"));
  bad.grain = {0, 0, 0, 0};
  EXPECT_THAT(message(makeMgpcUnit(bad, 1, 0)),
              HasSubstr("1 grains, but there are bases of 2"));
  bad = table;
  bad.payloadBase = {2};
  EXPECT_THAT(message(makeMgpcUnit(bad, 1, 0)),
              HasSubstr("every grain has one of each"));
  bad = table;
  bad.decrementBase[1] = 0.5;
  EXPECT_THAT(message(makeMgpcUnit(bad, 1, 0)),
              HasSubstr("decrement base 0.5"));
  bad = table;
  bad.offset = -0.1;
  EXPECT_THAT(message(makeMgpcUnit(bad, 1, 0)), HasSubstr("offset of -0.1"));
}

} // namespace
