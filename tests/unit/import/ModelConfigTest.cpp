//===- ModelConfigTest.cpp - what config.json may say ---------------------===//
#include "compiler/import/ModelConfig.h"

#include "tests/unit/import/ModelFiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace synfire;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

namespace {

std::string messageOf(const std::string &text) {
  auto config = parseModelConfig(text, "dir/config.json");
  return config ? "no error" : config.error().message();
}

std::string messageWith(const char *key, const json &value) {
  json config = tinyConfig();
  config[key] = value;
  return messageOf(config.dump());
}

ModelConfig parsed(const json &config) {
  auto result = parseModelConfig(config.dump(), "config.json");
  EXPECT_TRUE(result) << result.error().message();
  return result ? *result : ModelConfig();
}

} // namespace

TEST(ModelConfig, readsAllKeys) {
  json text = tinyConfig();
  text["head_dim"] = 6;
  text["rms_norm_eps"] = 1e-5;
  text["rope_theta"] = 500000.0;
  text["hidden_act"] = "silu";
  text["tie_word_embeddings"] = true;
  text["attention_bias"] = false;
  text["mlp_bias"] = false;
  text["bos_token_id"] = 1;
  text["eos_token_id"] = 2;
  ModelConfig config = parsed(text);
  EXPECT_EQ(config.architecture, "LlamaForCausalLM");
  EXPECT_EQ(config.modelType, "llama");
  EXPECT_EQ(config.hiddenSize, 8);
  EXPECT_EQ(config.intermediateSize, 12);
  EXPECT_EQ(config.layers, 2);
  EXPECT_EQ(config.heads, 4);
  EXPECT_EQ(config.keyValueHeads, 2);
  EXPECT_EQ(config.headDim, 6);
  EXPECT_EQ(config.queryWidth(), 24);
  EXPECT_EQ(config.keyValueWidth(), 12);
  EXPECT_EQ(config.vocabulary, 10);
  EXPECT_EQ(config.maxPositions, 16);
  EXPECT_EQ(config.rmsNormEps, 1e-5);
  EXPECT_EQ(config.ropeTheta, 500000);
  EXPECT_EQ(config.hiddenAct, "silu");
  EXPECT_TRUE(config.tieEmbeddings);
  EXPECT_EQ(config.bosToken, 1);
  EXPECT_EQ(config.eosToken(), 2);
}

TEST(ModelConfig, hasTheDefaultsOfTransformers) {
  json text = tinyConfig();
  text.erase("num_key_value_heads");
  text.erase("max_position_embeddings");
  text["bos_token_id"] = nullptr;
  ModelConfig config = parsed(text);
  EXPECT_EQ(config.keyValueHeads, 4);
  EXPECT_EQ(config.headDim, 2);
  EXPECT_EQ(config.maxPositions, 2048);
  EXPECT_EQ(config.rmsNormEps, 1e-6);
  EXPECT_EQ(config.ropeTheta, 10000);
  EXPECT_EQ(config.hiddenAct, "silu");
  EXPECT_FALSE(config.tieEmbeddings);
  EXPECT_EQ(config.bosToken, -1);
  EXPECT_EQ(config.eosToken(), -1);
  EXPECT_THAT(config.eosTokens, IsEmpty());
}

TEST(ModelConfig, keepsAListOfEndTokens) {
  json text = tinyConfig();
  text["eos_token_id"] = {7, 8, 9};
  ModelConfig config = parsed(text);
  EXPECT_THAT(config.eosTokens, ElementsAre(7, 8, 9));
  EXPECT_EQ(config.eosToken(), 7);
}

TEST(ModelConfig, readsRopeParametersOfNewerFiles) {
  json text = tinyConfig();
  text["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 20000.0}};
  EXPECT_EQ(parsed(text).ropeTheta, 20000);
  text["rope_theta"] = 10000.0;
  EXPECT_EQ(messageOf(text.dump()),
            "dir/config.json: key 'rope_theta' is 10000 but rope_parameters "
            "says 20000");
}

TEST(ModelConfig, acceptsPlainRopeHoweverItIsSaid) {
  json text = tinyConfig();
  text["rope_scaling"] = nullptr;
  parsed(text);
  text["rope_scaling"] = {{"type", "default"}};
  parsed(text);
}

TEST(ModelConfig, refusesRopeScalingByName) {
  EXPECT_THAT(messageWith("rope_scaling", {{"rope_type", "llama3"}}),
              StartsWith("dir/config.json: not supported: rope scaling "
                         "'llama3'"));
  EXPECT_THAT(messageWith("rope_scaling", {{"type", "linear"}}),
              HasSubstr("not supported: rope scaling 'linear'"));
  EXPECT_THAT(messageWith("rope_parameters",
                          {{"rope_type", "yarn"}, {"rope_theta", 10000}}),
              HasSubstr("not supported: rope scaling 'yarn'"));
  EXPECT_THAT(messageWith("rope_scaling", {{"factor", 2.0}}),
              HasSubstr("key 'rope_scaling' has no 'rope_type'"));
  EXPECT_THAT(messageWith("rope_scaling", "linear"),
              HasSubstr("key 'rope_scaling' must be an object, not 'linear'"));
  EXPECT_THAT(messageWith("rope_parameters", {{"rope_type", "default"},
                                              {"partial_rotary_factor", 0.5}}),
              HasSubstr("not supported: partial_rotary_factor 0.5"));
}

TEST(ModelConfig, refusesOtherArchitecturesByName) {
  EXPECT_THAT(messageWith("architectures", json::array({"GPT2LMHeadModel"})),
              HasSubstr("not supported: architecture 'GPT2LMHeadModel' "
                        "(supported: LlamaForCausalLM"));
  EXPECT_THAT(
      messageWith("model_type", "qwen2"),
      HasSubstr("not supported: model_type 'qwen2' (supported: LlamaFor"));
  EXPECT_THAT(messageOf(R"({"hidden_size": 8})"),
              HasSubstr("names neither 'architectures' nor 'model_type' "
                        "(supported: LlamaForCausalLM"));
  EXPECT_THAT(messageWith("architectures", json::array()),
              HasSubstr("key 'architectures' must be a list of names"));
  EXPECT_THAT(messageWith("architectures", json::array({1})),
              HasSubstr("key 'architectures' must be a list of names, not 1"));
}

TEST(ModelConfig, refusesWhatItCannotHonour) {
  EXPECT_THAT(messageWith("hidden_act", "gelu"),
              HasSubstr("not supported: hidden_act 'gelu'"));
  EXPECT_THAT(messageWith("attention_bias", true),
              HasSubstr("not supported: attention_bias true"));
  EXPECT_THAT(messageWith("mlp_bias", true),
              HasSubstr("not supported: mlp_bias true"));
  EXPECT_THAT(messageWith("quantization_config", {{"quant_method", "gptq"}}),
              HasSubstr("not supported: quantization 'gptq'"));
}

TEST(ModelConfig, namesTheFileAndTheKeyOfAWrongValue) {
  EXPECT_EQ(messageWith("hidden_size", 0),
            "dir/config.json: key 'hidden_size' must be between 1 and 262144, "
            "not 0");
  EXPECT_THAT(messageWith("num_hidden_layers", -3),
              HasSubstr("key 'num_hidden_layers' must be between 1 and 4096, "
                        "not -3"));
  EXPECT_THAT(messageWith("vocab_size", 18446744073709551615ull),
              HasSubstr("key 'vocab_size' must be between 1 and 16777216"));
  EXPECT_THAT(messageWith("intermediate_size", 1e30),
              HasSubstr("key 'intermediate_size' must be an integer"));
  EXPECT_THAT(messageWith("max_position_embeddings", "many"),
              HasSubstr("key 'max_position_embeddings' must be an integer, not "
                        "'many'"));
  EXPECT_THAT(messageWith("num_key_value_heads", 3),
              HasSubstr("key 'num_key_value_heads' is 3, which does not divide "
                        "num_attention_heads 4"));
  EXPECT_THAT(messageWith("head_dim", 3),
              HasSubstr("key 'head_dim' is 3, but rotary embedding"));
  EXPECT_THAT(messageWith("hidden_size", 10),
              HasSubstr("key 'hidden_size' is 10, which is no multiple of "
                        "num_attention_heads 4"));
  EXPECT_THAT(messageWith("hidden_size", 65536),
              HasSubstr("key 'hidden_size' gives 16384 components a head"));
  EXPECT_THAT(messageWith("rms_norm_eps", 0),
              HasSubstr("key 'rms_norm_eps' must be positive and finite"));
  EXPECT_THAT(messageWith("rope_theta", -1.0),
              HasSubstr("key 'rope_theta' must be positive and finite"));
  EXPECT_THAT(messageWith("rope_theta", "10000"),
              HasSubstr("key 'rope_theta' must be a number, not '10000'"));
  EXPECT_THAT(messageWith("tie_word_embeddings", 1),
              HasSubstr("key 'tie_word_embeddings' must be true or false"));
  EXPECT_THAT(messageWith("hidden_act", 1),
              HasSubstr("key 'hidden_act' must be a string"));
  EXPECT_THAT(messageWith("bos_token_id", "<s>"),
              HasSubstr("key 'bos_token_id' must be a token id, not '<s>'"));
  EXPECT_THAT(messageWith("eos_token_id", {1, -1}),
              HasSubstr("key 'eos_token_id' must be a token id of at least 0"));
  json missing = tinyConfig();
  missing.erase("hidden_size");
  EXPECT_EQ(messageOf(missing.dump()),
            "dir/config.json: key 'hidden_size' is missing");
}

TEST(ModelConfig, locatesASyntaxError) {
  EXPECT_EQ(messageOf("{\n  \"hidden_size\": 8,,\n}"),
            "dir/config.json: not valid JSON at line 2, column 20");
  EXPECT_EQ(messageOf(""), "dir/config.json: not valid JSON at line 1, column "
                           "1");
  EXPECT_EQ(messageOf("[1]"),
            "dir/config.json: must be a JSON object, not array");
  EXPECT_EQ(messageOf(R"({"hidden_size": 8, "hidden_size": 16})"),
            "dir/config.json: the name 'hidden_size' appears twice");
}

TEST(ModelConfig, survivesDeepNesting) {
  EXPECT_THAT(messageOf(std::string(200000, '[')), HasSubstr("not valid JSON"));
  EXPECT_THAT(messageOf("{\"hidden_size\":" + std::string(100000, '[') +
                        std::string(100000, ']') +
                        ",\"model_type\":\"llama\"}"),
              HasSubstr("key 'hidden_size' must be an integer, not array"));
}
