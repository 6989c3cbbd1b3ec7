//===- MgpcKernels.h - phase neurons over arrays of samples -----*- C++ -*-===//
//
// Forward and backward passes of a one-level, all-at-once neuron in floats,
// in units of the full scale, over many magnitudes at once.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_MGPCKERNELS_H
#define SYNFIRE_COMPILER_CONVERT_MGPCKERNELS_H

#include <cstddef>
#include <vector>

namespace synfire {

/// One neuron's tables by step.
struct StepTable {
  std::vector<float> threshold, decrement, payload;
  float offset = 0;
};

/// Sums over samples of the derivatives of a loss.
struct StepGradient {
  std::vector<double> threshold, decrement, payload;
  double offset = 0;
};

/// What a backward pass is asked for.
struct GradientParts {
  bool dynamics = true; ///< threshold, decrement and offset, by the surrogate
  bool payload = true;  ///< exact: payloads do not enter the dynamics
};

/// outputs[i] = sum of the payloads that magnitude inputs[i] fires.
void encodeMagnitudes(const StepTable &table, const float *inputs,
                      std::size_t count, float *outputs);

/// Backward through the same neurons: `outputGradient` is the derivative of the
/// loss by each output. A spike is [v >= threshold] forward and has the
/// derivative sharpness * sigmoid'(sharpness * (v - threshold)) backward.
StepGradient gradientOfMagnitudes(const StepTable &table, const float *inputs,
                                  const float *outputGradient,
                                  std::size_t count, float sharpness,
                                  GradientParts parts);

/// Mean of (outputs - inputs)^2.
double meanSquaredError(const float *outputs, const float *inputs,
                        std::size_t count);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_MGPCKERNELS_H
