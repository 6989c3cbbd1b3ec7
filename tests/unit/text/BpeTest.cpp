//===- BpeTest.cpp - merging against a naive oracle -----------------------===//
#include "runtime/text/Bpe.h"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

using namespace synfire;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

/// The definition, step by step: look for the first-learnt pair, merge its
/// leftmost occurrence, start again.
std::vector<int> naiveBpe(
    std::vector<int> symbols,
    const std::map<std::pair<int, int>, std::pair<std::size_t, int>> &merges) {
  while (true) {
    std::size_t best = merges.size(), position = 0;
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      auto found = merges.find({symbols[i], symbols[i + 1]});
      if (found != merges.end() && found->second.first < best) {
        best = found->second.first;
        position = i;
      }
    }
    if (best == merges.size())
      return symbols;
    symbols[position] =
        merges.at({symbols[position], symbols[position + 1]}).second;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(position) + 1);
  }
}

Bpe letters(const char *alphabet) {
  Bpe bpe;
  for (const char *letter = alphabet; *letter; ++letter)
    bpe.vocabulary.emplace(std::string(1, *letter),
                           static_cast<int>(letter - alphabet));
  return bpe;
}

std::vector<int> encode(const Bpe &bpe, const std::string &word) {
  std::vector<int> ids;
  bpe.encode(word, ids);
  return ids;
}

} // namespace

TEST(Bpe, agreesWithTheDefinition) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Bpe bpe = letters("abc");
    std::vector<std::string> tokens = {"a", "b", "c"};
    std::map<std::pair<int, int>, std::pair<std::size_t, int>> merges;
    for (int i = 0; i < 12; ++i) {
      int left = static_cast<int>(random() % tokens.size());
      int right = static_cast<int>(random() % tokens.size());
      std::string merged = tokens[left] + tokens[right];
      if (bpe.vocabulary.count(merged) > 0)
        continue;
      int id = static_cast<int>(tokens.size());
      tokens.push_back(merged);
      bpe.vocabulary.emplace(merged, id);
      merges[{left, right}] = {merges.size(), id};
      bpe.addMerge(left, right, id);
    }
    bpe.indexCharacters();
    for (int text = 0; text < 20; ++text) {
      std::string word;
      std::vector<int> symbols;
      for (unsigned i = random() % 60; i > 0; --i) {
        symbols.push_back(static_cast<int>(random() % 3));
        word += tokens[symbols.back()];
      }
      ASSERT_EQ(encode(bpe, word), naiveBpe(symbols, merges)) << word;
    }
  }
}

TEST(Bpe, repeatedLettersMergeFromTheLeft) {
  Bpe bpe = letters("a");
  bpe.vocabulary.emplace("aa", 1);
  bpe.addMerge(0, 0, 1);
  bpe.indexCharacters();
  EXPECT_THAT(encode(bpe, "aaaaa"), ElementsAre(1, 1, 0));
  EXPECT_THAT(encode(bpe, ""), IsEmpty());
}

TEST(Bpe, aPairListedTwiceHasItsLaterRank) {
  Bpe bpe = letters("abc");
  bpe.vocabulary.insert({{"ab", 3}, {"bc", 4}});
  bpe.addMerge(0, 1, 3);
  bpe.addMerge(1, 2, 4);
  bpe.addMerge(0, 1, 3);
  bpe.indexCharacters();
  EXPECT_THAT(encode(bpe, "abc"), ElementsAre(0, 4));
}

TEST(Bpe, unknownCharacters) {
  Bpe bpe = letters("a?");
  bpe.indexCharacters();
  EXPECT_THAT(encode(bpe, "aéba"), ElementsAre(0, 0));
  bpe.unknown = 1;
  EXPECT_THAT(encode(bpe, "aéba"), ElementsAre(0, 1, 1, 0));
  bpe.fuseUnknown = true;
  EXPECT_THAT(encode(bpe, "aébaé"), ElementsAre(0, 1, 0, 1));
}

TEST(Bpe, fallsBackToBytesOnlyIfAllAreThere) {
  Bpe bpe = letters("a?");
  bpe.vocabulary.insert({{"<0xC3>", 2}, {"<0xA9>", 3}});
  bpe.byteFallback = true;
  bpe.unknown = 1;
  bpe.indexCharacters();
  EXPECT_THAT(encode(bpe, "aé"), ElementsAre(0, 2, 3));
  EXPECT_THAT(encode(bpe, "aè"), ElementsAre(0, 1));
}

TEST(Bpe, ignoringMergesTakesWholeWords) {
  Bpe bpe = letters("ab");
  bpe.vocabulary.emplace("aba", 2);
  bpe.indexCharacters();
  EXPECT_THAT(encode(bpe, "aba"), ElementsAre(0, 1, 0));
  bpe.ignoreMerges = true;
  EXPECT_THAT(encode(bpe, "aba"), ElementsAre(2));
  EXPECT_THAT(encode(bpe, "abab"), ElementsAre(0, 1, 0, 1));
}

TEST(Bpe, byteTokens) {
  for (int byte = 0; byte < 256; ++byte)
    EXPECT_EQ(byteOfToken(byteToken(static_cast<std::uint8_t>(byte))), byte);
  for (const char *token : {"<0x0G>", "<0x0>", "<0x000>", "[0x00]", ""})
    EXPECT_EQ(byteOfToken(token), std::nullopt) << token;
}

TEST(Bpe, aMegabyteWithoutWordsIsQuick) {
  Bpe bpe = letters("abcd");
  int next = 4;
  for (int left = 0; left < 16; ++left)
    for (int right = 0; right < 4 && next < 60; ++right) {
      bpe.addMerge(left, right, next);
      ++next;
    }
  bpe.indexCharacters();
  std::mt19937 random(2);
  std::string text(1 << 20, 'a');
  for (char &letter : text)
    letter = static_cast<char>('a' + random() % 4);
  auto begin = std::chrono::steady_clock::now();
  EXPECT_LT(encode(bpe, text).size(), text.size());
  std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begin;
  // Far above what it takes, far below what a quadratic algorithm would.
  EXPECT_LT(taken.count(), 30);
}
