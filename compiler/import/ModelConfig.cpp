//===- ModelConfig.cpp - config.json of a LLaMA-family model --------------===//
#include "compiler/import/ModelConfig.h"

#include "compiler/import/JsonText.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace synfire {

using nlohmann::json;

namespace {

constexpr const char *supportedArchitecture = "LlamaForCausalLM";
constexpr const char *supportedModelType = "llama";

// The largest open models have a hidden size of 2^14 and a vocabulary of 2^18.
// With these limits the bytes of all weights together stay below 2^58, so no
// size computed from a config can overflow.
constexpr std::int64_t maxHidden = std::int64_t(1) << 18;
constexpr std::int64_t maxIntermediate = std::int64_t(1) << 20;
constexpr std::int64_t maxLayers = std::int64_t(1) << 12;
constexpr std::int64_t maxHeads = std::int64_t(1) << 12;
constexpr std::int64_t maxHeadDim = std::int64_t(1) << 12;
constexpr std::int64_t maxVocabulary = std::int64_t(1) << 24;
constexpr std::int64_t maxContext = std::int64_t(1) << 30;

/// Reads the keys of one JSON object; every error names the file and the key.
class KeyReader {
public:
  KeyReader(const json &givenObject, const std::string &fileName)
      : object(givenObject), where(fileName) {}

  /// The value of a key that is there and not null, or nothing.
  const json *find(const char *key) const {
    auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
  }

  Error error(const char *key, const std::string &problem) const {
    return makeError(fmt::format("key '{}' {}", key, problem), where);
  }

  Error typeError(const char *key, const char *wanted,
                  const json &value) const {
    return error(key, fmt::format("must be {}, not {}", wanted, show(value)));
  }

  Status size(const char *key, std::int64_t limit, std::int64_t &out) const {
    const json *value = find(key);
    if (!value)
      return error(key, "is missing");
    return size(key, limit, *value, out);
  }

  Status size(const char *key, std::int64_t limit, std::int64_t absent,
              std::int64_t &out) const {
    out = absent;
    const json *value = find(key);
    return value ? size(key, limit, *value, out) : Status();
  }

  Status flag(const char *key, bool &out) const {
    const json *value = find(key);
    if (!value)
      return {};
    if (!value->is_boolean())
      return typeError(key, "true or false", *value);
    out = value->get<bool>();
    return {};
  }

  Status positiveNumber(const char *key, double absent, double &out) const {
    out = absent;
    const json *value = find(key);
    if (!value)
      return {};
    if (!value->is_number())
      return typeError(key, "a number", *value);
    out = value->get<double>();
    if (!(out > 0) || !std::isfinite(out))
      return typeError(key, "positive and finite", *value);
    return {};
  }

  Status text(const char *key, std::string &out) const {
    const json *value = find(key);
    if (!value)
      return {};
    if (!value->is_string())
      return typeError(key, "a string", *value);
    out = value->get_ref<const std::string &>();
    return {};
  }

  Status token(const char *key, const json &value, int &out) const {
    if (!value.is_number_integer())
      return typeError(key, "a token id", value);
    if (!inRange(value, 0, std::numeric_limits<int>::max()))
      return typeError(key, "a token id of at least 0 and below 2^31", value);
    out = value.get<int>();
    return {};
  }

private:
  static bool inRange(const json &value, std::int64_t low, std::int64_t high) {
    if (value.is_number_unsigned())
      return value.get<std::uint64_t>() >= static_cast<std::uint64_t>(low) &&
             value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high);
    return value.get<std::int64_t>() >= low &&
           value.get<std::int64_t>() <= high;
  }

  /// A value as it stands in an error: numbers and strings in full, the rest
  /// by its type, since it may be arbitrarily long or deep.
  static std::string show(const json &value) {
    if (value.is_number() || value.is_boolean())
      return value.dump();
    if (value.is_string())
      return fmt::format("'{}'", value.get_ref<const std::string &>());
    return value.type_name();
  }

  Status size(const char *key, std::int64_t limit, const json &value,
              std::int64_t &out) const {
    if (!value.is_number_integer())
      return typeError(key, "an integer", value);
    if (!inRange(value, 1, limit))
      return typeError(key, fmt::format("between 1 and {}", limit).c_str(),
                       value);
    out = value.get<std::int64_t>();
    return {};
  }

  const json &object;
  const std::string &where;
};

} // namespace

static Status parseArchitecture(const KeyReader &keys, const std::string &where,
                                ModelConfig &config) {
  const std::string supported =
      fmt::format("supported: {} (model_type '{}')", supportedArchitecture,
                  supportedModelType);
  SYNFIRE_TRY(keys.text("model_type", config.modelType));
  const json *architectures = keys.find("architectures");
  if (architectures) {
    if (!architectures->is_array() || architectures->empty())
      return keys.typeError("architectures", "a list of names", *architectures);
    const json &first = architectures->front();
    if (!first.is_string())
      return keys.typeError("architectures", "a list of names", first);
    config.architecture = first.get_ref<const std::string &>();
    if (config.architecture != supportedArchitecture)
      return makeError(
          fmt::format("not supported: architecture '{}'", config.architecture),
          where, supported);
  }
  if (!config.modelType.empty() && config.modelType != supportedModelType)
    return makeError(
        fmt::format("not supported: model_type '{}'", config.modelType), where,
        supported);
  if (config.modelType.empty() && config.architecture.empty())
    return makeError("names neither 'architectures' nor 'model_type'", where,
                     supported);
  config.architecture = supportedArchitecture;
  config.modelType = supportedModelType;
  return {};
}

/// Checks one of the two objects that may ask for another rotary embedding than
/// the plain one.
static Status refuseRopeScaling(const KeyReader &keys, const char *key,
                                const std::string &where) {
  const json *value = keys.find(key);
  if (!value)
    return {};
  if (!value->is_object())
    return keys.typeError(key, "an object", *value);
  KeyReader inner(*value, where);
  std::string type;
  SYNFIRE_TRY(inner.text("type", type)); // the older name of the key
  SYNFIRE_TRY(inner.text("rope_type", type));
  if (type.empty())
    return keys.error(key, "has no 'rope_type'");
  if (type != "default")
    return makeError(fmt::format("not supported: rope scaling '{}'", type),
                     where, "supported: none or 'default'");
  double rotaryPart = 1;
  SYNFIRE_TRY(
      inner.positiveNumber("partial_rotary_factor", rotaryPart, rotaryPart));
  if (rotaryPart != 1)
    return makeError(
        fmt::format("not supported: partial_rotary_factor {}", rotaryPart),
        where, "supported: 1");
  return {};
}

static Status parseRope(const KeyReader &keys, const std::string &where,
                        ModelConfig &config) {
  constexpr double llamaTheta = 10000;
  SYNFIRE_TRY(refuseRopeScaling(keys, "rope_scaling", where));
  SYNFIRE_TRY(refuseRopeScaling(keys, "rope_parameters", where));
  SYNFIRE_TRY(keys.positiveNumber("rope_theta", llamaTheta, config.ropeTheta));
  const json *parameters = keys.find("rope_parameters");
  if (!parameters)
    return {};
  double outer = config.ropeTheta;
  SYNFIRE_TRY(KeyReader(*parameters, where)
                  .positiveNumber("rope_theta", outer, config.ropeTheta));
  if (keys.find("rope_theta") && outer != config.ropeTheta)
    return keys.error("rope_theta",
                      fmt::format("is {} but rope_parameters says {}", outer,
                                  config.ropeTheta));
  return {};
}

static Status parseSizes(const KeyReader &keys, ModelConfig &config) {
  SYNFIRE_TRY(keys.size("hidden_size", maxHidden, config.hiddenSize));
  SYNFIRE_TRY(
      keys.size("intermediate_size", maxIntermediate, config.intermediateSize));
  SYNFIRE_TRY(keys.size("num_hidden_layers", maxLayers, config.layers));
  SYNFIRE_TRY(keys.size("num_attention_heads", maxHeads, config.heads));
  SYNFIRE_TRY(keys.size("num_key_value_heads", maxHeads, config.heads,
                        config.keyValueHeads));
  SYNFIRE_TRY(keys.size("vocab_size", maxVocabulary, config.vocabulary));
  SYNFIRE_TRY(keys.size("max_position_embeddings", maxContext, 2048,
                        config.maxPositions));
  if (config.heads % config.keyValueHeads != 0)
    return keys.error(
        "num_key_value_heads",
        fmt::format("is {}, which does not divide num_attention_heads {}",
                    config.keyValueHeads, config.heads));
  if (keys.find("head_dim")) {
    SYNFIRE_TRY(keys.size("head_dim", maxHeadDim, config.headDim));
  } else {
    if (config.hiddenSize % config.heads != 0)
      return keys.error(
          "hidden_size",
          fmt::format("is {}, which is no multiple of num_attention_heads {}",
                      config.hiddenSize, config.heads));
    config.headDim = config.hiddenSize / config.heads;
    if (config.headDim > maxHeadDim)
      return keys.error("hidden_size",
                        fmt::format("gives {} components a head, limit {}",
                                    config.headDim, maxHeadDim));
  }
  if (config.headDim % 2 != 0)
    return keys.error("head_dim",
                      fmt::format("is {}, but rotary embedding turns pairs and "
                                  "needs an even number",
                                  config.headDim));
  return {};
}

static Status parseTokens(const KeyReader &keys, ModelConfig &config) {
  if (const json *bos = keys.find("bos_token_id"))
    SYNFIRE_TRY(keys.token("bos_token_id", *bos, config.bosToken));
  const json *eos = keys.find("eos_token_id");
  if (!eos)
    return {};
  if (!eos->is_array()) {
    SYNFIRE_TRY(
        keys.token("eos_token_id", *eos, config.eosTokens.emplace_back()));
    return {};
  }
  for (const json &token : *eos)
    SYNFIRE_TRY(
        keys.token("eos_token_id", token, config.eosTokens.emplace_back()));
  return {};
}

static Status parseFlags(const KeyReader &keys, const std::string &where,
                         ModelConfig &config) {
  SYNFIRE_TRY(keys.flag("tie_word_embeddings", config.tieEmbeddings));
  SYNFIRE_TRY(keys.flag("attention_bias", config.attentionBias));
  SYNFIRE_TRY(keys.flag("mlp_bias", config.mlpBias));
  if (config.attentionBias)
    return makeError("not supported: attention_bias true (biases of the "
                     "attention projections)",
                     where);
  if (config.mlpBias)
    return makeError("not supported: mlp_bias true (biases of the MLP)", where);
  config.hiddenAct = "silu";
  SYNFIRE_TRY(keys.text("hidden_act", config.hiddenAct));
  if (config.hiddenAct != "silu")
    return makeError(
        fmt::format("not supported: hidden_act '{}'", config.hiddenAct), where,
        "supported: 'silu'");
  if (const json *quantization = keys.find("quantization_config")) {
    std::string method = "unnamed";
    if (quantization->is_object())
      SYNFIRE_TRY(KeyReader(*quantization, where).text("quant_method", method));
    return makeError(fmt::format("not supported: quantization '{}'", method),
                     where, "use the checkpoint with float weights");
  }
  return {};
}

Result<ModelConfig> parseModelConfig(std::string_view text,
                                     const std::string &where) {
  SYNFIRE_ASSIGN(const json root, parseJsonObject(text, where));
  KeyReader keys(root, where);
  ModelConfig config;
  SYNFIRE_TRY(parseArchitecture(keys, where, config));
  SYNFIRE_TRY(parseSizes(keys, config));
  SYNFIRE_TRY(keys.positiveNumber("rms_norm_eps", 1e-6, config.rmsNormEps));
  SYNFIRE_TRY(parseRope(keys, where, config));
  SYNFIRE_TRY(parseFlags(keys, where, config));
  SYNFIRE_TRY(parseTokens(keys, config));
  return config;
}

} // namespace synfire
