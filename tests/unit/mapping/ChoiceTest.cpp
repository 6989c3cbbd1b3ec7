//===- ChoiceTest.cpp - the best mapping by its own objective -------------===//
#include "compiler/mapping/Optimise.h"
#include "compiler/mapping/Partition.h"
#include "compiler/mapping/Problem.h"
#include "compiler/mapping/Schedule.h"
#include "compiler/mapping/Search.h"

#include "runtime/program/Capacity.h"
#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

#include <random>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr double rounding = 1 + 1e-9;

class Numbers {
public:
  explicit Numbers(unsigned seed) : random(seed) {}
  int pick(int low, int high) {
    return low +
           static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  }

private:
  std::mt19937 random;
};

Program randomProgram(Numbers &numbers) {
  TinyOptions options;
  options.layers = numbers.pick(1, 2);
  options.keyValueHeads = numbers.pick(1, 3);
  options.heads = options.keyValueHeads * numbers.pick(1, 3);
  options.width = options.heads * 2 * numbers.pick(2, 6);
  options.vocabulary = numbers.pick(20, 300);
  options.context = numbers.pick(8, 60);
  options.intermediate = numbers.pick(40, 400);
  options.seed = static_cast<unsigned>(numbers.pick(0, 1000));
  return buildTinyProgram(options);
}

/// Links that fill, and cores of which a program takes dozens.
ChipModel randomChip(Numbers &numbers, Multicast multicast) {
  ChipModel chip = generousChip();
  chip.mesh = {numbers.pick(2, 4), numbers.pick(2, 4), numbers.pick(1, 3), 12,
               12};
  chip.core.neurons = numbers.pick(40, 100);
  chip.core.inputAxons = numbers.pick(200, 600);
  chip.core.outputAxons = numbers.pick(800, 3000);
  chip.core.synapseBytes = numbers.pick(2000, 8000);
  chip.core.accumulators = chip.core.neurons * 30;
  chip.noc.multicast = multicast;
  chip.noc.chipLinkCyclesPerFlit = numbers.pick(1, 8);
  chip.noc.barrierCyclesPerRouterDiameter = numbers.pick(0, 8);
  chip.timing.outputAxonCycles = numbers.pick(1, 4);
  chip.timing.clockHz = 1e8;
  chip.energy.staticWattsPerChip = 0.01;
  chip.energy.hopEastWest = chip.energy.hopNorthSouth = 5;
  chip.energy.spikeWithinRouter = 2;
  return chip;
}

TEST(Choice, optimisedIsNeverExpectedToBeWorseThanAPlainPlacement) {
  Numbers numbers(17);
  int compared = 0, split = 0;
  for (int round = 0; round < 16; ++round) {
    const Program program = randomProgram(numbers);
    const ChipModel chip = randomChip(
        numbers, round % 3 == 0 ? Multicast::Tree : Multicast::Unicast);
    for (Objective objective : {Objective::Time, Objective::Energy}) {
      MappingOptions options;
      options.objective = objective;
      const auto optimised = mapProgram(program, chip, options);
      if (!optimised.ok())
        continue;
      split += std::any_of(optimised->tiles.begin(), optimised->tiles.end(),
                           [](const Tile &tile) { return tile.inputPart > 0; });
      const double cost = objectiveOf(objective, optimised->prediction);
      for (const char *placement :
           {"hilbert", "row-major", "random:1", "random:2"}) {
        options.placement = placement;
        const auto plain = mapProgram(program, chip, options);
        ASSERT_TRUE(plain.ok()) << plain.error().message();
        EXPECT_LE(cost, objectiveOf(objective, plain->prediction) *
                            placementTolerance * rounding)
            << placement << " in round " << round;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 70);
  EXPECT_GT(split, 5);
}

TEST(CostChoice, timeDecidesOnlyNearTheLeastEnergyOfAll) {
  const auto costing = [](double picojoules, double cycles) {
    CostPrediction cost;
    cost.picojoules = picojoules;
    cost.tokenCycles = cycles;
    return cost;
  };
  // Each costs hardly more than the one before it and takes less time.
  CostChoice energy(Objective::Energy);
  EXPECT_TRUE(energy.take(costing(1000, 100)));
  EXPECT_TRUE(energy.take(costing(1000.8, 90)));
  EXPECT_FALSE(energy.take(costing(1001.6, 80)));
  EXPECT_FALSE(energy.take(costing(1000.5, 95)));
  // The best is not near to a new least.
  EXPECT_TRUE(energy.take(costing(999.5, 200)));
  EXPECT_FALSE(energy.take(costing(1000.6, 50)));
  EXPECT_TRUE(energy.take(costing(1000, 150)));

  CostChoice time(Objective::Time);
  EXPECT_TRUE(time.take(costing(9, 1000)));
  EXPECT_TRUE(time.take(costing(9, 999.9)));
  EXPECT_FALSE(time.take(costing(1, 999.9)));
}

TEST(Choice, moreEffortIsNotExpectedToCostMore) {
  Numbers numbers(3);
  int compared = 0;
  for (int round = 0; round < 6; ++round) {
    const Program program = randomProgram(numbers);
    const ChipModel chip = randomChip(numbers, Multicast::Unicast);
    MappingOptions options;
    options.effort = 0;
    const auto quick = mapProgram(program, chip, options);
    options.effort = 1;
    const auto annealed = mapProgram(program, chip, options);
    ASSERT_EQ(quick.ok(), annealed.ok());
    if (quick.ok()) {
      EXPECT_LE(objectiveOf(Objective::Time, annealed->prediction),
                objectiveOf(Objective::Time, quick->prediction) *
                    placementTolerance * rounding);
      ++compared;
    }
  }
  EXPECT_GE(compared, 3);
}

TEST(SplitInputs, takesHardlyMoreTilesAndFitsTheCore) {
  Numbers numbers(29);
  int split = 0;
  for (int round = 0; round < 20; ++round) {
    MappingProblem problem(randomProgram(numbers),
                           randomChip(numbers, Multicast::Unicast), {});
    Program &program = problem.program;
    auto schedule = makeSchedule(program);
    ASSERT_TRUE(schedule.ok());
    program.mapping.schedule = *schedule;
    const std::vector<SplitShape> shapes = splitShapes(program);
    const auto fewest = fewestParts(program, shapes);
    if (!fewest.ok())
      continue;
    for (int times : {1, 2, 4, 8}) {
      const auto splits = splitInputs(program, shapes, *fewest, times);
      for (std::size_t s = 0; s < shapes.size(); ++s) {
        const StageSplit &before = (*fewest)[s], &after = splits[s];
        EXPECT_LE(after.parts, before.parts);
        EXPECT_LE(after.inputParts, times * before.inputParts);
        EXPECT_LE(after.parts * after.inputParts,
                  1.1 * before.parts * before.inputParts + 1e-9);
        for (const Tile &tile : splitInto(shapes[s], after))
          EXPECT_TRUE(fits(tileDemand(program, tile), problem.chip().core));
        split += after.inputParts > before.inputParts;
      }
    }
  }
  EXPECT_GT(split, 10);
}

} // namespace
