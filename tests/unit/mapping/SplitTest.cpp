//===- SplitTest.cpp - even splits and schedules --------------------------===//
#include "compiler/mapping/Split.h"

#include "compiler/mapping/Schedule.h"
#include "tests/unit/program/TinyProgram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace synfire;
using namespace synfire::tests;
using testing::HasSubstr;

namespace {

int indexOf(const Program &program, const std::string &name) {
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    if (program.stages[s].name == name)
      return static_cast<int>(s);
  ADD_FAILURE() << name;
  return 0;
}

TinyOptions fourHeads() {
  TinyOptions options;
  options.width = 48;
  options.heads = 4;
  options.keyValueHeads = 2;
  options.intermediate = 52;
  options.hadamard = true;
  return options;
}

TEST(Split, everySplitOfEveryStageCoversItEvenly) {
  Program program = buildTinyProgram(fourHeads());
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    SplitShape shape = splitShape(program, static_cast<int>(s));
    const Stage &stage = program.stages[s];
    EXPECT_EQ(shape.finest(), stage.width());
    for (int parts = 1; parts <= shape.finest(); ++parts) {
      std::vector<Tile> tiles = splitInto(shape, parts);
      const int heads = std::min(parts, shape.heads);
      const int columns = (parts + shape.heads - 1) / shape.heads;
      std::set<std::pair<int, int>> neurons;
      std::int64_t sum = 0;
      for (const Tile &tile : tiles) {
        sum += tile.neurons();
        EXPECT_LE(tile.neurons(),
                  std::int64_t((shape.heads + heads - 1) / heads) *
                      ((shape.headColumns + columns - 1) / columns));
        for (int g = tile.groupBegin; g < tile.groupEnd; ++g)
          for (int c = tile.columnBegin; c < tile.columnEnd; ++c)
            neurons.insert({g, c});
      }
      EXPECT_EQ(sum, stage.width());
      EXPECT_EQ(static_cast<std::int64_t>(neurons.size()), stage.width());
    }
  }
}

TEST(Split, blocksAreEqualButAtTheFarEdges) {
  Program program = buildTinyProgram(fourHeads());
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    SplitShape shape = splitShape(program, static_cast<int>(s));
    const Stage &stage = program.stages[s];
    for (int parts = 1; parts <= shape.finest(); ++parts) {
      std::vector<Tile> tiles = splitInto(shape, parts);
      const int groups = tiles[0].groupEnd - tiles[0].groupBegin;
      const int columns = tiles[0].columnEnd - tiles[0].columnBegin;
      std::size_t next = 0;
      for (int g = 0; g < stage.groups; g += groups)
        for (int c = 0; c < stage.groupWidth; c += columns, ++next) {
          ASSERT_LT(next, tiles.size());
          EXPECT_EQ(tiles[next].groupBegin, g);
          EXPECT_EQ(tiles[next].groupEnd, std::min(g + groups, stage.groups));
          EXPECT_EQ(tiles[next].columnBegin, c);
          EXPECT_EQ(tiles[next].columnEnd,
                    std::min(c + columns, stage.groupWidth));
        }
      EXPECT_EQ(next, tiles.size());
    }
  }
}

TEST(Split, headsStayWholeAsLongAsPossible) {
  Program program = buildTinyProgram(fourHeads());
  SplitShape scores =
      splitShape(program, indexOf(program, "layers.0.attn.exp"));
  EXPECT_TRUE(scores.headsAreGroups);
  EXPECT_EQ(scores.heads, 4);
  for (const Tile &tile : splitInto(scores, 2)) {
    EXPECT_EQ(tile.groupEnd - tile.groupBegin, 2);
    EXPECT_EQ(tile.columnEnd - tile.columnBegin, 16);
  }
  for (const Tile &tile : splitInto(scores, 8)) {
    EXPECT_EQ(tile.groupEnd - tile.groupBegin, 1);
    EXPECT_EQ(tile.columnEnd - tile.columnBegin, 8);
  }
  SplitShape rotated =
      splitShape(program, indexOf(program, "layers.0.mlp.rotated"));
  EXPECT_FALSE(rotated.headsAreGroups);
  EXPECT_EQ(rotated.heads, 13);
  for (const Tile &tile : splitInto(rotated, 5))
    EXPECT_EQ(tile.columnBegin % 4, 0);
  SplitShape mix = splitShape(program, indexOf(program, "layers.0.attn.mix"));
  EXPECT_FALSE(mix.headsAreGroups);
  for (const Tile &tile : splitInto(mix, 3))
    EXPECT_EQ(tile.columnBegin % 12, 0);
  for (const Tile &tile : splitInto(mix, 8))
    EXPECT_EQ(tile.columnBegin / 12, (tile.columnEnd - 1) / 12);
}

TEST(MakeSchedule, isTheShortestOne) {
  for (int layers : {1, 3}) {
    TinyOptions options = fourHeads();
    options.layers = layers;
    Program program = buildTinyProgram(options);
    auto schedule = makeSchedule(program);
    ASSERT_TRUE(schedule.ok()) << schedule.error().message();
    // The test header relaxes edges until nothing changes.
    EXPECT_EQ(schedule->fireLevel, program.mapping.schedule.fireLevel);
    EXPECT_EQ(schedule->levelSteps, program.mapping.schedule.levelSteps);
    EXPECT_EQ(schedule->slots, program.mapping.schedule.slots);
  }
}

TEST(MakeSchedule, queriesFireOneLevelAfterTheKeysThatTheyRead) {
  Program program = buildTinyProgram();
  auto schedule = makeSchedule(program);
  ASSERT_TRUE(schedule.ok());
  auto level = [&](const char *name) {
    return schedule
        ->fireLevel[static_cast<std::size_t>(indexOf(program, name))];
  };
  EXPECT_EQ(level("layers.0.attn.q"), level("layers.0.attn.k") + 1);
}

TEST(MakeSchedule, aStoredOperandThatNeedsItsDriverIsRefused) {
  Program program = buildTinyProgram();
  Dendrite &product = program
                          .stages[static_cast<std::size_t>(
                              indexOf(program, "layers.0.attn.norm"))]
                          .dendrites.front();
  std::swap(product.driver, product.stored);
  auto schedule = makeSchedule(program);
  ASSERT_FALSE(schedule.ok());
  EXPECT_THAT(
      schedule.error().message(),
      HasSubstr("layers.0.attn.norm: its stored operand "
                "layers.0.attn.norm.rsqrt depends on its driver embed"));
  product.form = ProductForm::Concurrent;
  EXPECT_TRUE(makeSchedule(program).ok());
}

} // namespace
