//===- AddedTokens.h - tokens that are found before any cutting -*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_TEXT_ADDEDTOKENS_H
#define SYNFIRE_RUNTIME_TEXT_ADDEDTOKENS_H

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

struct AddedToken {
  std::string content; ///< not empty
  int id = 0;
  bool stripLeft = false;  ///< swallows the white space before it
  bool stripRight = false; ///< swallows the white space after it
};

/// A part of a text: an added token, or text between them (id -1).
struct TextSection {
  std::string_view text;
  int id = -1;
};

/// Finds added tokens, the leftmost first and of several the longest.
class AddedTokens {
public:
  AddedTokens() = default;
  explicit AddedTokens(std::vector<AddedToken> tokens);

  std::vector<TextSection> split(std::string_view text) const;

private:
  const AddedToken *longestAt(std::string_view text) const;

  std::vector<AddedToken> tokens;
  /// Indices into `tokens` by first byte, the longest contents first.
  std::array<std::vector<std::size_t>, 256> byFirstByte;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_ADDEDTOKENS_H
