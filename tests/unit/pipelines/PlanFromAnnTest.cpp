//===- PlanFromAnnTest.cpp - the reference executes the ann IR ------------===//
#include "compiler/pipelines/PlanFromAnn.h"

#include "compiler/import/ImportLlama.h"

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

} // namespace
