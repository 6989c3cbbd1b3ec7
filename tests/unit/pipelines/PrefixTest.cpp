//===- PrefixTest.cpp - from outlier tokens to constants of a Program -----===//
#include "../reference/TinyCheckpoint.h"
#include "../text/TinyTokenizers.h"
#include "compiler/convert/Settings.h"
#include "compiler/pipelines/Compile.h"
#include "runtime/engine/Engine.h"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>

using namespace synfire;
using test::TinyCheckpoint;
using test::TinyShape;

namespace {

constexpr int first = 1, letterA = 260;

/// A model whose first token, and no other, is an outlier token, with a text of
/// letters.
class PrefixCompileTest : public testing::Test {
protected:
  PrefixCompileTest() : tiny(shape()) {
    std::ofstream(tiny.directory() + "/tokenizer.json")
        << sentencePieceTokenizer().dump();
    std::ofstream text(tiny.directory() + "/text.txt");
    for (int i = 0; i < 400; ++i)
      text << letter(i * i + i / 7);
    text.close();
    auto opened = Checkpoint::open(tiny.directory());
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    checkpoint = std::make_unique<Checkpoint>(std::move(*opened));
    for (int i = 0; i < 24; ++i)
      window.push_back(letterA + (i * 5 + i * i) % 26);
  }

  static TinyShape shape() {
    TinyShape made;
    made.vocabulary = 286;
    made.outlierToken = first;
    return made;
  }
  static char letter(int i) { return static_cast<char>('a' + i % 26); }

  CompileOptions options(const std::string &configuration) const {
    CompileOptions made;
    ConversionOptions defaults;
    defaults.steps = 0;
    auto parsed = parseConfiguration(configuration, defaults);
    EXPECT_TRUE(parsed.ok()) << parsed.error().message();
    made.conversion = *parsed;
    made.calibration.file = tiny.directory() + "/text.txt";
    made.calibration.tokens = 320;
    return made;
  }

  std::shared_ptr<const Program>
  compiled(const std::string &configuration) const {
    auto program = compileModel(*checkpoint, options(configuration));
    EXPECT_TRUE(program.ok()) << program.error().message();
    return program ? std::make_shared<const Program>(std::move(*program))
                   : nullptr;
  }

  /// Squared error of the window's logits over their power, where the float
  /// model has seen the first token before the window, as the Program has by
  /// `prompt` or by its prefix.
  double errorBehindFirstToken(const std::shared_ptr<const Program> &program,
                               std::vector<int> prompt) const {
    std::vector<int> all = {first};
    all.insert(all.end(), window.begin(), window.end());
    const auto expected = tiny.logits(all);
    prompt.insert(prompt.end(), window.begin(), window.end());
    auto engine = Engine::create(program);
    EXPECT_TRUE(engine.ok()) << engine.error().message();
    EXPECT_TRUE((*engine)->prefill(prompt, LogitsWanted::All).ok());
    const EngineLogits logits = (*engine)->logits();
    double error = 0, power = 0;
    for (std::size_t i = 0; i < window.size(); ++i) {
      const std::int32_t *row = logits.row(logits.rows - window.size() + i);
      for (std::size_t token = 0; token < logits.vocabulary; ++token) {
        const double wanted = expected[i + 1][token];
        const double difference = row[token] * (*engine)->logitScale() - wanted;
        error += difference * difference;
        power += wanted * wanted;
      }
    }
    return error / power;
  }

  TinyCheckpoint tiny;
  std::unique_ptr<Checkpoint> checkpoint;
  std::vector<int> window;
};

TEST_F(PrefixCompileTest, WithTheOutlierInThePrefixNobodyCodesAtItsScale) {
  for (const std::string method :
       {"rounding:steps=8", "las:steps=12,outlier-aware=off",
        "dual-is:steps=2,activation-bits=8"}) {
    SCOPED_TRACE(method);
    const auto plain = compiled(method);
    const auto prefixed = compiled(method + ",prefix-tokens=auto");
    ASSERT_TRUE(plain && prefixed);
    EXPECT_EQ(plain->prefix, 0);
    ASSERT_EQ(prefixed->prefix, 1);
    EXPECT_EQ(prefixed->conversion.prefixTokens, std::vector<int>{first});
    ASSERT_FALSE(prefixed->conversion.notes.empty());
    const double without = errorBehindFirstToken(plain, {first});
    const double with = errorBehindFirstToken(prefixed, {});
    EXPECT_LT(with, without / 5);
    fmt::print("{}: squared error of the logits over their power {:.2e}, with "
               "the prefix {:.2e}\n",
               method, without, with);
  }
}

TEST_F(PrefixCompileTest, FineCodesOfAPrefixAreTheTokensThemselves) {
  // Sixteen steps code the window closely either way.
  const auto prefixed = compiled("las:steps=16,weight-bits=16,prefix-tokens=1");
  ASSERT_TRUE(prefixed);
  EXPECT_LT(errorBehindFirstToken(prefixed, {}), 1e-4);
}

TEST_F(PrefixCompileTest, APlanIsForItsPrefix) {
  const CompileOptions wanted = options("rounding:steps=8,prefix-tokens=2");
  auto with = collectCalibration(*checkpoint, wanted.calibration, {2, {}});
  ASSERT_TRUE(with.ok()) << with.error().message();
  ASSERT_EQ(with->prefix.tokens.size(), 2u);
  EXPECT_EQ(with->prefix.tokens.back(), first);
  auto plan = planConversion(*checkpoint, wanted, *with);
  ASSERT_TRUE(plan.ok()) << plan.error().message();
  EXPECT_EQ(plan->form.prefixTokens, with->prefix.tokens);

  auto without = collectCalibration(*checkpoint, wanted.calibration);
  ASSERT_TRUE(without.ok()) << without.error().message();
  auto unplanned = planConversion(*checkpoint, wanted, *without);
  ASSERT_FALSE(unplanned.ok());
  EXPECT_EQ(unplanned.error().message(),
            "--prefix-tokens: 2 prefix tokens, but the calibration is for 0 "
            "(-1: auto)");
  auto uncompiled = compilePlan(*checkpoint, wanted, *without, *plan);
  ASSERT_FALSE(uncompiled.ok());
  EXPECT_NE(uncompiled.error().what.find("the plan is for the prefix ["),
            std::string::npos);

  // The tokens of a plan can be asked for, whatever a search would choose.
  auto again = collectCalibration(*checkpoint, wanted.calibration,
                                  {0, plan->form.prefixTokens});
  ASSERT_TRUE(again.ok()) << again.error().message();
  auto program = compilePlan(*checkpoint, wanted, *again, *plan);
  ASSERT_TRUE(program.ok()) << program.error().message();
  EXPECT_EQ(program->conversion.prefixTokens, plan->form.prefixTokens);
}

TEST_F(PrefixCompileTest, CalibrationSeesWhatComesBehindThePrefix) {
  const CompileOptions wanted = options("rounding:steps=8");
  auto without = collectCalibration(*checkpoint, wanted.calibration);
  auto with = collectCalibration(*checkpoint, wanted.calibration, {1, {}});
  ASSERT_TRUE(without.ok() && with.ok());
  const auto &seen = without->data.statistics.at("layers.0.mlp.product");
  const auto &behind = with->data.statistics.at("layers.0.mlp.product");
  EXPECT_GT(seen.absoluteMaximum(), 100 * behind.absoluteMaximum());
  // Eight windows of 40 positions, one of which the prefix takes.
  EXPECT_EQ(seen.count, 8u * 40 * 20);
  EXPECT_EQ(behind.count, 8u * 39 * 20);
  for (const std::vector<int> &ids : with->windows) {
    EXPECT_NE(ids.front(), first);
    EXPECT_EQ(ids.size(), 39u);
  }
}

TEST_F(PrefixCompileTest, APrefixThatLeavesNoPositionIsRefused) {
  CompileOptions wanted = options("rounding:steps=8,prefix-tokens=3");
  wanted.conversion.context = 3;
  auto program = compileModel(*checkpoint, wanted);
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.error().what.find(
                "has a prefix of 3 tokens, which leaves none of its 3"),
            std::string::npos)
      << program.error().message();
  wanted = options("rounding:steps=8,prefix-tokens=60");
  program = compileModel(*checkpoint, wanted);
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.error().what.find("different tokens for a prefix of 60"),
            std::string::npos)
      << program.error().message();
}

} // namespace
