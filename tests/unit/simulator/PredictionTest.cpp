//===- PredictionTest.cpp - what the mapper expects and what happens ------===//
//
// Layers whose neurons fire at every step or never spread their events evenly:
// there the counts have to hold. Layers that fire early and late in their
// trains, or at random, make the busiest step and the busiest core longer than
// the mean.
//
//===----------------------------------------------------------------------===//
#include "compiler/mapping/Problem.h"
#include "runtime/report/EnergyModel.h"
#include "tests/unit/simulator/DenseNetwork.h"
#include "tests/unit/simulator/MachineDriver.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr int layers = 4;

struct Compared {
  CostPrediction expected;
  synfire::Run run; ///< of one token
};

Compared compare(const Program &program, int period) {
  MeasuredActivity activity;
  for (const Stage &stage : program.stages)
    activity[stage.name].perNeuron = double(denseSteps) / period;
  activity["output"].perNeuron = 0;
  auto expected = predictCost(program, activity);
  EXPECT_TRUE(expected.ok()) << expected.error().message();
  const Driven driven = drive(program, {1}, 0);
  EXPECT_EQ(driven.error, "");
  return {*expected, driven.run};
}

/// Every tile of a layer hears its operand in two parts, the second one on a
/// core of its own, far away.
void splitInputs(Program &program) {
  std::vector<Tile> tiles;
  int core = static_cast<int>(program.mapping.tiles.size());
  for (Tile tile : program.mapping.tiles) {
    const bool dense = tile.stage > 0 && tile.stage < layers;
    tile.inputParts = dense ? 2 : 1;
    tiles.push_back(tile);
    if (dense) {
      tile.inputPart = 1;
      tile.core = core++;
      tiles.push_back(tile);
    }
  }
  program.mapping.tiles = std::move(tiles);
}

/// Mean cycles of the windows in which every level fires.
double fullWindow(const synfire::Run &run, int tokens) {
  double cycles = 0;
  const std::vector<std::uint64_t> &steps = run.timing.stepCycles;
  const auto first = steps.begin() + layers * denseSteps;
  for (auto step = first; step != steps.begin() + tokens * denseSteps; ++step)
    cycles += double(*step);
  return cycles / (tokens - layers);
}

class Prediction : public testing::TestWithParam<int> {};

TEST_P(Prediction, CountsPacketsAndHopsExactly) {
  const Compared seen =
      compare(denseNetwork(layers, GetParam(), 4), GetParam());
  const Counters &counted = seen.run.total;
  EXPECT_GT(counted[Counter::SpikeSent], 0u);
  EXPECT_DOUBLE_EQ(seen.expected.packets, double(counted[Counter::SpikeSent]));
  EXPECT_DOUBLE_EQ(seen.expected.eastWestHops,
                   double(counted[Counter::HopEastWest]));
  EXPECT_DOUBLE_EQ(seen.expected.northSouthHops,
                   double(counted[Counter::HopNorthSouth]));
}

TEST_P(Prediction, OfCyclesIsNear) {
  Program program = denseNetwork(layers, GetParam(), 4);
  for (bool binary : {false, true})
    for (int accumulateCycles : {1, 40}) {
      program.mapping.chip.binarySpikes = binary;
      program.mapping.chip.timing.accumulateCycles = accumulateCycles;
      const Compared seen = compare(program, GetParam());
      EXPECT_NEAR(seen.expected.tokenCycles / double(seen.run.timing.cycles), 1,
                  0.06)
          << (binary ? "binary, " : "graded, ") << accumulateCycles;
    }
}

TEST_P(Prediction, OfEnergyIsThatOfThePriceList) {
  Program program = denseNetwork(layers, GetParam(), 4);
  program.mapping.chip.energy = loadChipModel("loihi1")->energy;
  program.mapping.chip.energy.spikeFired = 7;
  program.mapping.chip.energy.messageReceived = 11;
  program.mapping.chip.energy.staticWattsPerChip = 0;
  for (Multicast multicast : {Multicast::Unicast, Multicast::Tree}) {
    program.mapping.chip.noc.multicast = multicast;
    const Compared seen = compare(program, GetParam());
    const std::vector<PriceList> lists = priceLists(priceContext(seen.run));
    const double joulesCounted = joules(lists.back(), seen.run.total,
                                        seen.run.total[Counter::NeuronUpdate]);
    ASSERT_GT(joulesCounted, 0);
    EXPECT_NEAR(seen.expected.picojoules * 1e-12 / joulesCounted, 1, 1e-9);
  }
}

TEST_P(Prediction, CountsSumsOfSplitInputsExactly) {
  Program program = denseNetwork(layers, GetParam(), 4);
  splitInputs(program);
  program.mapping.chip.energy = loadChipModel("loihi1")->energy;
  program.mapping.chip.energy.messageReceived = 11;
  program.mapping.chip.energy.staticWattsPerChip = 0;
  const Compared seen = compare(program, GetParam());
  const Counters &counted = seen.run.total;
  EXPECT_EQ(counted[Counter::PartialSum],
            std::uint64_t(denseWidth * (layers - 1)));
  EXPECT_DOUBLE_EQ(seen.expected.packets, double(counted[Counter::SpikeSent]));
  EXPECT_DOUBLE_EQ(seen.expected.eastWestHops,
                   double(counted[Counter::HopEastWest]));
  EXPECT_DOUBLE_EQ(seen.expected.northSouthHops,
                   double(counted[Counter::HopNorthSouth]));
  const std::vector<PriceList> lists = priceLists(priceContext(seen.run));
  const double joulesCounted =
      joules(lists.back(), counted, counted[Counter::NeuronUpdate]);
  EXPECT_NEAR(seen.expected.picojoules * 1e-12 / joulesCounted, 1, 1e-9);
}

TEST(PredictionOfWindows, TheBusiestStepDecides) {
  // Even layers fire in the first half of their trains, odd ones in the second.
  constexpr int tokens = 10;
  Program program = denseNetwork(layers, 1, tokens);
  MeasuredActivity halves, evenly;
  for (int layer = 0; layer < layers; ++layer) {
    Stage &stage = program.stages[static_cast<std::size_t>(layer)];
    stage.bias.assign(denseWidth, layer % 2 == 0 ? 0xff00 : 0x00ff);
    evenly[stage.name].perNeuron = denseSteps / 2.0;
    halves[stage.name] = evenly[stage.name];
    for (int step = 0; step < denseSteps; ++step)
      halves[stage.name].bySteps.push_back((step < denseSteps / 2) ==
                                           (layer % 2 == 0));
  }
  evenly["output"] = halves["output"] = {};
  const Driven driven = drive(program, std::vector<int>(tokens, 1), 0);
  ASSERT_EQ(driven.error, "");
  const double simulated = fullWindow(driven.run, tokens);
  const auto expected = predictCost(program, halves);
  const auto flat = predictCost(program, evenly);
  ASSERT_TRUE(expected.ok() && flat.ok());
  EXPECT_NEAR(expected->windowCycles / simulated, 1, 0.06);
  EXPECT_LT(flat->windowCycles, 0.75 * simulated);
  EXPECT_DOUBLE_EQ(expected->packets, flat->packets);
}

TEST(PredictionOfWindows, TheBusiestOfManyCoresDecides) {
  // Random trains: each step of a layer has some 64 spikes a core, rarely just
  // that many.
  constexpr int tokens = 10;
  Program program = denseNetwork(layers, 1, tokens);
  std::mt19937 random(5);
  MeasuredActivity activity;
  for (int layer = 0; layer < layers; ++layer) {
    Stage &stage = program.stages[static_cast<std::size_t>(layer)];
    for (int &bias : stage.bias)
      bias = static_cast<int>(random() & 0xffff);
    activity[stage.name].perNeuron = denseSteps / 2.0;
  }
  activity["output"] = {};
  // What leaves a core takes longer than what comes in.
  program.mapping.chip.timing.outputAxonCycles = 40;
  const Driven driven = drive(program, std::vector<int>(tokens, 1), 0);
  ASSERT_EQ(driven.error, "");
  const auto expected = predictCost(program, activity);
  ASSERT_TRUE(expected.ok());
  const double simulated = fullWindow(driven.run, tokens);
  constexpr int readers = denseWidth / denseNeuronsACore;
  const double meanWalk = denseSteps * (denseNeuronsACore / 2.0) * readers * 40;
  EXPECT_GT(simulated, 1.12 * meanWalk);
  EXPECT_NEAR(expected->windowCycles / simulated, 1, 0.03);
}

INSTANTIATE_TEST_SUITE_P(Periods, Prediction, testing::Values(1, 2, 8));

} // namespace
