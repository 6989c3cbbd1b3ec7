//===- TablesTest.cpp - firing tables of the phase codes ------------------===//
#include "compiler/convert/Tables.h"
#include "runtime/neuron/BinaryBanks.h"
#include "runtime/program/Widths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

using namespace synfire;
using testing::HasSubstr;

std::int64_t encode(const NeuronConfig &config, std::int64_t membrane) {
  NeuronState state;
  begin(config, state, membrane);
  std::int64_t code = 0;
  for (int t = 0; t < config.steps; ++t)
    code += payload(config, t, step(config, state, t));
  return code;
}

NeuronConfig table(int steps, int levels, int outlierShift, int guardBits,
                   bool rounding) {
  Result<NeuronConfig> made =
      makePhaseTable(steps, levels, outlierShift, guardBits, rounding);
  EXPECT_TRUE(made.ok()) << made.error().message();
  return *made;
}

TEST(Tables, PayloadsOfMultiThresholdBanks) {
  const NeuronConfig config = table(2, 4, 1, 3, false);
  ASSERT_EQ(config.banks.size(), 2u);
  EXPECT_EQ(config.banks[0].table.payload,
            (std::vector<std::int32_t>{8, 10, 12, 14, 4, 5, 6, 7}));
  EXPECT_EQ(config.banks[0].table.threshold.front(), 8 << 3);
  EXPECT_EQ(config.banks[0].high, (4 << 2) << 3);
  EXPECT_EQ(config.banks[1].low, config.banks[0].high);
  EXPECT_EQ(config.banks[1].table.payload.back(), 14);
  EXPECT_EQ(config.clamp, config.banks[1].low * 2);
  EXPECT_EQ(config.guardBits, 3);
}

TEST(Tables, RoundingIsToTheNearestCodeInBothBanks) {
  for (const int outlierShift : {0, 1, 3}) {
    const int steps = 5, guard = 4;
    const NeuronConfig config = table(steps, 1, outlierShift, guard, true);
    const std::int64_t border = std::int64_t(1) << (steps + guard);
    for (std::int64_t m = 0; m < border << outlierShift; ++m) {
      const int shift = m >= border ? outlierShift : 0;
      const std::int64_t quantum = std::int64_t(1) << (guard + shift);
      const std::int64_t largest = (std::int64_t(1) << steps) - 1;
      const std::int64_t nearest =
          std::min((m + quantum / 2) / quantum, largest) << shift;
      ASSERT_EQ(encode(config, m), nearest) << m;
      ASSERT_EQ(encode(config, -m), -nearest) << m;
    }
  }
}

TEST(Tables, TruncationNeverExceedsTheInput) {
  for (const int levels : {1, 3, 5, 15}) {
    const int steps = 6, guard = 3;
    const NeuronConfig config = table(steps, levels, 2, guard, false);
    const std::int64_t border = std::int64_t(levels) << (steps + guard);
    for (std::int64_t m = 0; m <= border << 2; m += 7) {
      const std::int64_t error = m - (encode(config, m) << guard);
      ASSERT_GE(error, 0);
      ASSERT_LE(error, std::int64_t(levels) << (guard + (m >= border ? 2 : 0)));
    }
  }
}

TEST(Tables, EveryTableRunsAsBinaryBanks) {
  for (const int levels : {1, 2, 7, 15})
    for (const int outlierShift : {0, 4})
      for (const bool rounding : {false, true})
        EXPECT_TRUE(
            recogniseBinaryBanks(table(16, levels, outlierShift, 3, rounding)));
}

TEST(Tables, GuardBitsFillTheMembrane) {
  EXPECT_EQ(*chooseGuardBits(16, 1, 0), 8);
  EXPECT_EQ(*chooseGuardBits(16, 1, 10), 4);
  EXPECT_EQ(*chooseGuardBits(16, 15, 9), 1);
  EXPECT_EQ(*chooseGuardBits(20, 1, 5), 5);
  const Result<int> none = chooseGuardBits(20, 1, 10);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message(), HasSubstr("leave no guard bit"));
}

TEST(Tables, RefusesWhatDoesNotFit) {
  EXPECT_THAT(makePhaseTable(16, 1, 10, 5, false).error().message(),
              HasSubstr("do not fit a membrane of 30 bits"));
  EXPECT_FALSE(makePhaseTable(0, 1, 0, 1, false).ok());
  EXPECT_FALSE(makePhaseTable(4, 256, 0, 1, false).ok());
  EXPECT_FALSE(makePhaseTable(4, 1, -1, 1, false).ok());
  EXPECT_FALSE(makePhaseTable(4, 1, 0, -1, false).ok());
  EXPECT_THAT(makePhaseTable(4, 1, 0, 0, true).error().message(),
              HasSubstr("needs a guard bit"));
  EXPECT_TRUE(makePhaseTable(4, 2, 0, 0, true).ok());
}

TEST(Tables, NoCodeExceedsTheBoundAndSomeComeClose) {
  for (const int levels : {1, 2, 4, 15})
    for (const int outlierShift : {0, 3}) {
      const NeuronConfig config = table(8, levels, outlierShift, 4, false);
      const std::int64_t bound = largestCode(config);
      std::int64_t largest = 0;
      for (std::int64_t membrane = 0; membrane <= 2 * config.clamp;
           membrane += 7)
        largest = std::max(largest, encode(config, membrane));
      EXPECT_LE(largest, bound) << levels << " levels, shift " << outlierShift;
      EXPECT_GE(largest, bound - bound / 64);
    }
}

} // namespace
