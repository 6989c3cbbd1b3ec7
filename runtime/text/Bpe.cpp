//===- Bpe.cpp - byte-pair encoding ---------------------------------------===//
#include "runtime/text/Bpe.h"

#include "runtime/support/Utf8.h"

#include <cstddef>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <queue>

namespace synfire {

std::string byteToken(std::uint8_t byte) {
  return fmt::format("<0x{:02X}>", byte);
}

static std::optional<unsigned> hexDigit(char digit) {
  if (digit >= '0' && digit <= '9')
    return digit - '0';
  if (digit >= 'A' && digit <= 'F')
    return digit - 'A' + 10;
  return std::nullopt;
}

std::optional<std::uint8_t> byteOfToken(std::string_view token) {
  if (token.size() != 6 || token.substr(0, 3) != "<0x" || token[5] != '>')
    return std::nullopt;
  auto high = hexDigit(token[3]), low = hexDigit(token[4]);
  if (!high || !low)
    return std::nullopt;
  return static_cast<std::uint8_t>(*high << 4 | *low);
}

void Bpe::addMerge(int left, int right, int merged) {
  // A pair that is listed twice has its later rank, as in tokenizers.
  merges.insert_or_assign(pairKey(left, right), Merge{mergeCount++, merged});
}

void Bpe::indexCharacters() {
  for (const auto &[token, id] : vocabulary) {
    if (token.empty())
      continue;
    Utf8Character character = firstCharacter(token);
    if (character.length == token.size())
      idOfCharacter.emplace(character.codePoint, id);
  }
  idOfByte.assign(256, -1);
  for (unsigned byte = 0; byteFallback && byte < 256; ++byte) {
    auto found = vocabulary.find(byteToken(static_cast<std::uint8_t>(byte)));
    if (found != vocabulary.end())
      idOfByte[byte] = found->second;
  }
}

std::vector<int> Bpe::symbolsOf(std::string_view word) const {
  std::vector<int> symbols;
  symbols.reserve(word.size());
  bool afterUnknown = false;
  for (std::string_view rest = word; !rest.empty();) {
    Utf8Character character = firstCharacter(rest);
    std::string_view bytes = rest.substr(0, character.length);
    rest.remove_prefix(character.length);

    auto found = idOfCharacter.find(character.codePoint);
    if (found != idOfCharacter.end()) {
      symbols.push_back(found->second);
      afterUnknown = false;
      continue;
    }
    std::size_t before = symbols.size();
    for (char byte : bytes)
      if (int id = idOfByte[static_cast<std::uint8_t>(byte)]; id >= 0)
        symbols.push_back(id);
    if (symbols.size() == before + bytes.size()) {
      afterUnknown = false;
      continue;
    }
    symbols.resize(before);
    if (unknown && !(fuseUnknown && afterUnknown))
      symbols.push_back(*unknown);
    afterUnknown = true;
  }
  return symbols;
}

void Bpe::mergeSymbols(const std::vector<int> &symbols,
                       std::vector<int> &ids) const {
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  struct Link {
    int id; ///< -1 once merged into the symbol before
    std::size_t previous, next;
  };
  std::vector<Link> links(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i)
    links[i] = {symbols[i], i > 0 ? i - 1 : none,
                i + 1 < symbols.size() ? i + 1 : none};

  // The smallest rank first, of equal ranks the leftmost.
  struct Candidate {
    std::uint32_t rank;
    std::size_t position;
    int left, right, merged;
    bool operator>(const Candidate &other) const {
      return rank != other.rank ? rank > other.rank : position > other.position;
    }
  };
  std::vector<Candidate> initial;
  const auto candidateAt =
      [&](std::size_t position) -> std::optional<Candidate> {
    std::size_t next = position == none ? none : links[position].next;
    if (next == none)
      return std::nullopt;
    int left = links[position].id, right = links[next].id;
    auto found = merges.find(pairKey(left, right));
    if (found == merges.end())
      return std::nullopt;
    return Candidate{found->second.rank, position, left, right,
                     found->second.merged};
  };
  for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
    if (auto candidate = candidateAt(i))
      initial.push_back(*candidate);
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue(
      std::greater<>(), std::move(initial));

  while (!queue.empty()) {
    Candidate best = queue.top();
    queue.pop();
    Link &link = links[best.position];
    // Merges nearby may have changed either symbol since.
    if (link.id != best.left || link.next == none ||
        links[link.next].id != best.right)
      continue;
    Link &absorbed = links[link.next];
    link.id = best.merged;
    absorbed.id = -1;
    link.next = absorbed.next;
    if (link.next != none)
      links[link.next].previous = best.position;
    for (std::size_t position : {link.previous, best.position})
      if (auto candidate = candidateAt(position))
        queue.push(*candidate);
  }
  for (std::size_t i = links.empty() ? none : 0; i != none; i = links[i].next)
    ids.push_back(links[i].id);
}

void Bpe::encode(std::string_view word, std::vector<int> &ids) const {
  if (ignoreMerges) {
    auto whole = vocabulary.find(std::string(word));
    if (whole != vocabulary.end()) {
      ids.push_back(whole->second);
      return;
    }
  }
  mergeSymbols(symbolsOf(word), ids);
}

} // namespace synfire
