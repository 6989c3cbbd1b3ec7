//===- Tokenizer.h - text to token ids and back -----------------*- C++ -*-===//
//
// Executes the tokenizer.json of Hugging Face's tokenizers library for
// byte-pair encoding, in the two forms that LLaMA models have: byte-level
// (GPT-2, LLaMA 3) and SentencePiece-style with byte fallback (LLaMA 1 and 2).
// A file that asks for anything else is refused by name.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_TEXT_TOKENIZER_H
#define SYNFIRE_RUNTIME_TEXT_TOKENIZER_H

#include "runtime/support/Status.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

struct TokenizerParts;

/// Immutable once parsed; may be used from several threads at once.
class Tokenizer {
public:
  /// Parses the text of a tokenizer.json; `where` names the file in errors.
  static Result<std::unique_ptr<Tokenizer>> parse(std::string_view json,
                                                  const std::string &where);
  ~Tokenizer();
  Tokenizer(const Tokenizer &) = delete;
  Tokenizer &operator=(const Tokenizer &) = delete;

  /// The ids of a text, with the tokens that the post-processor adds (a leading
  /// <s>, say). Special tokens spelled out in the text become their ids. Bytes
  /// that are not UTF-8 count as U+FFFD.
  std::vector<int> encode(std::string_view text) const;

  /// The inverse of encode: leaves out the tokens that the post-processor adds
  /// at the ends and spells out all other special tokens. The result is always
  /// UTF-8; ids that the tokenizer does not have give no text.
  std::string decode(const std::vector<int> &ids) const;

  /// The largest id plus one.
  int vocabularySize() const;
  /// The id of a token by its spelling in tokenizer.json, -1 if there is none.
  int tokenId(std::string_view token) const;

private:
  friend class TextStream;
  explicit Tokenizer(std::unique_ptr<TokenizerParts> parts);

  std::unique_ptr<TokenizerParts> parts;
};

/// Decodes ids one at a time, as a model generates them. The pieces that `push`
/// and the final `finish` return, joined, are what decode gives for all ids.
/// To print a continuation, push the prompt's ids first: what a token looks
/// like may depend on its being the first. The tokenizer must outlive it.
class TextStream {
public:
  explicit TextStream(const Tokenizer &owner);

  /// Returns the text that this id settles; a character that spreads over
  /// several tokens comes with the last of them.
  std::string push(int id);
  /// Returns what was held back.
  std::string finish();

private:
  std::string settleCharacters(bool atEnd);
  std::string settleFallbackRun();
  std::string strip(std::string text);

  const TokenizerParts *parts;
  std::size_t prefixDropped = 0; ///< tokens of the post-processor seen so far
  bool prefixOpen = true;
  std::size_t stripped = 0; ///< leading characters stripped so far
  bool stripOpen = true;
  std::string pending; ///< bytes that are not yet whole characters
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_TOKENIZER_H
