//===- PlaceTest.cpp - curves and systems ---------------------------------===//
#include "compiler/mapping/Place.h"

#include "compiler/mapping/Schedule.h"
#include "runtime/program/Routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

using namespace synfire;
using testing::HasSubstr;

namespace {

TEST(HilbertOrder, visitsEveryRouterOnceAndOnlyStepsToNeighbours) {
  for (int width = 1; width <= 20; ++width)
    for (int height = 1; height <= 20; ++height) {
      std::vector<int> order = hilbertOrder(width, height);
      std::set<int> seen(order.begin(), order.end());
      ASSERT_EQ(order.size(), static_cast<std::size_t>(width * height));
      ASSERT_EQ(seen.size(), order.size());
      ASSERT_EQ(*seen.begin(), 0);
      ASSERT_EQ(*seen.rbegin(), width * height - 1);
      int diagonals = 0;
      for (std::size_t i = 1; i < order.size(); ++i) {
        int dx = std::abs(order[i] % width - order[i - 1] % width);
        int dy = std::abs(order[i] / width - order[i - 1] / width);
        ASSERT_LE(std::max(dx, dy), 1) << width << "x" << height;
        diagonals += dx + dy == 2;
      }
      EXPECT_LE(diagonals, 1) << width << "x" << height;
    }
}

MappingProblem problemWith(int cores, const std::string &placement) {
  ChipModel chip;
  chip.name = "small";
  chip.mesh = {4, 2, 2, 3, 4};
  Program program;
  Stage &stage = program.stages.emplace_back();
  stage.groupWidth = cores;
  stage.fire = FireKind::Output;
  MappingProblem problem(program, chip, {placement, true});
  problem.program.mapping.schedule = *makeSchedule(problem.program);
  for (int core = 0; core < cores; ++core)
    problem.program.mapping.tiles.push_back({0, core, 0, 1, core, core + 1});
  return problem;
}

TEST(Place, takesTheFewestChipsNearlySquare) {
  const std::tuple<int, int, int> cases[] = {
      {1, 1, 1},  {16, 1, 1}, {17, 1, 2}, {32, 1, 2}, {33, 1, 3},
      {60, 1, 4}, {65, 2, 3}, {97, 2, 4}, {192, 3, 4}};
  for (const auto &[cores, x, y] : cases) {
    MappingProblem problem = problemWith(cores, "hilbert");
    ASSERT_TRUE(place(problem, 1).ok());
    EXPECT_EQ(problem.program.mapping.chipsX, x) << cores;
    EXPECT_EQ(problem.program.mapping.chipsY, y) << cores;
  }
}

TEST(Place, tooManyCoresNameNeedAndLimit) {
  MappingProblem problem = problemWith(193, "hilbert");
  Status status = place(problem, 1);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message(),
              HasSubstr("needs 193 cores, but small has 192 (3x4 chips of 16 "
                        "cores)"));
}

TEST(Place, everyPlacementIsInjectiveAndStaysInTheSystem) {
  for (const char *placement : {"hilbert", "row-major", "random:3"}) {
    MappingProblem problem = problemWith(50, placement);
    ASSERT_TRUE(place(problem, 1).ok());
    const Mapping &mapping = problem.program.mapping;
    Mesh mesh(mapping.chip.mesh, mapping.chipsX, mapping.chipsY);
    std::set<int> used;
    for (const Tile &tile : mapping.tiles) {
      EXPECT_LT(tile.core, mesh.cores());
      EXPECT_GE(tile.core, 0);
      used.insert(tile.core);
    }
    EXPECT_EQ(used.size(), 50u) << placement;
  }
}

TEST(Place, faultyCoresAreSkippedAndCostChips) {
  for (const char *placement : {"hilbert", "row-major", "random:3"}) {
    MappingProblem problem = problemWith(16, placement);
    ChipFaults &faults = problem.program.mapping.chip.faults;
    faults.deadCores = {{1, 0, 1}, {2, 1, 0}};
    // Cuts router (0, 0) off.
    faults.deadLinks = {{0, 0, false}, {0, 0, true}};
    ASSERT_TRUE(place(problem, 1).ok());
    const Mapping &mapping = problem.program.mapping;
    EXPECT_EQ(mapping.chipsX * mapping.chipsY, 2);
    const Routing routing =
        *Routing::create(mapping.chip, mapping.chipsX, mapping.chipsY);
    std::set<int> used;
    for (const Tile &tile : mapping.tiles) {
      EXPECT_TRUE(routing.usable(tile.core)) << tile.core;
      used.insert(tile.core);
    }
    EXPECT_EQ(used.size(), 16u) << placement;
  }
}

TEST(Place, disabledChipsAreGoneRound) {
  // The first chip and its neighbour below are off, so of three chips only a
  // row has two that work.
  MappingProblem problem = problemWith(17, "hilbert");
  problem.program.mapping.chip.faults.disabledChips = {{0, 0}, {0, 1}};
  ASSERT_TRUE(place(problem, 1).ok());
  EXPECT_EQ(problem.program.mapping.chipsX, 3);
  EXPECT_EQ(problem.program.mapping.chipsY, 1);
}

TEST(Place, tooManyFaultsNameWhatTheyLeave) {
  MappingProblem problem = problemWith(190, "hilbert");
  problem.program.mapping.chip.faults.disabledChips = {{2, 3}};
  Status status = place(problem, 1);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message(),
              HasSubstr("needs 190 cores, but small has 192 (3x4 chips of 16 "
                        "cores), of which its faults leave 176"));
}

TEST(Place, unknownPlacementsAreRefused) {
  for (const char *good :
       {"hilbert", "row-major", "random:0", "random:18446744073709551615"})
    EXPECT_TRUE(checkPlacement(good).ok()) << good;
  for (const char *bad :
       {"", "Hilbert", "random", "random:", "random:x", "random:-1",
        "random:1 ", "random:18446744073709551616"}) {
    Status status = checkPlacement(bad);
    ASSERT_FALSE(status.ok()) << bad;
    EXPECT_THAT(status.error().message(), HasSubstr("hilbert, row-major"));
  }
}

} // namespace
