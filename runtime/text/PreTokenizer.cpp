//===- PreTokenizer.cpp - cutting text into words -------------------------===//
#include "runtime/text/PreTokenizer.h"

#include "runtime/text/ByteLevel.h"
#include "runtime/text/Normalizer.h"

#include <utility>

namespace synfire {

using Step = PreTokenizerStep;
using Pieces = std::vector<std::string>;

static void append(Pieces &pieces, std::string_view piece) {
  if (!piece.empty())
    pieces.emplace_back(piece);
}

static void cutByPattern(const Regex &pattern, std::string_view text,
                         bool keepMatches, bool keepBetween, Pieces &out) {
  std::size_t position = 0;
  for (Regex::Match match : pattern.findAll(text)) {
    if (keepBetween)
      append(out, text.substr(position, match.begin - position));
    if (keepMatches)
      append(out, text.substr(match.begin, match.end - match.begin));
    position = match.end;
  }
  if (keepBetween)
    append(out, text.substr(position));
}

static void applyByteLevel(const Step &step, std::string piece, Pieces &out) {
  if (step.prefix == Step::Prefix::Always && piece.front() != ' ')
    piece.insert(0, " ");
  if (!step.pattern) {
    out.push_back(spellBytes(piece));
    return;
  }
  Pieces words;
  cutByPattern(*step.pattern, piece, true, true, words);
  for (const std::string &word : words)
    out.push_back(spellBytes(word));
}

static void applyMetaspace(const Step &step, std::string_view piece,
                           bool isFirst, Pieces &out) {
  std::string text = replaceAll(piece, " ", step.space);
  if ((step.prefix == Step::Prefix::Always ||
       (step.prefix == Step::Prefix::FirstPiece && isFirst)) &&
      text.compare(0, step.space.size(), step.space) != 0)
    text.insert(0, step.space);
  if (!step.cutAtSpaces) {
    out.push_back(std::move(text));
    return;
  }
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t next = text.find(step.space, begin + 1);
    append(out, std::string_view(text).substr(begin, next - begin));
    begin = next == std::string::npos ? text.size() : next;
  }
}

std::vector<std::string> preTokenize(const PreTokenizer &steps,
                                     std::string section, bool isFirst) {
  Pieces pieces;
  if (section.empty())
    return pieces;
  pieces.push_back(std::move(section));
  for (const Step &step : steps) {
    Pieces next;
    bool firstPiece = isFirst;
    for (std::string &piece : pieces) {
      switch (step.kind) {
      case Step::Kind::Isolate:
        cutByPattern(*step.pattern, piece, true, true, next);
        break;
      case Step::Kind::KeepMatches:
        cutByPattern(*step.pattern, piece, true, false, next);
        break;
      case Step::Kind::DropMatches:
        cutByPattern(*step.pattern, piece, false, true, next);
        break;
      case Step::Kind::ByteLevel:
        applyByteLevel(step, std::move(piece), next);
        break;
      case Step::Kind::Metaspace:
        applyMetaspace(step, piece, firstPiece, next);
        break;
      }
      firstPiece = false;
    }
    pieces = std::move(next);
  }
  return pieces;
}

} // namespace synfire
