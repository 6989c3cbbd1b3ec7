//===- Tokenizer.cpp - text to token ids and back -------------------------===//
#include "runtime/text/Tokenizer.h"

#include "runtime/support/Utf8.h"
#include "runtime/text/TokenizerJson.h"
#include "runtime/text/TokenizerParts.h"

#include <algorithm>
#include <utility>

namespace synfire {

Result<std::unique_ptr<Tokenizer>> Tokenizer::parse(std::string_view json,
                                                    const std::string &where) {
  SYNFIRE_ASSIGN(TokenizerParts parsed, parseTokenizerJson(json, where));
  return std::unique_ptr<Tokenizer>(
      new Tokenizer(std::make_unique<TokenizerParts>(std::move(parsed))));
}

Tokenizer::Tokenizer(std::unique_ptr<TokenizerParts> given)
    : parts(std::move(given)) {}

Tokenizer::~Tokenizer() = default;

std::vector<int> Tokenizer::encode(std::string_view text) const {
  std::string repaired;
  if (!isValidUtf8(text)) {
    repaired = repairUtf8(text);
    text = repaired;
  }
  std::vector<int> ids = parts->prefix;
  for (const TextSection &section : parts->rawTokens.split(text)) {
    if (section.id >= 0) {
      ids.push_back(section.id);
      continue;
    }
    const bool sectionIsFirst = section.text.data() == text.data();
    const std::string normalized = normalize(parts->normalizer, section.text);
    for (const TextSection &part : parts->normalizedTokens.split(normalized)) {
      if (part.id >= 0) {
        ids.push_back(part.id);
        continue;
      }
      const bool isFirst =
          sectionIsFirst && part.text.data() == normalized.data();
      for (const std::string &word :
           preTokenize(parts->preTokenizer, std::string(part.text), isFirst))
        parts->model.encode(word, ids);
    }
  }
  ids.insert(ids.end(), parts->suffix.begin(), parts->suffix.end());
  return ids;
}

std::string Tokenizer::decode(const std::vector<int> &ids) const {
  const std::vector<int> &suffix = parts->suffix;
  auto end = ids.end();
  if (ids.size() >= suffix.size() &&
      std::equal(suffix.rbegin(), suffix.rend(), ids.rbegin()))
    end -= static_cast<std::ptrdiff_t>(suffix.size());
  TextStream stream(*this);
  std::string text;
  for (auto id = ids.begin(); id != end; ++id)
    text += stream.push(*id);
  return text + stream.finish();
}

int Tokenizer::vocabularySize() const { return parts->vocabularySize; }

int Tokenizer::tokenId(std::string_view token) const {
  const std::string key(token);
  auto added = parts->addedIds.find(key);
  if (added != parts->addedIds.end())
    return added->second;
  auto found = parts->model.vocabulary.find(key);
  return found == parts->model.vocabulary.end() ? -1 : found->second;
}

} // namespace synfire
