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
  config.steps = 257;
  expectError(config, "257 steps, but the unit runs 1 to 256");
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

TEST(NeuronVerify, Rest) {
  NeuronConfig config = goodStreamed();
  config.banks[0].table.rest = -3;
  EXPECT_TRUE(verify(config).ok());
  config.sign = SignMode::Bipolar;
  expectError(config, "rest payload needs sign mode none");
  config.sign = SignMode::None;
  config.negative = NegativeRule::BelowZero;
  expectError(config, "rest payload needs sign mode none and no negative rule");
  config.negative = NegativeRule::Off;
  config.cap = 2;
  expectError(config, "rest payload excludes cap");
  config.cap = 0;
  config.tracerOn = true;
  expectError(config, "rest payload excludes cap, tracer");
  config.tracerOn = false;
  config.banks[0].table.rest = std::numeric_limits<std::int32_t>::min();
  expectError(config, "rest payload is -2^31");
  config = good();
  config.banks[1].table.rest = 1;
  expectError(config, "bank 1: a rest payload needs streamed input");
}

TEST(NeuronVerify, Rehearsal) {
  NeuronConfig plain = goodStreamed();
  plain.rehearsal = Rehearsal::Average;
  EXPECT_TRUE(verify(plain).ok());
  plain.rehearsal = Rehearsal::ResidualMask;
  plain.rehearsalSteps = 4;
  expectError(plain, "needs one level, but there are 2");
  plain = multiThreshold(4, 1, 2, 0, SignMode::None, 1);
  plain.input = InputMode::Streamed;
  for (const Rehearsal rehearsal :
       {Rehearsal::ResidualMask, Rehearsal::OptimalShift}) {
    NeuronConfig config = plain;
    config.rehearsal = rehearsal;
    config.rehearsalSteps = 4;
    EXPECT_TRUE(verify(config).ok());
    config.rehearsalSteps = 0;
    expectError(config, "a rehearsal has 0 steps, but the train has 1 to 4");
    config.rehearsalSteps = 5;
    expectError(config, "a rehearsal has 5 steps");
    config.rehearsalSteps = 4;
    config.rehearsalMargin = -1;
    expectError(config, "rehearsal margin -1");
    config.rehearsalMargin = 0;
    config.tracerOn = true;
    expectError(config, "excludes tracer");
  }
  plain.banks[0].table.rest = 1;
  plain.rehearsal = Rehearsal::ResidualMask;
  plain.rehearsalSteps = 1;
  expectError(plain, "rest payload excludes cap, tracer and residual mask");
  NeuronConfig config = good();
  config.rehearsal = Rehearsal::Average;
  expectError(config, "a rehearsal needs streamed input");
}

TEST(NeuronVerify, LongTrainsOfWholeInputsAreCapped) {
  NeuronConfig config;
  config.steps = 256;
  NeuronBank bank{0, 100, {}};
  bank.table.threshold.assign(256, 1);
  bank.table.decrement.assign(256, 1);
  bank.table.payload.assign(256, 1);
  config.banks = {bank};
  expectError(config, "a train of 256 steps needs a cap of 1 to 255");
  config.cap = 1;
  EXPECT_TRUE(verify(config).ok());
  config.cap = 0;
  config.input = InputMode::Streamed;
  EXPECT_TRUE(verify(config).ok());
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
  expectError(config, "negative rule needs sign mode none");
  config = goodStreamed();
  config.tracerOn = true;
  config.tracerMinimum = 2;
  config.tracerMaximum = 1;
  expectError(config, "tracer minimum 2 exceeds its maximum 1");
}

} // namespace
