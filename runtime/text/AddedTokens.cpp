//===- AddedTokens.cpp - tokens that are found before any cutting ---------===//
#include "runtime/text/AddedTokens.h"

#include "runtime/support/Utf8.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace synfire {

AddedTokens::AddedTokens(std::vector<AddedToken> given)
    : tokens(std::move(given)) {
  for (std::size_t i = 0; i < tokens.size(); ++i)
    byFirstByte[static_cast<std::uint8_t>(tokens[i].content.front())].push_back(
        i);
  for (std::vector<std::size_t> &candidates : byFirstByte)
    std::sort(candidates.begin(), candidates.end(),
              [&](std::size_t left, std::size_t right) {
                return std::make_pair(tokens[right].content.size(), left) <
                       std::make_pair(tokens[left].content.size(), right);
              });
}

const AddedToken *AddedTokens::longestAt(std::string_view text) const {
  for (std::size_t index : byFirstByte[static_cast<std::uint8_t>(text.front())])
    if (text.compare(0, tokens[index].content.size(), tokens[index].content) ==
        0)
      return &tokens[index];
  return nullptr;
}

static std::size_t whiteSpaceAtBegin(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    Utf8Character character = firstCharacter(text.substr(length));
    if (!isWhiteSpace(character.codePoint))
      break;
    length += character.length;
  }
  return length;
}

static std::size_t whiteSpaceAtEnd(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<std::uint8_t>(text[begin]) & 0xC0) == 0x80)
      --begin;
    if (!isWhiteSpace(
            firstCharacter(text.substr(begin, end - begin)).codePoint))
      break;
    end = begin;
  }
  return text.size() - end;
}

std::vector<TextSection> AddedTokens::split(std::string_view text) const {
  std::vector<TextSection> sections;
  std::size_t sectionBegin = 0, position = 0;
  while (position < text.size()) {
    const AddedToken *token = longestAt(text.substr(position));
    if (!token) {
      ++position;
      continue;
    }
    std::string_view before =
        text.substr(sectionBegin, position - sectionBegin);
    if (token->stripLeft)
      before.remove_suffix(whiteSpaceAtEnd(before));
    if (!before.empty())
      sections.push_back({before, -1});
    std::size_t end = position + token->content.size();
    if (token->stripRight)
      end += whiteSpaceAtBegin(text.substr(end));
    sections.push_back({text.substr(position, end - position), token->id});
    sectionBegin = position = end;
  }
  if (sectionBegin < text.size())
    sections.push_back({text.substr(sectionBegin), -1});
  return sections;
}

} // namespace synfire
