//===- BpeJson.cpp - the model of tokenizer.json --------------------------===//
#include "runtime/text/TokenizerStages.h"

#include <fmt/format.h>
#include <string>
#include <string_view>
#include <unordered_map>

namespace synfire {

using nlohmann::json;

static Status readVocabulary(const JsonReader &reader, const json &description,
                             Bpe &model) {
  const json *vocabulary = JsonReader::find(description, "vocab");
  if (!vocabulary || !vocabulary->is_object())
    return reader.error("key 'vocab' of the model must be an object");
  std::unordered_map<int, std::string_view> tokenOfId;
  for (const auto &[token, value] : vocabulary->items()) {
    SYNFIRE_ASSIGN(int id, reader.tokenId(&value, token));
    auto [other, isNew] = tokenOfId.emplace(id, token);
    if (!isNew)
      return reader.error(fmt::format("tokens '{}' and '{}' have the same id "
                                      "{}",
                                      other->second, token, id));
    model.vocabulary.emplace(token, id);
  }
  return {};
}

/// Splits a merge, "a b" or ["a", "b"], in two.
static bool splitMerge(const json &merge, std::string &left,
                       std::string &right) {
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
      merge[1].is_string()) {
    left = merge[0].get_ref<const std::string &>();
    right = merge[1].get_ref<const std::string &>();
    return true;
  }
  if (!merge.is_string())
    return false;
  const std::string &text = merge.get_ref<const std::string &>();
  std::size_t blank = text.find(' ');
  if (blank == std::string::npos ||
      text.find(' ', blank + 1) != std::string::npos)
    return false;
  left = text.substr(0, blank);
  right = text.substr(blank + 1);
  return true;
}

static Status readMerges(const JsonReader &reader, const json &description,
                         Bpe &model) {
  const json *merges = JsonReader::find(description, "merges");
  if (!merges || !merges->is_array())
    return reader.error("key 'merges' of the model must be a list");
  std::size_t number = 0;
  std::string left, right;
  for (const json &merge : *merges) {
    if (!splitMerge(merge, left, right))
      return reader.error(fmt::format(
          "merge {} must be two tokens, \"a b\" or [\"a\", \"b\"]", number));
    const auto idOf = [&](const std::string &token) {
      auto found = model.vocabulary.find(token);
      return found == model.vocabulary.end() ? -1 : found->second;
    };
    for (const std::string &token : {left, right, left + right})
      if (idOf(token) < 0)
        return reader.error(
            fmt::format("merge {} ('{}' with '{}') needs token '{}', "
                        "which is not in the vocabulary",
                        number, left, right, token));
    model.addMerge(idOf(left), idOf(right), idOf(left + right));
    ++number;
  }
  return {};
}

Status readBpe(const JsonReader &reader, const json &root, Bpe &model) {
  const json *description = JsonReader::find(root, "model");
  if (!description || !description->is_object())
    return reader.error("key 'model' must be an object");
  // Files from before the key are BPE wherever they have merges.
  SYNFIRE_ASSIGN(std::string type,
                 reader.string(*description, "type",
                               JsonReader::find(*description, "merges")
                                   ? "BPE"
                                   : "unnamed"));
  if (type != "BPE")
    return reader.notSupported(fmt::format("tokenizer model '{}'", type),
                               "supported: BPE");
  for (const char *key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    SYNFIRE_ASSIGN(std::string affix, reader.string(*description, key, ""));
    if (!affix.empty())
      return reader.notSupported(fmt::format("{} '{}'", key, affix));
  }
  if (const json *dropout = JsonReader::find(*description, "dropout"))
    if (!dropout->is_number() || dropout->get<double>() != 0)
      return reader.notSupported("dropout of merges",
                                 "it is for training only");

  SYNFIRE_TRY(readVocabulary(reader, *description, model));
  SYNFIRE_TRY(readMerges(reader, *description, model));
  SYNFIRE_ASSIGN(model.byteFallback,
                 reader.flag(*description, "byte_fallback", false));
  SYNFIRE_ASSIGN(model.fuseUnknown,
                 reader.flag(*description, "fuse_unk", false));
  SYNFIRE_ASSIGN(model.ignoreMerges,
                 reader.flag(*description, "ignore_merges", false));
  SYNFIRE_ASSIGN(std::string unknown,
                 reader.string(*description, "unk_token", ""));
  if (!unknown.empty()) {
    auto found = model.vocabulary.find(unknown);
    if (found == model.vocabulary.end())
      return reader.error(
          fmt::format("unk_token '{}' is not in the vocabulary", unknown));
    model.unknown = found->second;
  }
  model.indexCharacters();
  return {};
}

} // namespace synfire
