//===- Normalizer.h - rewriting text before it is cut -----------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_TEXT_NORMALIZER_H
#define SYNFIRE_RUNTIME_TEXT_NORMALIZER_H

#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// The two rewritings by which SentencePiece's conventions are expressed.
struct NormalizerStep {
  enum class Kind {
    Prepend, ///< puts `content` before a text that is not empty
    Replace  ///< replaces every `pattern` by `content`
  };
  Kind kind;
  std::string pattern; ///< of Replace; not empty
  std::string content;
};

using Normalizer = std::vector<NormalizerStep>;

std::string normalize(const Normalizer &steps, std::string_view text);

/// Replaces every occurrence of `pattern`, from left to right.
std::string replaceAll(std::string_view text, std::string_view pattern,
                       std::string_view content);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_NORMALIZER_H
