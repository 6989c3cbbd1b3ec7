#include "compiler/reference/Statistics.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace synfire;

namespace {

TEST(Statistics, SumsBoundsAndChannelMaxima) {
  SiteStatistics site;
  const std::vector<float> values = {1, -2, 0, 4, 3, -0.5f};
  site.add(values.data(), 2, 3);
  EXPECT_EQ(site.count, 6u);
  EXPECT_EQ(site.zeros, 1u);
  EXPECT_EQ(site.minimum, -2);
  EXPECT_EQ(site.maximum, 4);
  EXPECT_DOUBLE_EQ(site.sum, 5.5);
  EXPECT_DOUBLE_EQ(site.sumOfSquares, 1 + 4 + 16 + 9 + 0.25);
  EXPECT_EQ(site.absoluteMaximum(), 4);
  EXPECT_EQ(site.channelMaximum, (std::vector<float>{4, 3, 0.5f}));
}

TEST(Statistics, BoundsOfOneSidedValuesDoNotIncludeZero) {
  SiteStatistics site;
  const std::vector<float> values = {-3, -2};
  site.add(values.data(), 1, 2);
  EXPECT_EQ(site.maximum, -2);
  EXPECT_EQ(site.absoluteMaximum(), 3);
}

int binOfSingle(float value) {
  SiteStatistics site;
  site.add(&value, 1, 1);
  for (int bin = 0; bin < magnitudeBins; ++bin)
    if (site.magnitude[static_cast<std::size_t>(bin)] != 0)
      return bin;
  return -1;
}

TEST(Statistics, BinsAreSixteenthsOfOctaves) {
  EXPECT_EQ(binOfSingle(1.0f), 512);
  EXPECT_EQ(binOfSingle(-2.0f), 528);
  EXPECT_EQ(binOfSingle(std::nextafter(1.0f, 0.0f)), 511);
  EXPECT_EQ(binOfSingle(0.0f), 0);
  EXPECT_EQ(binOfSingle(1e-30f), 0);
  EXPECT_EQ(binOfSingle(1e30f), 1023);
  for (int bin = 1; bin < magnitudeBins - 1; ++bin) {
    const double lower = std::exp2((bin - 512) / 16.0);
    const double upper = std::exp2((bin - 511) / 16.0);
    EXPECT_EQ(binOfSingle(static_cast<float>(lower * (1 + 1e-6))), bin);
    EXPECT_EQ(binOfSingle(static_cast<float>(upper * (1 - 1e-6))), bin);
    EXPECT_GT(magnitudeOfBin(bin), lower);
    EXPECT_LT(magnitudeOfBin(bin), upper);
  }
}

TEST(Statistics, PercentileIsTheUpperEdgeOfItsBin) {
  SiteStatistics site;
  std::vector<float> values(1000, 1.0f);
  values[7] = -100.0f;
  site.add(values.data(), 1000, 1);
  EXPECT_DOUBLE_EQ(site.percentile(0.5), std::exp2(1.0 / 16));
  EXPECT_DOUBLE_EQ(site.percentile(0.999), std::exp2(1.0 / 16));
  EXPECT_GT(site.percentile(0.9995), 100);
  EXPECT_LT(site.percentile(1), 100 * std::exp2(1.0 / 16));
  EXPECT_EQ(SiteStatistics().percentile(0.5), 0);
}

TEST(Statistics, OneChannelAtATimeEqualsRows) {
  SiteStatistics rows, channels;
  const std::vector<float> values = {1, 2, 3, 4}, even = {1, 3}, odd = {2, 4};
  rows.add(values.data(), 2, 2);
  channels.addToChannel(1, odd.data(), 2);
  channels.addToChannel(0, even.data(), 2);
  EXPECT_EQ(rows.channelMaximum, channels.channelMaximum);
  EXPECT_EQ(rows.magnitude, channels.magnitude);
  EXPECT_EQ(rows.sum, channels.sum);
}

TEST(Statistics, JsonKeepsEverything) {
  StatisticsMap statistics;
  const std::vector<float> values = {0.1f, -3e-9f, 0, 17.25f};
  statistics["layers.0.attn.q"].add(values.data(), 2, 2);
  statistics["embed"].add(values.data(), 1, 4);
  const auto back = statisticsFromJson(toJson(statistics), "test");
  ASSERT_TRUE(back.ok()) << back.error().message();
  ASSERT_EQ(back->size(), 2u);
  for (const auto &[name, site] : statistics) {
    const SiteStatistics &other = back->at(name);
    EXPECT_EQ(site.count, other.count);
    EXPECT_EQ(site.zeros, other.zeros);
    EXPECT_EQ(site.minimum, other.minimum);
    EXPECT_EQ(site.maximum, other.maximum);
    EXPECT_EQ(site.sum, other.sum);
    EXPECT_EQ(site.sumOfSquares, other.sumOfSquares);
    EXPECT_EQ(site.magnitude, other.magnitude);
    EXPECT_EQ(site.channelMaximum, other.channelMaximum);
  }
}

TEST(Statistics, BadJsonIsNamed) {
  EXPECT_FALSE(statisticsFromJson("nonsense", "f").ok());
  EXPECT_FALSE(statisticsFromJson("[]", "f").ok());
  EXPECT_FALSE(statisticsFromJson(R"({"a": 3})", "f").ok());
  const auto missing = statisticsFromJson(R"({"embed": {"count": 1}})", "f");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message(),
            "f: embed: 'zeros' is not an unsigned integer");
  const auto inconsistent = statisticsFromJson(
      R"({"embed": {"count": 3, "zeros": 0, "minimum": 0, "maximum": 1,
          "sum": 1, "sum_of_squares": 1, "magnitude": [[512, 2]],
          "channel_maximum": []}})",
      "f");
  ASSERT_FALSE(inconsistent.ok());
  EXPECT_NE(inconsistent.error().what.find("holds 2 values, 'count' says 3"),
            std::string::npos);
}

} // namespace
