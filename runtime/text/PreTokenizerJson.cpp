//===- PreTokenizerJson.cpp - the pre_tokenizer of tokenizer.json ---------===//
#include "runtime/text/TokenizerStages.h"

#include "runtime/text/ByteLevel.h"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace synfire {

using nlohmann::json;

static Status addSplit(const JsonReader &reader, PreTokenizer &steps,
                       const json &step) {
  const json *pattern = JsonReader::find(step, "pattern");
  if (!pattern || !pattern->is_object())
    return reader.error("pre_tokenizer 'Split' has no pattern");
  const bool literal = JsonReader::find(*pattern, "String") != nullptr;
  SYNFIRE_ASSIGN(std::string text,
                 reader.string(*pattern, literal ? "String" : "Regex"));
  auto compiled = literal ? Regex::compileLiteral(text) : Regex::compile(text);
  if (!compiled)
    return reader.error("pre_tokenizer 'Split': " + compiled.error().what);
  SYNFIRE_ASSIGN(std::string behavior, reader.string(step, "behavior"));
  SYNFIRE_ASSIGN(bool invert, reader.flag(step, "invert", false));
  PreTokenizerStep added;
  added.pattern = std::move(*compiled);
  if (behavior == "Isolated")
    added.kind = PreTokenizerStep::Kind::Isolate;
  else if (behavior == "Removed")
    added.kind = invert ? PreTokenizerStep::Kind::KeepMatches
                        : PreTokenizerStep::Kind::DropMatches;
  else
    return reader.notSupported(
        fmt::format("pre_tokenizer 'Split' with behavior '{}'", behavior),
        "supported: Isolated, Removed");
  steps.push_back(std::move(added));
  return {};
}

static Status addMetaspace(const JsonReader &reader, PreTokenizer &steps,
                           const json &step) {
  PreTokenizerStep added;
  added.kind = PreTokenizerStep::Kind::Metaspace;
  SYNFIRE_ASSIGN(added.space,
                 reader.string(step, "replacement", sentencePieceBlank));
  if (added.space.empty())
    return reader.error("pre_tokenizer 'Metaspace' has an empty replacement");
  SYNFIRE_ASSIGN(added.cutAtSpaces, reader.flag(step, "split", true));
  // Files from before prepend_scheme say add_prefix_space.
  SYNFIRE_ASSIGN(bool prefix, reader.flag(step, "add_prefix_space", true));
  SYNFIRE_ASSIGN(
      std::string scheme,
      reader.string(step, "prepend_scheme", prefix ? "always" : "never"));
  if (scheme == "always")
    added.prefix = PreTokenizerStep::Prefix::Always;
  else if (scheme == "first")
    added.prefix = PreTokenizerStep::Prefix::FirstPiece;
  else if (scheme != "never")
    return reader.notSupported(fmt::format(
        "pre_tokenizer 'Metaspace' with prepend_scheme '{}'", scheme));
  steps.push_back(std::move(added));
  return {};
}

static Status addStep(const JsonReader &reader, PreTokenizer &steps,
                      const json &step, const std::string &type) {
  if (type == "Split")
    return addSplit(reader, steps, step);
  if (type == "Metaspace")
    return addMetaspace(reader, steps, step);
  PreTokenizerStep added;
  std::string pattern;
  if (type == "ByteLevel") {
    added.kind = PreTokenizerStep::Kind::ByteLevel;
    SYNFIRE_ASSIGN(bool prefix, reader.flag(step, "add_prefix_space", true));
    if (prefix)
      added.prefix = PreTokenizerStep::Prefix::Always;
    SYNFIRE_ASSIGN(bool usesPattern, reader.flag(step, "use_regex", true));
    if (usesPattern)
      pattern = gpt2Pattern;
  } else if (type == "Digits") {
    SYNFIRE_ASSIGN(bool individual,
                   reader.flag(step, "individual_digits", false));
    pattern = individual ? R"(\p{N})" : R"(\p{N}+)";
  } else {
    return reader.notSupported(
        fmt::format("pre_tokenizer '{}'", type),
        "supported: ByteLevel, Split, Digits, Metaspace, Sequence");
  }
  if (!pattern.empty()) {
    SYNFIRE_ASSIGN(added.pattern, Regex::compile(pattern));
  }
  steps.push_back(std::move(added));
  return {};
}

Status readPreTokenizer(const JsonReader &reader, const json &root,
                        PreTokenizer &steps) {
  return reader.eachComponent(root, "pre_tokenizer", "pretokenizers",
                              [&](const json &step, const std::string &type) {
                                return addStep(reader, steps, step, type);
                              });
}

} // namespace synfire
