#include "runtime/eval/Logits.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace synfire;

namespace {

long double plainLogSumExp(const LogitsView &logits, std::int64_t row) {
  long double largest = -INFINITY, sum = 0;
  for (std::int64_t i = 0; i < logits.vocabulary; ++i)
    largest = std::max(largest, static_cast<long double>(logits.at(row, i)));
  for (std::int64_t i = 0; i < logits.vocabulary; ++i)
    sum += std::exp(static_cast<long double>(logits.at(row, i)) - largest);
  return largest + std::log(sum);
}

TEST(Logits, LogSumExpAgreesWithLongDouble) {
  std::mt19937 generator(3);
  for (float spread : {0.01f, 1.0f, 30.0f, 900.0f}) {
    std::uniform_real_distribution<float> values(-spread, spread);
    std::vector<float> data(2 * 1003);
    for (float &value : data)
      value = values(generator);
    const LogitsView view = LogitsView::ofReal(data.data(), 2, 1003);
    for (std::int64_t row = 0; row < 2; ++row)
      EXPECT_NEAR(logSumExp(view, row),
                  static_cast<double>(plainLogSumExp(view, row)),
                  1e-12 * spread + 1e-13);
  }
}

TEST(Logits, LogSumExpDoesNotOverflow) {
  const std::vector<float> data = {3e38f, 3e38f, -3e38f};
  EXPECT_NEAR(logSumExp(LogitsView::ofReal(data.data(), 1, 3), 0) / 3e38, 1,
              1e-6);
}

TEST(Logits, IntegersEqualTheirScaledFloats) {
  const std::vector<std::int32_t> integers = {-2147483647 - 1, 5, 2147483647,
                                              2147483000, 0};
  const double scale = 1.0 / 1024;
  const LogitsView view = LogitsView::ofInteger(integers.data(), scale, 1, 5);
  EXPECT_NEAR(logSumExp(view, 0), static_cast<double>(plainLogSumExp(view, 0)),
              1e-9);
  EXPECT_EQ(argmax(view, 0), 2);
}

TEST(Logits, TheSmallestIndexOfTheMaximumIsGreedy) {
  const std::vector<float> data = {9, 9, 9, 1, 7, 7};
  EXPECT_EQ(argmax(LogitsView::ofReal(data.data(), 2, 3), 0), 0);
  EXPECT_EQ(argmax(LogitsView::ofReal(data.data(), 2, 3), 1), 1);
}

TEST(Logits, TemperatureDividesTheLogits) {
  const std::vector<float> data = {1, 2, 4}, halved = {0.5f, 1, 2};
  EXPECT_NEAR(logSumExp(LogitsView::ofReal(data.data(), 1, 3), 0, 2.0),
              logSumExp(LogitsView::ofReal(halved.data(), 1, 3), 0), 1e-14);
}

} // namespace
