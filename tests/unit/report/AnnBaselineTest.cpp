#include "runtime/report/AnnBaseline.h"

#include "SmallRun.h"
#include "runtime/report/EnergyPrices.h"
#include "runtime/report/Report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace synfire;
using test::smallRun;

namespace {

TEST(AnnBaseline, CountsASmallModelByHand) {
  const ModelShape shape = modelShape(smallRun().model);
  const AnnWork work = annWork(shape, SequenceWork::causal(3));
  // q 4x4, k and v 4x2, o 4x4, gate, up and down 4x6, for 3 tokens.
  EXPECT_EQ(work.linear, 3u * (16 + 8 + 8 + 16 + 3 * 24));
  EXPECT_EQ(work.lmHead, 3u * 40);
  EXPECT_EQ(work.queryKey, 2u * 2 * 6); // 2 heads of 2, 1 + 2 + 3 keys
  EXPECT_EQ(work.attentionValue, work.queryKey);
  EXPECT_EQ(work.elementwise, 2u * 3 * 3 * 4 + 3u * 3 * 6);
  // Norms 2x36, rotation 4x18, softmax 12, SwiGLU 3x18, residuals 2x24.
  EXPECT_EQ(work.elementwiseOperands, 72u + 72 + 12 + 54 + 48);
  // q, k, v, o, mix, gate, up, down: 3 x (4+2+2+4+4+6+6+4); scores; logits.
  EXPECT_EQ(work.productOutputs, 3u * 32 + 12 + 30);
  EXPECT_EQ(work.outputs, work.productOutputs + 12 + 36 + 18 + 12 + 36 + 24);
}

TEST(AnnBaseline, ARunsOwnStagesSayWhatItExecuted) {
  const auto work = sequenceWork(smallRun());
  ASSERT_TRUE(work);
  EXPECT_EQ(work->tokens, 3u);
  EXPECT_EQ(work->keyPairs, 6u);
  EXPECT_EQ(work->logitRows, 3u);
}

TEST(AnnBaseline, ARunThatDoesNotSayWhatItsTokensSawHasNone) {
  EXPECT_FALSE(sequenceWork(synfire::Run()));
  synfire::Run run = smallRun();
  for (StageRun &stage : run.stages)
    stage.scoresKeys = false;
  EXPECT_EQ(executedTokens(run), 3u);
  EXPECT_FALSE(sequenceWork(run));
  EXPECT_FALSE(annWork(run));
  const auto json = nlohmann::json::parse(reportJson(run));
  EXPECT_TRUE(json.at("ann_macs").is_null());
  EXPECT_TRUE(json.at("ann_energy_joules").is_null());
  EXPECT_EQ(json.at("tokens_executed"), 3);
  EXPECT_THAT(reportText(run), testing::HasSubstr("no ANN beside it"));
}

TEST(AnnBaseline, EqualInformationOfPhaseAndRateCodes) {
  ConversionInfo conversion;
  conversion.weightBits = 4;
  conversion.steps = 16;
  conversion.method = "phase";
  EXPECT_EQ(toString(equalInformation(conversion)), "W4A16");
  conversion.method = "las";
  EXPECT_EQ(equalInformation(conversion).activationBits, 16);
  conversion.method = "rate";
  EXPECT_EQ(equalInformation(conversion).activationBits, 5); // 0..16 spikes
  conversion.steps = 15;
  EXPECT_EQ(equalInformation(conversion).activationBits, 4);
  conversion.levels = 4;
  conversion.steps = 4;
  EXPECT_EQ(equalInformation(conversion).activationBits, 5);
  EXPECT_EQ(toString(AnnPrecision()), "FP32");
}

TEST(AnnBaseline, AnIntegerMacIsAMultiplyAndA32BitAdd) {
  AnnPrecision precision;
  EXPECT_DOUBLE_EQ(macPicoJoules(precision, 8, 8), 4.6);
  precision.integer = true;
  EXPECT_NEAR(macPicoJoules(precision, 8, 8), 0.3, 1e-12);
  EXPECT_NEAR(macPicoJoules(precision, 32, 32), 3.2, 1e-12);
}

TEST(AnnBaseline, TrafficIsProportionalToTheBits) {
  AnnWork work;
  work.linear = 100;
  work.outputs = 10;
  AnnPrecision narrow;
  narrow.integer = true;
  narrow.weightBits = 8;
  narrow.activationBits = 16;
  EXPECT_NEAR(annTrafficJoules(work, narrow),
              (100 * (8 + 16) + 10 * 16) * 5.0 / 32 * 1e-12, 1e-20);
  EXPECT_NEAR(*annJoules("P2", work, narrow, {}),
              annTrafficJoules(work, narrow) +
                  100 * macPicoJoules(narrow, 8, 16) * 1e-12,
              1e-20);
}

TEST(AnnBaseline, SpikedAttentionsFormula) {
  AnnWork work;
  work.linear = 1000;
  work.productOutputs = 20;
  EXPECT_NEAR(*annJoules("P3", work, {}, {}),
              (1000 * (2 * 5 + 4.6) + 20 * 5) * 1e-12, 1e-20);
}

TEST(AnnBaseline, LargerBanksCostMore) {
  AnnWork work;
  work.linear = 1000;
  PriceContext small, large;
  small.synapseBytes = 8 * 1024;
  large.synapseBytes = 1024 * 1024;
  EXPECT_NEAR(*annJoules("P4", work, {}, small), 1000 * (4.6 + 2 * 5) * 1e-12,
              1e-20);
  EXPECT_NEAR(*annJoules("P4", work, {}, large), 1000 * (4.6 + 50 + 5) * 1e-12,
              1e-20);
  EXPECT_FALSE(annJoules("chip", work, {}, small).has_value());
}

} // namespace
