//===- Bpe.h - byte-pair encoding -------------------------------*- C++ -*-===//
//
// Sennrich et al. 2016, as Hugging Face's tokenizers executes it: a word is its
// characters; the pair of neighbours whose merge was learnt first (of several
// the leftmost) is merged, again and again. A heap of candidate merges makes
// that O(n log n), so that a text which no pre-tokenizer cuts, as with LLaMA 2,
// is no slower for being one long word.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_TEXT_BPE_H
#define SYNFIRE_RUNTIME_TEXT_BPE_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace synfire {

class Bpe {
public:
  std::unordered_map<std::string, int> vocabulary;

  /// Characters outside the vocabulary become the tokens <0x00> … <0xFF> of
  /// their bytes where all of them exist.
  bool byteFallback = false;
  /// Stands for what is left over; without it, that is dropped.
  std::optional<int> unknown;
  /// Neighbouring unknown characters become one unknown token.
  bool fuseUnknown = false;
  /// A word that is in the vocabulary is that token, whatever merges say.
  bool ignoreMerges = false;

  /// The next merge, in the order of learning.
  void addMerge(int left, int right, int merged);
  /// To be called when the vocabulary and byteFallback are set.
  void indexCharacters();

  /// Appends the ids of one word, which must be UTF-8.
  void encode(std::string_view word, std::vector<int> &ids) const;

private:
  struct Merge {
    std::uint32_t rank;
    int merged;
  };
  static std::uint64_t pairKey(int left, int right) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
           static_cast<std::uint32_t>(right);
  }

  std::vector<int> symbolsOf(std::string_view word) const;
  void mergeSymbols(const std::vector<int> &symbols,
                    std::vector<int> &ids) const;

  std::unordered_map<std::uint64_t, Merge> merges;
  std::uint32_t mergeCount = 0;
  std::unordered_map<std::uint32_t, int> idOfCharacter;
  std::vector<int> idOfByte; ///< of <0xNN>, -1 where there is none
};

/// "<0x0A>", the token of a byte where characters fall back to bytes.
std::string byteToken(std::uint8_t byte);
/// The byte of such a token.
std::optional<std::uint8_t> byteOfToken(std::string_view token);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_BPE_H
