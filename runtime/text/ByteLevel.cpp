//===- ByteLevel.cpp - GPT-2's spelling of bytes as characters ------------===//
#include "runtime/text/ByteLevel.h"

#include "runtime/support/Utf8.h"

#include <array>
#include <cstdint>

namespace synfire {

namespace {

constexpr std::uint32_t firstExtra = 0x100;

struct Spelling {
  std::array<std::string, 256> characterOf;
  /// The byte of a code point, -1 if it spells none.
  std::array<int, 2 * 256> byteOf;

  Spelling() {
    byteOf.fill(-1);
    std::uint32_t extra = firstExtra;
    for (unsigned byte = 0; byte < 256; ++byte) {
      bool printable = (byte >= '!' && byte <= '~') ||
                       (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      std::uint32_t codePoint = printable ? byte : extra++;
      characterOf[byte] = utf8Of(codePoint);
      byteOf[codePoint] = static_cast<int>(byte);
    }
  }
};

} // namespace

static const Spelling &spelling() {
  static const Spelling table;
  return table;
}

std::string spellBytes(std::string_view bytes) {
  const Spelling &table = spelling();
  std::string result;
  result.reserve(bytes.size() * 2);
  for (char byte : bytes)
    result += table.characterOf[static_cast<std::uint8_t>(byte)];
  return result;
}

std::string unspellBytes(std::string_view token) {
  const Spelling &table = spelling();
  std::string result;
  for (std::string_view rest = token; !rest.empty();) {
    Utf8Character character = firstCharacter(rest);
    if (character.kind != Utf8Character::Kind::Valid ||
        character.codePoint >= table.byteOf.size() ||
        table.byteOf[character.codePoint] < 0)
      return std::string(token);
    result += static_cast<char>(table.byteOf[character.codePoint]);
    rest.remove_prefix(character.length);
  }
  return result;
}

} // namespace synfire
