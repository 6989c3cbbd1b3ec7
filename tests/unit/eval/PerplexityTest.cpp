#include "runtime/eval/Perplexity.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace synfire;

namespace {

/// A model whose logits are log(probability) of a table that knows only the
/// last token: P(next = (token + 1) mod 4) = 1/2, the others 1/6.
struct Successor {
  std::vector<float> logits;
  std::vector<std::vector<int>> windows;

  Result<LogitsView> operator()(const int *tokens, std::size_t count) {
    windows.emplace_back(tokens, tokens + count);
    logits.assign(count * 4, std::log(1.0f / 6));
    for (std::size_t i = 0; i < count; ++i)
      logits[i * 4 + static_cast<std::size_t>((tokens[i] + 1) % 4)] =
          std::log(0.5f);
    return LogitsView::ofReal(logits.data(), static_cast<std::int64_t>(count),
                              4);
  }
};

TEST(Perplexity, WindowsDoNotOverlapAndPredictAcrossTheirBorder) {
  Successor model;
  PerplexityOptions options;
  options.window = 3;
  const auto result =
      measurePerplexity({0, 1, 2, 3, 0, 2, 2, 3}, std::ref(model), options);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(model.windows,
            (std::vector<std::vector<int>>{{0, 1, 2}, {3, 0, 2}, {2}}));
  // 7 predictions; 0 -> 2 and 2 -> 2 are the unexpected ones.
  EXPECT_EQ(result->predictions, 7u);
  const double nats = (5 * std::log(2.0) + 2 * std::log(6.0)) / 7;
  EXPECT_NEAR(result->nats, nats, 1e-6);
  EXPECT_NEAR(result->perplexity, std::exp(nats), 1e-5);
}

TEST(Perplexity, OnlyTheFirstPredictionsCount) {
  Successor model;
  PerplexityOptions options;
  options.window = 4;
  options.predictions = 5;
  std::vector<std::size_t> done;
  options.progress = [&](std::size_t count, std::size_t wanted) {
    done.push_back(count);
    EXPECT_EQ(wanted, 5u);
  };
  const auto result =
      measurePerplexity({0, 1, 2, 3, 0, 1, 3, 3, 3}, std::ref(model), options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->predictions, 5u);
  EXPECT_NEAR(result->perplexity, 2, 1e-5);
  EXPECT_EQ(done, (std::vector<std::size_t>{4, 5}));
  EXPECT_EQ(model.windows.back(), (std::vector<int>{0}));
}

TEST(Perplexity, RefusesWhatHoldsNoPrediction) {
  Successor model;
  EXPECT_FALSE(measurePerplexity({1}, std::ref(model)).ok());
  PerplexityOptions options;
  options.window = 0;
  EXPECT_FALSE(measurePerplexity({1, 2}, std::ref(model), options).ok());
}

TEST(Perplexity, NamesATokenOutsideTheVocabulary) {
  Successor model;
  const auto result = measurePerplexity({0, 1, 7, 1}, std::ref(model));
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().what.find("token 7 at position 2"),
            std::string::npos);
}

TEST(Perplexity, PassesOnTheModelsError) {
  const auto result = measurePerplexity(
      {0, 1}, [](const int *, std::size_t) -> Result<LogitsView> {
        return makeError("the model is tired");
      });
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().what, "the model is tired");
}

} // namespace
