//===- VerifyMappingTest.cpp - P7 to P9: one broken case each -------------===//
#include "runtime/program/Connectivity.h"
#include "runtime/program/Demand.h"
#include "tests/unit/program/RefusedPrograms.h"
#include "tests/unit/program/TinyProgram.h"

using namespace synfire;
using namespace synfire::tests;
using testing::AllOf;
using testing::HasSubstr;

namespace {

void expectRefused(const std::string &rule, const std::string &message,
                   const std::function<void(Program &)> &breakIt) {
  TinyOptions options;
  options.tileNeurons = 6;
  tests::expectRefused(buildTinyProgram(options), rule, message, breakIt);
}

TEST(VerifyMapping, systemSize) {
  expectRefused("P8", "0 x 1 chips", [](Program &p) { p.mapping.chipsX = 0; });
  expectRefused(
      "P8", "1 x 65 chips, but generous has 1 x 1 to 64 x 64",
      [](Program &p) { p.mapping.chipsX = 1, p.mapping.chipsY = 65; });
  expectRefused("P8", "routers with 0 cores",
                [](Program &p) { p.mapping.chip.mesh.coresPerRouter = 0; });
  expectRefused("P8", "more than 2147483647 cores", [](Program &p) {
    p.mapping.chip.mesh = {1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30};
  });
}

TEST(VerifyMapping, tilesLieOnUsableCores) {
  // Generous chips have two cores at a router; tile k lies on core k.
  expectRefused(
      "P8", "core 4 of generous is dead or cut off by faults",
      [](Program &p) { p.mapping.chip.faults.deadCores = {{2, 0, 0}}; });
  expectRefused(
      "P8", "core 0 of generous is dead or cut off by faults", [](Program &p) {
        p.mapping.chip.faults.deadLinks = {{0, 0, false}, {0, 0, true}};
      });
  expectRefused(
      "P8", "core 0 of generous is dead or cut off by faults",
      [](Program &p) { p.mapping.chip.faults.disabledChips = {{0, 0}}; });
  TinyOptions options;
  options.tileNeurons = 6;
  Program program = buildTinyProgram(options);
  program.mapping.chip.faults.disabledChips = {{63, 63}};
  program.mapping.chip.faults.deadLinks = {{0, 0, true}};
  EXPECT_TRUE(verify(program).ok()) << verify(program).error().message();
}

TEST(VerifyMapping, tilesNameWhatExists) {
  auto tile = [](Program &p) -> Tile & { return p.mapping.tiles[4]; };
  expectRefused("P8", "stage -1 does not exist",
                [&](Program &p) { tile(p).stage = -1; });
  expectRefused("P8", "stage 4000 does not exist",
                [&](Program &p) { tile(p).stage = 4000; });
  expectRefused("P8", "not grouped by ascending stage", [](Program &p) {
    std::swap(p.mapping.tiles.front(), p.mapping.tiles.back());
  });
  expectRefused("P8", "core -1 does not exist",
                [&](Program &p) { tile(p).core = -1; });
  expectRefused("P8", "core 1000000 does not exist",
                [&](Program &p) { tile(p).core = 1000000; });
  expectRefused("P8", "no rectangle of 1 x 16",
                [&](Program &p) { tile(p).columnEnd = 17; });
  expectRefused("P8", "no rectangle",
                [&](Program &p) { tile(p).columnBegin = -1; });
  expectRefused("P8", "no rectangle",
                [&](Program &p) { tile(p).groupEnd = tile(p).groupBegin; });
}

TEST(VerifyMapping, tilesCoverEachStageOnce) {
  expectRefused("P8", "its tiles hold 15 of 16 neurons",
                [](Program &p) { --p.mapping.tiles[2].columnEnd; });
  expectRefused("P8", "two of its tiles overlap",
                [](Program &p) { --p.mapping.tiles[2].columnBegin; });
  expectRefused("P8", "two of its tiles overlap",
                [](Program &p) { p.mapping.tiles[1] = p.mapping.tiles[0]; });
  expectRefused("P8", "its tiles hold", [](Program &p) {
    p.mapping.tiles.erase(p.mapping.tiles.begin() + 3);
  });
  expectRefused("P8", "its tiles hold 0 of 32 neurons", [](Program &p) {
    while (p.mapping.tiles.back().stage + 1 ==
           static_cast<int>(p.stages.size()))
      p.mapping.tiles.pop_back();
  });
}

/// The tiles of a stage become `parts` each.
void splitInputs(Program &program, const char *name, int parts) {
  const auto stage = static_cast<int>(indexOf(program, name));
  std::vector<Tile> tiles;
  for (Tile tile : program.mapping.tiles) {
    if (tile.stage != stage) {
      tiles.push_back(tile);
      continue;
    }
    tile.inputParts = parts;
    for (; tile.inputPart < parts; ++tile.inputPart)
      tiles.push_back(tile);
  }
  program.mapping.tiles = tiles;
}

TEST(VerifyMapping, splitInputs) {
  const char *name = "layers.0.attn.q_proj";
  TinyOptions options;
  options.tileNeurons = 6;
  Program program = buildTinyProgram(options);
  splitInputs(program, name, 3);
  EXPECT_TRUE(verify(program).ok()) << verify(program).error().message();
  // 16 inputs in three parts; all of them once, each sum once.
  std::int64_t axons = 0, neurons = 0, sums = 0;
  for (const Tile &tile : program.mapping.tiles) {
    if (tile.inputParts == 1)
      continue;
    const TileDemand demand = tileDemand(program, tile);
    neurons += demand.neurons;
    axons += demand.inputAxons;
    sums += tile.hasNeurons() ? 0 : sumsOfInputPart(program, tile);
    EXPECT_EQ(demand.synapseBytes % tile.neurons(), 0);
  }
  EXPECT_EQ(neurons, 16);
  EXPECT_EQ(sums, 2 * 16);
  EXPECT_EQ(axons, 3 * 16 + sums); // three rectangles of six columns and less

  auto first = [&](Program &p) {
    for (std::size_t i = 0;; ++i)
      if (p.mapping.tiles[i].inputParts > 1)
        return i;
  };
  expectRefused("P15", "input part 3 of 3", [&](Program &p) {
    splitInputs(p, name, 3);
    p.mapping.tiles[first(p)].inputPart = 3;
  });
  expectRefused("P15", "input part 2 does not follow part 1", [&](Program &p) {
    splitInputs(p, name, 3);
    p.mapping.tiles[first(p) + 1].inputPart = 2;
  });
  expectRefused("P15", "does not follow", [&](Program &p) {
    splitInputs(p, name, 3);
    ++p.mapping.tiles[first(p) + 1].columnBegin;
  });
  expectRefused("P15", "only 2 of 3 input parts", [&](Program &p) {
    splitInputs(p, name, 3);
    p.mapping.tiles.erase(p.mapping.tiles.begin() +
                          static_cast<std::ptrdiff_t>(first(p)) + 2);
  });
  expectRefused("P15", "no static dendrite",
                [](Program &p) { splitInputs(p, "layers.0.attn.norm", 2); });
  expectRefused("P15", "17 input parts of 1 groups of 16 neurons",
                [&](Program &p) { splitInputs(p, name, 17); });
}

TEST(VerifyMapping, overlapInBothDirectionsIsSeen) {
  // Rectangles of a 2 x 16 stage that hold 32 neurons but overlap.
  expectRefused("P8", "overlap", [](Program &p) {
    auto stage = static_cast<int>(indexOf(p, "layers.0.attn.exp"));
    std::vector<Tile> tiles;
    for (const Tile &tile : p.mapping.tiles)
      if (tile.stage != stage)
        tiles.push_back(tile);
      else if (tiles.empty() || tiles.back().stage != stage) {
        tiles.push_back({stage, 50, 0, 2, 0, 8});
        tiles.push_back({stage, 51, 0, 1, 8, 16});
        tiles.push_back({stage, 52, 1, 2, 4, 12});
      }
    p.mapping.tiles = tiles;
  });
}

TEST(VerifyMapping, everyCapacityIsChecked) {
  const std::pair<const char *, std::int64_t CoreCapacity::*> resources[] = {
      {"neurons", &CoreCapacity::neurons},
      {"input axons", &CoreCapacity::inputAxons},
      {"output axons", &CoreCapacity::outputAxons},
      {"synapse bytes", &CoreCapacity::synapseBytes},
      {"accumulators", &CoreCapacity::accumulators},
      {"look-up bytes", &CoreCapacity::lookupBytes}};
  std::int64_t TileDemand::*demands[] = {
      &TileDemand::neurons,      &TileDemand::inputAxons,
      &TileDemand::outputAxons,  &TileDemand::synapseBytes,
      &TileDemand::accumulators, &TileDemand::lookupBytes};
  TinyOptions options;
  options.tileNeurons = 6;
  Program program = buildTinyProgram(options);
  for (Tile &tile : program.mapping.tiles)
    tile.core /= 3;
  for (std::size_t r = 0; r < 6; ++r) {
    std::int64_t most = 0;
    for (const CoreDemand &demand : coreDemands(program))
      most = std::max(most, demand.sum.*demands[r]);
    program.mapping.chip = generousChip();
    program.mapping.chip.core.*resources[r].second = most;
    EXPECT_TRUE(verify(program).ok()) << verify(program).error().message();
    program.mapping.chip.core.*resources[r].second = most - 1;
    Status status = verify(program);
    ASSERT_FALSE(status.ok()) << resources[r].first;
    EXPECT_THAT(status.error().message(),
                AllOf(HasSubstr(resources[r].first),
                      HasSubstr("but generous holds"), HasSubstr("P8")));
  }
}

TEST(VerifyMapping, schedule) {
  auto level = [](Program &p, const char *name) -> int & {
    return p.mapping.schedule.fireLevel[indexOf(p, name)];
  };
  expectRefused("P9", "fire levels",
                [](Program &p) { p.mapping.schedule.fireLevel.pop_back(); });
  expectRefused("P9", "slot counts",
                [](Program &p) { p.mapping.schedule.slots.push_back(1); });
  expectRefused("P9", "fires at level 100",
                [&](Program &p) { level(p, "layers.0.attn.q") = 100; });
  expectRefused("P9", "fires at level -1",
                [&](Program &p) { level(p, "layers.0.attn.q") = -1; });
  expectRefused("P9", "its operand stage embed (0) fires at level 0",
                [&](Program &p) { level(p, "layers.0.attn.norm.square") = 0; });
  // The keys are complete one window before the queries read them.
  expectRefused("P9", "its stored partner stage layers.0.attn.k",
                [&](Program &p) { --level(p, "layers.0.attn.q"); });
  expectRefused("P9", "slots, but its operands fire",
                [](Program &p) { ++p.mapping.schedule.slots[3]; });
  expectRefused("P9", "level 3 has 5 steps",
                [](Program &p) { p.mapping.schedule.levelSteps[3] = 5; });
  expectRefused("P9", "levels for", [](Program &p) {
    p.mapping.schedule.levelSteps.resize(1000, 1);
  });
}

} // namespace
