//===- TrainsTest.cpp - the arithmetic of frames --------------------------===//
#include "runtime/program/Trains.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace synfire;
using namespace synfire::tests;

namespace {

const Stage &stageNamed(const Program &program, const std::string &name) {
  for (const Stage &stage : program.stages)
    if (stage.name == name)
      return stage;
  ADD_FAILURE() << "no stage " << name;
  return program.stages.front();
}

TEST(Trains, stepsOfAFrameAndOfATrain) {
  StreamedOptions options;
  options.stepsPerFrame = 5;
  options.levels = 1;
  const Program program = tinyStreamedProgram(4, options);
  auto steps = [&](const char *name) {
    const Stage &stage = stageNamed(program, name);
    return std::make_pair(frameSteps(program, stage),
                          trainSteps(program, stage));
  };
  EXPECT_EQ(steps("layers.0.attn.q"), std::make_pair(5, 20));
  // Codes of 20 steps take 5 bits, their differences 6.
  EXPECT_EQ(steps("layers.0.mlp.act"), std::make_pair(6, 24));
  EXPECT_EQ(steps("layers.0.attn.exp"), std::make_pair(1, 4));
  EXPECT_EQ(steps("layers.0.attn.sum"), std::make_pair(1, 4));
  EXPECT_EQ(steps("logits"), std::make_pair(0, 0));

  Program whole = buildTinyProgram();
  EXPECT_EQ(frameSteps(whole, stageNamed(whole, "layers.0.attn.q")), 8);
  EXPECT_EQ(frameSteps(whole, stageNamed(whole, "layers.0.attn.exp")), 16);
  for (Stage &stage : whole.stages)
    if (stage.name == "layers.0.attn.exp")
      stage.digital = true;
  EXPECT_EQ(frameSteps(whole, stageNamed(whole, "layers.0.attn.exp")), 1);
}

TEST(Trains, widthOfAnEvent) {
  Program program = tinyStreamedProgram(4);
  auto bits = [&](const char *name) {
    return eventBits(program, stageNamed(program, name));
  };
  EXPECT_EQ(bits("layers.0.attn.q"), 4);    // 14 levels and the rest
  EXPECT_EQ(bits("layers.0.mlp.act"), 2);   // a bit and a sign
  EXPECT_EQ(bits("layers.0.attn.exp"), 13); // up to 4095
  EXPECT_EQ(bits("layers.0.attn.sum"), 17); // 16 of them
  EXPECT_EQ(bits("logits"), 0);
  program.neurons[0].negative = NegativeRule::FromTracer;
  EXPECT_EQ(bits("layers.0.attn.q"), 5);
}

TEST(Trains, whatANumberIsLimitedTo) {
  StreamedOptions options;
  options.compensated = true;
  const Program program = tinyStreamedProgram(4, options);
  const Stage &weights = stageNamed(program, "layers.0.attn.weights");
  ASSERT_TRUE(weights.accumulatedOutput);
  EXPECT_EQ(weights.codeLimit, 4 * 4095);
  EXPECT_EQ(numberLimit(program, weights), 4095);
  const Stage &residual = stageNamed(program, "layers.0.attn.residual");
  EXPECT_EQ(numberLimit(program, residual), residual.codeLimit);
  EXPECT_EQ(numberLimit(program, stageNamed(program, "embed")), 0);
}

TEST(Trains, onlyNeuronsWithARehearsalRehearse) {
  StreamedOptions options;
  options.rehearsal = Rehearsal::Average;
  const Program program = tinyStreamedProgram(4, options);
  EXPECT_TRUE(rehearses(program, stageNamed(program, "embed")));
  EXPECT_FALSE(rehearses(program, stageNamed(program, "layers.0.attn.exp")));
  EXPECT_FALSE(rehearses(program, stageNamed(program, "layers.0.attn.sum")));
  EXPECT_FALSE(rehearses(program, stageNamed(program, "logits")));
  const Program plain = tinyStreamedProgram(4);
  EXPECT_FALSE(rehearses(plain, stageNamed(plain, "embed")));
}

TEST(Trains, sharesAddUpAndDifferByOne) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    const int steps = 1 + int(random() % 256);
    const auto current = static_cast<std::int64_t>(random() % (1ull << 33)) -
                         (std::int64_t(1) << 32);
    std::int64_t sum = 0, least = INT64_MAX, most = INT64_MIN;
    for (int step = 0; step < steps; ++step) {
      const std::int64_t share = shareOf(current, step, steps);
      sum += share;
      least = std::min(least, share);
      most = std::max(most, share);
      // P11, with a floor of its own.
      EXPECT_EQ(sum,
                static_cast<std::int64_t>(std::floor(
                    (static_cast<long double>(current) * (step + 1)) / steps)));
    }
    EXPECT_EQ(sum, current);
    EXPECT_LE(most - least, 1);
  }
}

TEST(Trains, averagesAreRoundedHalfUp) {
  EXPECT_EQ(averagedSum(5, 4, 0, 1), 20);
  EXPECT_EQ(averagedSum(5, 4, 1, 1), 10);
  EXPECT_EQ(averagedSum(5, 4, 2, 1), 7);   // 6.67
  EXPECT_EQ(averagedSum(-5, 4, 2, 1), -7); // -6.67
  EXPECT_EQ(averagedSum(3, 3, 1, 1), 5);   // 4.5
  EXPECT_EQ(averagedSum(-3, 3, 1, 1), -4); // -4.5
  EXPECT_EQ(averagedSum(5, 4, 1, 2), 20);
  EXPECT_EQ(averagedSum(-77, 4, 3, 2), -77);
  EXPECT_EQ(averagedSum(-77, 4, 0, 0), -77);
  // The largest that verify() lets through: 62 bits with 2 * 256^2.
  const std::int64_t largest = (std::int64_t(1) << 44) - 1;
  EXPECT_EQ(averagedSum(largest, 256, 0, 2), largest * 65536);
  EXPECT_EQ(averagedSum(-largest, 256, 0, 2), -largest * 65536);
}

} // namespace
