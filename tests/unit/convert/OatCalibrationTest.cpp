//===- OatCalibrationTest.cpp - full scales from statistics ---------------===//
#include "compiler/convert/OatCalibration.h"
#include "compiler/convert/Tables.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace {

using namespace synfire;

/// Normal values with standard deviation 1 and a share of outliers near 60.
SiteStatistics makeStatistics(double outlierShare) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> values;
  for (int i = 0; i < 200000; ++i) {
    const float value = normal(random);
    values.push_back(i < outlierShare * 200000 ? 60 + value : value);
  }
  SiteStatistics statistics;
  statistics.add(values.data(), 200000, 1);
  return statistics;
}

double outer(const OatThresholds &thresholds) {
  return std::ldexp(thresholds.normal, thresholds.outlierShift);
}

TEST(OatCalibration, SeenValuesAreNeverClipped) {
  for (const double share : {0.0, 1e-4, 0.3}) {
    const SiteStatistics statistics = makeStatistics(share);
    for (const int steps : {4, 8, 16, 20})
      for (const bool aware : {false, true})
        for (const bool rounding : {false, true}) {
          const OatThresholds thresholds =
              calibrateOat(statistics, steps, aware, rounding);
          EXPECT_GE(outer(thresholds),
                    calibrationMargin * statistics.absoluteMaximum());
          EXPECT_GE(thresholds.outlierShift, 0);
          EXPECT_LE(thresholds.outlierShift, aware ? 10 : 0);
          EXPECT_TRUE(chooseGuardBits(steps, 15, thresholds.outlierShift).ok());
        }
  }
}

TEST(OatCalibration, RareOutliersGetABankOfTheirOwn) {
  const OatThresholds thresholds =
      calibrateOat(makeStatistics(1e-4), 12, true, false);
  EXPECT_GE(thresholds.outlierShift, 3);
  EXPECT_GE(thresholds.normal, 2) << "the bulk stays in the normal bank";
  EXPECT_LE(thresholds.normal, 10);
}

TEST(OatCalibration, TwoBanksBeatOneOnHeavyTails) {
  const SiteStatistics statistics = makeStatistics(1e-4);
  std::mt19937 random(6);
  std::normal_distribution<double> normal(0, 1);
  const int steps = 8;
  double squared[2] = {0, 0};
  for (const bool aware : {false, true}) {
    const OatThresholds thresholds =
        calibrateOat(statistics, steps, aware, true);
    for (int i = 0; i < 20000; ++i) {
      const double x = std::abs(i < 2 ? 60 : normal(random));
      const double quantum = std::ldexp(
          thresholds.normal,
          (x < thresholds.normal ? 0 : thresholds.outlierShift) - steps);
      const double error = x - std::nearbyint(x / quantum) * quantum;
      squared[aware] += error * error;
    }
  }
  EXPECT_LT(squared[1], squared[0] / 20);
}

TEST(OatCalibration, MarginWidensTheOuterThreshold) {
  const SiteStatistics statistics = makeStatistics(0);
  EXPECT_NEAR(calibrateOat(statistics, 16, false, false, 1.5).normal,
              1.5 * statistics.absoluteMaximum(), 1e-9);
  EXPECT_NEAR(calibrateOat(statistics, 16, false, false, 0.5).normal,
              calibrationMargin * statistics.absoluteMaximum(), 1e-9);
}

TEST(OatCalibration, SilentSiteGetsAScale) {
  SiteStatistics statistics;
  const float zeros[4] = {};
  statistics.add(zeros, 4, 1);
  const OatThresholds thresholds = calibrateOat(statistics, 16, true, false);
  EXPECT_EQ(thresholds.normal, 1);
  EXPECT_EQ(thresholds.outlierShift, 0);
}

} // namespace
