//===- ShapesProgramTest.cpp - shapes alone against a compiled model ------===//
#include "exploration/ShapesProgram.h"

#include "compiler/pipelines/Compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace {

using namespace synfire;
using testing::HasSubstr;

const std::string shipped = SYNFIRE_SOURCE_DIR "/models/fable-0.9M";

ModelShape shapeOf(const ModelConfig &config) {
  ModelShape shape;
  shape.name = "shipped";
  shape.hidden = config.hiddenSize;
  shape.intermediate = config.intermediateSize;
  shape.layers = config.layers;
  shape.heads = config.heads;
  shape.keyValueHeads = config.keyValueHeads;
  shape.headWidth = config.headDim;
  shape.vocabulary = config.vocabulary;
  return shape;
}

/// What the mapper sees of a dendrite.
std::string describe(const Program &program, const Dendrite &dendrite) {
  auto nameOf = [&](int stage) {
    return stage < 0 ? std::string("none")
                     : program.stages[static_cast<std::size_t>(stage)].name;
  };
  std::string text = std::string(toString(dendrite.kind)) + " " +
                     nameOf(dendrite.driver) + " " + nameOf(dendrite.stored) +
                     " " + std::to_string(dendrite.headWidth) + " " +
                     std::to_string(dendrite.queryPerKey);
  if (dendrite.weights >= 0) {
    const WeightBlock &block =
        program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
    text += " " + std::to_string(block.rows) + "x" +
            std::to_string(block.columns) + "x" + std::to_string(block.bits);
  }
  return text;
}

/// The order of stages is no part of it: any topological one is a Program.
std::set<std::string> describe(const Program &program) {
  std::set<std::string> stages;
  for (const Stage &stage : program.stages) {
    std::string text = stage.name + " " + toString(stage.role) + " " +
                       std::to_string(stage.groups) + "x" +
                       std::to_string(stage.groupWidth) +
                       (stage.perKey ? " per key" : "") + " layer " +
                       std::to_string(stage.layer);
    if (stage.fire == FireKind::Neuron)
      text += " steps " +
              std::to_string(
                  program.neurons[static_cast<std::size_t>(stage.unit)].steps);
    for (const Dendrite &dendrite : stage.dendrites)
      text += "; " + describe(program, dendrite);
    stages.insert(text);
  }
  return stages;
}

TEST(ShapesProgram, HasTheStagesOfACompiledLlama) {
  auto checkpoint = Checkpoint::open(shipped);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  CompileOptions options;
  options.conversion.context = 64;
  options.conversion.steps = 16;
  options.conversion.wideSteps = 20;
  options.calibration.file = shipped + "/calibration.txt";
  options.calibration.tokens = 128;
  auto compiled = compileModel(*checkpoint, options);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message();

  ShapesOptions shapes;
  shapes.context = 64;
  auto made = shapesProgram(shapeOf(checkpoint->config()), shapes);
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_EQ(describe(*made), describe(*compiled));
  EXPECT_EQ(made->stages.size(), compiled->stages.size());
}

TEST(ShapesProgram, TakesAnyNumberOfLayersUpToTheModels) {
  const ModelShape shape = *builtinShape("gpt2");
  ShapesOptions options;
  options.context = 16;
  options.layers = 0;
  const std::size_t none = shapesProgram(shape, options)->stages.size();
  options.layers = 2;
  const std::size_t two = shapesProgram(shape, options)->stages.size();
  options.layers = -1;
  const std::size_t all = shapesProgram(shape, options)->stages.size();
  EXPECT_EQ(all - none, 6 * (two - none));
  options.layers = 13;
  auto made = shapesProgram(shape, options);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message(), HasSubstr("the model has 12 layers"));
}

TEST(ShapesProgram, AnEncoderIsRefused) {
  auto made = shapesProgram(*builtinShape("bert-base"), {});
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message(), HasSubstr("not supported"));
}

} // namespace
