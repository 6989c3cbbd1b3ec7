//===- EngineTest.cpp - the engine against the event-by-event oracle ------===//
#include "runtime/engine/Engine.h"

#include "tests/unit/engine/NaiveExecutor.h"
#include "tests/unit/engine/ProgramVariants.h"
#include "tests/unit/program/TinyProgram.h"

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <string>

namespace synfire {
namespace {

using tests::buildTinyProgram;
using tests::NaiveExecutor;
using tests::TinyOptions;

struct Variant {
  std::string name;
  TinyOptions options;
  std::function<void(Program &)> change = [](Program &) {};
};

std::vector<int> randomTokens(int count, int vocabulary) {
  std::mt19937 random(77);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i)
    tokens.push_back(static_cast<int>(random() % unsigned(vocabulary)));
  return tokens;
}

class Recorder : public StageObserver {
public:
  void onStage(int stage, int position, const std::int32_t *membranes,
               const std::int32_t *codes, std::size_t active) override {
    NaiveExecutor::StageRow &row = rows[{position, stage}];
    EXPECT_TRUE(row.membranes.empty()) << "seen twice";
    row.membranes.assign(membranes, membranes + active);
    if (codes)
      row.codes.assign(codes, codes + active);
  }
  std::map<std::pair<int, int>, NaiveExecutor::StageRow> rows;
};

std::unique_ptr<Engine>
makeEngine(const std::shared_ptr<const Program> &program,
           const EngineOptions &options) {
  auto engine = Engine::create(program, options);
  if (!engine.ok()) {
    ADD_FAILURE() << engine.error().message();
    return nullptr;
  }
  return std::move(*engine);
}

void expectSameRows(const Program &program, const NaiveExecutor &oracle,
                    const Recorder &recorder) {
  ASSERT_EQ(recorder.rows.size(),
            program.stages.size() * std::size_t(oracle.position()));
  for (const auto &[key, row] : recorder.rows) {
    const auto &expected = oracle.row(key.first, key.second);
    const std::string &name =
        program.stages[static_cast<std::size_t>(key.second)].name;
    ASSERT_EQ(row.membranes, expected.membranes)
        << name << " at position " << key.first;
    ASSERT_EQ(row.codes, expected.codes)
        << name << " at position " << key.first;
  }
}

void expectSameRun(const Program &program, const Run &expected,
                   const Run &actual) {
  EXPECT_EQ(actual.digest, expected.digest);
  EXPECT_EQ(actual.membraneDigest, expected.membraneDigest);
  ASSERT_EQ(actual.stages.size(), expected.stages.size());
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const std::string &name = program.stages[s].name;
    for (int c = 0; c < counterCount; ++c)
      EXPECT_EQ(actual.stages[s].counters[static_cast<Counter>(c)],
                expected.stages[s].counters[static_cast<Counter>(c)])
          << name << ", counter " << c;
    EXPECT_EQ(actual.stages[s].values, expected.stages[s].values) << name;
    EXPECT_EQ(actual.stages[s].spikesByStep, expected.stages[s].spikesByStep)
        << name;
  }
  EXPECT_EQ(actual.total, expected.total);
}

/// Shares of a text that are handed over at once.
std::vector<std::vector<int>> splits(int count) {
  std::vector<int> singles(static_cast<std::size_t>(count), 1);
  return {{count}, {1, count - 1}, {count - 3, 2, 1}, singles};
}

class EngineAgainstOracle : public testing::TestWithParam<Variant> {};

TEST_P(EngineAgainstOracle, EverySplitThreadAndKernelGivesTheSame) {
  Program made = buildTinyProgram(GetParam().options);
  GetParam().change(made);
  const auto program = std::make_shared<const Program>(std::move(made));
  const std::vector<int> tokens =
      randomTokens(GetParam().options.context, GetParam().options.vocabulary);
  NaiveExecutor oracle(*program);
  oracle.run(tokens);
  // The signal must not die on the way, or the comparison proves nothing.
  const std::vector<std::int32_t> &last = oracle.logits(oracle.position() - 1);
  ASSERT_NE(*std::min_element(last.begin(), last.end()),
            *std::max_element(last.begin(), last.end()));

  for (StaticProduct product :
       {StaticProduct::Fastest, StaticProduct::Bytes, StaticProduct::Doubles,
        StaticProduct::Integers})
    for (int threads : {1, 2, 3})
      for (const std::vector<int> &split : splits(int(tokens.size()))) {
        SCOPED_TRACE("product " + std::to_string(int(product)) + ", " +
                     std::to_string(threads) + " threads, " +
                     std::to_string(split.size()) + " pieces");
        EngineOptions options;
        options.threads = threads;
        options.membraneDigest = true;
        options.staticProduct = product;
        auto engine = makeEngine(program, options);
        ASSERT_TRUE(engine);
        Recorder recorder;
        engine->setObserver(&recorder);
        auto next = tokens.begin();
        for (int count : split) {
          const int first = engine->position();
          ASSERT_TRUE(
              engine->prefill({next, next + count}, LogitsWanted::All).ok());
          next += count;
          const EngineLogits logits = engine->logits();
          ASSERT_EQ(logits.rows, std::size_t(count));
          for (int r = 0; r < count; ++r)
            ASSERT_EQ(std::vector<std::int32_t>(logits.row(std::size_t(r)),
                                                logits.row(std::size_t(r)) +
                                                    logits.vocabulary),
                      oracle.logits(first + r))
                << "logits of position " << first + r;
        }
        expectSameRows(*program, oracle, recorder);
        synfire::Run run;
        engine->fillRun(run);
        expectSameRun(*program, oracle.counted(), run);
        if (HasFailure())
          return;
      }
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
