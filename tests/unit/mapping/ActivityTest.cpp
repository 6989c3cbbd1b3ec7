//===- ActivityTest.cpp - expected events and who hears them --------------===//
#include "compiler/mapping/Activity.h"
#include "compiler/mapping/ExpectedMaximum.h"
#include "compiler/mapping/Listeners.h"

#include "runtime/program/Trains.h"
#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <set>

using namespace synfire;
using namespace synfire::tests;

namespace {

TEST(ExpectedMaximum, ofNormalLoadsIsKnown) {
  const RandomLoad one = {100, 10};
  EXPECT_DOUBLE_EQ(expectedMaximum(0, {one}), 100);
  // Order statistics of two, of three and of eight normal deviates.
  EXPECT_NEAR(expectedMaximum(0, {one, one}), 100 + 10 / std::sqrt(M_PI), 0.02);
  EXPECT_NEAR(expectedMaximum(0, {one, one, one}), 108.463, 0.02);
  EXPECT_NEAR(expectedMaximum(0, std::vector<RandomLoad>(8, one)), 114.236,
              0.02);
  // A constant is exceeded half of the time, by 0.8 deviations on average.
  EXPECT_NEAR(expectedMaximum(100, {one}), 100 + 10 / std::sqrt(2 * M_PI),
              0.02);
  EXPECT_DOUBLE_EQ(expectedMaximum(300, {one, one}), 300);
  EXPECT_DOUBLE_EQ(expectedMaximum(7, {}), 7);
  EXPECT_DOUBLE_EQ(expectedMaximum(0, {{5, 0}, {9, 0}}), 9);
}

TEST(ExpectedMaximum, ofDifferentLoadsIsThatOfDraws) {
  const std::vector<RandomLoad> loads = {
      {100, 20}, {110, 5}, {90, 40}, {40, 1}};
  std::mt19937 random(3);
  double sum = 0;
  constexpr int draws = 200000;
  for (int i = 0; i < draws; ++i) {
    double most = 105;
    for (const RandomLoad &load : loads)
      most = std::max(
          most, std::normal_distribution<>(load.mean, load.deviation)(random));
    sum += most;
  }
  EXPECT_NEAR(expectedMaximum(105, loads), sum / draws, 0.15);
}

TEST(Activity, ofABase2TrainIsThatOfRandomRemainders) {
  EXPECT_NEAR(steadyFiring(1), 0.5, 1e-12);
  for (int levels : {2, 3, 5, 8}) {
    // The unit itself: a spike at level l of step t takes l units away.
    std::mt19937 random(9);
    double spikes = 0, steps = 0;
    for (int i = 0; i < 4000; ++i) {
      double left = 2.0 * levels * double(random()) / 4294967296.0;
      for (int t = 0; t < 40; ++t) {
        if (left >= levels) {
          spikes += t >= 10;
          left -= std::floor(left);
        }
        steps += t >= 10;
        left = 2 * left;
        // Doubling runs out of digits.
        left += 1e-4 * double(random()) / 4294967296.0;
      }
    }
    EXPECT_NEAR(steadyFiring(levels), spikes / steps, 0.005) << levels;
  }
}

/// A base-2 code of 8 steps; one decrement is off by one, so that no shortcut
/// knows it.
NeuronConfig nearlyBinary(int cap) {
  NeuronConfig config;
  config.steps = 8;
  config.sign = SignMode::Magnitude;
  config.cap = cap;
  config.clamp = 255 << 8;
  FiringTable table;
  for (int t = 0; t < config.steps; ++t) {
    table.threshold.push_back(std::int64_t(1) << (15 - t));
    table.decrement.push_back(table.threshold.back());
    table.payload.push_back(1 << (7 - t));
  }
  --table.decrement.back();
  config.banks = {{0, std::numeric_limits<std::int64_t>::max(), table}};
  return config;
}

TEST(Activity, ofOtherUnitsIsThatOfTheUnitItself) {
  // The assumed magnitudes and the ramp of one bank say the same.
  const std::vector<double> whole = firingOfAssumedValues(nearlyBinary(0));
  ASSERT_EQ(whole.size(), 8u);
  for (std::size_t t = 0; t < whole.size(); ++t)
    EXPECT_NEAR(whole[t], assumedRampOfOneBank[t] * steadyFiring(1), 0.07) << t;
  // A train of at most n spikes loses those at its end.
  double last = 0;
  for (int cap : {1, 2, 3}) {
    const std::vector<double> capped = firingOfAssumedValues(nearlyBinary(cap));
    const double spikes = std::accumulate(capped.begin(), capped.end(), 0.0);
    EXPECT_LE(spikes, cap);
    EXPECT_GT(spikes, last);
    EXPECT_NEAR(capped[1], whole[1], 1e-12);
    EXPECT_LT(capped[7], whole[7]);
    last = spikes;
  }
  // Nothing is known of units with input at every step or without full scale.
  NeuronConfig other = nearlyBinary(0);
  other.clamp = 0;
  EXPECT_TRUE(firingOfAssumedValues(other).empty());
  other = nearlyBinary(0);
  other.input = InputMode::Streamed;
  EXPECT_TRUE(firingOfAssumedValues(other).empty());
}

TEST(Activity, profilesHaveAMeanOfOneAndFollowWhatWasMeasured) {
  TinyOptions options;
  options.steps = 8;
  const Program program = buildTinyProgram(options);
  const auto assumed = expectedActivity(program, {});
  int ramps = 0;
  for (std::size_t s = 0; s < assumed.size(); ++s) {
    const std::vector<double> &profile = assumed[s].profile;
    if (profile.empty())
      continue;
    ++ramps;
    EXPECT_EQ(int(profile.size()), frameSteps(program, program.stages[s]));
    EXPECT_NEAR(std::accumulate(profile.begin(), profile.end(), 0.0),
                double(profile.size()), 1e-9);
    EXPECT_LT(profile.front(), profile.back());
  }
  EXPECT_GT(ramps, 5);

  std::size_t s = 0;
  while (frameSteps(program, program.stages[s]) != 8)
    ++s;
  const auto measured = expectedActivity(
      program, {{program.stages[s].name, {2.5, {0, 0, 6, 2, 0, 0, 0, 0}}}});
  EXPECT_DOUBLE_EQ(measured[s].eventsPerNeuron, 2.5);
  EXPECT_DOUBLE_EQ(measured[s].shareOfStep(0), 0);
  EXPECT_DOUBLE_EQ(measured[s].shareOfStep(2), 6);
  EXPECT_DOUBLE_EQ(measured[s].shareOfStep(3), 2);
}

/// Each neuron and position of a stage once, with the set of its listeners.
TEST(Listeners, ofMulticastAreEachNeuronsWholeSet) {
  std::mt19937 random(5);
  for (int round = 0; round < 12; ++round) {
    TinyOptions options;
    options.heads = 4;
    options.keyValueHeads = 2;
    options.width = 32;
    options.intermediate = 40;
    options.context = 6;
    options.tileNeurons = 3 + static_cast<int>(random() % 30);
    Program program = buildTinyProgram(options);
    for (Tile &tile : program.mapping.tiles)
      tile.core = static_cast<int>(random() % 20);
    const std::size_t stages = program.stages.size();
    std::vector<double> packets(stages), copies(stages);
    for (const Tile &from : program.mapping.tiles) {
      const auto s = static_cast<std::size_t>(from.stage);
      for (int group = from.groupBegin; group < from.groupEnd; ++group)
        for (int column = from.columnBegin; column < from.columnEnd; ++column)
          for (int position = 0; position < options.context; ++position) {
            if (program.stages[s].perKey && column > position)
              continue;
            std::set<int> cores;
            for (const Tile &tile : program.mapping.tiles)
              for (const Dendrite &dendrite :
                   program.stages[static_cast<std::size_t>(tile.stage)]
                       .dendrites)
                for (Operand operand : {Operand::Driver, Operand::Stored})
                  if ((operand == Operand::Driver
                           ? dendrite.driver
                           : dendrite.stored) == from.stage &&
                      needsToken(tile, dendrite, operand, position) &&
                      requiredInputs(program, tile, dendrite, operand)
                          .contains(group, column))
                    cores.insert(tile.core);
            packets[s] += cores.empty() ? 0 : 1.0 / options.context;
            copies[s] += double(cores.size()) / options.context;
          }
    }
    for (const ListenerGroup &group :
         multicastGroups(program, listenerGroups(program)))
      for (const ListenerGroup::Source &source : group.sources) {
        const auto s = static_cast<std::size_t>(group.stage);
        packets[s] -= source.activeNeurons;
        copies[s] -= source.activeNeurons * double(group.cores.size());
      }
    for (std::size_t s = 0; s < stages; ++s) {
      EXPECT_NEAR(packets[s], 0, 1e-6) << program.stages[s].name;
      EXPECT_NEAR(copies[s], 0, 1e-6) << program.stages[s].name;
    }
  }
}

} // namespace
