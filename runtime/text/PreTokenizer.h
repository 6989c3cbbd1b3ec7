//===- PreTokenizer.h - cutting text into words -----------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_TEXT_PRETOKENIZER_H
#define SYNFIRE_RUNTIME_TEXT_PRETOKENIZER_H

#include "runtime/text/Regex.h"

#include <optional>
#include <string>
#include <vector>

namespace synfire {

/// One stage of cutting; stages apply in order, each to all pieces of the one
/// before. Merges never cross the border between two pieces.
struct PreTokenizerStep {
  enum class Kind {
    Isolate,     ///< matches of `pattern` and the text between them are pieces
    KeepMatches, ///< matches are pieces, the text between them is dropped
    DropMatches, ///< the text between matches is pieces
    ByteLevel,   ///< isolates by `pattern` if given, then spells bytes
    Metaspace    ///< writes `space` for each blank
  };
  enum class Prefix { Never, FirstPiece, Always };

  Kind kind = Kind::Isolate;
  std::optional<Regex> pattern;
  /// Whether a piece that begins with no blank gets one.
  Prefix prefix = Prefix::Never;
  std::string space;        ///< of Metaspace
  bool cutAtSpaces = false; ///< of Metaspace: a new piece before each `space`
};

using PreTokenizer = std::vector<PreTokenizerStep>;

/// Cuts `section`, which `isFirst` says to be the begin of the whole text.
std::vector<std::string> preTokenize(const PreTokenizer &steps,
                                     std::string section, bool isFirst);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_PRETOKENIZER_H
