//===- Plan.h - a trained transformer as a list of float steps --*- C++ -*-===//
//
// The float reference executes a plan: steps in order, each computing one value
// (a row of floats per token) from earlier ones. It is the `ann` dialect
// without MLIR, so that the model which is compiled and the model which is
// measured against are one.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_PLAN_H
#define SYNFIRE_COMPILER_REFERENCE_PLAN_H

#include "compiler/import/ModelConfig.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

enum class StepKind : std::uint8_t {
  Embedding, ///< row `token` of weight [vocabulary, width]
  RmsNorm,   ///< x / sqrt(mean(x^2) + eps) * weight [width]
  Linear,    ///< weight [width, width of x] times x
  Rotary,    ///< turns pairs (i, i + headWidth/2) of each head by the position
  Hadamard,  ///< rotates blocks of headWidth values (rotateBlocks)
  Attention, ///< operands q, k, v; causal softmax(q k / sqrt(headWidth)) v
  Silu,      ///< x / (1 + exp(-x))
  Multiply,  ///< elementwise product of two values
  Add        ///< elementwise sum of two values
};
const char *toString(StepKind kind);

struct ReferenceStep {
  StepKind kind = StepKind::Add;
  std::vector<int> operands; ///< value ids
  int result = -1;           ///< value id
  std::int64_t width = 0;    ///< of the result
  /// Site that the result is recorded at (docs/spec/sites.md); empty: none.
  /// RmsNorm: the value before the gain, with .square, .mean and .rsqrt below
  /// it. Attention: its inner sites replace the last component of the name.
  std::string site;
  std::string weight; ///< tensor name: Embedding, RmsNorm, Linear

  std::int64_t heads = 0;         ///< Rotary, Attention
  std::int64_t keyValueHeads = 0; ///< Attention; divides heads
  std::int64_t headWidth = 0;     ///< Rotary, Attention; Hadamard: of a block
  /// Linear: block width of a Hadamard that the operand went through and the
  /// weight undoes; 1: none.
  std::int64_t inputHadamard = 1;
  double eps = 0;   ///< RmsNorm
  double theta = 0; ///< Rotary: base of the frequencies
};

struct ReferencePlan {
  std::int64_t vocabulary = 0;
  std::int64_t context = 0; ///< most positions
  int values = 0;           ///< value ids are 0 .. values-1
  /// The last step yields the logits.
  std::vector<ReferenceStep> steps;
};

/// Every operand is defined before its use, every value once, and the widths
/// agree.
Status verify(const ReferencePlan &plan);

/// The plan of a LLaMA; equal to what the `ann` IR of the model translates to.
ReferencePlan planLlama(const ModelConfig &config);

/// "layers.0.attn.out", "scores" -> "layers.0.attn.scores".
std::string siblingSite(std::string_view site, std::string_view name);

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_PLAN_H
