//===- TokenizerJsonTest.cpp - what is refused, and how -------------------===//
#include "tests/unit/text/TinyTokenizers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace synfire;
using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

std::string messageOf(const std::string &text) {
  auto result = Tokenizer::parse(text, "dir/tokenizer.json");
  return result ? "no error" : result.error().message();
}

std::string messageWith(const char *key, const json &value) {
  json config = byteLevelTokenizer();
  config[key] = value;
  return messageOf(config.dump());
}

std::string messageWithModel(const char *key, const json &value) {
  json config = byteLevelTokenizer();
  config["model"][key] = value;
  return messageOf(config.dump());
}

json typed(const char *type) { return {{"type", type}}; }

json sequence(const char *listKey, const json &list) {
  return {{"type", "Sequence"}, {listKey, list}};
}

const json replace = {
    {"type", "Replace"}, {"pattern", {{"String", "▁"}}}, {"content", " "}};
const json strip = {
    {"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}};

} // namespace

TEST(TokenizerJson, refusesWhatIsNoJsonObject) {
  EXPECT_EQ(messageOf("{"), "dir/tokenizer.json: not valid JSON");
  EXPECT_EQ(messageOf("3"),
            "dir/tokenizer.json: must be a JSON object, not number");
  EXPECT_THAT(messageOf("{}"), HasSubstr("key 'model' must be an object"));
}

TEST(TokenizerJson, refusesOtherModelsByName) {
  EXPECT_THAT(messageWithModel("type", "Unigram"),
              StartsWith("dir/tokenizer.json: not supported: tokenizer model "
                         "'Unigram'"));
  EXPECT_THAT(messageWithModel("type", "WordPiece"),
              HasSubstr("not supported: tokenizer model 'WordPiece'"));
  EXPECT_THAT(messageWithModel("dropout", 0.1),
              HasSubstr("not supported: dropout"));
  EXPECT_THAT(messageWithModel("continuing_subword_prefix", "##"),
              HasSubstr("not supported: continuing_subword_prefix '##'"));
  EXPECT_THAT(messageWithModel("end_of_word_suffix", "</w>"),
              HasSubstr("not supported: end_of_word_suffix '</w>'"));
}

TEST(TokenizerJson, refusesOtherComponentsByName) {
  EXPECT_THAT(messageWith("normalizer", typed("NFC")),
              HasSubstr("not supported: normalizer 'NFC'"));
  EXPECT_THAT(
      messageWith("normalizer",
                  sequence("normalizers", json::array({typed("Lowercase")}))),
      HasSubstr("not supported: normalizer 'Lowercase'"));
  EXPECT_THAT(
      messageWith("normalizer",
                  sequence("normalizers", json::array({sequence(
                                              "normalizers", json::array())}))),
      HasSubstr("not supported: normalizer 'Sequence'"));
  EXPECT_THAT(messageWith("normalizer", {{"type", "Replace"},
                                         {"pattern", {{"Regex", " +"}}},
                                         {"content", ""}}),
              HasSubstr("not supported: normalizer 'Replace' without a String "
                        "pattern"));
  EXPECT_THAT(messageWith("pre_tokenizer", typed("BertPreTokenizer")),
              HasSubstr("not supported: pre_tokenizer 'BertPreTokenizer'"));
  EXPECT_THAT(
      messageWith("pre_tokenizer", {{"type", "Split"},
                                    {"pattern", {{"String", " "}}},
                                    {"behavior", "MergedWithPrevious"}}),
      HasSubstr("not supported: pre_tokenizer 'Split' with behavior "
                "'MergedWithPrevious'"));
  EXPECT_THAT(messageWith("pre_tokenizer",
                          {{"type", "Metaspace"}, {"prepend_scheme", "last"}}),
              HasSubstr("not supported: pre_tokenizer 'Metaspace' with "
                        "prepend_scheme 'last'"));
  EXPECT_THAT(messageWith("post_processor", typed("RobertaProcessing")),
              HasSubstr("not supported: post_processor 'RobertaProcessing'"));
  EXPECT_THAT(messageWith("decoder", typed("WordPiece")),
              HasSubstr("not supported: decoder 'WordPiece'"));
  EXPECT_THAT(messageWith("decoder", nullptr),
              HasSubstr("not supported: a tokenizer without decoder"));
}

TEST(TokenizerJson, refusesDecodersInAnotherOrder) {
  const auto messageOfSteps = [](const json &list) {
    return messageWith("decoder", sequence("decoders", list));
  };
  EXPECT_EQ(
      messageOfSteps({replace, typed("ByteFallback"), typed("Fuse"), strip}),
      "no error");
  EXPECT_EQ(messageOfSteps(json::array({replace})), "no error");
  EXPECT_THAT(messageOfSteps({typed("Fuse"), replace}),
              HasSubstr("not supported: decoder 'Replace' at this place"));
  EXPECT_THAT(messageOfSteps({typed("Fuse"), typed("ByteFallback")}),
              HasSubstr("not supported: decoder 'ByteFallback' at this place"));
  EXPECT_THAT(messageOfSteps({replace, typed("ByteLevel")}),
              HasSubstr("not supported: decoder 'ByteLevel' at this place"));
  EXPECT_THAT(messageOfSteps({replace, strip}),
              HasSubstr("not supported: decoder 'Strip' that does not follow "
                        "'Fuse'"));
  json both = strip;
  both["stop"] = 1;
  EXPECT_THAT(messageOfSteps({typed("Fuse"), both}),
              HasSubstr("not supported: decoder 'Strip' with a stop"));
  both["content"] = "";
  EXPECT_THAT(messageOfSteps({typed("Fuse"), both}),
              HasSubstr("decoder 'Strip' must have a content and a start"));
}

TEST(TokenizerJson, refusesBrokenVocabularies) {
  EXPECT_THAT(messageWithModel("vocab", 1),
              HasSubstr("key 'vocab' of the model must be an object"));
  EXPECT_THAT(messageWithModel("vocab", {{"a", -1}}),
              HasSubstr("the id of token 'a' must be an integer"));
  EXPECT_THAT(messageWithModel("vocab", {{"a", 1u << 24}}),
              HasSubstr("at least 0 and below 16777216"));
  EXPECT_THAT(messageWithModel("vocab", {{"a", 1.5}}),
              HasSubstr("the id of token 'a' must be an integer"));
  EXPECT_THAT(messageWithModel("vocab", {{"a", 5}, {"b", 5}}),
              HasSubstr("tokens 'a' and 'b' have the same id 5"));
  EXPECT_THAT(messageWithModel("unk_token", "<unk>"),
              HasSubstr("unk_token '<unk>' is not in the vocabulary"));
  EXPECT_THAT(messageWithModel("byte_fallback", 1),
              HasSubstr("key 'byte_fallback' must be true or false"));
}

TEST(TokenizerJson, refusesBrokenMerges) {
  EXPECT_THAT(messageWithModel("merges", json()),
              HasSubstr("key 'merges' of the model must be a list"));
  for (const json &merge :
       {json("ab"), json("a b c"), json::array({"a"}), json({"a", 1}), json(1)})
    EXPECT_THAT(messageWithModel("merges", json::array({merge})),
                HasSubstr("merge 0 must be two tokens"))
        << merge;
  EXPECT_THAT(messageWithModel("merges", json::array({"a b"})),
              HasSubstr("merge 0 ('a' with 'b') needs token 'ab', which is not "
                        "in the vocabulary"));
}

TEST(TokenizerJson, refusesBrokenAddedTokens) {
  const auto messageOfToken = [](const json &token) {
    return messageWith("added_tokens", json::array({token}));
  };
  EXPECT_THAT(messageWith("added_tokens", 1),
              HasSubstr("key 'added_tokens' must be a list"));
  EXPECT_THAT(messageOfToken(1),
              HasSubstr("key 'added_tokens' must list objects"));
  EXPECT_THAT(messageOfToken({{"id", 300}, {"content", ""}}),
              HasSubstr("an added token has no content"));
  EXPECT_THAT(messageOfToken({{"content", "<x>"}}),
              HasSubstr("the id of token '<x>' must be an integer"));
  EXPECT_THAT(messageOfToken({{"id", 7}, {"content", "<x>"}}),
              HasSubstr("added token '<x>' has id 7 of token"));
  EXPECT_THAT(messageOfToken({{"id", 300}, {"content", "a"}}),
              HasSubstr("token 'a' has two ids, 97 and 300"));
  json word = addedToken(300, "<x>");
  word["single_word"] = true;
  EXPECT_THAT(messageOfToken(word),
              HasSubstr("not supported: single_word of added token '<x>'"));
  EXPECT_THAT(messageWith("added_tokens",
                          {addedToken(300, "<x>"), addedToken(301, "<x>")}),
              HasSubstr("token '<x>' has two ids, 300 and 301"));
  EXPECT_EQ(messageWith("added_tokens",
                        {addedToken(300, "<x>"), addedToken(300, "<x>")}),
            "no error");
}

TEST(TokenizerJson, refusesBrokenTemplates) {
  const auto messageOfTemplate = [](const json &single, const json &special) {
    return messageWith("post_processor", {{"type", "TemplateProcessing"},
                                          {"single", single},
                                          {"special_tokens", special}});
  };
  const json text = {{"Sequence", {{"id", "A"}}}};
  const json begin = {{"SpecialToken", {{"id", "<s>"}}}};
  const json ids = {{"<s>", {{"ids", json::array({256})}}}};
  EXPECT_EQ(messageOfTemplate({begin, text}, ids), "no error");
  EXPECT_THAT(messageOfTemplate(json::array({begin}), ids),
              HasSubstr("must have Sequence 'A' once"));
  EXPECT_THAT(messageOfTemplate({text, text}, ids),
              HasSubstr("must have Sequence 'A' once"));
  EXPECT_THAT(messageOfTemplate({begin, text}, nullptr),
              HasSubstr("special_tokens give no ids for '<s>'"));
  EXPECT_THAT(messageOfTemplate({begin, text},
                                {{"<s>", {{"ids", json::array({9999})}}}}),
              HasSubstr("the template's token '<s>' has id 9999, which is not "
                        "in the vocabulary"));
  EXPECT_THAT(messageOfTemplate("A", ids),
              HasSubstr("key 'single' of the template must be a list"));
  EXPECT_THAT(
      messageOfTemplate(json::array({typed("x")}), ids),
      HasSubstr("a template must consist of SpecialToken and Sequence"));
}

TEST(TokenizerJson, refusesWrongPatterns) {
  EXPECT_THAT(messageWith("pre_tokenizer", {{"type", "Split"},
                                            {"pattern", {{"Regex", "(a"}}},
                                            {"behavior", "Isolated"}}),
              HasSubstr("pre_tokenizer 'Split': the pattern '(a' is wrong at "
                        "character 2"));
  EXPECT_THAT(messageWith("pre_tokenizer", typed("Split")),
              HasSubstr("pre_tokenizer 'Split' has no pattern"));
}

TEST(TokenizerJson, survivesDeepNesting) {
  EXPECT_THAT(messageOf(std::string(200000, '[')), HasSubstr("not valid JSON"));
}
