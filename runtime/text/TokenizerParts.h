//===- TokenizerParts.h - what a tokenizer.json comes down to ---*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_TEXT_TOKENIZERPARTS_H
#define SYNFIRE_RUNTIME_TEXT_TOKENIZERPARTS_H

#include "runtime/text/AddedTokens.h"
#include "runtime/text/Bpe.h"
#include "runtime/text/Normalizer.h"
#include "runtime/text/PreTokenizer.h"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace synfire {

/// What one id contributes to decoded text.
struct TokenText {
  std::string bytes;
  bool isFallbackByte = false; ///< one byte of a run that spells a character
};

/// How the texts of tokens become one text.
struct DecoderRule {
  /// Characters may spread over any tokens (byte-level), or over runs of
  /// fallback bytes only.
  bool byteLevel = false;
  Normalizer replacements;    ///< applied to every token's text
  bool fallbackBytes = false; ///< <0x0A> stands for its byte
  std::string stripContent;   ///< one character
  std::size_t stripCount = 0; ///< of which as many go from the text's begin
};

struct TokenizerParts {
  AddedTokens rawTokens;        ///< found in the text as it is
  AddedTokens normalizedTokens; ///< found after normalisation
  Normalizer normalizer;
  PreTokenizer preTokenizer;
  Bpe model;
  std::vector<int> prefix, suffix; ///< added to every text
  std::unordered_map<std::string, int> addedIds;
  std::unordered_map<int, TokenText> texts;
  DecoderRule decoder;
  int vocabularySize = 0; ///< the largest id plus one
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_TOKENIZERPARTS_H
