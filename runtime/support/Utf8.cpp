//===- Utf8.cpp - decoding and repairing UTF-8 ----------------------------===//
#include "runtime/support/Utf8.h"

#include <cassert>

namespace synfire {

Utf8Character firstCharacter(std::string_view bytes) {
  assert(!bytes.empty() && "no character to read");
  using Kind = Utf8Character::Kind;
  const auto byteAt = [&](std::size_t index) {
    return static_cast<std::uint8_t>(bytes[index]);
  };
  const std::uint8_t lead = byteAt(0);
  if (lead < 0x80)
    return {Kind::Valid, lead, 1};

  // The range of the second byte excludes overlong forms, surrogates and what
  // lies above U+10FFFF (Unicode, table 3-7).
  std::size_t length = 0;
  std::uint32_t codePoint = 0;
  std::uint8_t low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    codePoint = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    codePoint = lead & 0x0Fu;
    low = lead == 0xE0 ? 0xA0 : 0x80;
    high = lead == 0xED ? 0x9F : 0xBF;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    codePoint = lead & 0x07u;
    low = lead == 0xF0 ? 0x90 : 0x80;
    high = lead == 0xF4 ? 0x8F : 0xBF;
  } else {
    return {Kind::Invalid, 0, 1};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size())
      return {Kind::Incomplete, 0, i};
    if (byteAt(i) < low || byteAt(i) > high)
      return {Kind::Invalid, 0, i};
    codePoint = codePoint << 6 | (byteAt(i) & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  return {Kind::Valid, codePoint, length};
}

bool isValidUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    Utf8Character character = firstCharacter(bytes);
    if (character.kind != Utf8Character::Kind::Valid)
      return false;
    bytes.remove_prefix(character.length);
  }
  return true;
}

std::string repairUtf8(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  while (!bytes.empty()) {
    Utf8Character character = firstCharacter(bytes);
    result += character.kind == Utf8Character::Kind::Valid
                  ? bytes.substr(0, character.length)
                  : replacementCharacter;
    bytes.remove_prefix(character.length);
  }
  return result;
}

std::string utf8Of(std::uint32_t codePoint) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80u | (codePoint >> shift & 0x3Fu));
  };
  if (codePoint < 0x80)
    return {static_cast<char>(codePoint)};
  if (codePoint < 0x800)
    return {static_cast<char>(0xC0u | codePoint >> 6), tail(0)};
  if (codePoint < 0x10000)
    return {static_cast<char>(0xE0u | codePoint >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0u | codePoint >> 18), tail(12), tail(6),
          tail(0)};
}

bool isWhiteSpace(std::uint32_t codePoint) {
  return (codePoint >= 0x09 && codePoint <= 0x0D) || codePoint == 0x20 ||
         codePoint == 0x85 || codePoint == 0xA0 || codePoint == 0x1680 ||
         (codePoint >= 0x2000 && codePoint <= 0x200A) || codePoint == 0x2028 ||
         codePoint == 0x2029 || codePoint == 0x202F || codePoint == 0x205F ||
         codePoint == 0x3000;
}

} // namespace synfire
