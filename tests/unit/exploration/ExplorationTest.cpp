//===- ExplorationTest.cpp - sweeps, blame and search on a real model -----===//
#include "exploration/Blame.h"
#include "exploration/CodingSearch.h"
#include "exploration/Sweep.h"

#include "compiler/convert/Settings.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace synfire;
using testing::HasSubstr;

const std::string shipped = SYNFIRE_SOURCE_DIR "/models/fable-0.9M";

StudyOptions smallStudy() {
  StudyOptions options;
  options.calibration.file = shipped + "/calibration.txt";
  options.calibration.tokens = 512;
  options.window = 64;
  options.predictions = 256;
  return options;
}

/// Loading takes longer than any test.
const StudyModel &study() {
  static const StudyModel model = [] {
    auto loaded =
        StudyModel::load(shipped, shipped + "/evaluation.txt", smallStudy());
    EXPECT_TRUE(loaded.ok()) << loaded.error().message();
    return *loaded;
  }();
  return model;
}

SweepOptions sweepOptions() {
  SweepOptions options;
  options.compile.conversion.steps = 0;
  options.compile.conversion.context = 64;
  options.compile.conversion.weightBits = 16;
  return options;
}

TEST(Sweep, RowsCarryWhatTheirConfigurationLosesAndCosts) {
  auto rows = sweep(study(), {"phase", "phase:nonlinear=digital"}, {6, 12},
                    sweepOptions());
  ASSERT_TRUE(rows.ok()) << rows.error().message();
  ASSERT_EQ(rows->size(), 4u);
  for (const SweepRow &row : *rows) {
    EXPECT_EQ(row.error, "");
    EXPECT_NEAR(row.measured.perplexity, std::exp(row.measured.nats), 1e-9);
    EXPECT_GT(row.measured.divergence, 0);
    EXPECT_EQ(row.measured.layerError.size(),
              static_cast<std::size_t>(study().checkpoint().config().layers));
    EXPECT_GT(row.measured.joules.at("P4"), 0);
    EXPECT_GT(row.measured.annJoules.at("P4"), 0);
  }
  const SweepRow &coarse = rows->at(0), &fine = rows->at(1),
                 &digital = rows->at(3);
  EXPECT_EQ(coarse.steps, 6);
  EXPECT_EQ(fine.steps, 12);
  EXPECT_LT(fine.measured.divergence, coarse.measured.divergence);
  EXPECT_LT(fine.measured.layerError.back(), coarse.measured.layerError.back());
  EXPECT_GT(fine.measured.spikesPerValue, coarse.measured.spikesPerValue);
  // T = 12 at 16-bit weights is close to the float model.
  EXPECT_LT(fine.measured.divergence, 1e-2);
  EXPECT_GT(fine.measured.agreement, 0.95);
  // What the digital unit does is no longer driven by spikes.
  EXPECT_GT(digital.measured.macs, fine.measured.macs);
  EXPECT_LT(digital.measured.spikeDrivenShare, fine.measured.spikeDrivenShare);
  EXPECT_EQ(digital.configuration, "phase:nonlinear=digital");
}

TEST(Sweep, AConfigurationThatFailsIsARowWithItsError) {
  auto rows = sweep(study(), {"las:levels=99", "phase"}, {8}, sweepOptions());
  ASSERT_TRUE(rows.ok()) << rows.error().message();
  EXPECT_THAT(rows->at(0).error, HasSubstr("levels"));
  EXPECT_EQ(rows->at(1).error, "");
  const std::string text = sweepText(*rows, "P4");
  EXPECT_THAT(text, HasSubstr("phase"));
  EXPECT_THAT(text, HasSubstr(rows->at(0).error));
  const auto json = nlohmann::json::parse(sweepJson(*rows));
  ASSERT_EQ(json["rows"].size(), 2u);
  EXPECT_TRUE(json["rows"][0].contains("error"));
  EXPECT_NEAR(json["rows"][1]["perplexity"]["spiking"].get<double>(),
              rows->at(1).measured.perplexity, 1e-9);
  const std::string csv = sweepCsv(*rows);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 2);
}

TEST(Sweep, UnknownConfigurationsAreRefusedByName) {
  for (const auto &[configuration, complaint] :
       std::vector<std::pair<std::string, std::string>>{
           {"laser", "unknown method 'laser'"},
           {"las:grain=3", "unknown option 'grain'"},
           {"las:steps", "not of the form name=value"},
           {"las:steps=three", "'three' is no whole number"},
           {"dual-is:alpha=half", "remark, released"}}) {
    auto rows = sweep(study(), {configuration}, {}, sweepOptions());
    ASSERT_FALSE(rows.ok()) << configuration;
    EXPECT_THAT(rows.error().message(), HasSubstr(complaint));
  }
}

TEST(Sweep, ParetoFrontHoldsWhatNothingBeats) {
  std::vector<SweepRow> rows(4);
  const double nats[] = {1.0, 2.0, 2.5, 0.5}, joules[] = {4, 2, 3, 9};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].model = "m";
    rows[i].measured.nats = nats[i];
    rows[i].measured.joules["P4"] = joules[i];
  }
  rows.push_back(rows[2]);
  rows.back().model = "other";
  markParetoFront(rows, "P4");
  EXPECT_TRUE(rows[0].onParetoFront);
  EXPECT_TRUE(rows[1].onParetoFront);
  EXPECT_FALSE(rows[2].onParetoFront); // row 1 has less of both
  EXPECT_TRUE(rows[3].onParetoFront);
  EXPECT_TRUE(rows[4].onParetoFront); // alone in its model
}

TEST(Settings, DescriptionsParseBackToTheSameOptions) {
  ConversionOptions defaults;
  for (const std::string &text :
       {std::string("las"), std::string("mgpc:training=joint,grains=3"),
        std::string("dual-is:alpha=released,calibrate-blocks=off,steps=4"),
        std::string("spiked-attention:base=1.15"),
        std::string("rounding:prefix-tokens=3"),
        std::string("las:prefix-tokens=auto")}) {
    auto options = parseConfiguration(text, defaults);
    ASSERT_TRUE(options.ok()) << options.error().message();
    const std::string described = describeConfiguration(*options, defaults);
    auto again = parseConfiguration(described, defaults);
    ASSERT_TRUE(again.ok()) << again.error().message();
    EXPECT_EQ(described, describeConfiguration(*again, defaults));
    for (const Setting &setting : settings())
      EXPECT_EQ(setting.get(*options), setting.get(*again)) << setting.name;
  }
}

TEST(Blame, SingleSitesNearlyAddUpToTheWhole) {
  CompileOptions compile = sweepOptions().compile;
  auto conversion =
      parseConfiguration("phase:steps=5,nonlinear=digital", compile.conversion);
  ASSERT_TRUE(conversion.ok());
  compile.conversion = *conversion;
  auto plan =
      planConversion(study().checkpoint(), compile, study().calibration());
  ASSERT_TRUE(plan.ok()) << plan.error().message();
  // A network of few sites: the test measures each.
  for (auto coding = plan->codings.begin(); coding != plan->codings.end();)
    coding = coding->first.find("layers.1.") == 0 ? std::next(coding)
                                                  : plan->codings.erase(coding);
  auto report = blameSites(study(), compile, *plan, {});
  ASSERT_TRUE(report.ok()) << report.error().message();
  EXPECT_EQ(report->sites.size(), plan->codings.size());
  EXPECT_NEAR(report->digitalNats, report->floatNats, 0.01);
  EXPECT_GT(report->codedNats, report->digitalNats);
  for (std::size_t i = 1; i < report->sites.size(); ++i)
    EXPECT_GE(report->sites[i - 1].nats, report->sites[i].nats);
  const double whole = report->codedNats - report->digitalNats;
  EXPECT_NEAR(report->sumOfSites(), whole, 0.5 * whole);
  EXPECT_THAT(blameText(*report, 3), HasSubstr(report->sites[0].site));
}

TEST(CodingSearch, MeetsTheGoalWithNoMoreEnergyThanTheBestSingleCode) {
  SearchOptions options;
  options.goal.excess = 0.05;
  options.predictions = 128;
  options.exchangesPerSite = 1;
  options.pool = {"phase:steps=6,nonlinear=digital",
                  "phase:steps=5,nonlinear=digital",
                  "phase:steps=10,nonlinear=digital"};
  auto found = searchCodings(study(), sweepOptions().compile, options);
  ASSERT_TRUE(found.ok()) << found.error().message();
  EXPECT_EQ(found->candidates.size(), 3u);
  EXPECT_LE(found->nats, found->referenceNats + std::log(1.05));
  EXPECT_LE(found->joules, found->startJoules);
  EXPECT_THAT(found->explanation(), HasSubstr(found->start));
  for (const SearchCandidate &candidate : found->candidates)
    if (candidate.nats <= found->referenceNats + std::log(1.05)) {
      EXPECT_GE(candidate.joules, found->startJoules);
    }
}

TEST(CodingSearch, GoalsOutOfReachAndContradictoryOnesAreRefused) {
  SearchOptions options;
  options.predictions = 128;
  options.pool = {"phase:steps=4,nonlinear=digital"};
  auto none = searchCodings(study(), sweepOptions().compile, options);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message(), HasSubstr("one of --goal-perplexity"));
  options.goal.joules = 1e-15;
  auto far = searchCodings(study(), sweepOptions().compile, options);
  ASSERT_FALSE(far.ok());
  EXPECT_THAT(far.error().message(), HasSubstr("no method of the pool stays"));
  options.goal.excess = 0.1;
  EXPECT_FALSE(searchCodings(study(), sweepOptions().compile, options).ok());
}

TEST(StudyModel, TextsWithoutAWindowAreRefused) {
  StudyOptions options = smallStudy();
  options.skip = 0.9999;
  auto tooShort =
      StudyModel::load(shipped, shipped + "/evaluation.txt", options);
  ASSERT_FALSE(tooShort.ok());
  EXPECT_THAT(tooShort.error().message(), HasSubstr("one window takes 64"));
  options = smallStudy();
  options.calibration.tokens = 10;
  auto uncalibrated =
      StudyModel::load(shipped, shipped + "/evaluation.txt", options);
  ASSERT_FALSE(uncalibrated.ok());
  EXPECT_THAT(uncalibrated.error().message(),
              HasSubstr("--calibration-tokens"));
}

} // namespace
