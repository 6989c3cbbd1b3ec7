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
    std::vector<float> values(vocabulary * width);
    float next = -5 * 0.25f;
    for (float &value : values) {
      value = next;
      next += 0.25f;
    }
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
  spec.unit = unit;
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
  spec.unit = OutputUnit{std::ldexp(1.0, -20)};
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

/// A train of four steps, one payload unit each.
TableUnit table(InputMode input) {
  TableUnit unit;
  unit.config.steps = 4;
  unit.config.input = input;
  unit.config.offset = 8;
  unit.config.banks = {{INT64_MIN,
                        INT64_MAX,
                        {{16, 16, 16, 16}, {16, 16, 16, 16}, {1, 1, 1, 1}}}};
  unit.membraneScale = 0.25 / 16;
  unit.codeScale = 0.25;
  return unit;
}

TEST(ProgramBuilder, EqualTablesAreSharedWhateverTheirScales) {
  ProgramBuilder builder(model(), nullptr, nullptr);
  StageSpec spec = embedding(8);
  spec.unit = table(InputMode::AllAtOnce);
  ASSERT_TRUE(builder.add(spec).ok());
  std::get<TableUnit>(spec.unit).codeScale = 3;
  ASSERT_TRUE(builder.add(spec).ok());
  std::get<TableUnit>(spec.unit).config.cap = 2;
  ASSERT_TRUE(builder.add(spec).ok());
  const Program &program = builder.program();
  EXPECT_EQ(program.neurons.size(), 2u);
  EXPECT_EQ(program.stages[0].unit, program.stages[1].unit);
  EXPECT_DOUBLE_EQ(program.stages[1].codeScale, 3);
  EXPECT_EQ(program.stages[0].codeLimit, 4);
}

TEST(ProgramBuilder, AnInvalidTableIsNamedByItsStage) {
  ProgramBuilder builder(model(), nullptr, nullptr);
  StageSpec spec = embedding(8);
  TableUnit unit = table(InputMode::AllAtOnce);
  unit.config.banks[0].table.payload.pop_back();
  spec.unit = unit;
  const Status failed = builder.add(spec);
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().message().find("embed"), std::string::npos);
}

TEST(ProgramBuilder, ANumberIsItsMembrane) {
  auto writer = BlockWriter::create("");
  ProgramBuilder builder(model(), tensor, writer->get());
  StageSpec spec = embedding(8);
  spec.unit = NumberUnit{20, 4};
  ASSERT_TRUE(builder.add(spec).ok());
  ASSERT_TRUE(builder.add(head("head", 8)).ok());
  Program program = builder.take();
  program.weights = *(*writer)->finish();
  ASSERT_TRUE(verifyNetwork(program).ok())
      << verifyNetwork(program).error().message();
  const Stage &number = program.stages[0];
  EXPECT_EQ(number.fire, FireKind::Number);
  EXPECT_EQ(number.unit, -1);
  EXPECT_TRUE(number.digital);
  EXPECT_EQ(number.codeLimit, 1 << 20);
  EXPECT_DOUBLE_EQ(number.codeScale, std::ldexp(1.0, -18));
  EXPECT_DOUBLE_EQ(number.membraneScale, number.codeScale);
}

/// The real value that neuron `out` of a Static stage hears from one unit of
/// the code of neuron `in`.
double heard(const Program &program, int stage, int in, int out) {
  const Stage &reader = program.stages[static_cast<std::size_t>(stage)];
  const Dendrite &dendrite = reader.dendrites[0];
  const auto &multiplier = dendrite.multiplier;
  return weightAt(program.weights, dendrite.weights, in, out) *
         std::ldexp(double(multiplier[multiplier.size() > 1 ? out : 0]),
                    -dendrite.shift) *
         reader.membraneScale;
}

TEST(ProgramBuilder, ReadersTakeInTheScalesOfChannels) {
  auto writer = BlockWriter::create("");
  ProgramBuilder builder(model(), tensor, writer->get());
  StageSpec spec = embedding(8);
  TableUnit unit = table(InputMode::AllAtOnce);
  unit.channelScale = {1, 0.5, 0.25, 2};
  spec.unit = unit;
  ASSERT_TRUE(builder.add(spec).ok());
  ASSERT_TRUE(builder.add(head("head", 16)).ok());
  Program program = builder.take();
  program.weights = *(*writer)->finish();
  ASSERT_TRUE(verifyNetwork(program).ok())
      << verifyNetwork(program).error().message();
  const Dendrite &embed = program.stages[0].dendrites[0];
  ASSERT_EQ(embed.multiplier.size(), 4u);
  for (int channel = 0; channel < width; ++channel) {
    const double scale = unit.channelScale[static_cast<std::size_t>(channel)];
    // Every weight of the head is one half.
    EXPECT_NEAR(heard(program, 1, channel, 0), 0.5 * 0.25 * scale, 1e-4)
        << channel;
    // A weight of token 2, in membranes of the channel's own scale.
    const double real = 0.25 * (2 * width + channel - 5);
    const double membrane =
        weightAt(program.weights, embed.weights, 2, channel) *
        std::ldexp(double(embed.multiplier[static_cast<std::size_t>(channel)]),
                   -embed.shift);
    EXPECT_NEAR(membrane * unit.membraneScale * scale, real, 0.01) << channel;
  }
}

TEST(ProgramBuilder, OnlyWeightsTakeInTheScalesOfChannels) {
  ProgramBuilder builder(model(), nullptr, nullptr);
  StageSpec spec = embedding(8);
  TableUnit unit = table(InputMode::AllAtOnce);
  unit.channelScale = {1, 1, 1};
  spec.unit = unit;
  EXPECT_NE(builder.add(spec).error().message().find(
                "3 factors for the channels of 4 neurons"),
            std::string::npos);
  unit.channelScale.push_back(1);
  spec.unit = unit;
  ASSERT_TRUE(builder.add(spec).ok());
  StageSpec sum = embedding(8);
  sum.name = "sum";
  sum.dendrites[0] = DendriteSpec();
  sum.dendrites[0].kind = DendriteKind::Identity;
  sum.dendrites[0].driver = 0;
  const Status failed = builder.add(sum);
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().message().find("reads embed"), std::string::npos);
}

/// embed -> digital square -> product of both -> logits.
Program streamed(int frames, bool compensated, BlockWriter &writer) {
  ProgramBuilder builder(model(), tensor, &writer, frames);
  StageSpec embed = embedding(8);
  embed.unit = NumberUnit{12, 4};
  embed.dendrites[0].everyFrame = true;
  EXPECT_TRUE(builder.add(embed).ok());
  StageSpec square = embed;
  square.name = "square";
  square.dendrites[0] = DendriteSpec();
  square.dendrites[0].kind = DendriteKind::Identity;
  square.dendrites[0].driver = 0;
  NonlinearUnit function;
  function.function = Nonlinearity::Square;
  function.steps = 12;
  function.fullScale = 16;
  function.inputLimit = 4;
  function.digital = true;
  square.unit = function;
  square.averagedInput = square.accumulatedOutput = compensated;
  EXPECT_TRUE(builder.add(square).ok());
  StageSpec coded = square;
  coded.name = "product";
  coded.dendrites[0].kind = DendriteKind::Product;
  coded.dendrites[0].driver = 1;
  coded.dendrites[0].stored = 0;
  coded.dendrites[0].form = ProductForm::Concurrent;
  coded.unit = table(InputMode::Streamed);
  coded.averagedInput = compensated;
  coded.accumulatedOutput = false;
  EXPECT_TRUE(builder.add(coded).ok());
  StageSpec logits = head("head", 8);
  logits.dendrites[0].driver = 2;
  EXPECT_TRUE(builder.add(logits).ok());
  Program program = builder.take();
  program.weights = *writer.finish();
  return program;
}

TEST(ProgramBuilder, FramesOfAnEmbeddingMakeOne) {
  auto writer = BlockWriter::create("");
  const Program program = streamed(4, false, **writer);
  EXPECT_EQ(program.frames, 4);
  ASSERT_TRUE(verifyNetwork(program).ok())
      << verifyNetwork(program).error().message();
  const Stage &embed = program.stages[0];
  EXPECT_TRUE(embed.dendrites[0].everyFrame);
  const double whole = 4 * heard(program, 0, 2, 3);
  EXPECT_NEAR(whole, 0.25 * (2 * width + 3 - 5), 0.02);
  EXPECT_GE(embed.dendrites[0].accumulatorBits, signedBits(4 * 127));
}

TEST(ProgramBuilder, ACompensatedFunctionStandsForEachOfItsFrames) {
  auto plainWriter = BlockWriter::create("");
  auto writer = BlockWriter::create("");
  const Program plain = streamed(4, false, **plainWriter);
  const Program program = streamed(4, true, **writer);
  ASSERT_TRUE(verifyNetwork(program).ok())
      << verifyNetwork(program).error().message();
  const Stage &square = program.stages[1];
  EXPECT_TRUE(square.digital);
  EXPECT_TRUE(square.accumulatedOutput);
  EXPECT_EQ(square.averagedInput, 1);
  // Four times as many codes of a quarter of the value.
  EXPECT_EQ(square.codeLimit, 4 * plain.stages[1].codeLimit);
  EXPECT_DOUBLE_EQ(square.codeScale, plain.stages[1].codeScale / 4);
  EXPECT_EQ(plain.stages[1].averagedInput, 0);
  // One look-up table serves both.
  EXPECT_EQ(program.lookupTables[0].entries, plain.lookupTables[0].entries);
  // A product of two streams keeps one of their shares.
  EXPECT_EQ(program.stages[2].averagedInput, 1);
  EXPECT_EQ(program.stages[2].dendrites[0].form, ProductForm::Concurrent);
  EXPECT_GE(program.stages[2].dendrites[0].storedBits,
            signedBits(square.codeLimit));
}

/// A cache of the embedding's codes.
StageSpec cacheOf(const StageSpec &embed, DendriteKind kind) {
  StageSpec cache = embed;
  cache.dendrites[0] = DendriteSpec();
  cache.dendrites[0].kind = kind;
  cache.dendrites[0].headWidth = width;
  cache.dendrites[0].stored = 0;
  cache.perKey = kind == DendriteKind::Scores;
  cache.groupWidth = cache.perKey ? 8 : width;
  cache.name = cache.perKey ? "scores" : "mix";
  cache.dendrites[0].driver = cache.perKey ? 0 : 1;
  return cache;
}

TEST(ProgramBuilder, APrefixIsRoundedToTheCodesOfItsSite) {
  auto writer = BlockWriter::create("");
  int asked = 0;
  PrefixSource prefix{2, [&](const std::string &site) {
                        EXPECT_EQ(site, "embed");
                        ++asked;
                        return Result<std::vector<float>>(std::vector<float>{
                            0.25f, -0.25f, 1.0f, 0, 3.0f, -3.0f, 0.13f, 0.1f});
                      }};
  ProgramBuilder builder(model(), tensor, writer->get(), 1, prefix);
  StageSpec embed = embedding(8);
  PhaseUnit unit;
  unit.steps = 4; // units of an eighth, up to 15
  unit.threshold = 2;
  embed.unit = unit;
  ASSERT_TRUE(builder.add(embed).ok());
  ASSERT_TRUE(builder.add(cacheOf(embed, DendriteKind::Scores)).ok());
  ASSERT_TRUE(builder.add(cacheOf(embed, DendriteKind::Mix)).ok());
  Program program = builder.take();
  program.weights = *(*writer)->finish();
  EXPECT_EQ(program.prefix, 2);
  const int block = program.stages[1].dendrites[0].prefixCodes;
  ASSERT_GE(block, 0);
  // One site, one block, whoever keeps it.
  EXPECT_EQ(program.stages[2].dendrites[0].prefixCodes, block);
  EXPECT_EQ(asked, 1);
  const WeightBlock &shape =
      program.weights.blocks[static_cast<std::size_t>(block)];
  EXPECT_EQ(shape.rows, 2);
  EXPECT_EQ(shape.columns, width);
  EXPECT_EQ(shape.bits, 8);
  const std::int64_t limit = program.stages[0].codeLimit;
  const std::vector<std::int64_t> expected = {2, -2, 8, 0, limit, -limit, 1, 1};
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(weightAt(program.weights, block, i / width, i % width),
              expected[static_cast<std::size_t>(i)])
        << i;
  EXPECT_EQ(builder.prefixCodes(), 8u);
  EXPECT_EQ(builder.limitedPrefixCodes(), 2u);
}

TEST(ProgramBuilder, APrefixOfShapesAloneHasNoCodes) {
  ProgramBuilder builder(model(), nullptr, nullptr, 1, {3, nullptr});
  const StageSpec embed = embedding(12);
  ASSERT_TRUE(builder.add(embed).ok());
  ASSERT_TRUE(builder.add(cacheOf(embed, DendriteKind::Scores)).ok());
  const Program &program = builder.program();
  const WeightBlock &shape = program.weights.blocks[static_cast<std::size_t>(
      program.stages[1].dendrites[0].prefixCodes)];
  EXPECT_EQ(shape.rows, 3);
  EXPECT_EQ(shape.bits, 16);
}

TEST(ProgramBuilder, APrefixOfAnotherShapeIsRefused) {
  auto writer = BlockWriter::create("");
  ProgramBuilder builder(model(), tensor, writer->get(), 1,
                         {2, [](const std::string &) {
                            return Result<std::vector<float>>(
                                std::vector<float>(7));
                          }});
  const StageSpec embed = embedding(8);
  ASSERT_TRUE(builder.add(embed).ok());
  const Status added = builder.add(cacheOf(embed, DendriteKind::Scores));
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().message(), "embed: the prefix has 7 values, but 2 "
                                     "positions of 4 neurons need 8");
}

TEST(ProgramBuilder, ScoresAndMixesOfFramesAreConcurrent) {
  for (int frames : {1, 4}) {
    ProgramBuilder builder(model(), nullptr, nullptr, frames);
    StageSpec embed = embedding(8);
    embed.unit = NumberUnit{12, 4};
    embed.dendrites[0].everyFrame = frames > 1;
    ASSERT_TRUE(builder.add(embed).ok());
    StageSpec scores = embed;
    scores.name = "scores";
    scores.groupWidth = 8;
    scores.perKey = true;
    scores.dendrites[0] = DendriteSpec();
    scores.dendrites[0].kind = DendriteKind::Scores;
    scores.dendrites[0].driver = scores.dendrites[0].stored = 0;
    scores.dendrites[0].headWidth = width;
    ASSERT_TRUE(builder.add(scores).ok());
    EXPECT_EQ(builder.program().stages[1].dendrites[0].form,
              frames > 1 ? ProductForm::Concurrent : ProductForm::Stored);
  }
}

/// A rotated input meets rotated weights: the logits are those without.
TEST(ProgramBuilder, RotatedWeightsUndoTheRotationOfTheirInputs) {
  std::vector<std::vector<double>> logits;
  for (bool rotates : {false, true}) {
    auto writer = BlockWriter::create("");
    TensorReader slanted = [](const std::string &name) {
      auto values = tensor(name);
      for (std::size_t i = 0; name == "head" && i < values->size(); ++i)
        (*values)[i] = static_cast<float>(std::cos(double(i)));
      return values;
    };
    ProgramBuilder builder(model(), slanted, writer->get());
    ASSERT_TRUE(builder.add(embedding(16)).ok());
    StageSpec last = head("head", 16);
    if (rotates) {
      StageSpec rotation = embedding(16);
      rotation.name = "rotated";
      rotation.dendrites = {DendriteSpec()};
      rotation.dendrites[0].kind = DendriteKind::Hadamard;
      rotation.dendrites[0].driver = 0;
      rotation.dendrites[0].headWidth = width;
      rotation.dendrites[0].factor = 0.5;
      ASSERT_TRUE(builder.add(rotation).ok());
      last.dendrites[0].driver = 1;
      last.dendrites[0].inputHadamard = width;
    }
    ASSERT_TRUE(builder.add(last).ok());
    Program program = builder.take();
    program.weights = *(*writer)->finish();
    ASSERT_TRUE(verifyNetwork(program).ok())
        << verifyNetwork(program).error().message();
    if (rotates) {
      const Dendrite &dendrite = program.stages[1].dendrites[0];
      EXPECT_EQ(dendrite.accumulatorBits,
                signedBits(width * program.stages[0].codeLimit));
      EXPECT_EQ(dendrite.weights, -1);
    }
    // The row of a token, as it goes through the weights.
    const Dendrite &read = program.stages.back().dendrites[0];
    for (int token = 0; token < vocabulary; ++token) {
      const std::vector<float> table = *tensor("embed");
      std::vector<double> input(table.begin() + token * width,
                                table.begin() + (token + 1) * width);
      if (rotates) {
        const std::vector<double> x = input;
        input = {x[0] + x[1] + x[2] + x[3], x[0] - x[1] + x[2] - x[3],
                 x[0] + x[1] - x[2] - x[3], x[0] - x[1] - x[2] + x[3]};
        for (double &value : input)
          value /= 2;
      }
      std::vector<double> row;
      for (int out = 0; out < vocabulary; ++out) {
        const double unit =
            std::ldexp(double(read.multiplier[std::size_t(out)]), -read.shift) *
            program.stages.back().membraneScale /
            program.stages[std::size_t(read.driver)].codeScale;
        double sum = 0;
        for (int in = 0; in < width; ++in)
          sum += input[std::size_t(in)] *
                 weightAt(program.weights, read.weights, in, out);
        row.push_back(sum * unit);
      }
      logits.push_back(row);
    }
  }
  for (std::size_t token = 0; token < vocabulary; ++token)
    for (std::size_t out = 0; out < vocabulary; ++out)
      EXPECT_NEAR(logits[token][out], logits[token + vocabulary][out], 1e-3);
}

} // namespace
