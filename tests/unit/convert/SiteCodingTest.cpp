//===- SiteCodingTest.cpp - site names, and plans as JSON -----------------===//
#include "compiler/convert/SiteCoding.h"

#include "compiler/convert/StreamedUnits.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace {

using namespace synfire;
using nlohmann::json;

TEST(SiteKind, KnowsTheNamesOfSites) {
  const std::pair<const char *, SiteKind> known[] = {
      {"embed", SiteKind::Embedding},
      {"logits", SiteKind::Logits},
      {"final.norm", SiteKind::Norm},
      {"final.norm.square", SiteKind::Square},
      {"final.norm.rsqrt", SiteKind::InverseRoot},
      {"layers.0.attn.norm", SiteKind::Norm},
      {"layers.0.attn.norm.square", SiteKind::Square},
      {"layers.31.mlp.norm.rsqrt", SiteKind::InverseRoot},
      {"layers.7.attn.q_proj", SiteKind::Projection},
      {"layers.7.attn.k_proj", SiteKind::Projection},
      {"layers.7.attn.v_proj", SiteKind::Value},
      {"layers.7.attn.q", SiteKind::Query},
      {"layers.7.attn.k", SiteKind::Key},
      {"layers.7.attn.v", SiteKind::Value},
      {"layers.7.attn.exp", SiteKind::Exponential},
      {"layers.7.attn.reciprocal", SiteKind::Reciprocal},
      {"layers.7.attn.weights", SiteKind::Weights},
      {"layers.7.attn.mix", SiteKind::Mix},
      {"layers.7.attn.out", SiteKind::AttentionOut},
      {"layers.7.attn.residual", SiteKind::Residual},
      {"layers.7.mlp.gate", SiteKind::Gate},
      {"layers.7.mlp.act", SiteKind::Activation},
      {"layers.7.mlp.up", SiteKind::Up},
      {"layers.7.mlp.product", SiteKind::Product},
      {"layers.7.mlp.residual", SiteKind::Residual}};
  for (const auto &[name, kind] : known)
    EXPECT_EQ(siteKind(name), kind) << name;
}

TEST(SiteKind, OnlineRotationsMoveTheCodesBehindThem) {
  for (const auto &[plain, rotated] :
       {std::pair("layers.0.attn.q", "layers.0.attn.q_rotated"),
        std::pair("layers.0.attn.k", "layers.0.attn.k_rotated"),
        std::pair("layers.0.mlp.product", "layers.0.mlp.rotated")}) {
    EXPECT_EQ(siteKind(plain, false), siteKind(plain));
    EXPECT_EQ(siteKind(rotated, false), SiteKind::Other);
    EXPECT_EQ(siteKind(plain, true), SiteKind::Projection);
    EXPECT_EQ(siteKind(rotated, true), siteKind(plain));
  }
  for (const char *other : {"embed", "layers.0.attn.v", "layers.0.mlp.up"})
    EXPECT_EQ(siteKind(other, true), siteKind(other)) << other;
}

TEST(SiteKind, APlanOfRotatedSitesIsKnown) {
  NetworkPlan plan;
  EXPECT_FALSE(rotatesOnline(plan));
  for (const char *site : {"layers.0.mlp.product", "layers.0.attn.q", "odd"})
    plan.codings[site] = NumberUnit();
  EXPECT_FALSE(rotatesOnline(plan));
  plan.codings["layers.0.mlp.rotated"] = NumberUnit();
  EXPECT_TRUE(rotatesOnline(plan));
}

TEST(SiteKind, CallsEverythingElseOther) {
  for (const char *name :
       {"", "layers.", "layers.0", "layers.x.attn.q", "layers..attn.q",
        "layers.0.attn.norm.mean", "layers.0.attn.scores", "layers.0.attn.sum",
        "layers.0.attn.q.extra", "attn.q", "final.norm.mean", "embedding"})
    EXPECT_EQ(siteKind(name), SiteKind::Other) << name;
}

/// Every field differs from its default.
NetworkPlan makeStreamedPlan() {
  NetworkPlan plan;
  plan.form.frames = 2;
  plan.form.digital = true;
  plan.form.inputOnce = true;
  plan.form.compensated = true;
  plan.form.prefixTokens = {7, 1};
  TableUnit unit;
  NeuronConfig &config = unit.config;
  config.steps = 4;
  config.levels = 2;
  config.comparison = Comparison::Greater;
  config.input = InputMode::Streamed;
  config.cap = 3;
  config.offset = -(std::int64_t(1) << 52) - 1;
  config.bias = {1, -2, 3, -4};
  config.negative = NegativeRule::FromTracer;
  config.tracerMinimum = -5;
  config.tracerMaximum = 6;
  config.rehearsal = Rehearsal::Average;
  config.rehearsalSteps = 2;
  config.rehearsalMargin = 9;
  config.guardBits = 7;
  NeuronBank bank;
  bank.low = std::numeric_limits<std::int64_t>::min();
  bank.high = std::numeric_limits<std::int64_t>::max();
  bank.table.threshold = {10, 20, 11, 21, 12, 22, 13, 23};
  bank.table.decrement = {-1, 2, 3, 4, 5, 6, 7, 8};
  bank.table.payload = {2147483647, -2147483647, 3, 4, 5, 6, 7, 8};
  config.banks = {bank};
  unit.membraneScale = 1.0 / 3;
  unit.codeScale = 1e-17;
  unit.channelScale = {0.1, 0.7};
  plan.codings["layers.0.attn.norm"] = unit;
  TableUnit resting = unit;
  resting.config.cap = 0;
  resting.config.negative = NegativeRule::Off;
  resting.config.banks.front().table.rest = -7;
  plan.codings["layers.0.mlp.norm"] = resting;
  TableUnit traced = unit;
  traced.config.tracerOn = true;
  traced.config.negative = NegativeRule::BelowZero;
  traced.config.rehearsal = Rehearsal::Off;
  plan.codings["layers.0.attn.q"] = traced;
  TableUnit twoSided = unit;
  twoSided.config.negative = NegativeRule::Off;
  twoSided.config.sign = SignMode::Bipolar;
  plan.codings["layers.0.attn.k"] = twoSided;
  NumberUnit number;
  number.bits = 12;
  number.fullScale = 3.5;
  plan.codings["layers.0.attn.residual"] = number;
  plan.notes = {"one", "a \"quoted\" line\nand another"};
  plan.trainingSeconds = 12.25;
  return plan;
}

NetworkPlan makeOneShotPlan() {
  NetworkPlan plan;
  PhaseUnit phase;
  phase.steps = 10;
  phase.levels = 3;
  phase.threshold = 0.1;
  phase.outlierShift = 4;
  phase.rounding = true;
  plan.codings["embed"] = phase;
  TableUnit unit;
  unit.config.sign = SignMode::Magnitude;
  unit.config.clamp = 100;
  NeuronBank bank;
  bank.low = 0;
  bank.high = 50;
  bank.table = {{1}, {2}, {3}};
  unit.config.banks = {bank, bank};
  unit.config.banks[1].low = 60;
  unit.config.banks[1].high = 70;
  plan.codings["layers.0.attn.q"] = unit;
  return plan;
}

/// The text of a plan holds every field, so equal texts are equal plans.
void expectRoundTrip(const NetworkPlan &plan) {
  const std::string text = toJson(plan);
  const Result<NetworkPlan> back = networkPlanFromJson(text, "plan.json");
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(toJson(*back), text);
  EXPECT_EQ(back->codings.size(), plan.codings.size());
}

TEST(NetworkPlanJson, RoundTripsEveryVariantAndField) {
  expectRoundTrip(makeStreamedPlan());
  expectRoundTrip(makeOneShotPlan());
  expectRoundTrip(NetworkPlan());
}

TEST(NetworkPlanJson, KeepsValuesExactly) {
  const NetworkPlan plan = makeStreamedPlan();
  const Result<NetworkPlan> back = networkPlanFromJson(toJson(plan), "p");
  ASSERT_TRUE(back.ok()) << back.error().message();
  EXPECT_EQ(back->form.frames, 2);
  EXPECT_TRUE(back->form.digital);
  EXPECT_TRUE(back->form.inputOnce);
  EXPECT_TRUE(back->form.compensated);
  EXPECT_EQ(back->form.prefixTokens, (std::vector<int>{7, 1}));
  EXPECT_EQ(back->notes, plan.notes);
  EXPECT_EQ(back->trainingSeconds, 12.25);
  const auto &unit =
      std::get<TableUnit>(back->codings.at("layers.0.attn.norm"));
  const auto &from = std::get<TableUnit>(plan.codings.at("layers.0.attn.norm"));
  EXPECT_EQ(unit.membraneScale, from.membraneScale);
  EXPECT_EQ(unit.codeScale, from.codeScale);
  EXPECT_EQ(unit.channelScale, from.channelScale);
  EXPECT_EQ(unit.config.steps, from.config.steps);
  EXPECT_EQ(unit.config.levels, from.config.levels);
  EXPECT_EQ(unit.config.comparison, from.config.comparison);
  EXPECT_EQ(unit.config.sign, from.config.sign);
  EXPECT_EQ(unit.config.input, from.config.input);
  EXPECT_EQ(unit.config.cap, from.config.cap);
  EXPECT_EQ(unit.config.offset, from.config.offset);
  EXPECT_EQ(unit.config.bias, from.config.bias);
  EXPECT_EQ(unit.config.negative, from.config.negative);
  EXPECT_EQ(unit.config.tracerOn, from.config.tracerOn);
  EXPECT_EQ(unit.config.tracerMinimum, from.config.tracerMinimum);
  EXPECT_EQ(unit.config.tracerMaximum, from.config.tracerMaximum);
  EXPECT_EQ(unit.config.rehearsal, from.config.rehearsal);
  EXPECT_EQ(unit.config.rehearsalSteps, from.config.rehearsalSteps);
  EXPECT_EQ(unit.config.rehearsalMargin, from.config.rehearsalMargin);
  EXPECT_EQ(unit.config.guardBits, from.config.guardBits);
  const NeuronBank &bank = unit.config.banks.front();
  EXPECT_EQ(bank.low, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(bank.high, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(bank.table.threshold, from.config.banks.front().table.threshold);
  EXPECT_EQ(bank.table.decrement, from.config.banks.front().table.decrement);
  EXPECT_EQ(bank.table.payload, from.config.banks.front().table.payload);
  EXPECT_EQ(std::get<TableUnit>(back->codings.at("layers.0.mlp.norm"))
                .config.banks.front()
                .table.rest,
            -7);
  EXPECT_EQ(
      std::get<NumberUnit>(back->codings.at("layers.0.attn.residual")).bits,
      12);
}

TEST(NetworkPlanJson, EveryFieldIsRequired) {
  for (const NetworkPlan &plan : {makeStreamedPlan(), makeOneShotPlan()}) {
    const json whole = json::parse(toJson(plan));
    const json flat = whole.flatten();
    for (const auto &[pointer, value] : flat.items()) {
      const json::json_pointer at(pointer);
      const std::string &key = at.back();
      // Items of arrays have a place, not a name.
      if (key.find_first_not_of("0123456789") == std::string::npos)
        continue;
      json less = whole;
      less[at.parent_pointer()].erase(key);
      const Result<NetworkPlan> read = networkPlanFromJson(less.dump(), "p");
      ASSERT_FALSE(read.ok()) << pointer;
      EXPECT_NE(read.error().what.find("'" + key + "' is missing"),
                std::string::npos)
          << read.error().message();
    }
  }
}

TEST(NetworkPlanJson, EveryFieldHasAType) {
  for (const NetworkPlan &plan : {makeStreamedPlan(), makeOneShotPlan()}) {
    const json whole = json::parse(toJson(plan));
    const json flat = whole.flatten();
    for (const auto &[pointer, value] : flat.items())
      for (const json &wrong :
           {json(nullptr), json("wrong"), json({{"a", 1}}), json(1e300)}) {
        const json::json_pointer at(pointer);
        // A note may say anything, a real value may be large.
        if (wrong.type() == value.type() ||
            (wrong.is_number() && value.is_number_float()) ||
            (value.is_array() && value.empty() && wrong.is_array()))
          continue;
        // Real fields whose value happens to print as a whole number.
        if (wrong.is_number_float() && value.is_number() &&
            (pointer.find("_scale") != std::string::npos ||
             pointer.find("seconds") != std::string::npos ||
             pointer.find("/threshold") == pointer.size() - 10))
          continue;
        json bad = whole;
        bad[at] = wrong;
        EXPECT_FALSE(networkPlanFromJson(bad.dump(), "p").ok())
            << pointer << " = " << wrong;
      }
  }
}

std::string failure(const json &root) {
  const Result<NetworkPlan> read = networkPlanFromJson(root.dump(), "p.json");
  return read.ok() ? "" : read.error().message();
}

void expectFailure(const json &root, const std::string &part) {
  EXPECT_NE(failure(root).find(part), std::string::npos)
      << "'" << failure(root) << "' lacks '" << part << "'";
}

TEST(NetworkPlanJson, ErrorsNameTheField) {
  const json whole = json::parse(toJson(makeStreamedPlan()));
  const std::string norm = "/codings/layers.0.attn.norm";
  const auto with = [&](const std::string &pointer, const json &value) {
    json changed = whole;
    changed[json::json_pointer(pointer)] = value;
    return changed;
  };
  expectFailure(with("/form/frames", 257), "'frames' is 257");
  expectFailure(with("/form/frames", 0), "'frames' is 0");
  expectFailure(with("/form/more", 0), "'more' is no field");
  expectFailure(with("/form/prefix_tokens", 7), "'prefix_tokens' is 7");
  expectFailure(with(norm + "/unit", "tables"), "'unit' is \"tables\"");
  expectFailure(with(norm + "/membrane_scale", 0), "'membrane_scale' is 0");
  expectFailure(with(norm + "/code_scale", -1), "'code_scale' is -1");
  expectFailure(with(norm + "/channel_scale/1", 0), "'channel_scale' is 0");
  expectFailure(with(norm + "/config/sign", "both"), "'sign' is \"both\"");
  expectFailure(with(norm + "/config/steps", 257), "1 to 256");
  expectFailure(with(norm + "/config/steps", 4294967297), "'steps' is");
  expectFailure(with(norm + "/config/steps", 18446744073709551615u),
                "'steps' is");
  expectFailure(with(norm + "/config/offset", 18446744073709551615u),
                "'offset' is");
  expectFailure(with(norm + "/config/bias", json::array({1})),
                "bias has 1 entries");
  expectFailure(with(norm + "/config/banks", json::array()), "0 banks");
  expectFailure(with(norm + "/config/banks/0/table/payload/0", 2147483648),
                "'payload' is 2147483648");
  expectFailure(with("/codings/layers.0.attn.residual/bits", 25),
                "'bits' is 25");
  expectFailure(with("/codings", 3), "'codings' is 3");
  expectFailure(with("/notes", json::array({1})), "'notes' is 1");
  expectFailure(with("/training_seconds", -1), "'training_seconds' is -1");
  expectFailure(json::array(), "not an object");
  EXPECT_NE(failure(with(norm + "/unit", 1)).find("layers.0.attn.norm"),
            std::string::npos);
  EXPECT_FALSE(networkPlanFromJson("", "p").ok());
  EXPECT_FALSE(networkPlanFromJson("{\"form\": ", "p").ok());
  EXPECT_FALSE(networkPlanFromJson(std::string(100000, '['), "p").ok());
}

TEST(NetworkPlanJson, UnitsFitTheFrames) {
  json streamed = json::parse(toJson(makeStreamedPlan()));
  streamed["form"]["frames"] = 3;
  expectFailure(streamed, "no multiple of 3 frames");
  streamed["form"]["frames"] = 1;
  expectFailure(streamed, "the unit is streamed");
  json oneShot = json::parse(toJson(makeOneShotPlan()));
  oneShot["form"]["frames"] = 2;
  expectFailure(oneShot, "sends its value once");
  oneShot["codings"].erase("embed");
  expectFailure(oneShot, "the unit is all-at-once");
}

} // namespace
