#include "compiler/reference/Kernels.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace synfire::reference;

namespace {

TEST(Kernels, ExponentialsHaveFloatAccuracyOverTheirRange) {
  std::vector<float> x;
  for (int i = 0; i <= 200000; ++i)
    x.push_back(-87.0f + 175.0f * static_cast<float>(i) / 200000);
  std::vector<float> y = x;
  exponentials(y.data(), static_cast<std::int64_t>(y.size()), 0);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = std::exp(static_cast<double>(x[i]));
    worst = std::max(worst, std::fabs(y[i] - exact) / exact);
  }
  EXPECT_LT(worst, 2e-7);
}

TEST(Kernels, ExponentialsShiftAndSum) {
  std::vector<float> x = {3, 1, 2, -1000};
  const float sum = exponentials(x.data(), 4, 3);
  EXPECT_FLOAT_EQ(x[0], 1);
  EXPECT_FLOAT_EQ(x[1], std::exp(-2.0f));
  EXPECT_LT(x[3], 2e-38f);
  EXPECT_FLOAT_EQ(sum, 1 + std::exp(-2.0f) + std::exp(-1.0f));
}

TEST(Kernels, MaximumOfEveryLengthAndPlace) {
  for (std::int64_t count = 1; count < 70; ++count)
    for (std::int64_t place = 0; place < count; ++place) {
      std::vector<float> x(static_cast<std::size_t>(count), -5);
      x[static_cast<std::size_t>(place)] = -3;
      ASSERT_EQ(maximum(x.data(), count), -3) << count << " " << place;
    }
}

TEST(Kernels, SiluOfSmallLargeAndExtremeValues) {
  std::vector<float> x = {-1000, -80, -2, -1e-6f, 0, 1e-6f, 2, 80, 1000};
  std::vector<float> y(x.size());
  const auto count = static_cast<std::int64_t>(x.size());
  silu({x.data(), count}, {y.data(), count}, 1, count);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = x[i] / (1 + std::exp(-static_cast<double>(x[i])));
    EXPECT_NEAR(y[i], exact, 3e-7 * std::fabs(exact) + 1e-30) << x[i];
  }
}

TEST(Kernels, StridedRowsAreLeftAloneBetween) {
  std::vector<float> x = {3, 4, 99, 0, 5, 99}, y(6, 7);
  const std::vector<float> gain = {1, 10};
  rmsNorm({x.data(), 3}, {y.data(), 3}, 2, 2, gain.data(), 0);
  const float first = std::sqrt(12.5f), second = std::sqrt(12.5f);
  EXPECT_FLOAT_EQ(y[0], 3 / first);
  EXPECT_FLOAT_EQ(y[1], 40 / first);
  EXPECT_FLOAT_EQ(y[2], 7);
  EXPECT_FLOAT_EQ(y[3], 0);
  EXPECT_FLOAT_EQ(y[4], 50 / second);
  EXPECT_FLOAT_EQ(y[5], 7);
}

TEST(Kernels, RotationTurnsPairsHalfAHeadApart) {
  const std::vector<float> x = {1, 2, 3, 4}, c = {0, 0.6f}, s = {1, 0.8f};
  std::vector<float> y(4);
  rotate({x.data(), 4}, {y.data(), 4}, 1, 1, 4, c.data(), s.data());
  EXPECT_FLOAT_EQ(y[0], -3);
  EXPECT_FLOAT_EQ(y[1], 2 * 0.6f - 4 * 0.8f);
  EXPECT_FLOAT_EQ(y[2], 1);
  EXPECT_FLOAT_EQ(y[3], 4 * 0.6f + 2 * 0.8f);
}

} // namespace
