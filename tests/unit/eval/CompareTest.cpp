#include "runtime/eval/Compare.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace synfire;

namespace {

TEST(Compare, DivergenceOfKnownDistributions) {
  const std::vector<float> p = {std::log(0.5f), std::log(0.25f),
                                std::log(0.25f)};
  const std::vector<float> q = {std::log(0.25f) + 3, std::log(0.5f) + 3,
                                std::log(0.25f) + 3};
  const auto pView = LogitsView::ofReal(p.data(), 1, 3);
  const auto qView = LogitsView::ofReal(q.data(), 1, 3);
  EXPECT_NEAR(klDivergence(pView, 0, qView, 0),
              0.5 * std::log(2.0) - 0.25 * std::log(2.0), 1e-6);
  EXPECT_NEAR(klDivergence(pView, 0, pView, 0), 0, 1e-12);
}

TEST(Compare, CountsAgreeingRows) {
  const std::vector<float> reference = {1, 2, 3, 9, 0, 0};
  const std::vector<std::int32_t> other = {10, 20, 30, 0, 90, 0};
  LogitComparison comparison;
  ASSERT_TRUE(comparison
                  .add(LogitsView::ofReal(reference.data(), 2, 3),
                       LogitsView::ofInteger(other.data(), 0.1, 2, 3))
                  .ok());
  EXPECT_EQ(comparison.rows, 2u);
  EXPECT_EQ(comparison.sameGreedyToken, 1u);
  EXPECT_DOUBLE_EQ(comparison.agreement(), 0.5);
  // Row 0 is equal; row 1 swaps a logit of 9 with one of 0.
  const double swapped = 9 * (std::exp(9.0) - 1) / (std::exp(9.0) + 2);
  EXPECT_NEAR(comparison.meanDivergence(), swapped / 2, 1e-9);
}

TEST(Compare, RefusesDifferentShapes) {
  const std::vector<float> data = {1, 2, 3, 4, 5, 6};
  LogitComparison comparison;
  EXPECT_FALSE(comparison
                   .add(LogitsView::ofReal(data.data(), 2, 3),
                        LogitsView::ofReal(data.data(), 3, 2))
                   .ok());
  EXPECT_EQ(comparison.rows, 0u);
}

} // namespace
