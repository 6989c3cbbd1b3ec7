//===- TokenizerJson.cpp - reading tokenizer.json -------------------------===//
#include "runtime/text/TokenizerJson.h"

#include "runtime/text/ByteLevel.h"
#include "runtime/text/TokenizerStages.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace synfire {

using nlohmann::json;

static Result<AddedToken> readAddedToken(const JsonReader &reader,
                                         const json &entry) {
  AddedToken token;
  SYNFIRE_ASSIGN(token.content, reader.string(entry, "content"));
  if (token.content.empty())
    return reader.error("an added token has no content");
  SYNFIRE_ASSIGN(token.id,
                 reader.tokenId(JsonReader::find(entry, "id"), token.content));
  SYNFIRE_ASSIGN(token.stripLeft, reader.flag(entry, "lstrip", false));
  SYNFIRE_ASSIGN(token.stripRight, reader.flag(entry, "rstrip", false));
  SYNFIRE_ASSIGN(bool singleWord, reader.flag(entry, "single_word", false));
  if (singleWord)
    return reader.notSupported(
        fmt::format("single_word of added token '{}'", token.content));
  return token;
}

/// Reads the added tokens; `parts` holds model and normalizer already.
static Status readAddedTokens(const JsonReader &reader, const json &root,
                              TokenizerParts &parts,
                              std::vector<AddedToken> &tokens) {
  const json *list = JsonReader::find(root, "added_tokens");
  if (!list)
    return {};
  if (!list->is_array())
    return reader.error("key 'added_tokens' must be a list");
  std::unordered_map<int, std::string> contentOfId;
  for (const auto &[token, id] : parts.model.vocabulary)
    contentOfId.emplace(id, token);
  std::vector<AddedToken> raw, normalized;
  for (const json &entry : *list) {
    if (!entry.is_object())
      return reader.error("key 'added_tokens' must list objects");
    SYNFIRE_ASSIGN(AddedToken token, readAddedToken(reader, entry));
    SYNFIRE_ASSIGN(bool isNormalized, reader.flag(entry, "normalized", false));

    const std::string &owner =
        contentOfId.emplace(token.id, token.content).first->second;
    if (owner != token.content)
      return reader.error(fmt::format("added token '{}' has id {} of token "
                                      "'{}'",
                                      token.content, token.id, owner));
    auto inModel = parts.model.vocabulary.find(token.content);
    auto [known, isNew] = parts.addedIds.emplace(token.content, token.id);
    const int earlier = inModel != parts.model.vocabulary.end()
                            ? inModel->second
                            : known->second;
    if (earlier != token.id)
      return reader.error(fmt::format("token '{}' has two ids, {} and {}",
                                      token.content, earlier, token.id));
    if (!isNew)
      continue;

    tokens.push_back(token);
    if (!isNormalized) {
      raw.push_back(std::move(token));
      continue;
    }
    token.content = normalize(parts.normalizer, token.content);
    if (!token.content.empty())
      normalized.push_back(std::move(token));
  }
  parts.rawTokens = AddedTokens(std::move(raw));
  parts.normalizedTokens = AddedTokens(std::move(normalized));
  return {};
}

static TokenText textOf(const std::string &token, const DecoderRule &rule) {
  TokenText text;
  if (rule.byteLevel) {
    text.bytes = unspellBytes(token);
    return text;
  }
  text.bytes = normalize(rule.replacements, token);
  auto byte = byteOfToken(text.bytes);
  if (rule.fallbackBytes && byte) {
    text.bytes.assign(1, static_cast<char>(*byte));
    text.isFallbackByte = true;
  }
  return text;
}

Result<TokenizerParts> parseTokenizerJson(std::string_view text,
                                          const std::string &where) {
  const JsonReader reader(where);
  const json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded())
    return reader.error("not valid JSON");
  if (!root.is_object())
    return reader.error(
        fmt::format("must be a JSON object, not {}", root.type_name()));

  TokenizerParts parts;
  std::vector<AddedToken> added;
  SYNFIRE_TRY(readBpe(reader, root, parts.model));
  SYNFIRE_TRY(readNormalizer(reader, root, parts.normalizer));
  SYNFIRE_TRY(readPreTokenizer(reader, root, parts.preTokenizer));
  SYNFIRE_TRY(readDecoder(reader, root, parts.decoder));
  SYNFIRE_TRY(readAddedTokens(reader, root, parts, added));
  for (const auto &[token, id] : parts.model.vocabulary)
    parts.texts.emplace(id, textOf(token, parts.decoder));
  // An added token was found in the text by its content, so it says that.
  for (const AddedToken &token : added)
    parts.texts.insert_or_assign(token.id, TokenText{token.content, false});
  for (const auto &entry : parts.texts)
    parts.vocabularySize = std::max(parts.vocabularySize, entry.first + 1);
  SYNFIRE_TRY(readPostProcessor(
      reader, root, [&](int id) { return parts.texts.count(id) > 0; },
      parts.prefix, parts.suffix));
  return parts;
}

} // namespace synfire
