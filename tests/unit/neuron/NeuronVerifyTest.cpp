//===- NeuronVerifyTest.cpp - one broken config a constraint --------------===//
#include "tests/unit/neuron/RandomConfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace synfire;
using namespace synfire::test;
using testing::HasSubstr;

NeuronConfig good() {
  return multiThreshold(4, 2, 2, 1, SignMode::Magnitude, 1);
}

NeuronConfig goodStreamed() {
  NeuronConfig config = multiThreshold(4, 2, 2, 0, SignMode::None, 1);
  config.input = InputMode::Streamed;
  return config;
}

void expectError(const NeuronConfig &config, const char *part) {
  const Status status = verify(config);
  ASSERT_FALSE(status.ok()) << "expected: " << part;
  EXPECT_THAT(status.error().message(), HasSubstr(part));
}

TEST(NeuronVerify, AcceptsWhatIsSound) {
  EXPECT_TRUE(verify(good()).ok());
  EXPECT_TRUE(verify(goodStreamed()).ok());
}

TEST(NeuronVerify, Shape) {
  NeuronConfig config = good();
  config.steps = 65;
  expectError(config, "65 steps, but the unit runs 1 to 64");
  config = good();
  config.levels = 256;
  expectError(config, "256 levels, but the unit holds 1 to 255");
  config = good();
  config.banks.clear();
  expectError(config, "0 banks");
  config = good();
  config.banks[1].table.payload.pop_back();
  expectError(config, "bank 1: tables hold 8 thresholds, 8 decrements and 7 "
                      "payloads, but steps x levels is 8");
}

TEST(NeuronVerify, ThresholdsAscend) {
  NeuronConfig config = good();
  config.banks[0].table.threshold[1] = config.banks[0].table.threshold[0];
  expectError(config, "thresholds of step 0 do not ascend");
}

TEST(NeuronVerify, Range) {
  NeuronConfig config = good();
  config.banks[0].table.threshold[1] = (std::int64_t(1) << 53) + 1;
  expectError(config, "exceeds 2^53");
  config = good();
  config.offset = -(std::int64_t(1) << 53) - 1;
  expectError(config, "offset, clamp or bias exceeds 2^53");
  config = good();
  config.banks[0].table.payload[3] = std::numeric_limits<std::int32_t>::min();
  expectError(config, "payload of step 1 and level 2 is -2^31");
  config = good();
  config.cap = -1;
  expectError(config, "must not be negative");
}

TEST(NeuronVerify, Gates) {
  NeuronConfig config = good();
  config.banks[1].low -= 1;
  expectError(config, "bank 1: gate starts at");
  config = good();
  config.banks[0].low = config.banks[0].high;
  expectError(config, "bank 0: gate [");
}

TEST(NeuronVerify, StreamedModes) {
  NeuronConfig config = goodStreamed();
  config.banks.push_back(config.banks[0]);
  config.banks[0].high = 5;
  config.banks[1].low = 5;
  expectError(config, "a streamed population has one bank");
  config = goodStreamed();
  config.sign = SignMode::Magnitude;
  expectError(config, "cannot run on the magnitude");
  config = goodStreamed();
  config.clamp = 7;
  expectError(config, "cannot clamp");
  config = goodStreamed();
  config.bias = {1, 2};
  expectError(config, "bias has 2 entries, but there are 4 steps");
}

TEST(NeuronVerify, AllAtOnceModes) {
  NeuronConfig config = good();
  config.sign = SignMode::Bipolar;
  expectError(config, "bipolar needs streamed");
  config = good();
  config.bias = {1, 2, 3, 4};
  expectError(config, "bias per step needs streamed");
}

TEST(NeuronVerify, Tracer) {
  NeuronConfig config = goodStreamed();
  config.sign = SignMode::Bipolar;
  config.negative = NegativeRule::BelowZero;
  expectError(config, "below-zero rule needs sign mode none");
  config = goodStreamed();
  config.tracerOn = true;
  config.tracerMinimum = 2;
  config.tracerMaximum = 1;
  expectError(config, "tracer minimum 2 exceeds its maximum 1");
}

} // namespace
