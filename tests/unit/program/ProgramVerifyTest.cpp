//===- ProgramVerifyTest.cpp - P1 to P6: one broken case each -------------===//
#include "runtime/program/Verify.h"
#include "runtime/program/Widths.h"
#include "tests/unit/program/TinyProgram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;
using testing::AllOf;
using testing::HasSubstr;

namespace {

Stage &stageNamed(Program &program, const std::string &name) {
  for (Stage &stage : program.stages)
    if (stage.name == name)
      return stage;
  ADD_FAILURE() << "no stage " << name;
  return program.stages.front();
}

/// A rule of program.md, how to break it, and what the message must say.
struct Violation {
  std::string rule;
  std::function<void(Program &)> breakIt;
  std::string message;
};

void expectRefused(const std::vector<Violation> &violations,
                   const TinyOptions &options = {}) {
  for (const Violation &violation : violations) {
    Program program = buildTinyProgram(options);
    violation.breakIt(program);
    Status status = verify(program);
    ASSERT_FALSE(status.ok()) << violation.message;
    EXPECT_THAT(status.error().message(),
                AllOf(HasSubstr(violation.message), HasSubstr(violation.rule)));
  }
}

Dendrite &first(Program &program, const std::string &name) {
  return stageNamed(program, name).dendrites.front();
}

constexpr const char *query = "layers.0.attn.q";
constexpr const char *queryProjection = "layers.0.attn.q_proj";
constexpr const char *scores = "layers.0.attn.exp";
constexpr const char *mix = "layers.0.attn.mix";
constexpr const char *out = "layers.0.attn.out";

TEST(ProgramVerify, acceptsManyShapes) {
  for (int layers : {1, 2})
    for (int tileNeurons : {0, 3, 8})
      for (int weightBits : {4, 8, 16})
        for (ProductForm form : {ProductForm::Stored, ProductForm::Concurrent})
          for (bool banks : {false, true}) {
            TinyOptions options;
            options.layers = layers;
            options.hadamard = banks;
            options.intermediate = layers == 2 ? 24 : 0;
            options.tileNeurons = tileNeurons;
            options.weightBits = weightBits;
            options.form = form;
            options.banks = banks;
            Status status = verify(buildTinyProgram(options));
            EXPECT_TRUE(status.ok()) << status.error().message();
          }
}

TEST(ProgramVerify, acceptsTheNetworkWithoutAMapping) {
  Program program = buildTinyProgram();
  program.mapping = {};
  EXPECT_TRUE(verifyNetwork(program).ok());
  Status status = verify(program);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message(), HasSubstr("not mapped"));
}

TEST(ProgramVerify, weightBlocksLieWithinTheWeights) {
  auto block = [](Program &p) -> WeightBlock & { return p.weights.blocks[1]; };
  expectRefused({
      {"", [&](Program &p) { block(p).bits = 7; }, "7 bits a weight"},
      {"", [&](Program &p) { block(p).rows = 0; }, "shape 0 x"},
      {"", [&](Program &p) { block(p).columns = -5; }, "x -5"},
      {"", [&](Program &p) { block(p).columns = std::int64_t(1) << 62; },
       "shape"},
      {"", [&](Program &p) { block(p).offset += 1; }, "multiple of 64"},
      {"", [&](Program &p) { block(p).offset = std::uint64_t(1) << 40; },
       "beyond"},
      {"", [&](Program &p) { block(p).offset = ~std::uint64_t(63); }, "beyond"},
      {"", [&](Program &p) { block(p).rows = block(p).columns = 0x7fffffff; },
       "beyond"},
      {"", [](Program &p) { p.weights.memory = nullptr; }, "no data"},
  });
}

TEST(ProgramVerify, topology) {
  expectRefused({
      {"P1", [](Program &p) { p.stages.clear(); }, "no stages"},
      {"P1", [](Program &p) { p.model.context = 0; }, "context is 0"},
      {"P1", [](Program &p) { p.model.vocabulary = -1; }, "vocabulary is -1"},
      {"P1", [](Program &p) { p.stages[2].groups = 0; }, "0 groups"},
      {"P1",
       [](Program &p) {
         p.stages[2].groups = p.stages[2].groupWidth = 1 << 30;
       },
       "1073741824 groups"},
      {"P1", [](Program &p) { p.stages[2].role = static_cast<StageRole>(99); },
       "role 99"},
      {"P1", [](Program &p) { p.stages[2].fire = FireKind::Output; },
       "not the last stage"},
      {"P1", [](Program &p) { p.stages.back().fire = FireKind::Neuron; },
       "does not fire as the output"},
      {"P1", [](Program &p) { p.stages[2].dendrites.clear(); }, "0 dendrites"},
      {"P1", [](Program &p) { p.stages[2].dendrites.resize(17); },
       "17 dendrites"},
      {"P1", [](Program &p) { first(p, query).driver = -1; },
       "driver is stage -1"},
      {"P1", [](Program &p) { first(p, query).driver = 8; },
       "driver is stage 8"},
      {"P1", [](Program &p) { first(p, scores).stored = 1000000; },
       "stored operand is stage 1000000"},
      {"P1", [](Program &p) { first(p, "embed").driver = 0; },
       "driver 0 given"},
      {"P1", [](Program &p) { first(p, query).stored = 0; },
       "stored operand 0 given"},
  });
}

TEST(ProgramVerify, dendriteKindsAndWeights) {
  expectRefused({
      {"P3",
       [](Program &p) { first(p, query).kind = static_cast<DendriteKind>(77); },
       "kind 77"},
      {"P3", [](Program &p) { first(p, scores).weights = 0; },
       "weight block 0 given"},
      {"P3", [](Program &p) { first(p, queryProjection).weights = -1; },
       "weight block -1 does not exist"},
      {"P3", [](Program &p) { first(p, queryProjection).weights = 99; },
       "weight block 99 does not exist"},
  });
}

TEST(ProgramVerify, shapes) {
  expectRefused({
      {"P3", [](Program &p) { p.model.context = 17; }, "context is 17"},
      {"P2",
       [](Program &p) {
         p.model.context = 24;
         stageNamed(p, queryProjection).perKey = true;
       },
       "counts its columns by keys, but has 16 columns and the context is 24"},
      {"P3", [](Program &p) { p.model.vocabulary = 33; },
       "embed dendrite: the number of weight rows is 32, but the vocabulary "
       "is 33"},
      {"P3",
       [](Program &p) {
         std::swap(p.weights.blocks[0].rows, p.weights.blocks[0].columns);
       },
       "embed dendrite"},
      {"P3", [](Program &p) { first(p, queryProjection).driver = 2; },
       "static dendrite: the number of weight rows is 16, but the driver's "
       "width is 1"},
      {"P3",
       [](Program &p) {
         first(p, queryProjection).weights =
             first(p, "layers.0.attn.k_proj").weights;
       },
       "static dendrite: the number of weight columns is 8"},
      {"P3",
       [](Program &p) {
         first(p, "layers.0.attn.norm.square").driver = 0;
         stageNamed(p, "embed").groupWidth = 8;
         p.weights.blocks[0].columns = 8;
       },
       "identity dendrite"},
      {"P3", [](Program &p) { first(p, "layers.0.attn.sum").driver = 0; },
       "sum dendrite: the driver's number of groups is 1"},
      {"P3", [](Program &p) { first(p, query).headWidth = 0; },
       "head width is 0"},
      {"P3", [](Program &p) { first(p, query).headWidth = 5; }, "is odd"},
      {"P3", [](Program &p) { first(p, query).headWidth = 6; },
       "no multiple of the head width 6"},
      {"P3", [](Program &p) { first(p, query).headWidth = 4; },
       "rotary dendrite: the number of weight columns is 8"},
      {"P3", [](Program &p) { first(p, query).driver = 6; },
       "rotary dendrite: the driver's width is 8"},
      {"P3", [](Program &p) { first(p, query).weights = 0; },
       "rotary dendrite: the number of weight rows"},
      {"P3",
       [](Program &p) {
         auto &b =
             p.weights
                 .blocks[static_cast<std::size_t>(first(p, query).weights)];
         b.bits = 8;
       },
       "rotary dendrite: the number of weight bits is 8"},
      {"P3",
       [](Program &p) {
         first(p, out).driver = 2;
         first(p, out).stored = 2;
       },
       "product dendrite: operands of width 1 and 1"},
      {"P3", [](Program &p) { stageNamed(p, scores).perKey = false; },
       "scores dendrite: the stage does not count"},
      {"P3", [](Program &p) { first(p, scores).queryPerKey = 0; },
       "query heads per key head is 0"},
      {"P3", [](Program &p) { first(p, scores).queryPerKey = 3; },
       "no multiple of 3"},
      {"P3", [](Program &p) { first(p, scores).queryPerKey = 1; },
       "scores dendrite: the stored operand's width is 8"},
      {"P3", [](Program &p) { first(p, scores).headWidth = 4; },
       "scores dendrite: the driver's width is 16"},
      {"P3", [](Program &p) { first(p, mix).driver = 0; },
       "mix dendrite: the driver does not count"},
      {"P3", [](Program &p) { first(p, mix).headWidth = 4; },
       "mix dendrite: the stage's width is 16"},
      {"P3", [](Program &p) { first(p, mix).queryPerKey = 1; },
       "mix dendrite: the stored operand's width is 8"},
      {"P3",
       [](Program &p) {
         p.model.vocabulary = 8;
         p.weights.blocks[0].rows = 8;
       },
       "32 logits, but the vocabulary is 8"},
  });
}

TEST(ProgramVerify, hadamard) {
  constexpr const char *rotated = "layers.0.attn.q_rotated";
  TinyOptions options;
  options.hadamard = true;
  EXPECT_TRUE(verify(buildTinyProgram(options)).ok());
  expectRefused(
      {{"P3", [=](Program &p) { first(p, rotated).headWidth = 0; },
        "hadamard dendrite: the block width 0 is no power of two"},
       {"P3", [=](Program &p) { first(p, rotated).headWidth = 6; },
        "the block width 6 is no power of two"},
       {"P3", [=](Program &p) { first(p, rotated).headWidth = 32; },
        "the stage's width 16 is no multiple of the block width 32"},
       {"P3",
        [=](Program &p) {
          first(p, rotated).driver = first(p, "layers.0.attn.k_rotated").driver;
        },
        "hadamard dendrite: the driver's width is 8"},
       {"P3", [=](Program &p) { first(p, rotated).weights = 0; },
        "weight block 0 given, but the kind has none"},
       {"P1", [=](Program &p) { first(p, rotated).stored = 0; },
        "stored operand 0 given"},
       {"P6", [=](Program &p) { --first(p, rotated).accumulatorBits; },
        "accumulator"}},
      options);
}

TEST(ProgramVerify, units) {
  expectRefused({
      {"P5", [](Program &p) { stageNamed(p, query).unit = 2; },
       "unit 2 does not exist: there are 2 neuron units"},
      {"P5", [](Program &p) { stageNamed(p, scores).unit = -1; },
       "unit -1 does not exist"},
      {"P5",
       [](Program &p) {
         for (std::int32_t &payload : p.neurons[1].banks[0].table.payload)
           payload = 0x7fffffff;
       },
       "codes are 32-bit"},
      {"neuron unit 0", [](Program &p) { p.neurons[0].steps = 0; }, "steps"},
      {"look-up table 1 (rsqrt)",
       [](Program &p) { p.lookupTables[1].entries.resize(3); }, ""},
      {"P7", [](Program &p) { p.lookupTables[1].entryBits = 65; },
       "65 bits an entry"},
      {"P5", [](Program &p) { p.stages[3].codeScale = 1 / 0.0; }, "not finite"},
  });
}

TEST(ProgramVerify, requantisation) {
  expectRefused({
      {"P4", [](Program &p) { first(p, query).multiplier.clear(); },
       "0 multipliers"},
      {"P4", [](Program &p) { first(p, query).multiplier = {1, 2, 3}; },
       "3 multipliers for 16 neurons"},
      {"P4", [](Program &p) { first(p, query).shift = -1; }, "shift is -1"},
      {"P4", [](Program &p) { first(p, query).shift = 63; }, "shift is 63"},
      {"P4", [](Program &p) { stageNamed(p, query).bias = {1, 2}; },
       "2 biases for 16 neurons"},
      {"P4",
       [](Program &p) {
         Stage &stage = stageNamed(p, "layers.0.attn.norm.square");
         stage.dendrites.resize(5, stage.dendrites[0]);
         for (Dendrite &d : stage.dendrites)
           d.accumulatorBits = 61;
       },
       "exceed 64 bits"},
  });
}

TEST(ProgramVerify, widths) {
  expectRefused({
      {"P6", [](Program &p) { first(p, query).accumulatorBits = 0; },
       "accumulators of 0 bits"},
      {"P6", [](Program &p) { first(p, query).accumulatorBits = 63; },
       "take 64 bits, but must fit 62"},
      {"P6",
       [](Program &p) {
         Dendrite &d = first(p, query);
         d.accumulatorBits = 32;
         d.multiplier = {std::numeric_limits<std::int32_t>::min()};
       },
       "take 64 bits"},
      {"P6", [](Program &p) { --first(p, mix).accumulatorBits; },
       "mix dendrite: accumulators reach"},
      {"P6", [](Program &p) { first(p, queryProjection).accumulatorBits = 12; },
       "static dendrite: accumulators reach"},
      {"P6", [](Program &p) { first(p, scores).storedBits = 7; },
       "stored words of 7 bits, but codes up to 255 need 8 to 64"},
      {"P6", [](Program &p) { first(p, scores).storedBits = 65; },
       "stored words of 65 bits"},
      {"P6", [](Program &p) { stageNamed(p, query).codeLimit = 254; },
       "code limit is 254, but the unit emits codes up to 255"},
      {"P6", [](Program &p) { stageNamed(p, scores).codeLimit = -1; },
       "code limit is -1"},
      {"P6",
       [](Program &p) {
         stageNamed(p, query).codeLimit =
             std::numeric_limits<std::int64_t>::max();
       },
       "code limit is"},
  });
}

TEST(ProgramVerify, widthsMayRelyOnTheActualWeights) {
  Program program = buildTinyProgram();
  Dendrite &d = first(program, queryProjection);
  std::int64_t exact = accumulatorBound(program, d);
  EXPECT_LT(exact, accumulatorBoundByShape(program, d));
  d.accumulatorBits = signedBits(exact);
  EXPECT_TRUE(verify(program).ok());
  --d.accumulatorBits;
  EXPECT_FALSE(verify(program).ok());
}

TEST(Widths, largestColumnSumIsTheSlowOne) {
  for (int bits : {4, 8, 16}) {
    TinyOptions options;
    options.weightBits = bits;
    Program program = buildTinyProgram(options);
    for (std::size_t b = 0; b < program.weights.blocks.size(); ++b) {
      const WeightBlock &block = program.weights.blocks[b];
      std::int64_t largest = 0;
      for (std::int64_t c = 0; c < block.columns; ++c) {
        std::int64_t sum = 0;
        for (std::int64_t r = 0; r < block.rows; ++r)
          sum += std::abs(weightAt(program.weights, static_cast<int>(b), r, c));
        largest = std::max(largest, sum);
      }
      EXPECT_EQ(largestColumnSum(program.weights, static_cast<int>(b)),
                largest);
    }
  }
}

TEST(Widths, signedBitsAtTheEdges) {
  EXPECT_EQ(signedBits(0), 1);
  EXPECT_EQ(signedBits(1), 2);
  EXPECT_EQ(signedBits(127), 8);
  EXPECT_EQ(signedBits(128), 9);
  EXPECT_EQ(signedBits(std::numeric_limits<std::int64_t>::max()), 64);
}

TEST(Widths, largestCodeTakesTheCapIntoAccount) {
  NeuronConfig config = phaseNeuron(4, 0);
  EXPECT_EQ(largestCode(config), 15);
  config.cap = 2;
  EXPECT_EQ(largestCode(config), 12);
  EXPECT_EQ(largestCode(phaseNeuron(4, 0, true)), 60);
}

TEST(WeightAt, everyWidthIsTwosComplement) {
  WeightStore store;
  store.memory = std::make_shared<const std::vector<std::uint8_t>>(
      std::vector<std::uint8_t>{0x8f, 0x07, 0xff, 0xff, 0xff, 0x7f});
  store.blocks = {{0, 1, 3, 4}, {0, 1, 2, 8}, {0, 1, 3, 16}, {2, 1, 1, 32}};
  EXPECT_EQ(weightAt(store, 0, 0, 0), -1);
  EXPECT_EQ(weightAt(store, 0, 0, 1), -8);
  EXPECT_EQ(weightAt(store, 0, 0, 2), 7);
  EXPECT_EQ(weightAt(store, 1, 0, 0), -113);
  EXPECT_EQ(weightAt(store, 2, 0, 0), 0x078f);
  EXPECT_EQ(weightAt(store, 2, 0, 1), -1);
  EXPECT_EQ(weightAt(store, 2, 0, 2), 0x7fff);
  EXPECT_EQ(weightAt(store, 3, 0, 0), 0x7fffffff);
}

} // namespace
