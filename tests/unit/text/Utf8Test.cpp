//===- Utf8Test.cpp - decoding and repairing UTF-8 ------------------------===//
#include "runtime/support/Utf8.h"

#include <gtest/gtest.h>

using namespace synfire;

TEST(Utf8, everyScalarValueSurvives) {
  for (std::uint32_t codePoint = 0; codePoint <= 0x10FFFF; ++codePoint) {
    if (codePoint >= 0xD800 && codePoint <= 0xDFFF)
      continue;
    std::string text = utf8Of(codePoint);
    Utf8Character character = firstCharacter(text);
    ASSERT_EQ(character.kind, Utf8Character::Kind::Valid) << codePoint;
    ASSERT_EQ(character.codePoint, codePoint);
    ASSERT_EQ(character.length, text.size());
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      Utf8Character part = firstCharacter(text.substr(0, cut));
      ASSERT_EQ(part.kind, Utf8Character::Kind::Incomplete) << codePoint;
      ASSERT_EQ(part.length, cut);
    }
  }
}

TEST(Utf8, repairsAsUnicodeRecommends) {
  // The Unicode standard, table 3-8 and the text around it.
  EXPECT_EQ(repairUtf8("a\xF1\x80\x80\xE1\x80\xC2"
                       "b\x80"
                       "c\x80\xBF"
                       "d"),
            "a���b�c��d");
  EXPECT_EQ(repairUtf8("\xC0\xAF"), "��");           // overlong
  EXPECT_EQ(repairUtf8("\xED\xA0\x80"), "���");      // a surrogate
  EXPECT_EQ(repairUtf8("\xF4\x90\x80\x80"), "����"); // above U+10FFFF
  EXPECT_EQ(repairUtf8("\xE2\x82"), "�");            // cut off
  EXPECT_EQ(repairUtf8("größer €"), "größer €");
  EXPECT_TRUE(isValidUtf8("größer €"));
  EXPECT_FALSE(isValidUtf8("\xE2\x82"));
  EXPECT_TRUE(isValidUtf8(""));
}
