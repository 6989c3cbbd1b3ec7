//===- ScheduleTest.cpp - levels of streamed programs ---------------------===//
#include "compiler/mapping/Schedule.h"

#include "compiler/mapping/Problem.h"
#include "runtime/program/Demand.h"
#include "runtime/program/Trains.h"
#include "runtime/program/Verify.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

using namespace synfire;
using namespace synfire::tests;
using testing::AllOf;
using testing::HasSubstr;

namespace {

int indexOf(const Program &program, const std::string &name) {
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    if (program.stages[s].name == name)
      return static_cast<int>(s);
  ADD_FAILURE() << "no stage " << name;
  return 0;
}

std::vector<StreamedOptions> manyShapes() {
  std::vector<StreamedOptions> shapes(6);
  shapes[1].layers = 3;
  shapes[2].rehearsal = Rehearsal::Average;
  shapes[2].layers = 2;
  shapes[3].compensated = true;
  shapes[3].codedWeights = true;
  shapes[4].intermediate = 0;
  shapes[4].spikingTables = true;
  shapes[5].stepsPerFrame = 3;
  shapes[5].levels = 1;
  return shapes;
}

std::string errorOf(const Program &program) {
  auto schedule = makeSchedule(program);
  return schedule.ok() ? "no error" : schedule.error().message();
}

TEST(Schedule, isTheLeastFixedPointOfItsRules) {
  for (int frames : {2, 5})
    for (const StreamedOptions &options : manyShapes()) {
      Program program = tinyStreamedProgram(frames, options);
      auto made = makeSchedule(program);
      ASSERT_TRUE(made.ok()) << made.error().message();
      // The test's own schedule raises levels until every rule holds.
      EXPECT_EQ(made->fireLevel, program.mapping.schedule.fireLevel);
      EXPECT_EQ(made->slots, program.mapping.schedule.slots);
      EXPECT_EQ(made->levelSteps, program.mapping.schedule.levelSteps);
    }
}

TEST(Schedule, ofOneFrameIsAsItWas) {
  for (ProductForm form : {ProductForm::Stored, ProductForm::Concurrent}) {
    TinyOptions options;
    options.layers = 2;
    options.intermediate = 24;
    options.form = form;
    Program program = buildTinyProgram(options);
    auto made = makeSchedule(program);
    ASSERT_TRUE(made.ok()) << made.error().message();
    EXPECT_EQ(made->fireLevel, program.mapping.schedule.fireLevel);
    EXPECT_EQ(made->slots, program.mapping.schedule.slots);
    EXPECT_EQ(made->levelSteps, program.mapping.schedule.levelSteps);
  }
}

TEST(Schedule, operandsOfAProductFireTogether) {
  const Program program = tinyStreamedProgram(4);
  auto made = makeSchedule(program);
  ASSERT_TRUE(made.ok());
  auto level = [&](const char *name) {
    return made->fireLevel[static_cast<std::size_t>(indexOf(program, name))];
  };
  EXPECT_EQ(level("layers.0.attn.q"), level("layers.0.attn.k"));
  // The values wait for the weights that they are mixed by.
  EXPECT_EQ(level("layers.0.attn.v_proj"), level("layers.0.attn.weights"));
  EXPECT_EQ(level("layers.0.attn.exp.late"), level("layers.0.attn.reciprocal"));
  EXPECT_EQ(level("layers.0.mlp.up"), level("layers.0.mlp.act"));
  EXPECT_GT(level("layers.0.mlp.up"), level("layers.0.mlp.gate"));
}

TEST(Schedule, aRehearsalTakesAsManyLevelsAsFrames) {
  StreamedOptions options;
  options.rehearsal = Rehearsal::Average;
  const Program program = tinyStreamedProgram(6, options);
  auto made = makeSchedule(program);
  ASSERT_TRUE(made.ok());
  auto at = [&](const char *name) {
    return static_cast<std::size_t>(indexOf(program, name));
  };
  // The row itself enters in frames, too.
  EXPECT_EQ(made->fireLevel[at("embed")], 5);
  EXPECT_EQ(made->fireLevel[at("layers.0.attn.q_proj")], 11);
  EXPECT_EQ(made->fireLevel[at("layers.0.attn.q")], 17);
  EXPECT_EQ(made->slots[at("layers.0.attn.q")], 7);
  // Look-ups do not rehearse.
  EXPECT_EQ(made->fireLevel[at("layers.0.attn.exp")], 18);
}

TEST(Schedule, anOperandThatDependsOnTheOtherNeedsAStageBetween) {
  Program program = tinyStreamedProgram(4);
  const int exp = indexOf(program, "layers.0.attn.exp");
  const int weights = indexOf(program, "layers.0.attn.weights");
  program.stages[static_cast<std::size_t>(weights)].dendrites[0].driver = exp;
  EXPECT_THAT(
      errorOf(program),
      AllOf(HasSubstr("layers.0.attn.weights: its operands must fire at one "
                      "level, but layers.0.attn.reciprocal depends on "
                      "layers.0.attn.exp"),
            HasSubstr("pass the earlier one through a stage of its own")));
  auto mapping = mapProgram(program, generousChip());
  ASSERT_FALSE(mapping.ok());
  EXPECT_THAT(mapping.error().message(), HasSubstr("must fire at one level"));
}

TEST(Schedule, pairsThatWaitForEachOtherAreRefused) {
  // a and b fire together, c and d too; c reads a, and b reads d.
  Program program;
  program.frames = 2;
  program.model.context = program.model.vocabulary = 4;
  auto add = [&](const char *name, std::vector<Dendrite> dendrites) {
    Stage stage;
    stage.name = name;
    stage.groupWidth = 4;
    stage.fire = FireKind::Number;
    stage.digital = true;
    stage.codeLimit = 1;
    stage.dendrites = std::move(dendrites);
    program.stages.push_back(stage);
  };
  auto reads = [](int driver, int stored = -1) {
    Dendrite d;
    d.kind = stored < 0 ? DendriteKind::Identity : DendriteKind::Product;
    d.driver = driver;
    d.stored = stored;
    d.form = stored < 0 ? ProductForm::Stored : ProductForm::Concurrent;
    return d;
  };
  Dendrite token;
  token.kind = DendriteKind::Embed;
  add("token", {token});
  add("a", {reads(0)});
  add("d", {reads(0)});
  add("b", {reads(2)});
  add("c", {reads(1)});
  add("first", {reads(1, 3)});
  add("second", {reads(4, 2)});
  EXPECT_THAT(errorOf(program),
              AllOf(HasSubstr("first: its operands a and b must fire at one "
                              "level"),
                    HasSubstr("pass one of them through a stage")));
  // Without the second product nothing contradicts.
  program.stages.pop_back();
  EXPECT_EQ(errorOf(program), "no error");
}

TEST(Schedule, streamedProgramsMapOnEveryBuiltinChip) {
  for (const StreamedOptions &shape : manyShapes()) {
    Program program = tinyStreamedProgram(4, shape);
    for (const char *name : {"loihi1", "loihi2", "mesh45", "tiny"}) {
      auto chip = loadChipModel(name);
      ASSERT_TRUE(chip.ok()) << chip.error().message();
      auto mapping = mapProgram(program, *chip);
      ASSERT_TRUE(mapping.ok()) << mapping.error().message();
      program.mapping = *mapping;
      Status status = verify(program);
      EXPECT_TRUE(status.ok()) << status.error().message();
    }
  }
}

/// Either a mapping that the independent verifier accepts, or an error that
/// names a resource.
TEST(Schedule, randomStreamedProgramsOnRandomChips) {
  std::mt19937 random(7);
  auto pick = [&](int low, int high) {
    return low +
           static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  int mapped = 0, refused = 0;
  for (int round = 0; round < 150; ++round) {
    StreamedOptions options;
    options.layers = pick(1, 2);
    options.keyValueHeads = pick(1, 3);
    options.heads = options.keyValueHeads * pick(1, 3);
    options.width = options.heads * 2 * pick(1, 6);
    options.vocabulary = pick(4, 100);
    options.context = pick(2, 60);
    options.intermediate = pick(0, 1) * pick(1, 100);
    options.compensated = pick(0, 1);
    options.codedWeights = pick(0, 1);
    options.rehearsal = pick(0, 3) ? Rehearsal::Off : Rehearsal::Average;
    options.seed = static_cast<unsigned>(round);
    Program program = tinyStreamedProgram(pick(2, 9), options);
    ChipModel chip = generousChip();
    chip.mesh = {pick(1, 5), pick(1, 5), pick(1, 4), pick(1, 6), pick(1, 6)};
    chip.core.neurons = pick(1, 100);
    chip.core.inputAxons = pick(20, 600);
    chip.core.outputAxons = pick(10, 3000);
    chip.core.synapseBytes = pick(500, 20000);
    chip.core.accumulators = 100 * pick(1, 60);
    chip.core.lookupBytes = pick(10000, 40000);
    auto mapping = mapProgram(program, chip);
    if (!mapping.ok()) {
      ++refused;
      EXPECT_THAT(mapping.error().message(),
                  testing::AnyOf(HasSubstr("on one core, but generous holds"),
                                 HasSubstr("cores, but generous has")));
      continue;
    }
    ++mapped;
    program.mapping = *mapping;
    Status status = verify(program);
    EXPECT_TRUE(status.ok()) << status.error().message();
  }
  EXPECT_GT(mapped, 25);
  EXPECT_GT(refused, 25);
}

TEST(Schedule, tooLongAStreamedContextNamesOneThatFits) {
  // Weights and their products both come in by two axons.
  StreamedOptions options;
  options.context = 300;
  auto chip = loadChipModel("tiny");
  ASSERT_TRUE(chip.ok());
  auto mapping = mapProgram(tinyStreamedProgram(3, options), *chip);
  ASSERT_FALSE(mapping.ok());
  EXPECT_THAT(mapping.error().message(),
              AllOf(HasSubstr("layers.0.attn.mix needs 602 input axons"),
                    HasSubstr("use --context 255 or less")));
  options.context = 255;
  mapping = mapProgram(tinyStreamedProgram(3, options), *chip);
  EXPECT_TRUE(mapping.ok()) << mapping.error().message();
}

} // namespace
