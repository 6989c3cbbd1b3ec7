#include "runtime/report/Estimate.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace synfire;

namespace {

Estimate estimateOf(const char *name, std::uint64_t sequence) {
  auto shape = builtinShape(name);
  EXPECT_TRUE(shape.ok());
  EstimateOptions options;
  options.sequence = sequence;
  auto result = estimate(*shape, options);
  EXPECT_TRUE(result.ok());
  return *result;
}

// CONVERSION.md 8.1 and golden vector G29: LLaMA-3-8B, S = 512, full attention,
// one forward pass.
TEST(Estimate, Llama3At512CountsWhatTheGoldenVectorSays) {
  const Estimate result = estimateOf("llama-3-8b", 512);
  EXPECT_EQ(result.ann.linear, 3573412790272u);
  EXPECT_EQ(result.ann.lmHead, 268972326912u);
  EXPECT_EQ(result.ann.queryKey, 34359738368u);
  EXPECT_EQ(result.ann.attentionValue, 34359738368u);
  EXPECT_EQ(result.ann.macs() - result.ann.elementwise, 3911104593920u);
  // 2 * RMSNorm elements + 3 * SwiGLU elements.
  EXPECT_EQ(result.ann.elementwise, 2u * 136314880 + 3u * 234881024);
  EXPECT_NEAR(static_cast<double>(result.ann.macs()) / 1e9, 3912.08, 0.005);
}

// MGPC Table 3: 18.00 J of compute; 38.47 J of reads and writes, of which its
// model explains 38.42 to 38.46 (CONVERSION.md 8.3).
TEST(Estimate, Llama3At512CostsWhatThePaperPrints) {
  const Estimate result = estimateOf("llama-3-8b", 512);
  EXPECT_NEAR(result.annComputeJoules(), 17.9956, 5e-5);
  EXPECT_GT(result.annTrafficJoules(), 38.42);
  EXPECT_LT(result.annTrafficJoules(), 38.46);
}

TEST(Estimate, WeightsOfTheBuiltInShapesMatchTheirReleases) {
  // Multiply-accumulates of one token through the layers and the head equal
  // the released parameter counts less embeddings, norms and biases.
  auto perToken = [](const char *name) {
    const Estimate result = estimateOf(name, 1);
    return result.ann.linear + result.ann.lmHead;
  };
  EXPECT_EQ(perToken("llama-2-7b"), 6607077376u);   // 6,738,415,616 in all
  EXPECT_EQ(perToken("llama-2-13b"), 12851609600u); // 13,015,864,320 in all
  EXPECT_EQ(perToken("llama-3-8b"), 7504658432u);   // 8,030,261,248 in all
  EXPECT_EQ(perToken("qwen2-7b"), 7070285824u);     // 7,615,616,512 in all
  EXPECT_EQ(perToken("gpt2"), 123532032u);          // 124,439,808 in all
  EXPECT_EQ(perToken("bert-base"), 84934656u);      // 109,482,240 in all
  EXPECT_EQ(perToken("opt-66b"), 65693122560u);     // "66B"
}

TEST(Estimate, CausalAttentionIsHalfOfTheFullOneAndADiagonal) {
  const Estimate result = estimateOf("llama-2-7b", 100);
  EXPECT_EQ(result.causal.linear, result.ann.linear);
  EXPECT_EQ(result.ann.queryKey * 101 / 200, result.causal.queryKey);
  EXPECT_EQ(result.decode.linear * 100, result.ann.linear);
  EXPECT_EQ(result.decode.queryKey * 100, result.ann.queryKey);
}

TEST(Estimate, SpikesDriveWhatTheOriginalMultiplies) {
  auto shape = builtinShape("gpt2");
  ASSERT_TRUE(shape.ok());
  EstimateOptions options;
  options.sequence = 8;
  options.steps = 6;
  const auto byRule = estimate(*shape, options);
  ASSERT_TRUE(byRule.ok());
  EXPECT_DOUBLE_EQ(byRule->options.spikesPerValue, 2);
  options.spikesPerValue = 1.5;
  const auto result = estimate(*shape, options);
  ASSERT_TRUE(result.ok());
  EXPECT_DOUBLE_EQ(result->snn.linear, 1.5 * result->ann.linear);
  EXPECT_DOUBLE_EQ(result->snn.lmHead, 1.5 * result->ann.lmHead);
  EXPECT_DOUBLE_EQ(result->snn.attention, 1.5 * result->ann.attention());
  EXPECT_NEAR(result->snnComputeJoules(),
              (0.9 * result->snn.additions() + 4.6 * result->snn.macs) * 1e-12,
              1e-15);
  EXPECT_EQ(toString(result->quantised), "W8A6");
}

TEST(Estimate, RefusesWhatItCannotCount) {
  auto shape = builtinShape("gpt2");
  ASSERT_TRUE(shape.ok());
  EstimateOptions options;
  options.sequence = 0;
  EXPECT_FALSE(estimate(*shape, options).ok());
  options = {};
  options.steps = 257;
  EXPECT_FALSE(estimate(*shape, options).ok());
  options = {};
  options.spikesPerValue = -1;
  EXPECT_FALSE(estimate(*shape, options).ok());
  options = {};
  shape->keyValueHeads = 5;
  const auto heads = estimate(*shape, options);
  ASSERT_FALSE(heads.ok());
  EXPECT_NE(heads.error().message().find("12 heads do not divide among 5"),
            std::string::npos);
  shape->keyValueHeads = 12;
  shape->layers = shape->hidden = shape->intermediate = 1 << 20;
  EXPECT_FALSE(estimate(*shape, options).ok());
  const auto unknown = builtinShape("gpt5");
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message().find("llama-3-8b"), std::string::npos);
}

TEST(Estimate, JsonHasTheKeysThatScriptsRelyOn) {
  const auto json =
      nlohmann::json::parse(estimateJson(estimateOf("llama-3-8b", 512)));
  EXPECT_EQ(json["ann_macs"]["linear"], 3573412790272u);
  EXPECT_EQ(json["ann_macs"]["lm_head"], 268972326912u);
  EXPECT_EQ(json["ann_macs"]["attention"], 2u * 34359738368u);
  EXPECT_EQ(json["ann_macs"]["elementwise"], 977272832u);
  EXPECT_NEAR(json["ann_energy_joules"]["fp32"]["P1"].get<double>(), 17.9956,
              5e-5);
  EXPECT_TRUE(json["ann_energy_joules"]["quantised"].contains("P2"));
  EXPECT_TRUE(json["snn"]["energy_joules"].contains("P1"));
  const auto encoder =
      nlohmann::json::parse(estimateJson(estimateOf("bert-base", 128)));
  EXPECT_EQ(encoder["ann_macs"]["lm_head"], 0);
  EXPECT_FALSE(encoder.contains("ann_macs_causal"));
}

TEST(Estimate, TextShowsThePublishedFigure) {
  const std::string text = estimateText(estimateOf("llama-3-8b", 512));
  EXPECT_NE(text.find("18.00 J"), std::string::npos) << text;
  EXPECT_NE(text.find("3573.41 G"), std::string::npos) << text;
  EXPECT_NE(text.find("ANN W8A16"), std::string::npos) << text;
}

} // namespace
