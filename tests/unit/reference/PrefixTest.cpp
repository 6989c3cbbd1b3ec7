#include "compiler/reference/Prefix.h"

#include "TinyCheckpoint.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace synfire;
using test::TinyCheckpoint;
using test::TinyShape;

namespace {

constexpr int outlier = 5, first = 1;

class PrefixTest : public testing::Test {
protected:
  explicit PrefixTest(int outlierToken = outlier)
      : tiny(shapeOf(outlierToken)) {
    auto opened = Checkpoint::open(tiny.directory());
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    checkpoint = std::make_unique<Checkpoint>(std::move(*opened));
    auto created = FloatModel::create(*checkpoint);
    EXPECT_TRUE(created.ok()) << created.error().message();
    model = std::move(*created);
  }
  static TinyShape shapeOf(int outlierToken) {
    TinyShape shape;
    shape.outlierToken = outlierToken;
    return shape;
  }

  PrefixChoice choose(const std::vector<std::vector<int>> &windows, int wanted,
                      int firstToken = first) {
    auto choice = choosePrefix(*model, windows, wanted, firstToken);
    EXPECT_TRUE(choice.ok()) << choice.error().message();
    return choice ? *choice : PrefixChoice();
  }

  TinyCheckpoint tiny;
  std::unique_ptr<Checkpoint> checkpoint;
  std::unique_ptr<FloatModel> model;
};

class PlainPrefixTest : public PrefixTest {
protected:
  PlainPrefixTest() : PrefixTest(-1) {}
};

using Tokens = std::vector<int>;

const std::vector<Tokens> windows = {{3, 16, outlier, 7, 8, 12, 2},
                                     {4, 9, outlier, 7, outlier, 10, 2}};

TEST_F(PrefixTest, AsManyTokensAsAWindowHasOutliersAndTheFirstTokenLast) {
  const PrefixChoice choice = choose(windows, -1);
  EXPECT_EQ(choice.tokens, (Tokens{outlier, first}));
  EXPECT_EQ(choice.outliers, 1.5);
  EXPECT_GT(choice.largestRatio, 1000);
  EXPECT_LT(choice.firstRatio, outlierRatio);
}

TEST_F(PrefixTest, AFirstPositionIsASinkWhateverItsToken) {
  const PrefixChoice choice = choose({{outlier, 3, 4, 7, 8, 2, 9}}, -1);
  EXPECT_EQ(choice.tokens, (Tokens{first}));
  EXPECT_EQ(choice.outliers, 1);
  EXPECT_GT(choice.firstRatio, 1000);
}

TEST_F(PrefixTest, ASingleTokenThatHardlyEverIsAnOutlierIsNotWorthAPosition) {
  std::vector<Tokens> many(11, Tokens{3, 16, 6, 7, 8, 12, 2});
  many.front()[2] = outlier;
  EXPECT_EQ(choose(many, -1).tokens, (Tokens{first}));
  many.pop_back(); // one of ten windows
  EXPECT_EQ(choose(many, -1).tokens, (Tokens{outlier, first}));
}

TEST_F(PrefixTest, AWantedNumberIsFilledUpByRatio) {
  EXPECT_TRUE(choose(windows, 0).tokens.empty());
  EXPECT_EQ(choose(windows, 1).tokens, (Tokens{first}));
  const Tokens four = choose(windows, 4).tokens;
  ASSERT_EQ(four.size(), 4u);
  EXPECT_EQ(four.front(), outlier);
  EXPECT_EQ(four.back(), first);
  EXPECT_NE(four[1], four[2]);
  // Without a first token they all come from the text.
  EXPECT_EQ(choose(windows, 1, -1).tokens, (Tokens{outlier}));
}

TEST_F(PrefixTest, WhatIsLeftBehindAPrefixIsMeasuredThere) {
  auto with = largestRatioBehind(*model, {first}, windows);
  ASSERT_TRUE(with.ok()) << with.error().message();
  EXPECT_GT(*with, 1000); // this token is an outlier wherever it stands
  auto without =
      largestRatioBehind(*model, {outlier, first}, {{3, 16, 4, 7, 8, 12, 2}});
  ASSERT_TRUE(without.ok()) << without.error().message();
  EXPECT_LT(*without, outlierRatio); // the prefix itself is not looked at
}

TEST_F(PlainPrefixTest, NoOutliersNoPrefix) {
  const PrefixChoice choice = choose({{3, 16, 5, 7, 8, 12, 2}}, -1);
  EXPECT_TRUE(choice.tokens.empty());
  EXPECT_EQ(choice.outliers, 0);
  EXPECT_LT(choice.largestRatio, outlierRatio);
}

TEST_F(PlainPrefixTest, KeysAndValuesAreThoseOfASequenceThatStartsWithIt) {
  const ReferencePlan plan = planLlama(checkpoint->config());
  const Tokens prefix = {7, 3, 1};
  auto values = prefixValues(plan, *checkpoint, prefix, 1);
  ASSERT_TRUE(values.ok()) << values.error().message();
  EXPECT_EQ(values->positions(), 3);
  std::map<std::string, std::vector<double>> trace;
  tiny.logits({7, 3, 1, 12, 0}, &trace);
  ASSERT_EQ(values->rows.size(), 4u); // two layers, keys and values
  for (const auto &[site, rows] : values->rows) {
    ASSERT_EQ(rows.size(), 3u * 12u) << site;
    const std::vector<double> &expected = trace.at(site);
    for (std::size_t i = 0; i < rows.size(); ++i)
      ASSERT_NEAR(rows[i], expected[i], 1e-4) << site << " " << i;
  }
}

TEST_F(PlainPrefixTest, RefusesWhatLeavesNoRoomOrIsNoToken) {
  const ReferencePlan plan = planLlama(checkpoint->config());
  auto whole = prefixValues(plan, *checkpoint, Tokens(40, 1), 1);
  ASSERT_FALSE(whole.ok());
  EXPECT_NE(whole.error().what.find("a prefix of 40 tokens leaves no position "
                                    "of the model's 40"),
            std::string::npos);
  EXPECT_FALSE(prefixValues(plan, *checkpoint, {17}, 1).ok());
}

} // namespace
