//===- SpreadTest.cpp - tiles over cores that other levels leave idle -----===//
#include "compiler/mapping/Spread.h"
#include "compiler/mapping/OutputAxons.h"
#include "compiler/mapping/Partition.h"
#include "compiler/mapping/Place.h"
#include "compiler/mapping/Schedule.h"
#include "compiler/mapping/Search.h"

#include "runtime/program/Capacity.h"
#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr double rounding = 1 + 1e-9;

/// Neurons take longest, so that a level gains from every core that it gets.
ChipModel slowNeurons() {
  ChipModel chip = generousChip();
  chip.mesh = {4, 4, 2, 1, 1};
  chip.timing.neuronUpdateCycles = 100;
  chip.noc.barrierBaseCycles = 1;
  return chip;
}

Program twoLayers() {
  TinyOptions options;
  options.layers = 2;
  options.width = 32;
  options.heads = 4;
  options.keyValueHeads = 2;
  options.intermediate = 64;
  options.vocabulary = 64;
  return buildTinyProgram(options);
}

/// A scheduled problem and its balance from the fewest parts on.
class Spreading : public testing::Test {
protected:
  void make(const Program &source, const ChipModel &chip) {
    problem = std::make_unique<MappingProblem>(source, chip, MappingOptions());
    auto schedule = makeSchedule(problem->program);
    ASSERT_TRUE(schedule.ok());
    program().mapping.schedule = *schedule;
    program().mapping.chipsX = program().mapping.chipsY = 1;
    shapes = splitShapes(program());
    activity = expectedActivity(program(), {});
    const auto fewest = fewestParts(program(), shapes);
    ASSERT_TRUE(fewest.ok()) << fewest.error().message();
    balance =
        std::make_unique<StageBalance>(program(), shapes, activity, *fewest);
  }

  Program &program() { return problem->program; }

  Result<int> pack(int over, double times) {
    return partition(*problem, shapes,
                     {balance->splits(), balance.get(), over, times});
  }

  /// Time of the partition at hand.
  double expectedCycles() {
    EXPECT_TRUE(place(*problem, 0).ok());
    const auto cost = predictCost(program());
    EXPECT_TRUE(cost.ok());
    return cost.ok() ? objectiveOf(Objective::Time, *cost) : 0;
  }

  std::unique_ptr<MappingProblem> problem;
  std::vector<SplitShape> shapes;
  std::vector<StageActivity> activity;
  std::unique_ptr<StageBalance> balance;
};

TEST_F(Spreading, takesTheCoreWithLeastToDo) {
  make(twoLayers(), slowNeurons());
  const PaceLimit limit(program(), *balance);
  auto tileOf = [&](std::size_t stage) {
    return splitInto(shapes[stage], 1).front();
  };
  auto cyclesOf = [&](std::size_t stage) {
    return everyLevelCycles(limit.loadOfTile(tileOf(stage)));
  };
  const std::size_t last = shapes.size() - 1;
  ASSERT_NE(cyclesOf(0), cyclesOf(last));
  CoreCapacity core = slowNeurons().core;
  core.neurons = 10;
  TileDemand half;
  half.neurons = 5;
  // Of levels far apart.
  Spread spread(2, core, limit, 1e9);
  EXPECT_EQ(spread.add(tileOf(0), half), 0);
  EXPECT_EQ(spread.add(tileOf(last), half), 1);
  const int less = cyclesOf(0) < cyclesOf(last) ? 0 : 1;
  EXPECT_EQ(spread.add(tileOf(last / 3), half), less);
  EXPECT_EQ(spread.add(tileOf(2 * last / 3), half), 1 - less)
      << "the other one is full";
  EXPECT_EQ(spread.add(tileOf(last / 2), half), 2) << "both are full";
}

TEST_F(Spreading, noCoreFallsBehindTheSlowestTile) {
  make(twoLayers(), slowNeurons());
  const PaceLimit limit(program(), *balance);
  // What sets its level's pace shares the level with nothing as slow.
  for (const SplitShape &shape : shapes) {
    const Tile tile = splitInto(shape, 1).front();
    if (everyLevelCycles(limit.loadOfTile(tile)) <
        balance->pace().everyLevel / 2)
      continue;
    Spread spread(1, slowNeurons().core, limit, 1);
    EXPECT_EQ(spread.add(tile, {}), 0);
    EXPECT_EQ(spread.add(tile, {}), 1);
    return;
  }
  FAIL() << "no stage is slow";
}

TEST_F(Spreading, isExpectedToBeatFirstFitByHalf) {
  const Program source = twoLayers();
  const ChipModel chip = slowNeurons();
  make(source, chip);
  double firstFit = 1e300;
  do {
    const auto cores = pack(0, 1);
    if (cores.ok() && *cores <= 32) {
      firstFit = std::min(firstFit, expectedCycles());
    }
  } while (balance->splitOnce());
  MappingOptions options;
  options.cores = 32;
  const auto mapping = mapProgram(source, chip, options);
  ASSERT_TRUE(mapping.ok()) << mapping.error().message();
  EXPECT_LT(objectiveOf(Objective::Time, mapping->prediction), firstFit / 2);
}

TEST_F(Spreading, isNeverChosenAgainstTheExpectation) {
  for (int seed = 1; seed <= 4; ++seed) {
    ChipModel chip = slowNeurons();
    chip.timing.neuronUpdateCycles = seed * seed;
    chip.noc.barrierCyclesPerRouterDiameter = 10 * seed;
    const Program source = twoLayers();
    make(source, chip);
    MappingOptions options;
    options.placement = "row-major";
    options.cores = 32;
    problem->options.placement = options.placement;
    const auto mapping = mapProgram(source, chip, options);
    ASSERT_TRUE(mapping.ok()) << mapping.error().message();
    for (int over : {0, 8, 16, 32})
      for (double times : {1, 2, 4}) {
        const auto cores = pack(over, over > 0 ? times : 1);
        ASSERT_TRUE(cores.ok());
        if (*cores <= 32) {
          EXPECT_LE(objectiveOf(Objective::Time, mapping->prediction),
                    expectedCycles() * rounding);
        }
      }
  }
}

TEST_F(Spreading, keepsEveryCapacityOfEveryCore) {
  ChipModel chip = slowNeurons();
  chip.mesh = {12, 12, 1, 1, 1};
  chip.core.neurons = 100;
  chip.core.inputAxons = 600;
  chip.core.synapseBytes = 8000;
  chip.core.accumulators = 3000;
  for (const int outputAxons : {1 << 20, 1500, 700, 500}) {
    chip.core.outputAxons = outputAxons;
    make(twoLayers(), chip);
    for (int split = 0; split < 12; ++split) {
      ASSERT_TRUE(balance->splitOnce());
      for (int over : {10, 20, 40})
        for (double times : {1, 4}) {
          auto cores = pack(over, times);
          ASSERT_TRUE(cores.ok()) << cores.error().message();
          std::vector<TileDemand> demands(static_cast<std::size_t>(*cores));
          const auto pairs = countOutputAxons(program());
          std::vector<int> tiles(demands.size());
          for (std::size_t t = 0; t < pairs.size(); ++t) {
            const Tile &tile = program().mapping.tiles[t];
            const auto core = static_cast<std::size_t>(tile.core);
            TileDemand demand = tileDemand(program(), tile);
            demand.outputAxons = pairs[t];
            demands[core] = demands[core] + demand;
            ++tiles[core];
          }
          for (std::size_t core = 0; core < demands.size(); ++core) {
            EXPECT_TRUE(fits(demands[core], chip.core));
            EXPECT_GT(tiles[core], 0);
          }
        }
    }
  }
}

TEST_F(Spreading, tooManyOutputAxonsCostSomeCompanyAndNoCore) {
  make(twoLayers(), slowNeurons());
  int mended = 0;
  for (int split = 0; split < 12; ++split) {
    ASSERT_TRUE(balance->splitOnce());
    for (int over : {12, 16, 24}) {
      program().mapping.chip.core.outputAxons = 1 << 20;
      const auto cores = pack(over, 4);
      ASSERT_TRUE(cores.ok());
      std::vector<std::int64_t> ofCore(static_cast<std::size_t>(*cores));
      const std::vector<std::int64_t> ofTile = countOutputAxons(program());
      for (std::size_t t = 0; t < ofTile.size(); ++t)
        ofCore[static_cast<std::size_t>(program().mapping.tiles[t].core)] +=
            ofTile[t];
      const std::int64_t most = *std::max_element(ofCore.begin(), ofCore.end());
      if (*std::max_element(ofTile.begin(), ofTile.end()) >= most)
        continue;
      program().mapping.chip.core.outputAxons = most - 1;
      const auto again = pack(over, 4);
      ASSERT_TRUE(again.ok()) << again.error().message();
      EXPECT_EQ(*again, *cores);
      ++mended;
    }
  }
  EXPECT_GT(mended, 10);
}

} // namespace
