//===- TextStreamTest.cpp - decoding ids one at a time --------------------===//
#include "tests/unit/text/TinyTokenizers.h"

#include <gtest/gtest.h>
#include <random>

using namespace synfire;

namespace {

std::string streamed(const Tokenizer &tokenizer, const std::vector<int> &ids) {
  TextStream stream(tokenizer);
  std::string text;
  for (int id : ids)
    text += stream.push(id);
  return text + stream.finish();
}

} // namespace

TEST(TextStream, byteLevelCharactersComeWhole) {
  auto tokenizer = parseTokenizer(byteLevelTokenizer());
  TextStream stream(*tokenizer);
  EXPECT_EQ(stream.push('a'), "a");
  EXPECT_EQ(stream.push(0xE2), "");
  EXPECT_EQ(stream.push(0x82), "");
  EXPECT_EQ(stream.push(0xAC), "€");
  EXPECT_EQ(stream.push(0xFF), "�");
  EXPECT_EQ(stream.push(0xE2), "");
  EXPECT_EQ(stream.push('b'), "�b");
  EXPECT_EQ(stream.push(0xE2), "");
  EXPECT_EQ(stream.finish(), "�");
  EXPECT_EQ(stream.finish(), "");
}

TEST(TextStream, fallbackBytesComeWithTheEndOfTheirRun) {
  auto tokenizer = parseTokenizer(sentencePieceTokenizer());
  const int space = tokenizer->tokenId("▁"), a = tokenizer->tokenId("a");
  TextStream stream(*tokenizer);
  EXPECT_EQ(stream.push(1), "");
  EXPECT_EQ(stream.push(space), "");
  EXPECT_EQ(stream.push(3 + 0xC3), "");
  EXPECT_EQ(stream.push(3 + 0xA9), "");
  EXPECT_EQ(stream.push(a), "éa");
  EXPECT_EQ(stream.push(space), " ");
  EXPECT_EQ(stream.push(3 + 0xC3), "");
  EXPECT_EQ(stream.push(3 + '!'), "");
  EXPECT_EQ(stream.finish(), "��"); // one bad byte spoils the run
}

TEST(TextStream, onlyTheFirstBlankIsTheTokenizers) {
  auto tokenizer = parseTokenizer(sentencePieceTokenizer());
  const int space = tokenizer->tokenId("▁"), a = tokenizer->tokenId("a");
  EXPECT_EQ(tokenizer->decode({1, space, space, a, space, a}), " a a");
  EXPECT_EQ(tokenizer->decode({a, space, a}), "a a");
  EXPECT_EQ(tokenizer->decode({1, 1, space, a, 2}), "<s> a</s>");
}

TEST(TextStream, idsOutsideTheVocabularyGiveNoText) {
  auto tokenizer = parseTokenizer(byteLevelTokenizer());
  EXPECT_EQ(tokenizer->decode({'a', -1, 100000, 'b'}), "ab");
  EXPECT_EQ(tokenizer->decode({}), "");
}

TEST(TextStream, agreesWithDecodeOnAnyIds) {
  std::mt19937 random(3);
  for (const auto &json : {byteLevelTokenizer(), sentencePieceTokenizer()}) {
    auto tokenizer = parseTokenizer(json);
    for (int round = 0; round < 300; ++round) {
      std::vector<int> ids(random() % 40);
      for (int &id : ids)
        id = static_cast<int>(random() % 300) - 5;
      EXPECT_EQ(streamed(*tokenizer, ids), tokenizer->decode(ids));
    }
  }
}
