//===- LlamaTensors.h - names and shapes of a LLaMA's weights ---*- C++ -*-===//
//
// The tensors of transformers' LlamaForCausalLM (modeling_llama.py), with
// H = hiddenSize, Q = heads * headDim, K = keyValueHeads * headDim,
// I = intermediateSize, V = vocabulary, N = layer:
//
//   model.embed_tokens.weight                          [V, H]
//   model.layers.N.input_layernorm.weight              [H]
//   model.layers.N.self_attn.{q,k,v}_proj.weight       [Q, H] [K, H] [K, H]
//   model.layers.N.self_attn.o_proj.weight             [H, Q]
//   model.layers.N.post_attention_layernorm.weight     [H]
//   model.layers.N.mlp.{gate,up,down}_proj.weight      [I, H] [I, H] [H, I]
//   model.norm.weight                                  [H]
//   lm_head.weight                                     [V, H]  untied models
//   only
//
// Queries and keys are in transformers' order of rotary pairs: component i of a
// head turns with component i + headDim / 2.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_IMPORT_LLAMATENSORS_H
#define SYNFIRE_COMPILER_IMPORT_LLAMATENSORS_H

#include "compiler/import/ModelConfig.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

struct ExpectedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
};

/// Every tensor that a LLaMA of this config computes with, in the order above.
std::vector<ExpectedTensor> llamaTensors(const ModelConfig &config);

/// "model.layers.N." + suffix.
std::string llamaLayerTensor(std::int64_t layer, std::string_view suffix);

} // namespace synfire

#endif // SYNFIRE_COMPILER_IMPORT_LLAMATENSORS_H
