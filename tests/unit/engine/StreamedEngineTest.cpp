//===- StreamedEngineTest.cpp - several frames against the oracle ---------===//
//
// The engine computes with cumulative codes; the oracle adds event to event.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/Engine.h"

#include "tests/unit/engine/OracleComparison.h"
#include "tests/unit/engine/ProgramVariants.h"
#include "tests/unit/engine/StreamedVariants.h"
#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

#include <functional>
#include <gtest/gtest.h>
#include <string>

namespace synfire {
namespace {

using tests::buildTinyProgram;
using tests::randomTokens;
using tests::StreamChoice;
using tests::TinyOptions;
using tests::UnitShape;

struct StreamedVariant {
  std::string name;
  TinyOptions tiny;
  StreamChoice stream;
  std::function<void(Program &)> before = [](Program &) {};
  std::function<void(Program &)> after = [](Program &) {};
};

std::shared_ptr<const Program> build(const StreamedVariant &variant) {
  Program made = buildTinyProgram(variant.tiny);
  variant.before(made);
  tests::stream(made, variant.stream);
  variant.after(made);
  return std::make_shared<const Program>(std::move(made));
}

class StreamedEngine : public testing::TestWithParam<StreamedVariant> {};

TEST_P(StreamedEngine, CumulativeCodesGiveWhatEventsAddUpTo) {
  const auto program = build(GetParam());
  const std::vector<int> tokens = randomTokens(
      program->model.context - program->prefix, GetParam().tiny.vocabulary);
  tests::expectOraclesResults(
      program, tokens,
      {StaticProduct::Fastest, StaticProduct::Doubles, StaticProduct::Integers},
      {1, 3});
}

TEST_P(StreamedEngine, EveryStageSendsSomething) {
  const auto program = build(GetParam());
  auto engine = tests::makeEngine(program, {});
  ASSERT_TRUE(engine);
  ASSERT_TRUE(
      engine
          ->prefill(randomTokens(program->model.context - program->prefix,
                                 GetParam().tiny.vocabulary))
          .ok());
  synfire::Run run;
  engine->fillRun(run);
  for (std::size_t s = 0; s + 1 < program->stages.size(); ++s) {
    const Counters &counters = run.stages[s].counters;
    EXPECT_GT(counters[Counter::Spike] + counters[Counter::Number], 0u)
        << program->stages[s].name;
  }
}

std::vector<StreamedVariant> streamedVariants() {
  std::vector<StreamedVariant> made;
  TinyOptions tiny;
  tiny.context = 13;
  tiny.intermediate = 12;
  auto add = [&](const std::string &name, const TinyOptions &shape,
                 const StreamChoice &options) -> StreamedVariant & {
    made.push_back({name, shape, options});
    return made.back();
  };
  auto addUnit = [&](const std::string &name,
                     const std::function<NeuronConfig(const UnitShape &)> &unit,
                     int frames, int stepsPerFrame = 1) {
    StreamChoice options;
    options.unit = unit;
    options.frames = frames;
    options.stepsPerFrame = stepsPerFrame;
    return &add(name, tiny, options);
  };

  add("integerSpiking", tiny, {});
  addUnit("fireWithSubsteps", tests::twoSidedFire, 3, 5);
  addUnit("longTrains", tests::twoSidedFire, 32, 8);
  addUnit("bipolarWithTracer", tests::bipolarWithTracer, 8);
  addUnit("negativeFromTracer", tests::negativeFromTracer, 6, 2);
  addUnit(
      "multiThreshold",
      [](const UnitShape &shape) { return tests::multiThreshold(shape, 5); },
      4);
  auto addRehearsed = [&](const std::string &name, Rehearsal rehearsal) {
    addUnit(
        name,
        [rehearsal](const UnitShape &shape) {
          return tests::rehearsed(tests::twoSidedFire(shape), rehearsal);
        },
        4, 2)
        ->stream.numbers = true; // the wide codes of one level are too coarse
  };
  addRehearsed("residualMask", Rehearsal::ResidualMask);
  addRehearsed("optimalShift", Rehearsal::OptimalShift);
  addRehearsed("averageOfAllFrames", Rehearsal::Average);

  add("prefix", tiny, {}).after = [](Program &p) { tests::addPrefix(p, 3); };
  StreamChoice options;
  options.digitalLookups = false;
  add("spikingLookups", tiny, options);
  options.frames = 24; // more steps than a train of a neuron may have
  add("spikingLookupsOfManySteps", tiny, options);
  options = {};
  options.numbers = true;
  add("numbers", tiny, options);
  options.digitalLookups = false;
  add("numbersAndSpikingLookups", tiny, options);
  options = {};
  options.everyFrame = false;
  add("inputOnce", tiny, options);
  options = {};
  options.compensated = true;
  add("compensated", tiny, options);
  options.numbers = true;
  add("compensatedNumbers", tiny, options);
  options.accumulatorBits = 60;
  add("compensatedBeyondDoubles", tiny, options);
  options = {};
  options.accumulatorBits = 60;
  options.frames = 5;
  add("accumulatorsBeyondDoubles", tiny, options);

  options = {};
  add("attentionWeightsThatSpike", tiny, options).before =
      tests::usePerKeyChain;
  options.numbers = true;
  add("attentionWeightsThatAreNumbers", tiny, options).before =
      tests::usePerKeyChain;
  options = {};
  add("constantsPerNeuron", tiny, options).before = [](Program &program) {
    tests::usePerKeyChain(program);
    tests::useConstantsPerNeuron(program);
  };
  options.compensated = true;
  add("compensatedConstantsPerNeuron", tiny, options).before =
      [](Program &program) {
        tests::usePerKeyChain(program);
        tests::useConstantsPerNeuron(program);
      };
  // The logits read several kinds of dendrites, after the last frame alone.
  add("mixedLogits", tiny, {}).after = [](Program &program) {
    Stage &logits = program.stages.back();
    Dendrite token = program.stages.front().dendrites.front();
    logits.dendrites.push_back(token);
    logits.groups = 1;
    logits.groupWidth = static_cast<int>(program.stages.front().width());
    logits.averagedInput = 1;
    const int stream = logits.dendrites.front().driver;
    logits.dendrites.front() = token;
    Dendrite identity;
    identity.kind = DendriteKind::Identity;
    identity.driver = stream;
    logits.dendrites.push_back(identity);
    for (const Stage &stage : program.stages)
      for (const Dendrite &dendrite : stage.dendrites)
        if (dendrite.kind == DendriteKind::Mix ||
            (dendrite.kind == DendriteKind::Product &&
             stage.width() == logits.width()) ||
            dendrite.kind == DendriteKind::Rotary) {
          if (&stage == &logits || stage.width() != logits.width())
            continue;
          logits.dendrites.push_back(dendrite);
        }
  };

  TinyOptions large; // several blocks of rows, keys and columns
  large.layers = 2;
  large.heads = 4;
  large.keyValueHeads = 2;
  large.width = 24;
  large.intermediate = 20;
  large.vocabulary = 37;
  large.context = 45;
  add("layersHeadsAndOddShapes", large, {});
  TinyOptions manyFrames = tiny;
  manyFrames.context = 9;
  options = {};
  options.frames = 40; // more than the rows of a block
  options.unit = tests::twoSidedFire;
  add("moreFramesThanRows", manyFrames, options);
  return made;
}

INSTANTIATE_TEST_SUITE_P(Programs, StreamedEngine,
                         testing::ValuesIn(streamedVariants()),
                         [](const auto &instance) {
                           return instance.param.name;
                         });

struct VerifiedVariant {
  std::string name;
  int frames = 4;
  tests::StreamedOptions options;
};

/// Programs that fulfil every constraint, so that the proofs which the engine's
/// forms rest on hold with nothing to spare.
class VerifiedStreams : public testing::TestWithParam<VerifiedVariant> {};

TEST_P(VerifiedStreams, CumulativeCodesGiveWhatEventsAddUpTo) {
  Program made =
      tests::tinyStreamedProgram(GetParam().frames, GetParam().options);
  const Status verified = verify(made);
  ASSERT_TRUE(verified.ok()) << verified.error().message();
  tests::expectOraclesResults(
      std::make_shared<const Program>(std::move(made)),
      randomTokens(GetParam().options.context, GetParam().options.vocabulary),
      {StaticProduct::Fastest, StaticProduct::Doubles, StaticProduct::Integers},
      {1, 3});
}

std::vector<VerifiedVariant> verifiedVariants() {
  std::vector<VerifiedVariant> made(7);
  made[0].name = "numbersAround";
  made[1].name = "weightsAndTablesThatSpike";
  made[1].options.codedWeights = made[1].options.spikingTables = true;
  made[1].options.heads = 4;
  made[1].options.keyValueHeads = 2;
  made[2].name = "compensatedInputOnce";
  made[2].frames = 7;
  made[2].options.compensated = made[2].options.inputOnce = true;
  made[3].name = "substepsOfOneLevel";
  made[3].options.stepsPerFrame = 6;
  made[3].options.levels = 1;
  made[4].name = "rehearsed";
  made[4].options.rehearsal = Rehearsal::Average;
  made[4].options.layers = 2;
  made[5].name = "rotations";
  made[5].options.hadamard = true;
  made[5].options.intermediate = 24;
  made[6].name = "rotationsCompensated";
  made[6].options.hadamard = made[6].options.compensated = true;
  return made;
}

INSTANTIATE_TEST_SUITE_P(Programs, VerifiedStreams,
                         testing::ValuesIn(verifiedVariants()),
                         [](const auto &instance) {
                           return instance.param.name;
                         });

/// One frame: what is digital, and nothing else, differs.
TEST(DigitalStages, SendNumbersInOneFrame) {
  TinyOptions tiny;
  tiny.intermediate = 12;
  Program program = buildTinyProgram(tiny);
  tests::usePerKeyChain(program);
  for (Stage &stage : program.stages) {
    stage.digital = stage.fire == FireKind::Lookup;
    if (stage.fire == FireKind::Neuron && stage.unit == 1) {
      stage.fire = FireKind::Number;
      stage.unit = -1;
      stage.digital = true;
    }
  }
  const std::vector<int> tokens = randomTokens(tiny.context, tiny.vocabulary);
  tests::expectOraclesResults(
      std::make_shared<const Program>(std::move(program)), tokens);
}

TEST(DigitalStages, LeaveCodesAndDigestOfALookupAsTheyAre) {
  TinyOptions tiny;
  tiny.intermediate = 12;
  Program spiking = buildTinyProgram(tiny);
  Program digital = spiking;
  for (Stage &stage : digital.stages)
    stage.digital = stage.fire == FireKind::Lookup;
  const std::vector<int> tokens = randomTokens(tiny.context, tiny.vocabulary);
  synfire::Run runs[2];
  for (int i : {0, 1}) {
    auto engine = tests::makeEngine(
        std::make_shared<const Program>(i == 0 ? spiking : digital), {});
    ASSERT_TRUE(engine);
    ASSERT_TRUE(engine->prefill(tokens).ok());
    engine->fillRun(runs[i]);
  }
  EXPECT_EQ(runs[0].digest, runs[1].digest);
  EXPECT_EQ(runs[0].total[Counter::Number], 0u);
  EXPECT_GT(runs[1].total[Counter::Number], 0u);
  EXPECT_EQ(runs[0].total[Counter::DigitalMac], 0u);
  EXPECT_GT(runs[1].total[Counter::DigitalMac], 0u);
  EXPECT_LT(runs[1].total[Counter::SopOther], runs[0].total[Counter::SopOther]);
}

TEST(StreamedPrograms, NeedStreamedNeuronsAndWholeShares) {
  Program program = buildTinyProgram();
  program.frames = 4;
  auto whole = Engine::create(std::make_shared<const Program>(program));
  ASSERT_FALSE(whole.ok());
  EXPECT_NE(whole.error().what.find("not supported: a neuron that needs its "
                                    "whole input in a program of 4 frames"),
            std::string::npos);

  program = buildTinyProgram();
  tests::stream(program, {});
  program.frames = 3;
  auto uneven = Engine::create(std::make_shared<const Program>(program));
  ASSERT_FALSE(uneven.ok());
  EXPECT_EQ(uneven.error().what,
            "not supported: a neuron of 4 steps in a program of 3 frames");
}

} // namespace
} // namespace synfire
