#include "compiler/reference/Samples.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace synfire;

namespace {

std::vector<float> counting(std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(static_cast<float>(i));
  return values;
}

SiteSamples sampleOf(const std::vector<float> &values, std::size_t capacity,
                     std::size_t rowWidth) {
  SiteSamples samples;
  samples.capacity = capacity;
  for (std::size_t i = 0; i < values.size(); i += rowWidth)
    samples.add(values.data() + i, static_cast<std::int64_t>(
                                       std::min(rowWidth, values.size() - i)));
  return samples;
}

TEST(Samples, KeepsEverythingThatFits) {
  const std::vector<float> values = counting(50);
  EXPECT_EQ(sampleOf(values, 50, 7).values, values);
  EXPECT_EQ(sampleOf(values, 100, 50).values, values);
}

TEST(Samples, RowsDoNotMatter) {
  const std::vector<float> values = counting(20000);
  const SiteSamples whole = sampleOf(values, 100, values.size());
  EXPECT_EQ(whole.seen, values.size());
  EXPECT_EQ(whole.values.size(), 100u);
  for (const std::size_t width : {1, 3, 99, 100, 101, 4096}) {
    const SiteSamples rows = sampleOf(values, 100, width);
    EXPECT_EQ(rows.values, whole.values) << width;
    EXPECT_EQ(rows.seen, whole.seen);
  }
}

TEST(Samples, EveryValueIsDrawnOnceAtMost) {
  SiteSamples samples = sampleOf(counting(5000), 1000, 64);
  std::sort(samples.values.begin(), samples.values.end());
  EXPECT_EQ(std::adjacent_find(samples.values.begin(), samples.values.end()),
            samples.values.end());
}

TEST(Samples, EarlyAndLateValuesAreDrawnAlike) {
  // Ten equal parts of the stream; each holds a tenth of the sample, give or
  // take five standard deviations.
  const std::size_t capacity = 20000;
  const SiteSamples samples = sampleOf(counting(1000000), capacity, 512);
  std::vector<int> part(10, 0);
  for (const float value : samples.values)
    ++part[static_cast<std::size_t>(value / 100000)];
  for (const int count : part)
    EXPECT_NEAR(count, 2000, 5 * std::sqrt(2000 * 0.9));
}

TEST(Samples, OtherSeedsDrawOthers) {
  const std::vector<float> values = counting(5000);
  SiteSamples other;
  other.capacity = 100;
  other.state = 2;
  other.add(values.data(), 5000);
  EXPECT_NE(other.values, sampleOf(values, 100, 5000).values);
}

TEST(Samples, NothingToKeepOrToAdd) {
  SiteSamples samples;
  samples.capacity = 0;
  const float value = 1;
  samples.add(&value, 1);
  EXPECT_TRUE(samples.values.empty());
  samples.capacity = 1;
  samples.add(&value, 0);
  EXPECT_EQ(samples.seen, 0u);
  for (int i = 0; i < 100; ++i)
    samples.add(&value, 1);
  EXPECT_EQ(samples.values, std::vector<float>{1});
}

} // namespace
