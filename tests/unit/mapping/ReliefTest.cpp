//===- ReliefTest.cpp - busy links are relieved ---------------------------===//
#include "compiler/mapping/Relief.h"
#include "compiler/mapping/Place.h"

#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// Cores with nothing to do but send, over links that take long.
ChipModel slowLinks() {
  ChipModel chip = generousChip();
  chip.mesh = {2, 2, 1, 12, 12};
  chip.noc.flitsPerPacket = 4;
  chip.noc.chipLinkCyclesPerFlit = 6;
  chip.timing.outputAxonCycles = 1;
  return chip;
}

/// Small tiles, each on a core of its own.
Program manyCores() {
  TinyOptions options;
  options.layers = 2;
  options.width = 32;
  options.heads = 4;
  options.keyValueHeads = 2;
  options.intermediate = 80;
  options.context = 16;
  options.tileNeurons = 4;
  Program program = buildTinyProgram(options);
  program.mapping.chip = slowLinks();
  for (std::size_t t = 0; t < program.mapping.tiles.size(); ++t)
    program.mapping.tiles[t].core = static_cast<int>(t);
  return program;
}

double held(const std::vector<WindowCost> &levels) {
  double sum = 0;
  for (const WindowCost &level : levels)
    sum += level.cycles;
  return sum;
}

TEST(Relief, takesTimeFromLevelsThatLinksHoldUp) {
  const Program program = manyCores();
  const ChipModel &chip = program.mapping.chip;
  const auto cores = static_cast<int>(program.mapping.tiles.size());
  ASSERT_LE(cores, 144 * 4);
  const Routing routing = *Routing::create(chip, 12, 12);
  const RouterRectangle region = smallestRectangle(routing, 1, cores);
  // The curve: whatever talks shares few links.
  std::vector<int> routers;
  for (int local : hilbertOrder(region.width, region.height)) {
    if (routers.size() == static_cast<std::size_t>(cores))
      break;
    routers.push_back(routing.mesh().routerNumber(
        {region.x + local % region.width, region.y + local / region.width}));
  }
  CostModel model(program, expectedActivity(program, {}), routing);
  model.moveTo(routers);
  const double before = held(model.levelCosts());
  std::vector<int> again = routers;
  const ReliefOptions options = {2000000, 3};
  relieveLinks(model, program, routing, region, options, routers);
  std::vector<int> taken(static_cast<std::size_t>(routing.mesh().routers()));
  for (int router : routers) {
    EXPECT_LE(++taken[static_cast<std::size_t>(router)], 1);
    const RouterCoordinate at = routing.mesh().router(router);
    EXPECT_TRUE(at.x >= region.x && at.x < region.x + region.width);
    EXPECT_TRUE(at.y >= region.y && at.y < region.y + region.height);
  }
  relieveLinks(model, program, routing, region, options, again);
  EXPECT_EQ(routers, again);
  model.moveTo(routers);
  EXPECT_LT(held(model.levelCosts()), 0.9 * before);
}

TEST(Relief, leavesAloneWhatNoLinkHoldsUp) {
  Program program = manyCores();
  // A core works longer than any link.
  program.mapping.chip.timing.neuronUpdateCycles = 1 << 20;
  const ChipModel &chip = program.mapping.chip;
  const auto cores = static_cast<int>(program.mapping.tiles.size());
  const Routing routing = *Routing::create(chip, 12, 12);
  std::vector<int> routers(static_cast<std::size_t>(cores));
  for (std::size_t core = 0; core < routers.size(); ++core)
    routers[core] = static_cast<int>(core);
  CostModel model(program, expectedActivity(program, {}), routing);
  model.moveTo(routers);
  const std::vector<int> before = routers;
  relieveLinks(model, program, routing,
               {0, 0, routing.mesh().width(), routing.mesh().height()},
               {100000, 3}, routers);
  EXPECT_EQ(routers, before);
}

} // namespace
