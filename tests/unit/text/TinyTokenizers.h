//===- TinyTokenizers.h - small tokenizer.json files ------------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_TEXT_TINYTOKENIZERS_H
#define SYNFIRE_TESTS_UNIT_TEXT_TINYTOKENIZERS_H

#include "runtime/text/ByteLevel.h"
#include "runtime/text/Tokenizer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace synfire {

inline nlohmann::json addedToken(int id, const std::string &content) {
  return {{"id", id},        {"content", content}, {"single_word", false},
          {"lstrip", false}, {"rstrip", false},    {"normalized", false},
          {"special", true}};
}

/// Byte-level: ids 0 … 255 are the bytes, 256 is "<s>"; then the merges.
inline nlohmann::json
byteLevelTokenizer(const std::vector<std::vector<std::string>> &merges = {}) {
  nlohmann::json vocabulary = nlohmann::json::object();
  for (int byte = 0; byte < 256; ++byte)
    vocabulary[spellBytes(std::string(1, static_cast<char>(byte)))] = byte;
  vocabulary["<s>"] = 256;
  int next = 257;
  for (const auto &merge : merges)
    vocabulary[merge[0] + merge[1]] = next++;
  return {
      {"version", "1.0"},
      {"truncation", nullptr},
      {"padding", nullptr},
      {"added_tokens", nlohmann::json::array({addedToken(256, "<s>")})},
      {"normalizer", nullptr},
      {"pre_tokenizer",
       {{"type", "ByteLevel"},
        {"add_prefix_space", false},
        {"use_regex", true}}},
      {"post_processor", nullptr},
      {"decoder", {{"type", "ByteLevel"}}},
      {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", merges}}}};
}

/// SentencePiece-style: 0 "<unk>", 1 "<s>", 2 "</s>", then the 256 bytes from
/// 3 on, then "▁" 259, the letters a … z from 260 on, then the merges.
inline nlohmann::json sentencePieceTokenizer(
    const std::vector<std::vector<std::string>> &merges = {}) {
  nlohmann::json vocabulary = {{"<unk>", 0}, {"<s>", 1}, {"</s>", 2}};
  int next = 3;
  for (int byte = 0; byte < 256; ++byte)
    vocabulary[fmt::format("<0x{:02X}>", byte)] = next++;
  vocabulary["▁"] = next++;
  for (char letter = 'a'; letter <= 'z'; ++letter)
    vocabulary[std::string(1, letter)] = next++;
  for (const auto &merge : merges)
    vocabulary[merge[0] + merge[1]] = next++;
  // One-element lists are spelt out: compilers disagree about {json}.
  const nlohmann::json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
  const nlohmann::json begin = {
      {"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}};
  return {
      {"added_tokens",
       {addedToken(0, "<unk>"), addedToken(1, "<s>"), addedToken(2, "</s>")}},
      {"normalizer",
       {{"type", "Sequence"},
        {"normalizers",
         {{{"type", "Prepend"}, {"prepend", "▁"}},
          {{"type", "Replace"},
           {"pattern", {{"String", " "}}},
           {"content", "▁"}}}}}},
      {"pre_tokenizer", nullptr},
      {"post_processor",
       {{"type", "TemplateProcessing"},
        {"single", {begin, text}},
        {"special_tokens",
         {{"<s>", {{"id", "<s>"}, {"ids", nlohmann::json::array({1})}}}}}}},
      {"decoder",
       {{"type", "Sequence"},
        {"decoders",
         {{{"type", "Replace"},
           {"pattern", {{"String", "▁"}}},
           {"content", " "}},
          {{"type", "ByteFallback"}},
          {{"type", "Fuse"}},
          {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}}}}}},
      {"model",
       {{"type", "BPE"},
        {"unk_token", "<unk>"},
        {"fuse_unk", true},
        {"byte_fallback", true},
        {"vocab", vocabulary},
        {"merges", merges}}}};
}

inline std::unique_ptr<Tokenizer> parseTokenizer(const nlohmann::json &json) {
  auto result = Tokenizer::parse(json.dump(), "tokenizer.json");
  EXPECT_TRUE(result) << result.error().message();
  return result ? std::move(*result) : nullptr;
}

} // namespace synfire

#endif // SYNFIRE_TESTS_UNIT_TEXT_TINYTOKENIZERS_H
