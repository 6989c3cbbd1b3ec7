#include "runtime/eval/Sampler.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace synfire;

namespace {

TEST(Sampler, TemperatureZeroIsGreedy) {
  const std::vector<float> data = {1, 5, 5};
  Sampler sampler;
  EXPECT_EQ(sampler.next(LogitsView::ofReal(data.data(), 1, 3), 0), 1);
}

TEST(Sampler, DrawsWithTheProbabilitiesOfTheLogits) {
  const std::vector<float> data = {std::log(0.1f), std::log(0.6f),
                                   std::log(0.3f)};
  Sampler sampler(1.0, 42);
  std::vector<int> drawn(3);
  for (int i = 0; i < 20000; ++i)
    ++drawn[static_cast<std::size_t>(
        sampler.next(LogitsView::ofReal(data.data(), 1, 3), 0))];
  EXPECT_NEAR(drawn[0] / 20000.0, 0.1, 0.02);
  EXPECT_NEAR(drawn[1] / 20000.0, 0.6, 0.02);
  EXPECT_NEAR(drawn[2] / 20000.0, 0.3, 0.02);
}

TEST(Sampler, EqualSeedsDrawEqualTokens) {
  const std::vector<std::int32_t> data = {10, 12, 9, 11};
  const auto view = LogitsView::ofInteger(data.data(), 0.2, 1, 4);
  auto draw = [&](std::uint64_t seed) {
    Sampler sampler(0.8, seed);
    std::vector<int> tokens;
    for (int i = 0; i < 64; ++i)
      tokens.push_back(sampler.next(view, 0));
    return tokens;
  };
  EXPECT_EQ(draw(7), draw(7));
  EXPECT_NE(draw(7), draw(8));
}

} // namespace
