#include "compiler/reference/FloatModel.h"

#include "TinyCheckpoint.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace synfire;
using test::TinyCheckpoint;
using test::TinyShape;

namespace {

std::vector<int> someTokens(std::size_t count, int vocabulary) {
  std::vector<int> tokens;
  for (std::size_t i = 0; i < count; ++i)
    tokens.push_back(static_cast<int>((i * i * 7 + i * 3 + 2) %
                                      static_cast<std::size_t>(vocabulary)));
  return tokens;
}

std::unique_ptr<FloatModel> openModel(const TinyCheckpoint &tiny,
                                      FloatModelOptions options = {}) {
  auto checkpoint = Checkpoint::open(tiny.directory());
  EXPECT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  if (!checkpoint)
    return nullptr;
  auto model = FloatModel::create(*checkpoint, options);
  EXPECT_TRUE(model.ok()) << model.error().message();
  return model ? std::move(*model) : nullptr;
}

void expectLogits(const FloatModel &model,
                  const std::vector<std::vector<double>> &expected,
                  std::size_t first) {
  const auto width = static_cast<std::size_t>(model.vocabulary());
  ASSERT_LE(first + static_cast<std::size_t>(model.logitRows()),
            expected.size());
  for (std::size_t row = 0; row < static_cast<std::size_t>(model.logitRows());
       ++row)
    for (std::size_t i = 0; i < width; ++i)
      ASSERT_NEAR(model.logits()[row * width + i], expected[first + row][i],
                  1e-4)
          << "row " << first + row << " token " << i;
}

class FloatModelShapes : public testing::TestWithParam<TinyShape> {};

TEST_P(FloatModelShapes, AgreesWithPlainDoubleLoops) {
  const TinyCheckpoint tiny(GetParam());
  const auto tokens = someTokens(static_cast<std::size_t>(GetParam().context),
                                 static_cast<int>(GetParam().vocabulary));
  auto model = openModel(tiny);
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->prefill(tokens, LogitRows::All).ok());
  EXPECT_EQ(model->logitRows(), GetParam().context);
  EXPECT_EQ(model->position(), GetParam().context);
  expectLogits(*model, tiny.logits(tokens), 0);
}

TinyShape shapeOf(std::int64_t hidden, std::int64_t heads,
                  std::int64_t keyValueHeads, std::int64_t headWidth,
                  std::int64_t layers, std::int64_t context, bool tied) {
  TinyShape shape;
  shape.hidden = hidden;
  shape.heads = heads;
  shape.keyValueHeads = keyValueHeads;
  shape.headWidth = headWidth;
  shape.layers = layers;
  shape.context = context;
  shape.tied = tied;
  return shape;
}

INSTANTIATE_TEST_SUITE_P(Shapes, FloatModelShapes,
                         testing::Values(shapeOf(12, 6, 3, 4, 2, 40, false),
                                         shapeOf(12, 6, 1, 2, 1, 9, true),
                                         shapeOf(16, 4, 4, 6, 3, 70,
                                                 false), // heads wider than d
                                         shapeOf(1, 1, 1, 2, 1, 3, true)));

TEST(FloatModel, EverySplitOfThePrefillGivesTheSameLogits) {
  const TinyCheckpoint tiny{TinyShape{}};
  const auto tokens = someTokens(37, 17);
  const auto expected = tiny.logits(tokens);
  for (std::int64_t chunk : {1, 5, 16, 128}) {
    FloatModelOptions options;
    options.chunk = chunk;
    auto model = openModel(tiny, options);
    ASSERT_TRUE(model);
    for (std::size_t first : {std::size_t(1), std::size_t(20)}) {
      model->reset();
      ASSERT_TRUE(model->prefill(tokens.data(), first, LogitRows::All).ok());
      expectLogits(*model, expected, 0);
      ASSERT_TRUE(model
                      ->prefill(tokens.data() + first, tokens.size() - first,
                                LogitRows::All)
                      .ok());
      expectLogits(*model, expected, first);
    }
  }
}

TEST(FloatModel, DecodingContinuesAPrefill) {
  const TinyCheckpoint tiny{TinyShape{}};
  const auto tokens = someTokens(37, 17);
  const auto expected = tiny.logits(tokens);
  FloatModelOptions options;
  options.chunk = 8;
  auto model = openModel(tiny, options);
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->prefill(tokens.data(), 20, LogitRows::Last).ok());
  EXPECT_EQ(model->logitRows(), 1);
  expectLogits(*model, expected, 19);
  for (std::size_t i = 20; i < tokens.size(); ++i) {
    ASSERT_TRUE(model->decode(tokens[i]).ok());
    expectLogits(*model, expected, i);
  }
}

TEST(FloatModel, ResetForgetsTheSequence) {
  const TinyCheckpoint tiny{TinyShape{}};
  auto model = openModel(tiny);
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->prefill({3, 1, 4, 1, 5}, LogitRows::All).ok());
  model->reset();
  EXPECT_EQ(model->position(), 0);
  ASSERT_TRUE(model->prefill({9, 2, 6}, LogitRows::All).ok());
  expectLogits(*model, tiny.logits({9, 2, 6}), 0);
}

TEST(FloatModel, RefusesTokensAndLengthsThatTheModelDoesNotHave) {
  const TinyCheckpoint tiny{TinyShape{}};
  auto model = openModel(tiny);
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->prefill({3, 1}, LogitRows::All).ok());
  const Status unknown = model->prefill({4, 17}, LogitRows::All);
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().what.find("token 17 at position 3"),
            std::string::npos);
  EXPECT_FALSE(model->prefill(someTokens(39, 17), LogitRows::Last).ok());
  EXPECT_FALSE(model->prefill(std::vector<int>(), LogitRows::All).ok());
  EXPECT_EQ(model->position(), 2);
  ASSERT_TRUE(model->decode(4).ok());
  expectLogits(*model, tiny.logits({3, 1, 4}), 2);
}

TEST(FloatModel, AShorterContextIsAnOption) {
  const TinyCheckpoint tiny{TinyShape{}};
  FloatModelOptions options;
  options.context = 4;
  auto model = openModel(tiny, options);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->context(), 4);
  EXPECT_FALSE(model->prefill(someTokens(5, 17), LogitRows::Last).ok());
  auto checkpoint = Checkpoint::open(tiny.directory());
  ASSERT_TRUE(checkpoint.ok());
  options.context = 41;
  const auto tooLong = FloatModel::create(*checkpoint, options);
  ASSERT_FALSE(tooLong.ok());
  EXPECT_NE(tooLong.error().what.find("41 exceeds the model's 40"),
            std::string::npos);
}

TEST(FloatModel, RecordsEverySiteOfEveryToken) {
  TinyShape shape;
  const TinyCheckpoint tiny(shape);
  const auto tokens = someTokens(33, 17);
  std::map<std::string, std::vector<double>> trace;
  const auto expected = tiny.logits(tokens, &trace);
  for (std::int64_t chunk : {7, 128}) {
    FloatModelOptions options;
    options.chunk = chunk;
    auto model = openModel(tiny, options);
    ASSERT_TRUE(model);
    StatisticsMap statistics;
    model->collectStatistics(&statistics);
    ASSERT_TRUE(model->prefill(tokens, LogitRows::All).ok());
    expectLogits(*model, expected, 0);

    ASSERT_EQ(statistics.size(), trace.size());
    for (const auto &[site, values] : trace) {
      ASSERT_TRUE(statistics.count(site)) << site;
      const SiteStatistics &seen = statistics[site];
      double low = values[0], high = values[0], sum = 0, squares = 0;
      for (double value : values) {
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        squares += value * value;
      }
      const auto count = static_cast<double>(values.size());
      EXPECT_EQ(seen.count, values.size()) << site;
      EXPECT_NEAR(seen.minimum, low, 1e-3 + 1e-4 * std::fabs(low)) << site;
      EXPECT_NEAR(seen.maximum, high, 1e-3 + 1e-4 * std::fabs(high)) << site;
      EXPECT_NEAR(seen.sum, sum, 1e-4 * count) << site;
      EXPECT_NEAR(seen.sumOfSquares, squares, 1e-4 * squares + 1e-4 * count)
          << site;
      float largest = 0;
      for (float channel : seen.channelMaximum)
        largest = std::max(largest, channel);
      EXPECT_FLOAT_EQ(largest, static_cast<float>(seen.absoluteMaximum()));
    }
    for (const auto &[name, seen] : statistics)
      if (name.size() > 8 && name.substr(name.size() - 8) == ".weights") {
        EXPECT_GT(seen.minimum, 0) << name;
        EXPECT_LE(seen.maximum, 1 + 1e-6) << name;
        // Weights of every query sum to one.
        EXPECT_NEAR(seen.sum, 33.0 * 6, 1e-3) << name;
      }
    EXPECT_EQ(statistics["layers.0.attn.scores"].channelMaximum.size(), 6u);
    EXPECT_EQ(statistics["layers.1.mlp.act"].channelMaximum.size(), 20u);

    model->collectStatistics(nullptr);
    const std::uint64_t before = statistics["embed"].count;
    model->reset();
    ASSERT_TRUE(model->prefill(tokens, LogitRows::All).ok());
    EXPECT_EQ(statistics["embed"].count, before);
  }
}

TEST(FloatModel, SamplesAreTheValuesOfEverySite) {
  const TinyCheckpoint tiny{TinyShape{}};
  const auto tokens = someTokens(33, 17);
  std::map<std::string, std::vector<double>> trace;
  static_cast<void>(tiny.logits(tokens, &trace));
  auto model = openModel(tiny);
  ASSERT_TRUE(model);
  SampleMap samples;
  model->collectSamples(&samples);
  ASSERT_TRUE(model->prefill(tokens, LogitRows::All).ok());

  ASSERT_EQ(samples.size(), trace.size());
  for (auto &[site, expected] : trace) {
    ASSERT_TRUE(samples.count(site)) << site;
    // Nothing is left out while all fit, but attention goes head by head.
    std::vector<float> drawn = samples[site].values;
    ASSERT_EQ(drawn.size(), expected.size()) << site;
    std::sort(drawn.begin(), drawn.end());
    std::sort(expected.begin(), expected.end());
    for (std::size_t i = 0; i < drawn.size(); ++i)
      ASSERT_NEAR(static_cast<double>(drawn[i]), expected[i],
                  1e-3 + 1e-4 * std::fabs(expected[i]))
          << site;
  }

  model->collectSamples(nullptr);
  ASSERT_TRUE(model->decode(3).ok());
  EXPECT_EQ(samples["embed"].seen, 33u * 12);
}

TEST(FloatModel, SamplesDoNotDependOnStatistics) {
  const TinyCheckpoint tiny{TinyShape{}};
  const auto tokens = someTokens(30, 17);
  SampleMap alone, beside;
  StatisticsMap statistics;
  for (const bool both : {false, true}) {
    auto model = openModel(tiny);
    ASSERT_TRUE(model);
    SampleMap &map = both ? beside : alone;
    if (both)
      model->collectStatistics(&statistics);
    model->collectSamples(&map);
    ASSERT_TRUE(model->prefill(tokens, LogitRows::Last).ok());
  }
  ASSERT_EQ(alone.size(), beside.size());
  for (const auto &[site, samples] : alone) {
    EXPECT_EQ(samples.values, beside[site].values) << site;
    EXPECT_EQ(samples.seen, statistics[site].count) << site;
  }
}

} // namespace
