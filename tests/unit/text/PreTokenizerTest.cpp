//===- PreTokenizerTest.cpp - cutting text into words ---------------------===//
#include "runtime/text/PreTokenizer.h"

#include "runtime/text/ByteLevel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace synfire;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

using Kind = PreTokenizerStep::Kind;

PreTokenizerStep step(Kind kind, const std::string &pattern) {
  PreTokenizerStep result;
  result.kind = kind;
  auto compiled = Regex::compile(pattern);
  EXPECT_TRUE(compiled) << compiled.error().message();
  result.pattern = *compiled;
  return result;
}

std::vector<std::string> cut(const std::string &pattern,
                             const std::string &text) {
  return preTokenize({step(Kind::Isolate, pattern)}, text, true);
}

PreTokenizerStep metaspace(PreTokenizerStep::Prefix prefix, bool cutAtSpaces) {
  PreTokenizerStep result;
  result.kind = Kind::Metaspace;
  result.space = "▁";
  result.prefix = prefix;
  result.cutAtSpaces = cutAtSpaces;
  return result;
}

} // namespace

TEST(PreTokenizer, gpt2Words) {
  EXPECT_THAT(
      cut(gpt2Pattern, "Hello  world's 123!\n\n x"),
      ElementsAre("Hello", " ", " world", "'s", " 123", "!", "\n\n", " x"));
  EXPECT_THAT(cut(gpt2Pattern, "größer日本 ½٣  "),
              ElementsAre("größer日本", " ½٣", "  "));
  EXPECT_THAT(cut(gpt2Pattern, ""), IsEmpty());
}

TEST(PreTokenizer, llama3Words) {
  const char *pattern =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  EXPECT_THAT(cut(pattern, "I'M 12345 (ok).\n\n  next"),
              ElementsAre("I", "'M", " ", "123", "45", " (", "ok", ").\n\n",
                          " ", " next"));
}

TEST(PreTokenizer, longRunsStayWhole) {
  std::string blanks(1 << 20, ' '), letters(1 << 20, 'x');
  EXPECT_THAT(cut(gpt2Pattern, blanks), ElementsAre(blanks));
  EXPECT_THAT(cut(gpt2Pattern, letters), ElementsAre(letters));
}

TEST(PreTokenizer, keepsAndDropsMatches) {
  EXPECT_THAT(preTokenize({step(Kind::KeepMatches, "[0-9]+")}, "a12b3", true),
              ElementsAre("12", "3"));
  EXPECT_THAT(preTokenize({step(Kind::DropMatches, "[0-9]+")}, "a12b3", true),
              ElementsAre("a", "b"));
}

TEST(PreTokenizer, stagesApplyInOrder) {
  PreTokenizerStep bytes = step(Kind::ByteLevel, gpt2Pattern);
  EXPECT_THAT(
      preTokenize({step(Kind::Isolate, R"(\p{N})"), bytes}, "a 12 b", true),
      ElementsAre("a", "Ġ", "1", "2", "Ġb"));
}

TEST(PreTokenizer, byteLevelPrefix) {
  PreTokenizerStep bytes;
  bytes.kind = Kind::ByteLevel;
  bytes.prefix = PreTokenizerStep::Prefix::Always;
  EXPECT_THAT(preTokenize({bytes}, "a b", false), ElementsAre("ĠaĠb"));
  EXPECT_THAT(preTokenize({bytes}, " a", false), ElementsAre("Ġa"));
}

TEST(PreTokenizer, metaspace) {
  using Prefix = PreTokenizerStep::Prefix;
  EXPECT_THAT(preTokenize({metaspace(Prefix::Always, false)}, "a b", false),
              ElementsAre("▁a▁b"));
  EXPECT_THAT(preTokenize({metaspace(Prefix::FirstPiece, false)}, "a b", true),
              ElementsAre("▁a▁b"));
  EXPECT_THAT(preTokenize({metaspace(Prefix::FirstPiece, false)}, "a b", false),
              ElementsAre("a▁b"));
  EXPECT_THAT(preTokenize({metaspace(Prefix::Always, false)}, " a", true),
              ElementsAre("▁a"));
  EXPECT_THAT(preTokenize({metaspace(Prefix::Never, true)}, "a b  c", true),
              ElementsAre("a", "▁b", "▁", "▁c"));
}

TEST(Regex, explainsAWrongPattern) {
  auto result = Regex::compile("(a");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(),
            "the pattern '(a' is wrong at character 2: missing closing "
            "parenthesis");
}

TEST(Regex, literalsAreNoPatterns) {
  auto matches = Regex::compileLiteral(R"(.\E)")->findAll(R"(a.\E.)");
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].begin, 1u);
  EXPECT_EQ(matches[0].end, 4u);
}

TEST(Regex, emptyMatchesAreLeftOut) {
  EXPECT_EQ(Regex::compile("b*")->findAll("aébb").size(), 1u);
}

TEST(Regex, catastrophicPatternsEnd) {
  Regex::compile("(a+)+$")->findAll(std::string(5000, 'a') + "b");
}

TEST(Regex, matchesCannotRunBackwards) {
  EXPECT_FALSE(Regex::compile(R"((?=ab\K))"));
  EXPECT_FALSE(Regex::compile(R"(\C)")); // half a character
}
