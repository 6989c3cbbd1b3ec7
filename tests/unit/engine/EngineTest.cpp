//===- EngineTest.cpp - the engine against the event-by-event oracle ------===//
#include "runtime/engine/Engine.h"

#include "tests/unit/engine/OracleComparison.h"
#include "tests/unit/engine/ProgramVariants.h"
#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/program/TinyProgram.h"

#include <functional>
#include <gtest/gtest.h>
#include <string>

namespace synfire {
namespace {

using tests::buildTinyProgram;
using tests::expectOraclesResults;
using tests::makeEngine;
using tests::NaiveExecutor;
using tests::randomTokens;
using tests::TinyOptions;

struct Variant {
  std::string name;
  TinyOptions options;
  std::function<void(Program &)> change = [](Program &) {};
};

class EngineAgainstOracle : public testing::TestWithParam<Variant> {};

TEST_P(EngineAgainstOracle, EverySplitThreadAndKernelGivesTheSame) {
  Program made = buildTinyProgram(GetParam().options);
  GetParam().change(made);
  const auto program = std::make_shared<const Program>(std::move(made));
  const std::vector<int> tokens = randomTokens(
      program->model.context - program->prefix, GetParam().options.vocabulary);
  expectOraclesResults(program, tokens);
}

std::vector<Variant> variants() {
  std::vector<Variant> made;
  TinyOptions plain;
  made.push_back({"plain", plain});

  TinyOptions large; // several blocks of rows, keys and columns
  large.layers = 2;
  large.heads = 4;
  large.keyValueHeads = 2;
  large.width = 24;
  large.intermediate = 20;
  large.vocabulary = 37;
  large.context = 71;
  made.push_back({"layersHeadsAndOddShapes", large});

  TinyOptions wide = plain;
  wide.width = 40;
  wide.heads = 2;
  wide.keyValueHeads = 2;
  wide.steps = 12;
  wide.wideSteps = 20;
  made.push_back({"wideHeadsAndCodes", wide});

  for (int bits : {4, 16}) {
    TinyOptions weights = plain;
    weights.weightBits = bits;
    weights.intermediate = 12;
    made.push_back({"weights" + std::to_string(bits) + "Bits", weights});
  }

  TinyOptions banks = plain;
  banks.banks = true;
  banks.intermediate = 12;
  made.push_back({"twoBanks", banks});

  TinyOptions concurrent = plain;
  concurrent.form = ProductForm::Concurrent;
  concurrent.intermediate = 12;
  made.push_back({"concurrentProducts", concurrent});

  TinyOptions rotations = plain;
  rotations.hadamard = true;
  rotations.intermediate = 24;
  rotations.layers = 2;
  made.push_back({"rotations", rotations});

  TinyOptions mixed = plain;
  mixed.intermediate = 12;
  mixed.banks = true;
  mixed.context = 11;
  made.push_back(
      {"fiveLevels", mixed, [](Program &p) { tests::useLevels(p, 5); }});
  made.push_back({"gatedBanks", mixed, tests::useGatedBanks});
  made.push_back({"constantsPerNeuron", mixed, tests::useConstantsPerNeuron});
  made.push_back({"perKeyChain", mixed, tests::usePerKeyChain});
  made.push_back({"perKeyChainConstantsPerNeuron", mixed, [](Program &p) {
                    tests::usePerKeyChain(p);
                    tests::useConstantsPerNeuron(p);
                  }});
  made.push_back({"membranesThatSaturate", mixed, [](Program &p) {
                    for (Stage &stage : p.stages)
                      if (stage.perKey || stage.fire == FireKind::Output) {
                        stage.dendrites.front().multiplier = {1 << 24};
                        stage.dendrites.front().shift = 0;
                      }
                  }});
  made.push_back({"accumulatorsBeyondDoubles", mixed, [](Program &p) {
                    for (Stage &stage : p.stages)
                      for (Dendrite &dendrite : stage.dendrites)
                        dendrite.accumulatorBits = 60;
                  }});
  made.push_back({"prefix", plain, [](Program &p) { tests::addPrefix(p, 1); }});
  made.push_back({"longPrefix", large,
                  [](Program &p) { tests::addPrefix(p, 13, /*bits=*/16); }});
  made.push_back({"prefixBeyondDoubles", mixed, [](Program &p) {
                    tests::addPrefix(p, 4);
                    for (Stage &stage : p.stages)
                      for (Dendrite &dendrite : stage.dendrites)
                        dendrite.accumulatorBits = 60;
                  }});
  return made;
}

INSTANTIATE_TEST_SUITE_P(Programs, EngineAgainstOracle,
                         testing::ValuesIn(variants()),
                         [](const auto &instance) {
                           return instance.param.name;
                         });

std::shared_ptr<const Program> tiny() {
  return std::make_shared<const Program>(buildTinyProgram());
}

TEST(Engine, RefusesPromptsBeyondTheContextAndStaysUsable) {
  auto engine = makeEngine(tiny(), {});
  ASSERT_TRUE(engine);
  const Status status = engine->prefill(std::vector<int>(17, 1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what,
            "a prompt of 17 tokens does not fit the context of 16");
  EXPECT_EQ(engine->position(), 0);
  EXPECT_TRUE(engine->prefill(std::vector<int>(16, 1)).ok());
  const Status full = engine->decode(1);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().what, "a prompt of 1 tokens does not fit the context "
                               "of 16, of which 16 are taken");
}

TEST(Engine, StartsBehindThePrefixAndReturnsThere) {
  Program made = buildTinyProgram();
  tests::addPrefix(made, 3);
  auto engine = makeEngine(std::make_shared<const Program>(made), {});
  ASSERT_TRUE(engine);
  EXPECT_EQ(engine->position(), 3);
  const Status status = engine->prefill(std::vector<int>(14, 1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what, "a prompt of 14 tokens does not fit the "
                                 "context of 16, of which 3 are taken (3 by "
                                 "the prefix)");
  ASSERT_TRUE(engine->prefill(std::vector<int>(13, 1)).ok());
  EXPECT_EQ(engine->position(), 16);
  synfire::Run first, again;
  engine->fillRun(first);
  engine->reset();
  EXPECT_EQ(engine->position(), 3);
  ASSERT_TRUE(engine->prefill(std::vector<int>(13, 1)).ok());
  engine->fillRun(again);
  EXPECT_EQ(again.digest, first.digest);
}

TEST(Engine, RefusesTokensOutsideTheVocabulary) {
  auto engine = makeEngine(tiny(), {});
  ASSERT_TRUE(engine);
  const Status status = engine->prefill({1, 32});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().what,
            "token 1 of the prompt is 32, but the vocabulary has ids 0 to 31");
  EXPECT_FALSE(engine->decode(-1).ok());
  EXPECT_EQ(engine->position(), 0);
  EXPECT_EQ(engine->greedyToken(), -1);
}

TEST(Engine, RefusesNoThreads) {
  EngineOptions options;
  options.threads = 0;
  EXPECT_FALSE(Engine::create(tiny(), options).ok());
}

TEST(Engine, RefusesStreamedUnits) {
  Program program = buildTinyProgram();
  program.neurons[0].input = InputMode::Streamed;
  const auto engine =
      Engine::create(std::make_shared<const Program>(std::move(program)));
  ASSERT_FALSE(engine.ok());
  EXPECT_NE(engine.error().message().find("not supported"), std::string::npos);
}

TEST(Engine, ResetForgetsTokensAndCounts) {
  const auto program = tiny();
  auto engine = makeEngine(program, {});
  ASSERT_TRUE(engine);
  const std::vector<int> tokens = randomTokens(9, 32);
  ASSERT_TRUE(engine->prefill(randomTokens(16, 32)).ok());
  engine->reset();
  EXPECT_EQ(engine->position(), 0);
  ASSERT_TRUE(engine->prefill(tokens).ok());
  synfire::Run again;
  engine->fillRun(again);
  NaiveExecutor oracle(*program);
  oracle.run(tokens);
  EXPECT_EQ(again.digest, oracle.counted().digest);
  EXPECT_EQ(again.total, oracle.counted().total);
}

TEST(Engine, LastLogitsAndGreedyToken) {
  const auto program = tiny();
  auto engine = makeEngine(program, {});
  ASSERT_TRUE(engine);
  ASSERT_TRUE(engine->prefill({3, 1, 4, 1, 5}).ok());
  NaiveExecutor oracle(*program);
  oracle.run({3, 1, 4, 1, 5});
  const EngineLogits logits = engine->logits();
  ASSERT_EQ(logits.rows, 1u);
  const auto &expected = oracle.logits(4);
  EXPECT_EQ(std::vector<std::int32_t>(logits.row(0),
                                      logits.row(0) + logits.vocabulary),
            expected);
  int greedy = 0;
  for (int i = 1; i < 32; ++i)
    if (expected[std::size_t(i)] > expected[std::size_t(greedy)])
      greedy = i;
  EXPECT_EQ(engine->greedyToken(), greedy);
  EXPECT_EQ(engine->logitScale(), program->stages.back().membraneScale);
}

TEST(Engine, SwitchesChangeOnlyWhatTheyName) {
  const auto program = tiny();
  EngineOptions bare;
  bare.digest = false;
  bare.countByStage = false;
  auto engine = makeEngine(program, bare);
  auto whole = makeEngine(program, {});
  ASSERT_TRUE(engine && whole);
  const std::vector<int> tokens = randomTokens(16, 32);
  ASSERT_TRUE(engine->prefill(tokens).ok() && whole->prefill(tokens).ok());
  synfire::Run run, reference;
  engine->fillRun(run);
  whole->fillRun(reference);
  EXPECT_EQ(run.digest, 0u);
  EXPECT_EQ(run.membraneDigest, 0u);
  EXPECT_NE(reference.digest, 0u);
  EXPECT_EQ(reference.membraneDigest, 0u);
  EXPECT_TRUE(run.stages.empty());
  EXPECT_EQ(run.total, reference.total);
}

TEST(Engine, RunCarriesModelAndStages) {
  const auto program = tiny();
  auto engine = makeEngine(program, {});
  ASSERT_TRUE(engine);
  ASSERT_TRUE(engine->prefill({1, 2}).ok());
  synfire::Run run;
  engine->fillRun(run);
  EXPECT_EQ(run.executor, "engine");
  EXPECT_EQ(run.model.name, "tiny");
  EXPECT_TRUE(run.model.tokenizerJson.empty());
  EXPECT_EQ(run.conversion.method, "phase");
  ASSERT_EQ(run.stageNames.size(), program->stages.size());
  EXPECT_EQ(run.stageNames.front(), "embed");
  EXPECT_EQ(run.stageRoles.back(), StageRole::LmHead);
  EXPECT_EQ(run.usedCores, int(program->mapping.tiles.size()));
  EXPECT_GT(run.usedChips, 0);
  for (int c = int(firstMappedCounter); c < counterCount; ++c)
    EXPECT_EQ(run.total[static_cast<Counter>(c)], 0u);
}

TEST(Engine, NoTokensAreNoWork) {
  auto engine = makeEngine(tiny(), {});
  ASSERT_TRUE(engine);
  EXPECT_TRUE(engine->prefill({}).ok());
  EXPECT_EQ(engine->position(), 0);
}

} // namespace
} // namespace synfire
