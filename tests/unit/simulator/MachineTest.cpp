//===- MachineTest.cpp - the machine against the oracle -------------------===//
#include "simulator/machine/Machine.h"

#include "tests/unit/engine/NaiveExecutor.h"
#include "tests/unit/engine/ProgramVariants.h"
#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/PromptCases.h"
#include "tests/unit/simulator/Spread.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// The chain needs the reciprocal before the mix and uses it after the mix
/// again, so no operand of these products can be the one that fires last.
void useConcurrentPerKeyChain(Program &program) {
  usePerKeyChain(program);
  for (Stage &stage : program.stages)
    for (Dendrite &dendrite : stage.dendrites)
      if (dendrite.kind == DendriteKind::Product)
        dendrite.form = ProductForm::Concurrent;
}

struct Variant {
  const char *name;
  TinyOptions options;
  std::function<void(Program &)> change = [](Program &) {};
};

TinyOptions tiny(const std::function<void(TinyOptions &)> &set) {
  TinyOptions options;
  set(options);
  return options;
}

std::vector<Variant> variants() {
  auto concurrent = [](TinyOptions &o) { o.form = ProductForm::Concurrent; };
  auto feedForward = [](TinyOptions &o) {
    o.intermediate = 24;
    o.layers = 2;
  };
  return {
      {"Plain", {}},
      {"Concurrent", tiny(concurrent)},
      {"ConcurrentLayers", tiny([&](TinyOptions &o) {
         concurrent(o);
         feedForward(o);
       })},
      {"Layers", tiny(feedForward)},
      {"GroupedQueries", tiny([](TinyOptions &o) {
         o.width = 32;
         o.heads = 4;
         o.keyValueHeads = 2;
       })},
      {"FourBits", tiny([](TinyOptions &o) { o.weightBits = 4; })},
      {"SixteenBits", tiny([](TinyOptions &o) { o.weightBits = 16; })},
      {"OutlierBanks", tiny([](TinyOptions &o) { o.banks = true; })},
      {"Levels", {}, [](Program &p) { useLevels(p, 3); }},
      {"LevelsConcurrent", tiny(concurrent),
       [](Program &p) { useLevels(p, 4); }},
      {"GatedBanks", {}, useGatedBanks},
      {"ConstantsPerNeuron", {}, useConstantsPerNeuron},
      {"PerKeyChain", {}, useConcurrentPerKeyChain},
      {"Prefix", tiny([](TinyOptions &o) {
         o.width = 32;
         o.heads = 4;
         o.keyValueHeads = 2;
         o.layers = 2;
       }),
       [](Program &p) { addPrefix(p, 6); }},
      {"Rotations", tiny([&](TinyOptions &o) {
         feedForward(o);
         o.hadamard = true;
       })},
  };
}

void PrintTo(const Variant &variant, std::ostream *out) {
  *out << variant.name;
}

struct Cut {
  const char *name;
  SpreadOptions options;
};

void PrintTo(const Cut &cut, std::ostream *out) { *out << cut.name; }

std::vector<Cut> cuts() {
  Cut whole{"OneTileAStage", {}};
  Cut columns{"Columns", {}};
  columns.options.mostColumns = 5;
  Cut rectangles{"Rectangles", {}};
  rectangles.options.mostGroups = 1;
  rectangles.options.mostColumns = 3;
  rectangles.options.chipsX = 2;
  rectangles.options.chipsY = 2;
  Cut crowded{"FewCores", {}};
  crowded.options.mostColumns = 4;
  crowded.options.cores = 3;
  Cut single{"OneNeuronATile", {}};
  single.options.mostGroups = single.options.mostColumns = 1;
  single.options.chipsX = 3;
  Cut inputs{"SplitInputs", {}};
  inputs.options.mostColumns = 6;
  inputs.options.inputParts = 3;
  inputs.options.chipsX = 2;
  return {whole, columns, rectangles, crowded, single, inputs};
}

using Case = std::tuple<Variant, Cut, std::string>;

class MachineTest : public testing::TestWithParam<Case> {};

/// Counters up to those of the placement.
void expectSameCounts(const Counters &machine, const Counters &oracle,
                      const std::string &where) {
  for (int i = 0; i < static_cast<int>(firstMappedCounter); ++i) {
    const auto counter = static_cast<Counter>(i);
    EXPECT_EQ(machine[counter], oracle[counter])
        << where << ": " << info(counter).name;
  }
}

TEST_P(MachineTest, AgreesWithTheOracle) {
  const auto &[variant, cut, noc] = GetParam();
  Program program = buildTinyProgram(variant.options);
  variant.change(program);
  spread(program, cut.options);

  const std::vector<int> prompt = {1, 9, 4, 30, 17};
  Driven driven = drive(program, prompt, 4, noc);
  ASSERT_EQ(driven.error, "");
  const synfire::Run &run = driven.run;
  ASSERT_EQ(run.outputTokens.size(), 4u);

  NaiveExecutor oracle(program);
  oracle.run(prompt);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(run.outputTokens[static_cast<std::size_t>(i)],
              greedyToken(oracle.logits(oracle.position() - 1)));
    if (i < 3)
      oracle.run(run.outputTokens[static_cast<std::size_t>(i)]);
  }

  const synfire::Run expected = oracle.counted();
  EXPECT_EQ(run.digest, expected.digest);
  EXPECT_EQ(run.membraneDigest, expected.membraneDigest);
  expectSameCounts(run.total, expected.total, "total");
  std::uint64_t spikes = 0;
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const std::string &name = program.stages[s].name;
    expectSameCounts(run.stages[s].counters, expected.stages[s].counters, name);
    EXPECT_EQ(run.stages[s].values, expected.stages[s].values) << name;
    EXPECT_EQ(run.stages[s].scoresKeys, program.stages[s].scoresKeys()) << name;
    EXPECT_EQ(run.stages[s].spikesByStep, expected.stages[s].spikesByStep)
        << name;
    for (int p = program.prefix; p < oracle.position(); ++p)
      EXPECT_EQ((driven.seen.membranes[{p, static_cast<int>(s)}]),
                oracle.row(p, static_cast<int>(s)).membranes)
          << name << " at " << p;
    spikes += run.stages[s].counters[Counter::Spike];
  }
  EXPECT_GT(spikes, 0u);
  EXPECT_EQ(spikes, driven.seen.spikes.size());
  EXPECT_TRUE(verify(run).ok()) << verify(run).error().message();
}

TEST_P(MachineTest, TrainsCarryTheCodes) {
  const auto &[variant, cut, noc] = GetParam();
  Program program = buildTinyProgram(variant.options);
  variant.change(program);
  spread(program, cut.options);
  Driven driven = drive(program, {1, 2, 3}, 0, noc);
  ASSERT_EQ(driven.error, "");
  NaiveExecutor oracle(program);
  oracle.run({1, 2, 3});

  std::map<std::pair<int, int>, std::map<int, std::int64_t>> codes;
  for (const ObservedSpike &spike : driven.seen.spikes)
    codes[{spike.position, spike.stage}][spike.neuron] += spike.payload;
  for (int p = program.prefix; p < oracle.position(); ++p)
    for (int s = 0; s + 1 < static_cast<int>(program.stages.size()); ++s) {
      const Stage &stage = program.stages[static_cast<std::size_t>(s)];
      std::size_t k = 0;
      for (int i = 0; i < stage.width(); ++i) {
        if (stage.perKey && i % stage.groupWidth > p)
          continue;
        EXPECT_EQ((codes[{p, s}][i]), oracle.row(p, s).codes[k++])
            << stage.name << " neuron " << i << " at " << p;
      }
    }
}

std::string caseName(const testing::TestParamInfo<Case> &given) {
  const auto &[variant, cut, noc] = given.param;
  return std::string(variant.name) + cut.name + noc;
}

INSTANTIATE_TEST_SUITE_P(
    Mappings, MachineTest,
    testing::Combine(testing::ValuesIn(variants()), testing::ValuesIn(cuts()),
                     testing::Values(std::string("ideal"),
                                     std::string("burst"))),
    caseName);

TEST(Machine, TheBuiltMappingOfTheProgramRuns) {
  TinyOptions options;
  options.tileNeurons = 6;
  const Program program = buildTinyProgram(options);
  ASSERT_TRUE(verify(program).ok()) << verify(program).error().message();
  NaiveExecutor oracle(program);
  oracle.run({3, 1, 4});
  EXPECT_EQ(drive(program, {3, 1, 4}, 0).run.digest, oracle.counted().digest);
}

TEST(Machine, LongContextsUseEveryKeyColumn) {
  TinyOptions options;
  options.context = 12;
  Program program = buildTinyProgram(options);
  SpreadOptions cut;
  cut.mostColumns = 5;
  spread(program, cut);
  const std::vector<int> prompt = fullPrompt(options.context);
  NaiveExecutor oracle(program);
  oracle.run(prompt);
  const Driven driven = drive(program, prompt, 1);
  EXPECT_EQ(driven.run.digest, oracle.counted().digest);
  EXPECT_EQ(driven.run.membraneDigest, oracle.counted().membraneDigest);
}

TEST(Machine, PrefillAndTokenByTokenGiveTheSameSpikes) {
  expectPrefillAsTokenByToken(buildTinyProgram({}));
}

TEST(Machine, AConcurrentCacheIsRefused) {
  Program program = buildTinyProgram({});
  for (Stage &stage : program.stages)
    if (stage.dendrites.front().kind == DendriteKind::Mix)
      stage.dendrites.front().form = ProductForm::Concurrent;
  EXPECT_EQ(drive(program, {1}, 0).error,
            "layers.0.attn.mix: not supported: the concurrent form of a "
            "dendrite of kind " +
                std::string(toString(DendriteKind::Mix)));
}

TEST(Machine, AChipWithoutAClockIsRefused) {
  Program program = buildTinyProgram({});
  program.mapping.chip.timing.clockHz = 0;
  EXPECT_NE(drive(program, {1}, 0).error.find("clock_hz"), std::string::npos);
}

TEST(Machine, AChipWithoutLanesIsRefused) {
  Program program = buildTinyProgram({});
  program.mapping.chip.timing.accumulateLanes = 0;
  EXPECT_NE(drive(program, {1}, 0).error.find("accumulate_lanes is 0"),
            std::string::npos);
}

} // namespace
