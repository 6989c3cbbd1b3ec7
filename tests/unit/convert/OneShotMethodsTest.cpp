//===- OneShotMethodsTest.cpp - plans of the one-shot codes ---------------===//
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/OneShotPlan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace {

using namespace synfire;
using testing::Contains;
using testing::HasSubstr;

constexpr int channels = 20;

/// Two layers' sites, all of whose values differ by channel.
CalibrationData calibration() {
  CalibrationData data;
  const auto add = [&](const std::string &site, double scale) {
    std::vector<float> row;
    for (int i = 0; i < 200 * channels; ++i)
      row.push_back(static_cast<float>(scale * (1 + i % channels) *
                                       std::sin(0.7 * i + scale)));
    data.statistics[site].add(row.data(), 200, channels);
    data.samples[site].add(row.data(), 200 * channels);
  };
  for (const char *layer : {"layers.0.", "layers.1."}) {
    const std::string at = layer;
    for (const char *site :
         {"attn.norm.square", "attn.norm", "attn.q_proj",     "attn.k_proj",
          "attn.v_proj",      "attn.q",    "attn.k",          "attn.v",
          "attn.scores",      "attn.exp",  "attn.reciprocal", "attn.weights",
          "attn.mix",         "attn.out",  "attn.residual",   "mlp.norm",
          "mlp.gate",         "mlp.act",   "mlp.up",          "mlp.product",
          "mlp.residual"})
      add(at + site,
          0.1 * static_cast<double>(at.size() + std::string(site).size()));
  }
  add("embed", 1);
  add("final.norm", 1.5);
  add("logits", 3);
  return data;
}

const TableUnit &unitAt(const NetworkPlan &plan, const std::string &site) {
  const auto found = plan.codings.find(site);
  EXPECT_NE(found, plan.codings.end()) << site;
  static const TableUnit none;
  return found == plan.codings.end() ? none
                                     : std::get<TableUnit>(found->second);
}

using Plan = Result<NetworkPlan> (*)(const ConversionOptions &,
                                     const CalibrationData &,
                                     const BlockCalibration &);

NetworkPlan made(Plan method, const ConversionOptions &options,
                 const CalibrationData &data) {
  const Result<NetworkPlan> plan = method(options, data, {});
  EXPECT_TRUE(plan.ok()) << plan.error().message();
  EXPECT_EQ(plan->form.frames, 1);
  for (const auto &[site, unit] : plan->codings)
    EXPECT_TRUE(verify(std::get<TableUnit>(unit).config).ok()) << site;
  return *plan;
}

ConversionOptions optionsOf(const std::string &method, int steps) {
  ConversionOptions options;
  options.method = method;
  options.steps = steps;
  options.margin = 1.25;
  options.searchGrains = false;
  return options;
}

std::set<std::string> sitesOf(const NetworkPlan &plan) {
  std::set<std::string> sites;
  for (const auto &[site, unit] : plan.codings)
    sites.insert(site);
  return sites;
}

const std::set<std::string> populations = {"final.norm",
                                           "layers.0.attn.k",
                                           "layers.0.attn.norm",
                                           "layers.0.attn.out",
                                           "layers.0.attn.q",
                                           "layers.0.attn.v",
                                           "layers.0.attn.weights",
                                           "layers.0.mlp.act",
                                           "layers.0.mlp.norm",
                                           "layers.0.mlp.product",
                                           "layers.1.attn.k",
                                           "layers.1.attn.norm",
                                           "layers.1.attn.out",
                                           "layers.1.attn.q",
                                           "layers.1.attn.v",
                                           "layers.1.attn.weights",
                                           "layers.1.mlp.act",
                                           "layers.1.mlp.norm",
                                           "layers.1.mlp.product"};

TEST(OneShotMethods, NinePopulationsALayerAndTheFinalNorm) {
  const CalibrationData data = calibration();
  for (const auto &[name, method] :
       {std::pair<const char *, Plan>{"las-lite", planLasLite},
        {"rounding", planRounding},
        {"two-spike", planTwoSpike},
        {"mgpc", planMgpc},
        {"ttfs", planTtfs}}) {
    const NetworkPlan plan = made(method, optionsOf(name, 8), data);
    EXPECT_TRUE(plan.form.digital);
    EXPECT_EQ(sitesOf(plan), populations) << name;
  }
}

TEST(OneShotMethods, WhereFunctionsSpikeTheyHaveNoCoding) {
  const CalibrationData data = calibration();
  ConversionOptions options = optionsOf("rounding", 8);
  options.nonlinear = "hg";
  const NetworkPlan plan = made(planRounding, options, data);
  EXPECT_FALSE(plan.form.digital);
  EXPECT_EQ(plan.codings.size(), 2 * 7u + 1);
  EXPECT_EQ(plan.codings.count("layers.0.attn.weights"), 0u);
  EXPECT_EQ(plan.codings.count("layers.0.mlp.act"), 0u);
  EXPECT_EQ(plan.codings.count("layers.0.mlp.product"), 1u);
}

TEST(OneShotMethods, FullScalesAreTheLargestValuesTimesTheMargin) {
  const CalibrationData data = calibration();
  const ConversionOptions options = optionsOf("las-lite", 8);
  const NetworkPlan plan = made(planLasLite, options, data);
  const std::string site = "layers.1.attn.q";
  const double largest = data.statistics.at(site).absoluteMaximum();
  EXPECT_DOUBLE_EQ(unitAt(plan, site).codeScale, largest * 1.25 / 256);
  EXPECT_EQ(fullScale(data.statistics, "layers.1.attn.weights", options), 1);
  EXPECT_EQ(fullScale(data.statistics, "layers.7.attn.q", options), 1);
  ConversionOptions open = options;
  open.margin = 0;
  EXPECT_DOUBLE_EQ(fullScale(data.statistics, site, open), largest);
}

TEST(OneShotMethods, OffsetsAndCapsByMethod) {
  const CalibrationData data = calibration();
  ConversionOptions options = optionsOf("rounding", 6);
  options.cap = 3;
  const NetworkPlan rounding = made(planRounding, options, data);
  const TableUnit &unit = unitAt(rounding, "layers.0.mlp.act");
  EXPECT_EQ(unit.config.cap, 3);
  EXPECT_EQ(unit.config.offset,
            unit.config.banks[0].table.threshold.back() / 2);
  EXPECT_EQ(unitAt(rounding, "layers.0.attn.weights").config.cap, 0);
  EXPECT_THAT(rounding.notes, Contains(HasSubstr("first 3 spike(s)")));

  const NetworkPlan two = made(planTwoSpike, optionsOf("two-spike", 6), data);
  EXPECT_EQ(unitAt(two, "final.norm").config.cap, 2);
  EXPECT_EQ(unitAt(two, "final.norm").config.offset, 0);
  const NetworkPlan mgpc = made(planMgpc, options, data);
  EXPECT_EQ(unitAt(mgpc, "final.norm").config.cap, 3);
  EXPECT_EQ(unitAt(mgpc, "layers.0.attn.weights").config.cap, 0);
}

TEST(OneShotMethods, MgpcSaysHowItsTablesCompare) {
  const CalibrationData data = calibration();
  const NetworkPlan plan = made(planMgpc, optionsOf("mgpc", 8), data);
  EXPECT_GT(plan.trainingSeconds, 0);
  EXPECT_THAT(plan.notes, Contains(HasSubstr("over 19 populations")));
  const NetworkPlan again = made(planMgpc, optionsOf("mgpc", 8), data);
  EXPECT_EQ(plan.notes, again.notes);
  for (const std::string &site : populations)
    EXPECT_EQ(unitAt(plan, site).config.banks[0].table.threshold,
              unitAt(again, site).config.banks[0].table.threshold);
}

TEST(OneShotMethods, MgpcWithoutSamplesNamesTheSite) {
  CalibrationData data = calibration();
  data.samples.erase("layers.1.mlp.product");
  const Result<NetworkPlan> plan = planMgpc(optionsOf("mgpc", 8), data, {});
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().message(),
              HasSubstr("site 'layers.1.mlp.product': no samples"));
}

TEST(OneShotMethods, NothingSeenIsAnError) {
  const Result<NetworkPlan> plan =
      planRounding(optionsOf("rounding", 8), {}, {});
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().message(), HasSubstr("no calibration statistics"));
}

TEST(OneShotMethods, SpikedAttentionHasASoftmaxOfItsOwn) {
  const CalibrationData data = calibration();
  ConversionOptions options = optionsOf("spiked-attention", 16);
  options.base = 1.4;
  const NetworkPlan plan = made(planSpikedAttention, options, data);
  EXPECT_EQ(plan.codings.size(), populations.size() + 2);
  const TableUnit &softmax = unitAt(plan, "layers.1.attn.exp");
  EXPECT_EQ(softmax.config.sign, SignMode::None);
  EXPECT_EQ(softmax.config.cap, 1);
  EXPECT_LT(softmax.config.banks[0].table.threshold.back(), 0);
  EXPECT_EQ(unitAt(plan, "layers.0.attn.q").config.cap, 1);
  EXPECT_THAT(plan.notes, Contains(HasSubstr("not retrained")));
}

TEST(OneShotMethods, TtfsTakesLongTrains) {
  const NetworkPlan plan =
      made(planTtfs, optionsOf("ttfs", 128), calibration());
  EXPECT_EQ(unitAt(plan, "final.norm").config.steps, 128);
}

TEST(OneShotMethods, SpikeLlmGivesSalientChannelsMoreBits) {
  const CalibrationData data = calibration();
  ConversionOptions options = optionsOf("spikellm", 2);
  options.activationBits = 5;
  options.saliency = 0.1;
  const NetworkPlan plan = made(planSpikeLlm, options, data);
  EXPECT_EQ(plan.codings.count("final.norm"), 0u);
  EXPECT_EQ(plan.codings.count("layers.0.mlp.act"), 0u);
  EXPECT_EQ(plan.codings.size(), 2 * 8u);

  const std::string site = "layers.0.mlp.product";
  const TableUnit &unit = unitAt(plan, site);
  EXPECT_EQ(unit.config.steps, 2);
  EXPECT_EQ(unit.config.levels, 15); // four bits and a sign
  const std::vector<float> &largest = data.statistics.at(site).channelMaximum;
  ASSERT_EQ(unit.channelScale.size(), largest.size());
  std::vector<float> sorted = largest;
  std::sort(sorted.rbegin(), sorted.rend());
  for (std::size_t c = 0; c < largest.size(); ++c) {
    const double counts = largest[c] >= sorted[1] ? 30 : 15;
    EXPECT_NEAR(unit.channelScale[c] * unit.codeScale * counts,
                1.25 * static_cast<double>(largest[c]), 1e-6);
    EXPECT_LE(unit.channelScale[c], 1);
  }

  const TableUnit &query = unitAt(plan, "layers.0.attn.q");
  EXPECT_TRUE(query.channelScale.empty());
  EXPECT_EQ(query.config.steps, 1);
  const TableUnit &weights = unitAt(plan, "layers.0.attn.weights");
  EXPECT_EQ(weights.config.levels, 31);
  EXPECT_DOUBLE_EQ(weights.codeScale * 31, 1);
}

} // namespace
