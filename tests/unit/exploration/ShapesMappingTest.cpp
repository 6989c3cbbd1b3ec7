//===- ShapesMappingTest.cpp - models too large for a machine -------------===//
#include "exploration/ShapesMapping.h"

#include "compiler/mapping/Optimise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace synfire;
using testing::HasSubstr;

MappingOptions quick() {
  MappingOptions options;
  options.effort = 0;
  options.objective = Objective::Cores;
  return options;
}

/// GPT-2 of three layers: 60 M weights on cores of 160 KB.
ShapesOptions threeLayers() {
  ShapesOptions options;
  options.layers = 3;
  options.context = 64;
  return options;
}

TEST(ShapesMapping, AModelThatFitsIsMappedWhole) {
  auto made = mapShapes(*builtinShape("gpt2"), *loadChipModel("loihi2"),
                        threeLayers(), quick());
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_EQ(made->layersMapped, 3);
  EXPECT_EQ(made->unfit, "");
  // Embedding and logits, and 12 hidden^2 a layer with a bias-free LayerNorm.
  EXPECT_NEAR(static_cast<double>(made->synapses),
              2 * 50257 * 768.0 + 3 * 12 * 768.0 * 768, 1e6);
  EXPECT_GT(made->usedCores, made->synapses / 163840);
  EXPECT_LE(made->usedCores, made->usedChips * 128);
  for (const ResourceShare &share : made->shares) {
    EXPECT_GT(share.ofUsedCores, 0) << share.resource;
    EXPECT_LE(share.ofUsedCores, 1) << share.resource;
    EXPECT_LT(share.ofSystem, share.ofUsedCores) << share.resource;
  }
  EXPECT_GT(made->prefillTokensPerSecond(), made->decodeTokensPerSecond());
  EXPECT_GT(made->decodeTokensPerSecond(), 0);
}

TEST(ShapesMapping, ALargerModelIsMappedAsFarAsItFits) {
  ChipModel chip = *loadChipModel("loihi2");
  const std::int64_t whole =
      mapShapes(*builtinShape("gpt2"), chip, threeLayers(), quick())->usedCores;
  chip.mesh.maxChipsX = 1;
  chip.mesh.maxChipsY = static_cast<int>(whole / 128);
  auto made = mapShapes(*builtinShape("gpt2"), chip, threeLayers(), quick());
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_LT(made->layersMapped, 3);
  EXPECT_GE(made->layersMapped, 1);
  EXPECT_LE(made->usedCores, made->systemCores);
  EXPECT_THAT(made->unfit, HasSubstr("cores"));
  EXPECT_THAT(shapesMappingText(*made), HasSubstr("as far as it fits"));
  const auto json = nlohmann::json::parse(shapesMappingJson(*made));
  EXPECT_EQ(json["layers"]["mapped"], made->layersMapped);
  EXPECT_EQ(json["cores"]["used"], made->usedCores);
}

TEST(ShapesMapping, OptimisedIsExpectedToBeNoSlowerThanPlainPlacements) {
  MappingOptions options;
  options.effort = 1;
  auto periodOf = [&](const char *placement) {
    options.placement = placement;
    auto made = mapShapes(*builtinShape("gpt2"), *loadChipModel("halapoint"),
                          threeLayers(), options);
    EXPECT_TRUE(made.ok()) << made.error().message();
    return made.ok() ? 1 / made->decodeTokensPerSecond() +
                           1 / made->prefillTokensPerSecond()
                     : 0;
  };
  const double optimised = periodOf("optimised");
  ASSERT_GT(optimised, 0);
  for (const char *plain : {"hilbert", "row-major", "random:1", "random:2"})
    EXPECT_LE(optimised, periodOf(plain) * placementTolerance * (1 + 1e-9))
        << plain;
}

TEST(ShapesMapping, NotEvenALayerIsAnError) {
  auto made = mapShapes(*builtinShape("gpt2"), *loadChipModel("tiny"),
                        threeLayers(), quick());
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message(), HasSubstr("tiny"));
}

} // namespace
