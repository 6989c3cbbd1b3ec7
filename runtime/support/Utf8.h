//===- Utf8.h - decoding and repairing UTF-8 --------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_SUPPORT_UTF8_H
#define SYNFIRE_RUNTIME_SUPPORT_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace synfire {

/// One character of a byte sequence.
struct Utf8Character {
  enum class Kind {
    Valid,
    Invalid,   ///< `length` bytes that no continuation makes valid
    Incomplete ///< the bytes end inside a character that is valid so far
  };
  Kind kind = Kind::Invalid;
  std::uint32_t codePoint = 0; ///< of a valid character
  std::size_t length = 0;      ///< at least 1
};

/// U+FFFD, which stands for bytes that are no UTF-8.
inline constexpr std::string_view replacementCharacter = "\xEF\xBF\xBD";

/// Reads the character at the begin of `bytes`, which must not be empty.
Utf8Character firstCharacter(std::string_view bytes);

bool isValidUtf8(std::string_view bytes);

/// Replaces each maximal run of bytes that starts a character but cannot be
/// continued to one by U+FFFD, as Unicode recommends and Rust's from_utf8_lossy
/// does.
std::string repairUtf8(std::string_view bytes);

/// A code point as UTF-8; must be a Unicode scalar value.
std::string utf8Of(std::uint32_t codePoint);

/// Unicode's White_Space property.
bool isWhiteSpace(std::uint32_t codePoint);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_SUPPORT_UTF8_H
