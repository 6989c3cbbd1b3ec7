//===- TextStream.cpp - decoding ids one at a time ------------------------===//
#include "runtime/support/Utf8.h"
#include "runtime/text/Tokenizer.h"
#include "runtime/text/TokenizerParts.h"

namespace synfire {

TextStream::TextStream(const Tokenizer &owner) : parts(owner.parts.get()) {}

std::string TextStream::push(int id) {
  if (prefixOpen && prefixDropped < parts->prefix.size() &&
      parts->prefix[prefixDropped] == id) {
    ++prefixDropped;
    return {};
  }
  prefixOpen = false;
  auto found = parts->texts.find(id);
  if (found == parts->texts.end())
    return {};
  const TokenText &token = found->second;
  if (parts->decoder.byteLevel) {
    pending += token.bytes;
    return strip(settleCharacters(/*atEnd=*/false));
  }
  if (token.isFallbackByte) {
    pending += token.bytes;
    return {};
  }
  return strip(settleFallbackRun() + token.bytes);
}

std::string TextStream::finish() {
  return strip(parts->decoder.byteLevel ? settleCharacters(/*atEnd=*/true)
                                        : settleFallbackRun());
}

std::string TextStream::settleCharacters(bool atEnd) {
  std::string text;
  std::string_view rest = pending;
  while (!rest.empty()) {
    Utf8Character character = firstCharacter(rest);
    if (character.kind == Utf8Character::Kind::Incomplete && !atEnd)
      break;
    text += character.kind == Utf8Character::Kind::Valid
                ? rest.substr(0, character.length)
                : replacementCharacter;
    rest.remove_prefix(character.length);
  }
  pending.erase(0, pending.size() - rest.size());
  return text;
}

std::string TextStream::settleFallbackRun() {
  std::string run;
  run.swap(pending);
  if (isValidUtf8(run))
    return run;
  // As tokenizers does it: one bad byte spoils the whole run.
  std::string text;
  for (std::size_t i = 0; i < run.size(); ++i)
    text += replacementCharacter;
  return text;
}

std::string TextStream::strip(std::string text) {
  const DecoderRule &rule = parts->decoder;
  while (stripOpen && stripped < rule.stripCount && !text.empty()) {
    stripOpen =
        text.compare(0, rule.stripContent.size(), rule.stripContent) == 0;
    if (stripOpen) {
      text.erase(0, rule.stripContent.size());
      ++stripped;
    }
  }
  return text;
}

} // namespace synfire
