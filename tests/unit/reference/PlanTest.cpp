#include "compiler/reference/Plan.h"

#include <gtest/gtest.h>
#include <set>

using namespace synfire;

namespace {

ModelConfig smallConfig() {
  ModelConfig config;
  config.hiddenSize = 8;
  config.intermediateSize = 12;
  config.layers = 2;
  config.heads = 4;
  config.keyValueHeads = 2;
  config.headDim = 2;
  config.vocabulary = 10;
  config.maxPositions = 16;
  config.rmsNormEps = 1e-5;
  config.ropeTheta = 10000;
  return config;
}

TEST(Plan, OfALlamaIsValidAndNamesItsSites) {
  const ReferencePlan plan = planLlama(smallConfig());
  const Status status = verify(plan);
  EXPECT_TRUE(status.ok()) << status.error().message();
  EXPECT_EQ(plan.steps.size(), 1u + 2 * 16 + 2);
  std::set<std::string> sites;
  for (const ReferenceStep &step : plan.steps)
    if (!step.site.empty()) {
      EXPECT_TRUE(sites.insert(step.site).second) << step.site;
    }
  for (const char *site :
       {"embed", "layers.1.attn.norm", "layers.0.attn.q_proj",
        "layers.0.attn.q", "layers.1.attn.out", "layers.1.attn.residual",
        "layers.0.mlp.norm", "layers.0.mlp.gate", "layers.0.mlp.act",
        "layers.0.mlp.up", "layers.0.mlp.product", "layers.1.mlp.residual",
        "final.norm", "logits"})
    EXPECT_TRUE(sites.count(site)) << site;
}

TEST(Plan, TiedEmbeddingsServeAsOutputWeights) {
  ModelConfig config = smallConfig();
  EXPECT_EQ(planLlama(config).steps.back().weight, "lm_head.weight");
  config.tieEmbeddings = true;
  EXPECT_EQ(planLlama(config).steps.back().weight, "model.embed_tokens.weight");
}

TEST(Plan, SiblingSiteReplacesTheLastComponent) {
  EXPECT_EQ(siblingSite("layers.0.attn.out", "exp"), "layers.0.attn.exp");
  EXPECT_EQ(siblingSite("out", "exp"), "exp");
}

std::string failure(const ReferencePlan &plan) {
  const Status status = verify(plan);
  return status.ok() ? "" : status.error().message();
}

TEST(Plan, RefusesAValueBeforeItsDefinition) {
  ReferencePlan plan = planLlama(smallConfig());
  plan.steps[1].operands = {5};
  EXPECT_NE(failure(plan).find("value 5 is used before it is defined"),
            std::string::npos);
}

TEST(Plan, RefusesAValueDefinedTwice) {
  ReferencePlan plan = planLlama(smallConfig());
  plan.steps[1].result = 0;
  EXPECT_NE(failure(plan).find("value 0 is defined twice"), std::string::npos);
}

TEST(Plan, RefusesBlocksThatAreNoPowerOfTwoOrDoNotFit) {
  for (std::int64_t block : {0, 6, 8}) {
    ReferencePlan plan = planLlama(smallConfig());
    for (ReferenceStep &step : plan.steps)
      if (step.site == "layers.0.mlp.act") { // 12 wide
        step.kind = StepKind::Hadamard;
        step.headWidth = block;
      }
    EXPECT_NE(failure(plan).find("do not make 12"), std::string::npos) << block;
    plan = planLlama(smallConfig());
    plan.steps.back().inputHadamard = block + 8 * (block == 8);
    EXPECT_NE(failure(plan).find("do not make inputs of 8"), std::string::npos)
        << block;
  }
}

TEST(Plan, RefusesWidthsThatDoNotAgree) {
  ReferencePlan plan = planLlama(smallConfig());
  plan.steps[1].width = 9;
  EXPECT_NE(failure(plan).find("operand 0 has width 8 instead of 9"),
            std::string::npos);
}

TEST(Plan, RefusesHeadsThatDoNotMakeTheWidth) {
  ReferencePlan plan = planLlama(smallConfig());
  for (ReferenceStep &step : plan.steps)
    if (step.kind == StepKind::Attention)
      step.keyValueHeads = 3;
  EXPECT_NE(failure(plan).find("4 heads of width 2 on 3 key/value heads"),
            std::string::npos);
}

TEST(Plan, RefusesAMissingWeightAndAWrongEnd) {
  ReferencePlan plan = planLlama(smallConfig());
  plan.steps[2].weight.clear();
  EXPECT_NE(failure(plan).find("no weight tensor is named"), std::string::npos);
  plan = planLlama(smallConfig());
  plan.steps.pop_back();
  EXPECT_NE(failure(plan).find("the last step is rms_norm"), std::string::npos);
}

} // namespace
