//===- DecoderJson.cpp - the decoder of tokenizer.json --------------------===//
#include "runtime/text/TokenizerStages.h"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace synfire {

using nlohmann::json;

namespace {

/// Takes the decoder's steps one after the other.
class DecoderBuilder {
public:
  DecoderBuilder(const JsonReader &fieldReader, DecoderRule &result)
      : reader(fieldReader), rule(result) {}

  Status add(const json &step, const std::string &type);

private:
  /// The order in which the effect of a step on a token does not depend on the
  /// token's neighbours; Complete lets nothing follow.
  enum class Stage { Start, Replace, ByteFallback, Fuse, Complete };

  Status addMetaspace(const json &step);
  Status addStrip(const json &step);

  const JsonReader &reader;
  DecoderRule &rule;
  Stage stage = Stage::Start;
};

} // namespace

Status DecoderBuilder::addMetaspace(const json &step) {
  SYNFIRE_ASSIGN(std::string space,
                 reader.string(step, "replacement", sentencePieceBlank));
  if (space.empty())
    return reader.error("decoder 'Metaspace' has an empty replacement");
  SYNFIRE_ASSIGN(bool prefix, reader.flag(step, "add_prefix_space", true));
  SYNFIRE_ASSIGN(
      std::string scheme,
      reader.string(step, "prepend_scheme", prefix ? "always" : "never"));
  rule.replacements.push_back(
      {NormalizerStep::Kind::Replace, std::move(space), " "});
  rule.stripContent = " ";
  rule.stripCount = scheme == "never" ? 0 : 1;
  return {};
}

Status DecoderBuilder::addStrip(const json &step) {
  // Before Fuse it would strip every token.
  if (stage != Stage::Fuse)
    return reader.notSupported("decoder 'Strip' that does not follow 'Fuse'");
  stage = Stage::Complete;
  SYNFIRE_ASSIGN(rule.stripContent, reader.string(step, "content"));
  const json *start = JsonReader::find(step, "start");
  const json *stop = JsonReader::find(step, "stop");
  if (rule.stripContent.empty() || !start || !start->is_number_unsigned())
    return reader.error("decoder 'Strip' must have a content and a start");
  if (stop && *stop != 0)
    return reader.notSupported("decoder 'Strip' with a stop other than 0");
  rule.stripCount = start->get<std::size_t>();
  return {};
}

Status DecoderBuilder::add(const json &step, const std::string &type) {
  const auto advance = [&](Stage from, Stage to) -> Status {
    if (stage > from)
      return reader.notSupported(
          fmt::format("decoder '{}' at this place", type),
          "supported: ByteLevel, Metaspace, or Replace, ByteFallback, Fuse, "
          "Strip in this order");
    stage = to;
    return {};
  };
  if (type == "ByteLevel") {
    rule.byteLevel = true;
    return advance(Stage::Start, Stage::Complete);
  }
  if (type == "Metaspace") {
    SYNFIRE_TRY(advance(Stage::Start, Stage::Complete));
    return addMetaspace(step);
  }
  if (type == "Replace") {
    SYNFIRE_TRY(advance(Stage::Replace, Stage::Replace));
    SYNFIRE_ASSIGN(NormalizerStep replace,
                   readReplace(reader, step, "decoder"));
    rule.replacements.push_back(std::move(replace));
    return {};
  }
  if (type == "ByteFallback") {
    rule.fallbackBytes = true;
    return advance(Stage::Replace, Stage::ByteFallback);
  }
  if (type == "Fuse")
    return advance(Stage::ByteFallback, Stage::Fuse);
  if (type == "Strip")
    return addStrip(step);
  return reader.notSupported(fmt::format("decoder '{}'", type),
                             "supported: ByteLevel, Metaspace, Replace, "
                             "ByteFallback, Fuse, Strip, Sequence");
}

Status readDecoder(const JsonReader &reader, const json &root,
                   DecoderRule &rule) {
  if (!JsonReader::find(root, "decoder"))
    return reader.notSupported("a tokenizer without decoder",
                               "it could not turn ids into text");
  DecoderBuilder builder(reader, rule);
  return reader.eachComponent(root, "decoder", "decoders",
                              [&](const json &step, const std::string &type) {
                                return builder.add(step, type);
                              });
}

} // namespace synfire
