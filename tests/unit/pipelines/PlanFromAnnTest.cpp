//===- PlanFromAnnTest.cpp - the reference executes the ann IR ------------===//
#include "compiler/pipelines/PlanFromAnn.h"

#include "compiler/calibration/StreamModel.h"
#include "compiler/import/ImportLlama.h"
#include "compiler/passes/Passes.h"
#include "compiler/reference/FloatModel.h"

#include "mlir/Pass/PassManager.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace {

using namespace synfire;

TEST(PlanFromAnn, IsThePlanOfTheCheckpoint) {
  auto checkpoint = Checkpoint::open(SYNFIRE_SOURCE_DIR "/models/fable-0.9M");
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  mlir::MLIRContext context;
  auto module = importLlama(context, *checkpoint, "fable");
  ASSERT_TRUE(module.ok()) << module.error().message();
  const ReferencePlan actual =
      planFromAnn(*(*module)->getBody()->getOps<ann::ModelOp>().begin());
  const ReferencePlan expected = planLlama(checkpoint->config());
  ASSERT_TRUE(verify(actual).ok()) << verify(actual).error().message();
  EXPECT_EQ(actual.vocabulary, expected.vocabulary);
  EXPECT_EQ(actual.context, expected.context);
  ASSERT_EQ(actual.steps.size(), expected.steps.size());
  for (std::size_t i = 0; i < expected.steps.size(); ++i) {
    const ReferenceStep &left = actual.steps[i], &right = expected.steps[i];
    SCOPED_TRACE(right.site);
    EXPECT_EQ(left.kind, right.kind);
    EXPECT_EQ(left.weight, right.weight);
    EXPECT_EQ(left.width, right.width);
    EXPECT_EQ(left.heads, right.heads);
    EXPECT_EQ(left.keyValueHeads, right.keyValueHeads);
    EXPECT_EQ(left.headWidth, right.headWidth);
    EXPECT_EQ(left.eps, right.eps);
    EXPECT_EQ(left.theta, right.theta);
    EXPECT_EQ(left.operands.size(), right.operands.size());
    // The IR names also what the plan leaves unrecorded.
    if (!right.site.empty()) {
      EXPECT_EQ(left.site, right.site);
    }
  }
}

const std::vector<int> window = {1, 40, 7, 7, 300, 12, 0, 99};

std::vector<float> logitsOf(const ReferencePlan &plan,
                            const Checkpoint &checkpoint) {
  auto model = FloatModel::create(plan, checkpoint);
  EXPECT_TRUE(model.ok()) << model.error().message();
  const Status fed = (*model)->prefill(window, LogitRows::All);
  EXPECT_TRUE(fed.ok()) << fed.error().message();
  return {(*model)->logits(),
          (*model)->logits() + window.size() * (*model)->vocabulary()};
}

void expectNear(const std::vector<float> &actual,
                const std::vector<float> &expected) {
  ASSERT_EQ(actual.size(), expected.size());
  float largest = 0;
  for (float value : expected)
    largest = std::max(largest, std::fabs(value));
  EXPECT_GT(largest, 0);
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(actual[i], expected[i], 2e-5 * largest) << i;
}

TEST(PlanFromAnn, OnlineRotationsComputeTheSameFunction) {
  auto checkpoint = Checkpoint::open(SYNFIRE_SOURCE_DIR "/models/fable-0.9M");
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  mlir::MLIRContext context;
  auto module = importLlama(context, *checkpoint, "fable");
  ASSERT_TRUE(module.ok()) << module.error().message();
  mlir::PassManager passes(&context);
  passes.addNestedPass<ann::ModelOp>(createAnnRotateOnline());
  ASSERT_TRUE(succeeded(passes.run(**module)));
  const ReferencePlan plain = planLlama(checkpoint->config());
  const ReferencePlan rotated =
      planFromAnn(*(*module)->getBody()->getOps<ann::ModelOp>().begin());
  ASSERT_TRUE(verify(rotated).ok()) << verify(rotated).error().message();
  EXPECT_EQ(rotated.steps.size(),
            plain.steps.size() + 3 * checkpoint->config().layers);
  std::int64_t undone = 0;
  for (const ReferenceStep &step : rotated.steps) {
    undone += step.inputHadamard > 1;
    if (step.kind == StepKind::Hadamard) {
      EXPECT_GT(step.headWidth, 1) << step.site;
    }
  }
  EXPECT_EQ(undone, checkpoint->config().layers);

  const std::vector<float> expected = logitsOf(plain, *checkpoint);
  expectNear(logitsOf(rotated, *checkpoint), expected);
  StreamModelOptions unquantised;
  unquantised.weightBits = 0;
  auto streamed = StreamModel::create(rotated, *checkpoint, unquantised);
  ASSERT_TRUE(streamed.ok()) << streamed.error().message();
  auto logits = (*streamed)->logits(window);
  ASSERT_TRUE(logits.ok()) << logits.error().message();
  expectNear(*logits, expected);
}

} // namespace
