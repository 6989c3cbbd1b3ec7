//===- LlamaTensors.cpp - names and shapes of a LLaMA's weights -----------===//
#include "compiler/import/LlamaTensors.h"

#include <fmt/format.h>

namespace synfire {

std::string llamaLayerTensor(std::int64_t layer, std::string_view suffix) {
  return fmt::format("model.layers.{}.{}", layer, suffix);
}

std::vector<ExpectedTensor> llamaTensors(const ModelConfig &config) {
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t query = config.queryWidth();
  const std::int64_t keyValue = config.keyValueWidth();
  const std::int64_t inner = config.intermediateSize;
  const std::vector<ExpectedTensor> ofLayer = {
      {"input_layernorm.weight", {hidden}},
      {"self_attn.q_proj.weight", {query, hidden}},
      {"self_attn.k_proj.weight", {keyValue, hidden}},
      {"self_attn.v_proj.weight", {keyValue, hidden}},
      {"self_attn.o_proj.weight", {hidden, query}},
      {"post_attention_layernorm.weight", {hidden}},
      {"mlp.gate_proj.weight", {inner, hidden}},
      {"mlp.up_proj.weight", {inner, hidden}},
      {"mlp.down_proj.weight", {hidden, inner}}};

  std::vector<ExpectedTensor> result;
  result.push_back({"model.embed_tokens.weight", {config.vocabulary, hidden}});
  for (std::int64_t layer = 0; layer < config.layers; ++layer)
    for (const ExpectedTensor &tensor : ofLayer)
      result.push_back({llamaLayerTensor(layer, tensor.name), tensor.shape});
  result.push_back({"model.norm.weight", {hidden}});
  if (!config.tieEmbeddings)
    result.push_back({"lm_head.weight", {config.vocabulary, hidden}});
  return result;
}

} // namespace synfire
