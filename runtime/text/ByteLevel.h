//===- ByteLevel.h - GPT-2's spelling of bytes as characters ----*- C++ -*-===//
//
// Byte-level vocabularies spell each byte as one printable character (GPT-2,
// encoder.py, bytes_to_unicode): printable Latin-1 bytes as themselves, the
// others as U+0100, U+0101, … in order. So a blank is U+0120.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_TEXT_BYTELEVEL_H
#define SYNFIRE_RUNTIME_TEXT_BYTELEVEL_H

#include <string>
#include <string_view>

namespace synfire {

/// The pattern by which GPT-2 cuts text into words.
inline constexpr const char *gpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// Spells every byte as its character.
std::string spellBytes(std::string_view bytes);

/// The bytes that a token spells; a token with a character that spells no byte
/// (an added one) stands for its own text.
std::string unspellBytes(std::string_view token);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_BYTELEVEL_H
