//===- PredictionTest.cpp - what the mapper expects and what happens ------===//
//
// Layers whose neurons fire at every step or never do what the mapper assumes
// of all: events spread evenly. There the expectation has to hold.
//
//===----------------------------------------------------------------------===//
#include "compiler/mapping/Problem.h"
#include "runtime/report/EnergyModel.h"
#include "tests/unit/simulator/DenseNetwork.h"
#include "tests/unit/simulator/MachineDriver.h"

#include <gtest/gtest.h>

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
    activity[stage.name] = double(denseSteps) / period;
  activity["output"] = 0;
  auto expected = predictCost(program, activity);
  EXPECT_TRUE(expected.ok()) << expected.error().message();
  const Driven driven = drive(program, {1}, 0);
  EXPECT_EQ(driven.error, "");
  return {*expected, driven.run};
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
  const Compared seen = compare(program, GetParam());
  const std::vector<PriceList> lists = priceLists(priceContext(seen.run));
  const double joulesCounted = joules(lists.back(), seen.run.total,
                                      seen.run.total[Counter::NeuronUpdate]);
  ASSERT_GT(joulesCounted, 0);
  EXPECT_NEAR(seen.expected.picojoules * 1e-12 / joulesCounted, 1, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Periods, Prediction, testing::Values(1, 2, 8));

} // namespace
