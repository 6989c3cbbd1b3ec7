//===- DenseNetworkTest.cpp - the published counts of dense5 --------------===//
#include "tests/unit/simulator/DenseNetwork.h"

#include "tests/unit/simulator/MachineDriver.h"

#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr std::uint64_t tokens = 2, stepsRun = tokens * denseSteps;

/// The embedding rows of the first layer and of the output.
constexpr std::uint64_t embedOperations = 2 * tokens * denseWidth;

TEST(DenseNetwork, EveryEighthNeuron) {
  const Program program = denseNetwork(5, 8, 4);
  ASSERT_TRUE(verify(program).ok()) << verify(program).error().message();
  const synfire::Run run = drive(program, {0, 0}, 0).run;
  EXPECT_EQ(run.total[Counter::SopLinear], stepsRun * 524288 + embedOperations);
  EXPECT_EQ(run.total[Counter::Spike], stepsRun * 640);
  EXPECT_EQ(run.total[Counter::SpikeSent], stepsRun * 4096);
  EXPECT_EQ(run.total[Counter::HopEastWest] + run.total[Counter::HopNorthSouth],
            stepsRun * 10240);
}

TEST(DenseNetwork, EveryNeuron) {
  const synfire::Run run = drive(denseNetwork(5, 1, 4), {0, 0}, 0).run;
  EXPECT_EQ(run.total[Counter::SopLinear],
            stepsRun * 4194304 + embedOperations);
  EXPECT_EQ(run.total[Counter::Spike], stepsRun * 5120);
  EXPECT_EQ(run.total[Counter::SpikeSent], stepsRun * 32768);
}

} // namespace
