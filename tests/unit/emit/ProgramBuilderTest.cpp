//===- ProgramBuilderTest.cpp - real stages to integer stages -------------===//
#include "compiler/emit/ProgramBuilder.h"

#include "runtime/program/Verify.h"
#include "runtime/program/Widths.h"

#include <cmath>
#include <gtest/gtest.h>

namespace {

using namespace synfire;

constexpr int width = 4, vocabulary = 3;

ModelInfo model() {
  ModelInfo info;
  info.vocabulary = vocabulary;
  info.hidden = width;
  info.layers = 1;
  info.heads = info.keyValueHeads = 1;
  info.headWidth = width;
  info.intermediate = width;
  info.context = 8;
  return info;
}

Result<std::vector<float>> tensor(const std::string &name) {
  if (name == "embed") {
    std::vector<float> values;
    for (int i = 0; i < vocabulary * width; ++i)
      values.push_back(0.25f * static_cast<float>(i - 5));
    return values;
  }
  if (name == "head")
    return std::vector<float>(vocabulary * width, 0.5f);
  return makeError("no such tensor", name);
}

StageSpec embedding(int steps) {
  StageSpec spec;
  spec.name = "embed";
  spec.role = StageRole::Embedding;
  spec.groupWidth = width;
  DendriteSpec dendrite;
  dendrite.kind = DendriteKind::Embed;
  dendrite.weight = "embed";
  spec.dendrites.push_back(dendrite);
  PhaseUnit unit;
  unit.steps = steps;
  unit.threshold = 2;
  spec.phase = unit;
  return spec;
}

StageSpec head(const std::string &weight, int bits) {
  StageSpec spec;
  spec.name = "logits";
  spec.role = StageRole::LmHead;
  spec.groupWidth = vocabulary;
  DendriteSpec dendrite;
  dendrite.driver = 0;
  dendrite.weight = weight;
  dendrite.weightBits = bits;
  spec.dendrites.push_back(dendrite);
  spec.output = OutputUnit{std::ldexp(1.0, -20)};
  return spec;
}

TEST(ProgramBuilder, MultipliersCarryTheRealScales) {
  for (int bits : {4, 8, 16}) {
    auto writer = BlockWriter::create("");
    ProgramBuilder builder(model(), tensor, writer->get());
    ASSERT_TRUE(builder.add(embedding(16)).ok());
    ASSERT_TRUE(builder.add(head("head", bits)).ok());
    Program program = builder.take();
    program.weights = *(*writer)->finish();
    ASSERT_TRUE(verifyNetwork(program).ok())
        << verifyNetwork(program).error().message();
    // A code of one, through a weight of one half, in membrane units.
    const Stage &logits = program.stages[1];
    const Dendrite &dendrite = logits.dendrites[0];
    const int weight = weightAt(program.weights, dendrite.weights, 0, 0);
    const std::int64_t multiplier = dendrite.multiplier.size() == 1
                                        ? dendrite.multiplier[0]
                                        : dendrite.multiplier[1];
    const double real =
        std::ldexp(double(weight) * double(multiplier), -dendrite.shift) *
        logits.membraneScale;
    EXPECT_NEAR(real / (0.5 * program.stages[0].codeScale), 1, 1e-5) << bits;
  }
}

TEST(ProgramBuilder, WidthsAreProvenFromTheWeightsAtHand) {
  auto writer = BlockWriter::create("");
  ProgramBuilder builder(model(), tensor, writer->get());
  ASSERT_TRUE(builder.add(embedding(16)).ok());
  ASSERT_TRUE(builder.add(head("head", 8)).ok());
  const Program &program = builder.program();
  // Four inputs of weight 127, codes below 2^16.
  EXPECT_EQ(program.stages[1].dendrites[0].accumulatorBits,
            signedBits(4 * 127 * program.stages[0].codeLimit));
}

TEST(ProgramBuilder, ShapesAloneNeedNoTensors) {
  ProgramBuilder builder(model(), nullptr, nullptr);
  ASSERT_TRUE(builder.add(embedding(16)).ok());
  ASSERT_TRUE(builder.add(head("absent", 8)).ok());
  EXPECT_TRUE(verifyNetwork(builder.program()).ok());
  EXPECT_FALSE(builder.program().weights.hasData());
}

TEST(ProgramBuilder, NamesTheTensorThatFails) {
  auto writer = BlockWriter::create("");
  ProgramBuilder builder(model(), tensor, writer->get());
  ASSERT_TRUE(builder.add(embedding(16)).ok());
  const Status missing = builder.add(head("absent", 8));
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message().find("absent"), std::string::npos);
}

TEST(ProgramBuilder, EqualUnitsAreShared) {
  ProgramBuilder builder(model(), nullptr, nullptr);
  ASSERT_TRUE(builder.add(embedding(16)).ok());
  ASSERT_TRUE(builder.add(embedding(16)).ok());
  ASSERT_TRUE(builder.add(embedding(12)).ok());
  EXPECT_EQ(builder.program().neurons.size(), 2u);
}

} // namespace
