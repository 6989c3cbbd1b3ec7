//===- AnnWorkTest.cpp - the ANN's work beside Programs of every method ---===//
#include "../reference/TinyCheckpoint.h"
#include "../text/TinyTokenizers.h"
#include "compiler/convert/Methods.h"
#include "compiler/convert/Settings.h"
#include "compiler/pipelines/Compile.h"
#include "runtime/engine/Engine.h"
#include "runtime/report/AnnBaseline.h"

#include <cctype>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

using namespace synfire;
using test::TinyCheckpoint;
using test::TinyShape;

namespace {

class AnnWorkTest : public testing::TestWithParam<std::string> {
protected:
  /// The counts of 7 tokens.
  static synfire::Run executed(const std::string &configuration) {
    TinyShape shape;
    shape.vocabulary = 286;
    const TinyCheckpoint tiny(shape);
    std::ofstream(tiny.directory() + "/tokenizer.json")
        << sentencePieceTokenizer().dump();
    std::ofstream text(tiny.directory() + "/text.txt");
    for (int i = 0; i < 400; ++i)
      text << static_cast<char>('a' + (i * i + i / 7) % 26);
    text.close();
    auto checkpoint = Checkpoint::open(tiny.directory());
    EXPECT_TRUE(checkpoint.ok()) << checkpoint.error().message();
    ConversionOptions defaults;
    defaults.steps = 0;
    auto parsed = parseConfiguration(configuration, defaults);
    EXPECT_TRUE(parsed.ok()) << parsed.error().message();
    CompileOptions options;
    options.conversion = *parsed;
    options.calibration.file = tiny.directory() + "/text.txt";
    options.calibration.tokens = 320;
    auto program = compileModel(*checkpoint, options);
    EXPECT_TRUE(program.ok()) << program.error().message();
    auto engine =
        Engine::create(std::make_shared<const Program>(std::move(*program)));
    EXPECT_TRUE(engine.ok()) << engine.error().message();
    EXPECT_TRUE(
        (*engine)->prefill({1, 2, 3, 4, 5, 6, 7}, LogitsWanted::All).ok());
    synfire::Run run;
    (*engine)->fillRun(run);
    return run;
  }
};

TEST_P(AnnWorkTest, AttentionIsCountedWhateverTheMethod) {
  const auto work = annWork(executed(GetParam()));
  ASSERT_TRUE(work);
  // 2 layers of 6 heads of 4; the 7 tokens see 1 + 2 + ... + 7 = 28 keys.
  EXPECT_EQ(work->queryKey, 2u * 6 * 4 * 28);
  EXPECT_EQ(work->attentionValue, 2u * 6 * 4 * 28);
  // q and o 12 x 24, k and v 12 x 12, gate, up and down 12 x 20.
  EXPECT_EQ(work->linear, 2u * 7 * (2 * 288 + 2 * 144 + 3 * 240));
  EXPECT_EQ(work->lmHead, 7u * 12 * 286);
}

std::vector<std::string> configurations() {
  std::vector<std::string> result = {"las:hg=fs", "las:nonlinear=digital",
                                     "dual-is:saa=concurrent"};
  for (const Method &method : methods())
    result.push_back(method.name);
  return result;
}

INSTANTIATE_TEST_SUITE_P(
    Methods, AnnWorkTest, testing::ValuesIn(configurations()),
    [](const testing::TestParamInfo<std::string> &configuration) {
      std::string name;
      for (const char c : configuration.param)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
          name += c;
      return name;
    });

} // namespace
