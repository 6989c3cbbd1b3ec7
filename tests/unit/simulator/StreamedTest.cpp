//===- StreamedTest.cpp - frames and numbers against the specification ----===//
#include "simulator/machine/Machine.h"

#include "tests/unit/program/TinyPrefix.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"
#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/PromptCases.h"
#include "tests/unit/simulator/Spread.h"
#include "tests/unit/simulator/StreamedReference.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <tuple>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// One threshold a step at 2^guardBits, decremented and sent as 1.
NeuronConfig fireUnit(int steps, int guardBits) {
  NeuronConfig config;
  config.input = InputMode::Streamed;
  config.steps = steps;
  config.guardBits = guardBits;
  const std::int64_t one = std::int64_t(1) << guardBits;
  config.offset = one / 2;
  FiringTable table;
  table.threshold.assign(static_cast<std::size_t>(steps), one);
  table.decrement = table.threshold;
  table.payload.assign(static_cast<std::size_t>(steps), 1);
  config.banks = {{0, 1, table}};
  return config;
}

/// Signed: thresholds l - 1/2, so that the code rounds either way.
NeuronConfig bipolarUnit(int steps, int levels, int guardBits) {
  NeuronConfig config = fireUnit(steps, guardBits);
  config.sign = SignMode::Bipolar;
  config.levels = levels;
  config.offset = 0;
  const std::int64_t one = std::int64_t(1) << guardBits;
  FiringTable table;
  for (int t = 0; t < steps; ++t)
    for (int level = 1; level <= levels; ++level) {
      table.threshold.push_back(level * one - one / 2);
      table.decrement.push_back(level * one);
      table.payload.push_back(level);
    }
  config.banks = {{0, 1, table}};
  return config;
}

/// Each step has thresholds and payloads of its own.
NeuronConfig unevenUnit(int steps, int guardBits) {
  NeuronConfig config = fireUnit(steps, guardBits);
  FiringTable &table = config.banks.front().table;
  for (std::size_t t = 0; t < table.payload.size(); ++t) {
    table.payload[t] = static_cast<std::int32_t>(1 + t * 5 % 7);
    table.threshold[t] = std::int64_t(table.payload[t]) << guardBits;
    table.decrement[t] = table.threshold[t];
  }
  return config;
}

NeuronConfig rehearsing(NeuronConfig config, Rehearsal rehearsal, int steps) {
  config.rehearsal = rehearsal;
  config.rehearsalSteps = steps;
  config.rehearsalMargin = 1;
  return config;
}

NeuronConfig tracing(NeuronConfig config, NegativeRule rule, int levels) {
  config.negative = rule;
  config.tracerOn = true;
  config.tracerMaximum = 3 * config.steps;
  FiringTable table;
  config.levels = levels;
  const std::int64_t one = std::int64_t(1) << config.guardBits;
  for (int t = 0; t < config.steps; ++t)
    for (int level = 1; level <= levels; ++level) {
      table.threshold.push_back(level * one);
      table.decrement.push_back(level * one);
      table.payload.push_back(level);
    }
  config.banks = {{0, 1, table}};
  return config;
}

struct Variant {
  const char *name;
  int frames;
  StreamedOptions options;
  std::function<void(Program &)> change = [](Program &) {};
};

void PrintTo(const Variant &variant, std::ostream *out) {
  *out << variant.name;
}

StreamedOptions with(const std::function<void(StreamedOptions &)> &set) {
  StreamedOptions options;
  set(options);
  return options;
}
StreamedOptions coded(const NeuronConfig &unit) {
  return with([&](StreamedOptions &o) { o.coded = unit; });
}

Stage &stageNamed(Program &program, const std::string &part) {
  for (Stage &stage : program.stages)
    if (stage.name.find(part) != std::string::npos)
      return stage;
  return program.stages.front();
}

/// A neuron that hears all scores before it fires, with a maximum subtracted
/// from those of every frame.
void rehearseScores(Program &program) {
  Stage &scores = stageNamed(program, ".exp");
  scores.fire = FireKind::Neuron;
  scores.unit = 0;
  scores.digital = false;
  scores.codeLimit = program.stages.front().codeLimit;
}

void useConstantsPerNeuron(Program &program) {
  std::mt19937 random(9);
  for (Stage &stage : program.stages)
    for (std::int64_t i = 0; i < stage.width(); ++i)
      stage.bias.push_back(static_cast<std::int32_t>(random() % 41) - 20);
}

std::vector<Variant> variants() {
  auto grouped = [](StreamedOptions &o) {
    o.width = 32;
    o.heads = 4;
    o.keyValueHeads = 2;
  };
  auto unfolded = [](StreamedOptions &o) {
    o.stepsPerFrame = 5;
    o.levels = 1;
  };
  return {
      {"Plain", 4, {}},
      {"TwoFrames", 2, {}},
      {"Rotations", 3, with([](StreamedOptions &o) {
         o.hadamard = true;
         o.intermediate = 24;
       })},
      {"GroupedQueries", 3, with(grouped)},
      {"Layers", 3, with([](StreamedOptions &o) {
         o.layers = 2;
         o.intermediate = 24;
       })},
      {"FourBits", 3, with([](StreamedOptions &o) { o.weightBits = 4; })},
      {"SixteenBits", 3, with([](StreamedOptions &o) { o.weightBits = 16; })},
      {"InputOnce", 4, with([](StreamedOptions &o) { o.inputOnce = true; })},
      {"Compensated", 4,
       with([](StreamedOptions &o) { o.compensated = true; })},
      {"CodedWeights", 4, with([&](StreamedOptions &o) {
         grouped(o);
         o.codedWeights = true;
       })},
      {"SpikingTables", 4,
       with([](StreamedOptions &o) { o.spikingTables = true; })},
      {"Unfolded", 3, with(unfolded)},
      {"ConstantsPerNeuron", 3, {}, useConstantsPerNeuron},
      {"Fires", 8, coded(fireUnit(8, 3))},
      {"TablesByStep", 4, coded(unevenUnit(8, 3))},
      {"Bipolar", 4, coded(bipolarUnit(8, 3, 3))},
      {"BelowZero", 6,
       coded(tracing(fireUnit(6, 3), NegativeRule::BelowZero, 1))},
      {"FromTracer", 6,
       coded(tracing(fireUnit(6, 3), NegativeRule::FromTracer, 4))},
      {"Average", 4,
       with([](StreamedOptions &o) { o.rehearsal = Rehearsal::Average; })},
      {"ResidualMask", 6,
       coded(rehearsing(fireUnit(12, 3), Rehearsal::ResidualMask, 10))},
      {"OptimalShift", 6,
       coded(rehearsing(bipolarUnit(6, 1, 3), Rehearsal::OptimalShift, 6))},
      {"RehearsedScores", 4,
       with([](StreamedOptions &o) { o.rehearsal = Rehearsal::Average; }),
       rehearseScores},
      {"LongTrains", 32, coded(bipolarUnit(mostSteps, 1, 3))},
      {"Prefix", 3, with(grouped), [](Program &p) { addPrefix(p, 4); }},
      {"PrefixCodedWeights", 4,
       with([](StreamedOptions &o) { o.codedWeights = true; }),
       [](Program &p) { addPrefix(p, 1); }},
  };
}

struct Cut {
  const char *name;
  SpreadOptions options;
  bool binarySpikes = false;
};

void PrintTo(const Cut &cut, std::ostream *out) { *out << cut.name; }

std::vector<Cut> cuts() {
  Cut whole{"OneTileAStage", {}};
  Cut columns{"Columns", {}, true};
  columns.options.mostColumns = 5;
  Cut rectangles{"Rectangles", {}};
  rectangles.options.mostGroups = 1;
  rectangles.options.mostColumns = 3;
  rectangles.options.chipsX = 2;
  rectangles.options.chipsY = 2;
  Cut crowded{"FewCores", {}};
  crowded.options.mostColumns = 4;
  crowded.options.cores = 3;
  Cut inputs{"SplitInputs", {}};
  inputs.options.mostColumns = 6;
  inputs.options.inputParts = 3;
  inputs.options.chipsX = 2;
  return {whole, columns, rectangles, crowded, inputs};
}

using Case = std::tuple<Variant, Cut, std::string>;

void expectSameCounts(const Counters &machine, const Counters &expected,
                      const std::string &where) {
  for (int i = 0; i < static_cast<int>(firstMappedCounter); ++i) {
    const auto counter = static_cast<Counter>(i);
    EXPECT_EQ(machine[counter], expected[counter])
        << where << ": " << info(counter).name;
  }
}

void expectAgreement(const Program &program, const std::vector<int> &prompt,
                     int tokens, const std::string &noc) {
  Driven driven = drive(program, prompt, tokens, noc);
  ASSERT_EQ(driven.error, "");
  const synfire::Run &run = driven.run;
  ASSERT_EQ(run.outputTokens.size(), static_cast<std::size_t>(tokens));

  StreamedReference reference(program);
  for (int token : prompt)
    reference.run(token);
  for (int i = 0; i < tokens; ++i) {
    const int chosen = run.outputTokens[static_cast<std::size_t>(i)];
    EXPECT_EQ(chosen, greedyToken(reference.logits()));
    if (i + 1 < tokens)
      reference.run(chosen);
  }

  const synfire::Run expected = reference.counted();
  EXPECT_EQ(run.digest, expected.digest);
  EXPECT_EQ(run.membraneDigest, expected.membraneDigest);
  expectSameCounts(run.total, expected.total, "total");
  std::uint64_t events = 0;
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const std::string &name = program.stages[s].name;
    const int stage = static_cast<int>(s);
    const StageRun &here = run.stages[s];
    expectSameCounts(here.counters, expected.stages[s].counters, name);
    EXPECT_EQ(here.values, expected.stages[s].values) << name;
    EXPECT_EQ(here.spikesByStep, expected.stages[s].spikesByStep) << name;
    events += here.counters[Counter::Spike] + here.counters[Counter::Number];
    for (int p = program.prefix; p <= reference.position(); ++p) {
      const auto &frames = driven.seen.frames[{p, stage}];
      const bool output = program.stages[s].fire == FireKind::Output;
      ASSERT_EQ(frames.size(),
                static_cast<std::size_t>(output ? 1 : program.frames));
      for (std::size_t f = 0; f < frames.size(); ++f) {
        const auto &all = reference.train(p, stage).membranes;
        std::vector<std::int32_t> wanted;
        for (std::int64_t i : reference.active(stage, p))
          wanted.push_back(static_cast<std::int32_t>(
              (output ? all.back() : all[f])[static_cast<std::size_t>(i)]));
        EXPECT_EQ(frames[f], wanted) << name << " at " << p << ", frame " << f;
      }
    }
  }
  EXPECT_EQ(events, driven.seen.spikes.size());
  EXPECT_GT(events, 0u);
  EXPECT_TRUE(verify(run).ok()) << verify(run).error().message();
}

class StreamedTest : public testing::TestWithParam<Case> {
protected:
  Program program() const {
    const auto &[variant, cut, noc] = GetParam();
    Program made = tinyStreamedProgram(variant.frames, variant.options);
    variant.change(made);
    made.mapping.chip.binarySpikes = cut.binarySpikes;
    spread(made, cut.options);
    return made;
  }
};

TEST_P(StreamedTest, AgreesWithTheReference) {
  const Program made = program();
  ASSERT_TRUE(verify(made).ok()) << verify(made).error().message();
  expectAgreement(made, {1, 9, 4, 30}, 3, std::get<2>(GetParam()));
}

std::string caseName(const testing::TestParamInfo<Case> &given) {
  const auto &[variant, cut, noc] = given.param;
  return std::string(variant.name) + cut.name + noc;
}

TEST(Streamed, PrefillAndTokenByTokenGiveTheSameEvents) {
  expectPrefillAsTokenByToken(tinyStreamedProgram(4));
}

TEST(Streamed, ManyTokensPassThroughEveryKeyColumn) {
  StreamedOptions options;
  options.context = 12;
  options.codedWeights = true;
  Program program = tinyStreamedProgram(3, options);
  SpreadOptions cut;
  cut.mostColumns = 5;
  spread(program, cut);
  expectAgreement(program, fullPrompt(options.context), 1, "burst");
}

TEST(Streamed, CodesThatAnEventCannotCarryAreRefused) {
  Program program = tinyStreamedProgram(2);
  stageNamed(program, ".residual").codeLimit = std::int64_t(1) << 30;
  EXPECT_EQ(drive(program, {1}, 0).error,
            "layers.0.attn.residual: not supported: codes of up to 1073741824 "
            "in several frames; the machine's events carry codes of up to "
            "1073741823");
}

/// Digital stages in a Program of one frame.
Program numbersInOneFrame(ProductForm form) {
  TinyOptions options;
  options.form = form;
  options.intermediate = 20;
  Program program = buildTinyProgram(options);
  for (Stage &stage : program.stages) {
    if (stage.fire == FireKind::Lookup) {
      stage.digital = true;
    } else if (stage.name.find(".residual") != std::string::npos ||
               stage.name.find(".k") != std::string::npos ||
               stage.name.find(".q") != std::string::npos) {
      stage.fire = FireKind::Number;
      stage.unit = -1;
      stage.digital = true;
    }
  }
  return program;
}

TEST(Streamed, NumbersOfOneFrameAgreeWithTheReference) {
  for (ProductForm form : {ProductForm::Stored, ProductForm::Concurrent})
    for (const Cut &cut : cuts()) {
      Program program = numbersInOneFrame(form);
      program.mapping.chip.binarySpikes = cut.binarySpikes;
      spread(program, cut.options);
      ASSERT_TRUE(verify(program).ok()) << verify(program).error().message();
      expectAgreement(program, {1, 9, 4, 30, 17}, 3, "burst");
    }
}

TEST(Streamed, ANumberIsOnePacketOnAGradedChipAndItsBitsOnABinaryOne) {
  Program program = numbersInOneFrame(ProductForm::Stored);
  const synfire::Run graded = drive(program, {1, 2, 3}, 0).run;
  program.mapping.chip.binarySpikes = true;
  const synfire::Run binary = drive(program, {1, 2, 3}, 0).run;
  EXPECT_EQ(graded.digest, binary.digest);
  for (std::size_t s = 0; s < program.stages.size(); ++s) {
    const Stage &stage = program.stages[s];
    const Counters &one = graded.stages[s].counters;
    const Counters &many = binary.stages[s].counters;
    EXPECT_EQ(many[Counter::SpikeSent],
              one[Counter::SpikeSent] *
                  static_cast<unsigned>(eventBits(program, stage)))
        << stage.name;
    if (stage.digital) {
      EXPECT_GT(one[Counter::SpikeSent], 0u) << stage.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Mappings, StreamedTest,
    testing::Combine(testing::ValuesIn(variants()), testing::ValuesIn(cuts()),
                     testing::Values(std::string("ideal"),
                                     std::string("burst"))),
    caseName);

} // namespace
