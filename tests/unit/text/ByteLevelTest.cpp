//===- ByteLevelTest.cpp - GPT-2's spelling of bytes ----------------------===//
#include "runtime/text/ByteLevel.h"

#include <gtest/gtest.h>

using namespace synfire;

TEST(ByteLevel, spellsAsGpt2Does) {
  EXPECT_EQ(spellBytes("a b\n"), "aĠbĊ");
  EXPECT_EQ(spellBytes("é"), "Ã©");
  EXPECT_EQ(spellBytes(std::string("\0\x7f\xad", 3)), "ĀġŃ");
}

TEST(ByteLevel, everyByteComesBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  EXPECT_EQ(unspellBytes(spellBytes(all)), all);
}

TEST(ByteLevel, tokensThatSpellNoBytesAreText) {
  EXPECT_EQ(unspellBytes("日本"), "日本");
  EXPECT_EQ(unspellBytes("a b"), "a b"); // a blank is spelt Ġ
}
