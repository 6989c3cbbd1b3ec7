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
  CoreRun idle;
  idle.core = 3;
  idle.busyCycles = 500;
  run.cores.push_back(idle);
  const auto used = utilisation(run);
  ASSERT_TRUE(used.has_value());
  EXPECT_DOUBLE_EQ(used->busy, 0.5);
  EXPECT_DOUBLE_EQ(used->busiest, 0.75);
  EXPECT_DOUBLE_EQ(used->coresOfChips, 2.0 / 8);
}

TEST(Utilisation, TheEngineHasNone) {
  EXPECT_FALSE(utilisation(smallRun(false)).has_value());
  EXPECT_FALSE(utilisation(synfire::Run()).has_value());
}

} // namespace
