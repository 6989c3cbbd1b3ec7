//===- StreamSteps.h - one step of a plan on cumulative rows ----*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CALIBRATION_STREAMSTEPS_H
#define SYNFIRE_COMPILER_CALIBRATION_STREAMSTEPS_H

#include "compiler/calibration/SiteCoder.h"
#include "compiler/reference/Plan.h"

#include <cstdint>
#include <vector>

namespace synfire::calibration {

/// The network around a step.
struct StreamForm {
  int frames = 1;
  bool digital = false;
  bool compensated = false;
};

/// Units inside a step, which have no value of the plan; nullptr: real.
struct InnerCoders {
  const SiteCoder *square = nullptr, *inverseRoot = nullptr; ///< norm
  const SiteCoder *exponential = nullptr, *weights = nullptr, *mix = nullptr,
                  *reciprocal = nullptr; ///< attention
  /// The unit of exp runs on score - max and fires the exponential itself.
  bool firesExponential = false;
};

/// Dense rows [tokens * frames][width].
struct StepRows {
  const float *data = nullptr;
  std::int64_t width = 0;
};

/// x / sqrt(mean(x^2) + eps) of the cumulative value, without the gain.
void streamNorm(const StreamForm &form, const InnerCoders &inner, StepRows x,
                float *out, std::int64_t tokens, float eps);
/// RoPE; cosine and sine hold headWidth/2 entries a position.
void streamRotary(const StreamForm &form, StepRows x, float *out,
                  std::int64_t tokens, std::int64_t headWidth,
                  const float *cosine, const float *sine);
void streamSilu(const StreamForm &form, StepRows x, float *out,
                std::int64_t tokens);
/// Causal attention: frame f of token p meets the final keys and values of
/// tokens j < p and those of frame f of its own.
void streamAttention(const StreamForm &form, const InnerCoders &inner,
                     const ReferenceStep &step, const float *queries,
                     const float *keys, const float *values, float *out,
                     std::int64_t tokens);
/// out [rows][outputs] = x [rows][inputs] times matrix [outputs][inputs]
/// transposed, rows of x `stride` apart.
void streamLinear(const float *x, std::int64_t stride, std::int64_t rows,
                  const std::vector<float> &matrix, std::int64_t inputs,
                  std::int64_t outputs, float *out);

} // namespace synfire::calibration

#endif // SYNFIRE_COMPILER_CALIBRATION_STREAMSTEPS_H
