//===- PostProcessorJson.cpp - the post_processor of tokenizer.json -------===//
#include "runtime/text/TokenizerStages.h"

#include <fmt/format.h>
#include <string>

namespace synfire {

using nlohmann::json;

/// The ids that one piece {"SpecialToken": {"id": "<s>"}} of a template adds.
static Result<std::vector<int>>
templateIds(const JsonReader &reader, const std::function<bool(int)> &isToken,
            const json &piece, const json *specialTokens) {
  const json *special = JsonReader::find(piece, "SpecialToken");
  if (!special || !special->is_object())
    return reader.error("a template must consist of SpecialToken and Sequence");
  SYNFIRE_ASSIGN(std::string name, reader.string(*special, "id"));
  const json *entry = specialTokens && specialTokens->is_object()
                          ? JsonReader::find(*specialTokens, name.c_str())
                          : nullptr;
  const json *list =
      entry && entry->is_object() ? JsonReader::find(*entry, "ids") : nullptr;
  if (!list || !list->is_array())
    return reader.error(fmt::format(
        "the template's special_tokens give no ids for '{}'", name));
  std::vector<int> ids;
  for (const json &value : *list) {
    SYNFIRE_ASSIGN(int id, reader.tokenId(&value, name));
    if (!isToken(id))
      return reader.error(
          fmt::format("the template's token '{}' has id {}, which is "
                      "not in the vocabulary",
                      name, id));
    ids.push_back(id);
  }
  return ids;
}

static Status addProcessor(const JsonReader &reader,
                           const std::function<bool(int)> &isToken,
                           std::vector<int> &prefix, std::vector<int> &suffix,
                           const json &step, const std::string &type) {
  if (type == "ByteLevel") // moves offsets only
    return {};
  if (type != "TemplateProcessing")
    return reader.notSupported(
        fmt::format("post_processor '{}'", type),
        "supported: TemplateProcessing, ByteLevel, Sequence");
  const json *single = JsonReader::find(step, "single");
  if (!single || !single->is_array())
    return reader.error("key 'single' of the template must be a list");
  std::vector<int> before, after;
  bool sawText = false;
  for (const json &piece : *single) {
    if (!piece.is_object())
      return reader.error("key 'single' of the template must list objects");
    if (const json *sequence = JsonReader::find(piece, "Sequence")) {
      const json *name =
          sequence->is_object() ? JsonReader::find(*sequence, "id") : nullptr;
      if (sawText || !name || *name != "A")
        return reader.error(
            "the template for one text must have Sequence 'A' once");
      sawText = true;
      continue;
    }
    SYNFIRE_ASSIGN(std::vector<int> ids,
                   templateIds(reader, isToken, piece,
                               JsonReader::find(step, "special_tokens")));
    std::vector<int> &side = sawText ? after : before;
    side.insert(side.end(), ids.begin(), ids.end());
  }
  if (!sawText)
    return reader.error(
        "the template for one text must have Sequence 'A' once");
  prefix.insert(prefix.begin(), before.begin(), before.end());
  suffix.insert(suffix.end(), after.begin(), after.end());
  return {};
}

Status readPostProcessor(const JsonReader &reader, const json &root,
                         const std::function<bool(int)> &isToken,
                         std::vector<int> &prefix, std::vector<int> &suffix) {
  return reader.eachComponent(root, "post_processor", "processors",
                              [&](const json &step, const std::string &type) {
                                return addProcessor(reader, isToken, prefix,
                                                    suffix, step, type);
                              });
}

} // namespace synfire
