#include "simulator/spiking/FiringRules.h"

#include <gtest/gtest.h>
#include <limits>

using namespace synfire;

namespace {

constexpr std::int32_t highest = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t lowest = std::numeric_limits<std::int32_t>::min();

struct Outcome {
  std::int32_t membrane;
  bool fired;
  bool operator==(const Outcome &other) const {
    return membrane == other.membrane && fired == other.fired;
  }
};

Outcome one(const LeakyIntegrateAndFire &rule, std::int32_t membrane,
            std::int32_t input) {
  std::uint8_t fired = 0, waiting = 0;
  std::int32_t other = membrane;
  integrate(rule, 1, &input, &membrane, &fired);
  std::uint8_t otherFired = 0;
  integrateRefractory(rule, 1, &input, &other, &waiting, &otherFired);
  EXPECT_EQ(other, membrane);
  EXPECT_EQ(otherFired, fired);
  return {membrane, fired != 0};
}

TEST(Integrate, FiresWhenTheThresholdIsReached) {
  LeakyIntegrateAndFire rule;
  rule.threshold = 10;
  rule.resetMembrane = -3;
  EXPECT_EQ(one(rule, 4, 5), (Outcome{9, false}));
  EXPECT_EQ(one(rule, 4, 6), (Outcome{-3, true}));
  rule.subtractThreshold = true;
  EXPECT_EQ(one(rule, 4, 27), (Outcome{21, true}));
  rule.bias = -1;
  EXPECT_EQ(one(rule, 4, 6), (Outcome{9, false}));
}

TEST(Integrate, LosesPartsOfTheMembraneTowardsZero) {
  LeakyIntegrateAndFire rule;
  rule.threshold = highest;
  rule.decay = 1024;
  EXPECT_EQ(one(rule, 7, 0), (Outcome{6, false}));
  EXPECT_EQ(one(rule, -7, 0), (Outcome{-6, false}));
  EXPECT_EQ(one(rule, 3, 1), (Outcome{4, false}));
  rule.decay = 4096;
  EXPECT_EQ(one(rule, -123456, 8), (Outcome{8, false}));
}

TEST(Integrate, SaturatesAt32Bits) {
  LeakyIntegrateAndFire rule;
  rule.threshold = highest;
  rule.resetMembrane = 1;
  EXPECT_EQ(one(rule, lowest + 5, -1000), (Outcome{lowest, false}));
  EXPECT_EQ(one(rule, highest - 5, 1000), (Outcome{1, true}));
}

TEST(Integrate, IsDeafWhileRefractory) {
  LeakyIntegrateAndFire rule;
  rule.threshold = 10;
  rule.refractorySteps = 2;
  std::int32_t membrane = 0;
  std::uint8_t waiting = 0, fired = 0;
  std::vector<int> spikes, membranes;
  for (int step = 0; step < 7; ++step) {
    const std::int32_t input = 6;
    integrateRefractory(rule, 1, &input, &membrane, &waiting, &fired);
    spikes.push_back(fired);
    membranes.push_back(membrane);
  }
  EXPECT_EQ(spikes, (std::vector<int>{0, 1, 0, 0, 0, 1, 0}));
  EXPECT_EQ(membranes, (std::vector<int>{6, 0, 0, 0, 6, 0, 0}));
}

TEST(Sources, AreTheSameForEveryCut) {
  Population forced, random, scheduled;
  forced.rule = FiringRule::Forced;
  forced.forced = {7, 3, 2, 1};
  random.rule = FiringRule::Random;
  random.random = {250000, 11};
  scheduled.rule = FiringRule::Scheduled;
  scheduled.scheduled = {{0, 5}, {1, 0}, {1, 9}, {1, 99}, {3, 2}};
  for (const Population *population : {&forced, &random, &scheduled})
    for (std::uint64_t step = 0; step < 4; ++step) {
      std::vector<std::int32_t> whole, parts;
      appendSources(*population, step, 0, 100, 0, whole);
      for (std::int32_t first = 0, size = 1; first < 100;
           first += size, size = std::min(size + 4, 100 - first))
        appendSources(*population, step, first, size, 0, parts);
      EXPECT_EQ(whole, parts);
    }
  std::vector<std::int32_t> fired;
  appendSources(forced, 1, 4, 20, 4, fired);
  EXPECT_EQ(fired, (std::vector<std::int32_t>{6, 13}));
  fired.clear();
  appendSources(forced, 2, 0, 100, 0, fired);
  EXPECT_TRUE(fired.empty());
  appendSources(scheduled, 1, 0, 100, 0, fired);
  EXPECT_EQ(fired, (std::vector<std::int32_t>{0, 9, 99}));
  fired.clear();
  for (std::uint64_t step = 0; step < 100; ++step)
    appendSources(random, step, 0, 100, 0, fired);
  EXPECT_NEAR(static_cast<double>(fired.size()), 2500, 250);
}

} // namespace
