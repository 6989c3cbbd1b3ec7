//===- ModelConfig.h - config.json of a LLaMA-family model ------*- C++ -*-===//
//
// Reads the config.json that Hugging Face transformers writes beside a model
// (keys: transformers, models/llama/configuration_llama.py). What the compiler
// cannot honour is refused by name rather than ignored, since ignoring it would
// compile another function than the one that was trained.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_IMPORT_MODELCONFIG_H
#define SYNFIRE_COMPILER_IMPORT_MODELCONFIG_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// The shape and constants of a LLaMA model. A config from parseModelConfig has
/// every size positive and so bounded that the number of bytes of all weights
/// fits 64 bits.
struct ModelConfig {
  std::string architecture; ///< "LlamaForCausalLM"
  std::string modelType;    ///< "llama"

  std::int64_t hiddenSize = 0;
  std::int64_t intermediateSize = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t keyValueHeads = 0; ///< divides `heads`
  std::int64_t headDim = 0;       ///< even: rotary embedding turns pairs
  std::int64_t vocabulary = 0;
  std::int64_t maxPositions = 0;

  double rmsNormEps = 0;
  double ropeTheta = 0;
  std::string hiddenAct; ///< "silu"

  bool tieEmbeddings = false;
  bool attentionBias = false;
  bool mlpBias = false;

  int bosToken = -1;          ///< -1 where the config names none
  std::vector<int> eosTokens; ///< empty where the config names none

  /// The first end-of-sequence token, -1 where there is none.
  int eosToken() const { return eosTokens.empty() ? -1 : eosTokens.front(); }
  std::int64_t queryWidth() const { return heads * headDim; }
  std::int64_t keyValueWidth() const { return keyValueHeads * headDim; }
};

/// Parses the text of a config.json; `where` names the file in errors. Absent
/// optional keys have the defaults of transformers' LlamaConfig, except that an
/// absent bos_token_id or eos_token_id means that there is none.
Result<ModelConfig> parseModelConfig(std::string_view json,
                                     const std::string &where);

} // namespace synfire

#endif // SYNFIRE_COMPILER_IMPORT_MODELCONFIG_H
