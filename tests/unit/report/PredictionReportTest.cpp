//===- PredictionReportTest.cpp - expected beside counted -----------------===//
#include "runtime/report/PredictionReport.h"

#include <gtest/gtest.h>

namespace {

using namespace synfire;

synfire::Run predictedRun() {
  synfire::Run run;
  run.promptTokens = {1, 2};
  run.timing.tokenCycles = {100, 140};
  run.prediction.tokenCycles = 110;
  run.prediction.packets = 7;
  run.prediction.eastWestHops = 2;
  run.prediction.northSouthHops = 3;
  run.total[Counter::SpikeSent] = 32;
  run.total[Counter::HopEastWest] = 8;
  run.total[Counter::HopNorthSouth] = 12;
  return run;
}

TEST(PredictionReport, ComparesAToken) {
  const auto rows = predictionRows(predictedRun());
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_STREQ(rows[0].name, "spikes_sent");
  EXPECT_EQ(rows[0].predicted, 7);
  EXPECT_EQ(rows[0].simulated, 8);
  EXPECT_EQ(rows[1].predicted, 5);
  EXPECT_EQ(rows[1].simulated, 5);
  EXPECT_STREQ(rows[3].name, "token_cycles");
  EXPECT_EQ(rows[3].predicted, 110);
  EXPECT_EQ(rows[3].simulated, 120);
}

TEST(PredictionReport, IsEmptyWithoutAPrediction) {
  synfire::Run run = predictedRun();
  run.prediction = {};
  EXPECT_TRUE(predictionRows(run).empty());
}

TEST(PredictionReport, HasNoCyclesWhereNoTokenWasFedBack) {
  synfire::Run run = predictedRun();
  run.timing.tokenCycles.clear();
  EXPECT_EQ(predictionRows(run).size(), 3u);
}

} // namespace
