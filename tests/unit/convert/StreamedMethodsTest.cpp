//===- StreamedMethodsTest.cpp - plans of the streamed methods ------------===//
#include "compiler/convert/StreamedMethods.h"
#include "compiler/convert/StreamedThresholds.h"
#include "compiler/convert/StreamedUnits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace {

using namespace synfire;

const char *const layerNames[] = {
    "attn.norm",     "attn.norm.square", "attn.norm.mean", "attn.norm.rsqrt",
    "attn.q_proj",   "attn.k_proj",      "attn.v_proj",    "attn.q",
    "attn.k",        "attn.v",           "attn.scores",    "attn.exp",
    "attn.sum",      "attn.reciprocal",  "attn.weights",   "attn.mix",
    "attn.out",      "attn.residual",    "mlp.norm",       "mlp.norm.square",
    "mlp.norm.mean", "mlp.norm.rsqrt",   "mlp.gate",       "mlp.act",
    "mlp.up",        "mlp.product",      "mlp.residual"};

SiteStatistics gaussian(double deviation, int seed) {
  std::mt19937 random(static_cast<unsigned>(seed));
  std::normal_distribution<float> draw(0, static_cast<float>(deviation));
  std::vector<float> values(4000);
  for (float &value : values)
    value = draw(random);
  SiteStatistics statistics;
  statistics.add(values.data(), 1000, 4);
  return statistics;
}

CalibrationData makeData(int layers) {
  CalibrationData data;
  int seed = 1;
  for (int layer = 0; layer < layers; ++layer)
    for (const char *name : layerNames)
      data.statistics["layers." + std::to_string(layer) + "." + name] =
          gaussian(1, seed++);
  for (const char *name : {"embed", "final.norm", "logits"})
    data.statistics[name] = gaussian(1, seed++);
  for (auto &[name, statistics] : data.statistics)
    if (siteKind(name) == SiteKind::Weights) {
      statistics = {};
      const float shares[] = {0.9f, 0.06f, 0.03f, 0.01f};
      statistics.addToChannel(0, shares, 4);
    }
  return data;
}

ConversionOptions makeOptions(const char *method, int steps) {
  ConversionOptions options;
  options.method = method;
  options.steps = steps;
  return options;
}

using Plan = Result<NetworkPlan> (*)(const ConversionOptions &,
                                     const CalibrationData &,
                                     const BlockCalibration &);
struct Entry {
  const char *name;
  Plan plan;
  const std::vector<SiteKind> &sites;
};

const Entry entries[] = {{"dual-is", planDualIs, dualIsSites()},
                         {"if", planIf, ifSites()},
                         {"qcfs", planQcfs, activationSites()},
                         {"srp", planSrp, activationSites()},
                         {"cos", planCos, activationSites()},
                         {"fas", planFas, activationSites()},
                         {"spikezip", planSpikeZip, spikeZipSites()},
                         {"ecmt", planEcmt, ecmtSites()},
                         {"sta", planSta, staSites()}};

const TableUnit &unitAt(const NetworkPlan &plan, const std::string &site) {
  return std::get<TableUnit>(plan.codings.at(site));
}

/// The real value that theta stands for, of a unit with equal steps.
double thetaOf(const TableUnit &unit) {
  return static_cast<double>(
             unit.config.banks.front().table.decrement.front()) *
         unit.membraneScale;
}

TEST(StreamedMethods, CodeTheAuthorsSitesOfEveryLayer) {
  const CalibrationData data = makeData(2);
  for (const Entry &entry : entries) {
    SCOPED_TRACE(entry.name);
    const Result<NetworkPlan> plan =
        entry.plan(makeOptions(entry.name, 8), data, nullptr);
    ASSERT_TRUE(plan.ok()) << plan.error().message();
    EXPECT_EQ(plan->form.frames, 8);
    EXPECT_TRUE(plan->form.digital);
    EXPECT_FALSE(plan->notes.empty());
    std::set<std::string> expected, coded;
    for (const auto &[name, statistics] : data.statistics)
      for (const SiteKind kind : entry.sites)
        if (siteKind(name) == kind)
          expected.insert(name);
    for (const auto &[name, unit] : plan->codings) {
      coded.insert(name);
      const auto *table = std::get_if<TableUnit>(&unit);
      ASSERT_NE(table, nullptr);
      EXPECT_EQ(table->config.input, InputMode::Streamed);
      EXPECT_EQ(table->config.steps % 8, 0);
      EXPECT_TRUE(verify(table->config).ok());
    }
    EXPECT_EQ(coded, expected);
    // A plan survives its own text.
    const Result<NetworkPlan> back = networkPlanFromJson(toJson(*plan), "p");
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(toJson(*back), toJson(*plan));
  }
}

TEST(StreamedMethods, FormsAreTheAuthors) {
  const CalibrationData data = makeData(1);
  const std::set<std::string> compensated = {"if",  "qcfs", "srp", "cos",
                                             "fas", "ecmt", "sta"};
  for (const Entry &entry : entries) {
    SCOPED_TRACE(entry.name);
    const Result<NetworkPlan> plan =
        entry.plan(makeOptions(entry.name, 4), data, nullptr);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan->form.compensated, compensated.count(entry.name) == 1);
    EXPECT_EQ(plan->form.inputOnce, std::string(entry.name) == "spikezip");
  }
}

TEST(StreamedMethods, NothingSeenIsAnError) {
  for (const Entry &entry : entries) {
    const Result<NetworkPlan> plan =
        entry.plan(makeOptions(entry.name, 4), CalibrationData(), nullptr);
    ASSERT_FALSE(plan.ok()) << entry.name;
    EXPECT_NE(plan.error().what.find(entry.name), std::string::npos);
  }
}

TEST(StreamedMethods, ASiteOfZerosHasSomeScale) {
  CalibrationData data = makeData(1);
  SiteStatistics zeros;
  const std::vector<float> values(16, 0.0f);
  zeros.add(values.data(), 4, 4);
  for (auto &[name, statistics] : data.statistics)
    statistics = zeros;
  for (const Entry &entry : entries) {
    const Result<NetworkPlan> plan =
        entry.plan(makeOptions(entry.name, 4), data, nullptr);
    EXPECT_TRUE(plan.ok()) << entry.name << ": " << plan.error().message();
  }
}

TEST(StreamedMethods, DualIsHasTheQuantisersThreshold) {
  const CalibrationData data = makeData(1);
  ConversionOptions options = makeOptions("dual-is", 4);
  const Result<NetworkPlan> plan = planDualIs(options, data, nullptr);
  ASSERT_TRUE(plan.ok());
  const TableUnit &unit = unitAt(*plan, "layers.0.mlp.product");
  EXPECT_EQ(unit.config.levels, 16);
  const SiteStatistics &seen = data.statistics.at("layers.0.mlp.product");
  const double theta = thetaOf(unit);
  EXPECT_NEAR(unit.codeScale, theta, 1e-12);
  const double error = squaredError(seen, {-32, 31}, theta);
  // No coarser and no finer one is better by more than the grid's width.
  for (const double factor : {0.5, 0.8, 1.25, 2.0})
    EXPECT_LT(error, squaredError(seen, {-32, 31}, theta * factor));
  EXPECT_LE(error,
            squaredError(seen, {-32, 31}, seen.absoluteMaximum() / 31.5));
}

TEST(StreamedMethods, DualIsCalibratesWhereItIsAskedTo) {
  const CalibrationData data = makeData(1);
  int calls = 0;
  const BlockCalibration calibrate = [&](NetworkPlan &plan) {
    ++calls;
    std::get<TableUnit>(plan.codings.at("final.norm")).codeScale = 42;
    return Status::success();
  };
  ConversionOptions options = makeOptions("dual-is", 4);
  Result<NetworkPlan> plan = planDualIs(options, data, calibrate);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(unitAt(*plan, "final.norm").codeScale, 42);
  options.calibrateBlocks = false;
  plan = planDualIs(options, data, calibrate);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(calls, 1);
  options = makeOptions("dual-is", 1);
  plan = planDualIs(options, data, calibrate);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(unitAt(*plan, "final.norm").config.input, InputMode::AllAtOnce);
  options.steps = 4;
  const BlockCalibration fails = [](NetworkPlan &) {
    return Status(makeError("no windows"));
  };
  plan = planDualIs(options, data, fails);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().what, "no windows");
}

TEST(StreamedMethods, DualIsMaySpikeThroughout) {
  const CalibrationData data = makeData(1);
  ConversionOptions options = makeOptions("dual-is", 4);
  options.nonlinear = "hg";
  options.margin = 2;
  const Result<NetworkPlan> plan = planDualIs(options, data, nullptr);
  ASSERT_TRUE(plan.ok());
  EXPECT_FALSE(plan->form.digital);
  const auto &sum =
      std::get<NumberUnit>(plan->codings.at("layers.0.attn.residual"));
  EXPECT_EQ(sum.fullScale,
            2 * data.statistics.at("layers.0.attn.residual").absoluteMaximum());
  EXPECT_EQ(plan->codings.count("layers.0.mlp.act"), 0u);
}

TEST(StreamedMethods, AttentionWeightsAreOneSided) {
  const CalibrationData data = makeData(1);
  const std::string site = "layers.0.attn.weights";
  Result<NetworkPlan> plan = planIf(makeOptions("if", 16), data, nullptr);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(unitAt(*plan, site).config.sign, SignMode::None);
  EXPECT_DOUBLE_EQ(unitAt(*plan, site).codeScale, 1.0 / 16);
  EXPECT_EQ(unitAt(*plan, "layers.0.attn.q").config.sign, SignMode::Bipolar);

  ConversionOptions eightLevels = makeOptions("spikezip", 16);
  eightLevels.quantiserLevels = 8;
  plan = planSpikeZip(eightLevels, data, nullptr);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(unitAt(*plan, site).config.tracerMinimum, 0);
  EXPECT_EQ(unitAt(*plan, site).config.tracerMaximum, 7);
  EXPECT_EQ(unitAt(*plan, "layers.0.attn.q").config.tracerMinimum, -4);
  EXPECT_EQ(unitAt(*plan, "layers.0.attn.q").config.tracerMaximum, 3);

  plan = planEcmt(makeOptions("ecmt", 16), data, nullptr);
  ASSERT_TRUE(plan.ok());
  EXPECT_DOUBLE_EQ(unitAt(*plan, site).codeScale, 0.0125 / 16);
}

TEST(StreamedMethods, AttentionWeightsNeedNoStatistics) {
  CalibrationData data = makeData(1);
  data.statistics.erase("layers.0.attn.weights");
  for (const Entry &entry : entries) {
    const Result<NetworkPlan> plan =
        entry.plan(makeOptions(entry.name, 4), data, nullptr);
    ASSERT_TRUE(plan.ok()) << entry.name;
    const bool codes = std::count(entry.sites.begin(), entry.sites.end(),
                                  SiteKind::Weights) > 0;
    EXPECT_EQ(plan->codings.count("layers.0.attn.weights"), codes ? 1u : 0u);
  }
}

TEST(StreamedMethods, FasHasAThresholdAChannel) {
  CalibrationData data = makeData(1);
  SiteStatistics &seen = data.statistics.at("layers.0.mlp.product");
  seen.channelMaximum = {0.01f, 100, 0, 1};
  const Result<NetworkPlan> plan =
      planFas(makeOptions("fas", 8), data, nullptr);
  ASSERT_TRUE(plan.ok());
  const TableUnit &unit = unitAt(*plan, "layers.0.mlp.product");
  ASSERT_EQ(unit.channelScale.size(), 4u);
  EXPECT_NEAR(unit.channelScale[0] * unit.codeScale * 8, 0.01, 1e-8);
  EXPECT_EQ(unit.channelScale[1], 1);
  EXPECT_EQ(unit.channelScale[2], 1);
}

TEST(StreamedMethods, RehearsalsHearTheWholeTrain) {
  const CalibrationData data = makeData(1);
  const auto check = [&](Plan plan, const char *name, Rehearsal rehearsal) {
    const Result<NetworkPlan> made = plan(makeOptions(name, 8), data, nullptr);
    ASSERT_TRUE(made.ok());
    const NeuronConfig &config = unitAt(*made, "layers.0.mlp.product").config;
    EXPECT_EQ(config.rehearsal, rehearsal);
    EXPECT_EQ(config.rehearsalSteps, 8);
    EXPECT_GE(config.rehearsalMargin, 1);
  };
  check(planSrp, "srp", Rehearsal::ResidualMask);
  check(planCos, "cos", Rehearsal::OptimalShift);
}

TEST(StreamedThresholds, ErrorOfAUniformDensityIsAStepsVariance) {
  std::vector<float> values;
  for (int i = 1; i <= 100000; ++i)
    values.push_back(static_cast<float>(i) / 100000);
  SiteStatistics statistics;
  statistics.add(values.data(), static_cast<std::int64_t>(values.size()), 1);
  const double step = 1.0 / 16;
  EXPECT_NEAR(squaredError(statistics, {0, 16}, step), step * step / 12,
              0.03 * step * step / 12);
  // Truncation: the mean square of [0, step).
  EXPECT_NEAR(squaredError(statistics, {0, 16, 0}, step), step * step / 3,
              0.03 * step * step / 3);
  EXPECT_NEAR(meanMagnitude(statistics), 0.5, 0.01);
}

TEST(StreamedThresholds, FitClipsARareOutlier) {
  SiteStatistics statistics = gaussian(1, 3);
  const float outlier = 20;
  statistics.add(&outlier, 1, 1);
  const QuantiserShape coarse = {-4, 3};
  EXPECT_LT(fitFullScale(statistics, {-8, 7}, 7.5), 10);
  const SiteStatistics plain = gaussian(1, 3);
  EXPECT_LT(fitFullScale(plain, coarse, 3.5), plain.absoluteMaximum());
  EXPECT_EQ(fitFullScale(SiteStatistics(), coarse, 3.5), 1);
}

} // namespace
