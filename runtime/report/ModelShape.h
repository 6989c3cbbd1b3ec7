//===- ModelShape.h - the sizes of a transformer ----------------*- C++ -*-===//
//
// What counting needs and nothing else. Built-in shapes are those of public
// releases; any other LLaMA comes from its config.json through the caller.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_REPORT_MODELSHAPE_H
#define SYNFIRE_RUNTIME_REPORT_MODELSHAPE_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// GatedSilu: down(silu(gate) * up); the others: down(activation(up)).
enum class FeedForward : std::uint8_t { GatedSilu, Gelu, Relu };
enum class Norm : std::uint8_t { Rms, Layer };

struct ModelShape {
  std::string name;
  std::int64_t hidden = 0, intermediate = 0, layers = 0;
  std::int64_t heads = 0, keyValueHeads = 0, headWidth = 0;
  std::int64_t vocabulary = 0;
  std::int64_t context = 0; ///< most positions; 0: not stated
  FeedForward feedForward = FeedForward::GatedSilu;
  Norm norm = Norm::Rms;
  bool rotary = true; ///< false: positions are added to the embedding
  bool languageModelHead = true; ///< a projection onto the vocabulary
  bool causal = true;
  std::string source; ///< where the numbers come from

  std::int64_t queryWidth() const { return heads * headWidth; }
  std::int64_t keyValueWidth() const { return keyValueHeads * headWidth; }
};

/// Every size positive, heads divisible by key/value heads.
Status verify(const ModelShape &shape);

const std::vector<ModelShape> &builtinShapes();
/// By name; the error lists the names.
Result<ModelShape> builtinShape(const std::string &name);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_MODELSHAPE_H
