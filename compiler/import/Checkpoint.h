//===- Checkpoint.h - a model directory of Hugging Face ---------*- C++ -*-===//
//
// A directory with config.json, tokenizer.json and the weights, which are
// either model.safetensors or shards that model.safetensors.index.json lists
// ({"weight_map": {tensor name: file name}}); with both, the single file wins,
// as in transformers.
//
// A LLaMA checkpoint names its tensors as transformers' LlamaForCausalLM does;
// LlamaTensors.h lists them with their shapes. A weight of shape [out, in]
// computes y = W x.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_IMPORT_CHECKPOINT_H
#define SYNFIRE_COMPILER_IMPORT_CHECKPOINT_H

#include "compiler/import/ModelConfig.h"
#include "compiler/import/Safetensors.h"
#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace synfire {

/// An opened model directory. Weights are mapped, not read; a tensor stays
/// valid when the Checkpoint is gone.
class Checkpoint {
public:
  /// Reads config.json and the headers of all weight files.
  static Result<Checkpoint> open(const std::string &directory);

  const std::string &directory() const { return path; }
  const ModelConfig &config() const { return modelConfig; }

  bool contains(const std::string &name) const;
  /// Names of all tensors, sorted.
  std::vector<std::string> names() const;
  /// Fails if the tensor is missing or of a type that is no ElementType.
  Result<TensorView> tensor(const std::string &name) const;
  /// Fails also if the shape is not `expectedShape`.
  Result<TensorView>
  tensor(const std::string &name,
         const std::vector<std::int64_t> &expectedShape) const;

  /// XXH3 over the names and bytes of all tensors that tensor() gives, by name:
  /// tells whether two checkpoints hold the same weights, however they are cut
  /// into files.
  std::uint64_t checksum() const;

  /// The text of tokenizer.json.
  Result<std::string> tokenizerJson() const;

private:
  Status openSingle(const std::string &file);
  Status openSharded(const std::string &index);

  std::string path;
  ModelConfig modelConfig;
  std::vector<SafetensorsFile> files;
  std::map<std::string, std::size_t> fileOfTensor;
};

/// Checks that every tensor that a LLaMA of the checkpoint's config needs is
/// there, has the right shape and holds finite values only, and that no further
/// tensor of the model's own names would be silently left out.
Status validateLlama(const Checkpoint &checkpoint);

} // namespace synfire

#endif // SYNFIRE_COMPILER_IMPORT_CHECKPOINT_H
