//===- TokenizerTest.cpp - the whole way from text to ids and back --------===//
#include "runtime/text/Tokenizer.h"

#include "tests/unit/text/TinyTokenizers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

using namespace synfire;
using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Tokenizer, byteLevel) {
  auto tokenizer =
      parseTokenizer(byteLevelTokenizer({{"h", "e"}, {"Ġ", "he"}, {"Ã", "©"}}));
  EXPECT_EQ(tokenizer->vocabularySize(), 260);
  EXPECT_THAT(tokenizer->encode("he he\n"), ElementsAre(257, 258, '\n'));
  EXPECT_THAT(tokenizer->encode("é"), ElementsAre(259));
  EXPECT_THAT(tokenizer->encode(""), IsEmpty());
  EXPECT_EQ(tokenizer->decode({257, 258, '\n', 259}), "he he\né");
  EXPECT_EQ(tokenizer->tokenId("Ġhe"), 258);
  EXPECT_EQ(tokenizer->tokenId("<s>"), 256);
  EXPECT_EQ(tokenizer->tokenId("none"), -1);
}

TEST(Tokenizer, sentencePiece) {
  auto tokenizer =
      parseTokenizer(sentencePieceTokenizer({{"▁", "a"}, {"▁a", "b"}}));
  const int space = 259, a = 260, b = 261, spaceA = 286, spaceAb = 287;
  EXPECT_EQ(tokenizer->vocabularySize(), 288);
  EXPECT_THAT(tokenizer->encode("ab a b"),
              ElementsAre(1, spaceAb, spaceA, space, b));
  EXPECT_THAT(tokenizer->encode("é\n"),
              ElementsAre(1, space, 3 + 0xC3, 3 + 0xA9, 3 + '\n'));
  EXPECT_THAT(tokenizer->encode(""), ElementsAre(1));
  EXPECT_THAT(tokenizer->encode(" a"), ElementsAre(1, space, spaceA));
  EXPECT_EQ(tokenizer->decode({1, spaceAb, spaceA, space, b, a}), "ab a ba");
}

TEST(Tokenizer, mergesCrossWordsWhereNothingCuts) {
  auto tokenizer = parseTokenizer(sentencePieceTokenizer({{"a", "▁"}}));
  EXPECT_THAT(tokenizer->encode("a a"), ElementsAre(1, 259, 286, 260));
}

TEST(Tokenizer, mergesAsPairsOrText) {
  json pairs = sentencePieceTokenizer({{"▁", "a"}, {"▁a", "b"}}), text = pairs;
  text["model"]["merges"] = {"▁ a", "▁a b"};
  EXPECT_EQ(parseTokenizer(pairs)->encode("ab ab"),
            parseTokenizer(text)->encode("ab ab"));
}

TEST(Tokenizer, ignoresMergesIfAsked) {
  json config = byteLevelTokenizer();
  config["model"]["vocab"]["abc"] = 257;
  EXPECT_THAT(parseTokenizer(config)->encode("abc"),
              ElementsAre('a', 'b', 'c'));
  config["model"]["ignore_merges"] = true;
  EXPECT_THAT(parseTokenizer(config)->encode("abc"), ElementsAre(257));
}

TEST(Tokenizer, findsAddedTokensFirstAndTheLongest) {
  json config = byteLevelTokenizer();
  config["added_tokens"].push_back(addedToken(300, "<|a|>"));
  config["added_tokens"].push_back(addedToken(301, "<|a|>b"));
  auto tokenizer = parseTokenizer(config);
  EXPECT_EQ(tokenizer->vocabularySize(), 302);
  EXPECT_EQ(tokenizer->tokenId("<|a|>"), 300);
  EXPECT_THAT(tokenizer->encode("x<|a|>y<|a|>b<s>"),
              ElementsAre('x', 300, 'y', 301, 256));
  EXPECT_THAT(tokenizer->encode("<|a|"), ElementsAre('<', '|', 'a', '|'));
  EXPECT_EQ(tokenizer->decode({'x', 300, 301, 256}), "x<|a|><|a|>b<s>");
}

TEST(Tokenizer, addedTokensSwallowWhiteSpaceIfAsked) {
  json config = byteLevelTokenizer();
  json token = addedToken(300, "<m>");
  token["lstrip"] = true;
  config["added_tokens"].push_back(token);
  token = addedToken(301, "<r>");
  token["rstrip"] = true;
  config["added_tokens"].push_back(token);
  auto tokenizer = parseTokenizer(config);
  // U+2003 is white space of three bytes.
  EXPECT_THAT(tokenizer->encode("a \xE2\x80\x83<m> b"),
              ElementsAre('a', 300, ' ', 'b'));
  EXPECT_THAT(tokenizer->encode("a <r>\n\xE2\x80\x83 b"),
              ElementsAre('a', ' ', 301, 'b'));
  EXPECT_THAT(tokenizer->encode("  <m>"), ElementsAre(300));
}

TEST(Tokenizer, normalizedAddedTokensAreFoundInNormalizedText) {
  json config = sentencePieceTokenizer();
  json token = addedToken(300, "a b");
  token["normalized"] = true;
  config["added_tokens"].push_back(token);
  auto tokenizer = parseTokenizer(config);
  const int space = 259, c = 262;
  // The token itself is normalised to "▁a▁b".
  EXPECT_THAT(tokenizer->encode("c a b"), ElementsAre(1, space, c, 300));
  EXPECT_THAT(tokenizer->encode("a b"), ElementsAre(1, 300));
}

TEST(Tokenizer, textAfterAnAddedTokenIsNormalizedAnew) {
  auto tokenizer = parseTokenizer(sentencePieceTokenizer());
  EXPECT_THAT(tokenizer->encode("a</s>a"),
              ElementsAre(1, 259, 260, 2, 259, 260));
}

TEST(Tokenizer, templatesAddAtBothEnds) {
  json config = sentencePieceTokenizer();
  json end = {{"SpecialToken", {{"id", "</s>"}, {"type_id", 0}}}};
  config["post_processor"]["single"].push_back(end);
  config["post_processor"]["special_tokens"]["</s>"] = {
      {"ids", json::array({2})}};
  // LLaMA 3 wraps its template so.
  config["post_processor"] = {
      {"type", "Sequence"},
      {"processors", {{{"type", "ByteLevel"}}, config["post_processor"]}}};
  auto tokenizer = parseTokenizer(config);
  EXPECT_THAT(tokenizer->encode("a"), ElementsAre(1, 259, 260, 2));
  EXPECT_EQ(tokenizer->decode({1, 259, 260, 2}), "a");
}

TEST(Tokenizer, llama3StyleSequence) {
  json config = byteLevelTokenizer({{"1", "2"}, {"12", "3"}, {"123", "4"}});
  config["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {{{"type", "Split"},
         {"pattern", {{"Regex", R"(\p{N}{1,3}|\s+|\p{L}+)"}}},
         {"behavior", "Isolated"},
         {"invert", false}},
        {{"type", "ByteLevel"},
         {"add_prefix_space", false},
         {"use_regex", false}}}}};
  EXPECT_THAT(parseTokenizer(config)->encode("1234 a"),
              ElementsAre(258, '4', ' ', 'a'));
}

TEST(Tokenizer, digitsStandAlone) {
  json config = byteLevelTokenizer({{"1", "2"}});
  config["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {{{"type", "Digits"}, {"individual_digits", true}},
        config["pre_tokenizer"]}}};
  EXPECT_THAT(parseTokenizer(config)->encode("12"), ElementsAre('1', '2'));
}

TEST(Tokenizer, metaspaceInsteadOfNormalizer) {
  json config = sentencePieceTokenizer({{"▁", "a"}});
  config["normalizer"] = nullptr;
  config["pre_tokenizer"] = {{"type", "Metaspace"},
                             {"replacement", "▁"},
                             {"prepend_scheme", "first"},
                             {"split", false}};
  config["decoder"] = {
      {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}};
  auto tokenizer = parseTokenizer(config);
  EXPECT_THAT(tokenizer->encode("a a</s>a"), ElementsAre(1, 286, 286, 2, 260));
  EXPECT_EQ(tokenizer->decode({1, 286, 286, 2, 260}), "a a</s>a");
}

TEST(Tokenizer, invalidUtf8CountsAsReplacementCharacters) {
  for (const auto &config : {byteLevelTokenizer(), sentencePieceTokenizer()}) {
    auto tokenizer = parseTokenizer(config);
    EXPECT_EQ(tokenizer->encode("a\xFF\xE2\x82"), tokenizer->encode("a��"));
    EXPECT_EQ(tokenizer->decode(tokenizer->encode("a\xFF\xE2\x82")), "a��");
  }
}

TEST(Tokenizer, decodeInvertsEncode) {
  std::mt19937 random(4);
  const char *characters[] = {"a", "b", " ",  "\n", "é",  "日", "🙂",
                              "▁", "<", "0x", "\t", "'s", "1",  "€"};
  for (const auto &config :
       {byteLevelTokenizer({{"a", "b"}, {"Ġ", "a"}}),
        sentencePieceTokenizer({{"a", "b"}, {"▁", "a"}})}) {
    auto tokenizer = parseTokenizer(config);
    const bool writesSpaces = tokenizer->tokenId("▁") >= 0;
    for (int round = 0; round < 500; ++round) {
      std::string text;
      for (unsigned i = random() % 50; i > 0; --i) {
        std::string next = characters[random() % std::size(characters)];
        // SentencePiece cannot tell its own mark from a blank.
        text += writesSpaces && next == "▁" ? " " : next;
      }
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
    }
  }
}
