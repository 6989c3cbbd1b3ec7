//===- UtilisationTest.cpp - shares of time, cores and memory -------------===//
#include "runtime/report/Utilisation.h"

#include "SmallRun.h"

#include <gtest/gtest.h>

using namespace synfire;
using test::smallRun;

namespace {

TEST(Utilisation, MeansAreOverTheUsedCores) {
  synfire::Run run = smallRun();
  run.chip.mesh = {2, 2, 1, 4, 4};
  run.chip.core = {};
  run.chip.core.neurons = 100;
  run.chip.core.synapseBytes = 4096;
  run.cores.front().demand.neurons = 60;
  run.cores.front().demand.synapseBytes = 1024;
  CoreRun idle;
  idle.core = 3;
  idle.busyCycles = 500;
  idle.demand.neurons = 20;
  run.cores.push_back(idle);
  const auto used = utilisation(run);
  ASSERT_TRUE(used.has_value());
  EXPECT_DOUBLE_EQ(used->busy.value(), 0.5);
  EXPECT_DOUBLE_EQ(used->busiest.value(), 0.75);
  EXPECT_DOUBLE_EQ(used->coresOfChips, 2.0 / 8);
  // Resources that a chip has none of are left out.
  ASSERT_EQ(used->memory.size(), 2u);
  EXPECT_STREQ(used->memory[0].name, "neurons");
  EXPECT_DOUBLE_EQ(used->memory[0].used, 0.4);
  EXPECT_STREQ(used->memory[1].name, "synapse_bytes");
  EXPECT_DOUBLE_EQ(used->memory[1].used, 0.125);
}

TEST(Utilisation, TheEngineHasNone) {
  EXPECT_FALSE(utilisation(smallRun(false)).has_value());
  EXPECT_FALSE(utilisation(synfire::Run()).has_value());
}

} // namespace
