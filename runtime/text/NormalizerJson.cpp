//===- NormalizerJson.cpp - the normalizer of tokenizer.json --------------===//
#include "runtime/text/TokenizerStages.h"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace synfire {

using nlohmann::json;

Result<NormalizerStep> readReplace(const JsonReader &reader, const json &step,
                                   const char *component) {
  const json *pattern = JsonReader::find(step, "pattern");
  if (!pattern || !pattern->is_object() ||
      !JsonReader::find(*pattern, "String"))
    return reader.notSupported(
        fmt::format("{} 'Replace' without a String pattern", component));
  NormalizerStep result{NormalizerStep::Kind::Replace, {}, {}};
  SYNFIRE_ASSIGN(result.pattern, reader.string(*pattern, "String"));
  SYNFIRE_ASSIGN(result.content, reader.string(step, "content"));
  if (result.pattern.empty())
    return reader.error(
        fmt::format("{} 'Replace' has an empty pattern", component));
  return result;
}

static Status addStep(const JsonReader &reader, Normalizer &steps,
                      const json &step, const std::string &type) {
  if (type == "Prepend") {
    SYNFIRE_ASSIGN(std::string content, reader.string(step, "prepend"));
    steps.push_back({NormalizerStep::Kind::Prepend, {}, std::move(content)});
    return {};
  }
  if (type != "Replace")
    return reader.notSupported(fmt::format("normalizer '{}'", type),
                               "supported: Prepend, Replace, Sequence");
  SYNFIRE_ASSIGN(NormalizerStep replace,
                 readReplace(reader, step, "normalizer"));
  steps.push_back(std::move(replace));
  return {};
}

Status readNormalizer(const JsonReader &reader, const json &root,
                      Normalizer &steps) {
  return reader.eachComponent(root, "normalizer", "normalizers",
                              [&](const json &step, const std::string &type) {
                                return addStep(reader, steps, step, type);
                              });
}

} // namespace synfire
