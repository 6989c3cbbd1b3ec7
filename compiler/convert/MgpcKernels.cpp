//===- MgpcKernels.cpp - phase neurons over arrays of samples -------------===//
#include "compiler/convert/MgpcKernels.h"

#include "runtime/support/Simd.h"

#include <algorithm>

namespace synfire {
namespace {

/// Samples that pass through all steps together, so that their membranes stay
/// in the nearest cache.
constexpr std::size_t blockSize = 256;
/// Partial sums of a reduction: a fixed number, so that every instruction set
/// adds in the same order.
constexpr std::size_t lanes = 16;

/// Where a surrogate's slope has fallen to 3e-7 of its peak.
constexpr float farAway = 15;

/// exp(-z) for z in [0, farAway] by (1 - z/64 + ...)^64: within 2e-3 of the
/// value up to z = 10, beyond which a surrogate does not care.
inline __attribute__((always_inline)) float decay(float z) {
  const float y = z * (-1.0f / 64);
  float e = 1.0f + y * (1.0f + y * (0.5f + y * (1.0f / 6)));
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  e *= e;
  return e;
}

/// Membranes before each step, [step][blockSize], and the outputs.
SYNFIRE_MULTIVERSION
void forwardBlock(const float *threshold, const float *decrement,
                  const float *payload, std::size_t steps, float offset,
                  const float *inputs, float *__restrict membranes,
                  float *__restrict outputs) {
  float v[blockSize];
  for (std::size_t i = 0; i < blockSize; ++i) {
    v[i] = inputs[i] + offset;
    outputs[i] = 0;
  }
  for (std::size_t t = 0; t < steps; ++t) {
    const float theta = threshold[t], h = decrement[t], d = payload[t];
    float *before = membranes + t * blockSize;
    for (std::size_t i = 0; i < blockSize; ++i) {
      before[i] = v[i];
      const bool fires = v[i] >= theta;
      outputs[i] += fires ? d : 0.0f;
      v[i] -= fires ? h : 0.0f;
    }
  }
}

SYNFIRE_MULTIVERSION
void encodeBlock(const float *threshold, const float *decrement,
                 const float *payload, std::size_t steps, float offset,
                 const float *inputs, float *__restrict outputs) {
  float v[blockSize], y[blockSize];
  for (std::size_t i = 0; i < blockSize; ++i) {
    v[i] = inputs[i] + offset;
    y[i] = 0;
  }
  for (std::size_t t = 0; t < steps; ++t) {
    const float theta = threshold[t], h = decrement[t], d = payload[t];
    for (std::size_t i = 0; i < blockSize; ++i) {
      const bool fires = v[i] >= theta;
      y[i] += fires ? d : 0.0f;
      v[i] -= fires ? h : 0.0f;
    }
  }
  for (std::size_t i = 0; i < blockSize; ++i)
    outputs[i] = y[i];
}

/// Sums of a block's products by lane; `sums` holds one number a step.
SYNFIRE_MULTIVERSION
void payloadBlock(const float *threshold, std::size_t steps,
                  const float *membranes, const float *outputGradient,
                  float *__restrict sums) {
  for (std::size_t t = 0; t < steps; ++t) {
    const float theta = threshold[t];
    const float *before = membranes + t * blockSize;
    // Selected first and added then: both loops vectorise, their union does
    // not.
    float selected[blockSize];
    for (std::size_t i = 0; i < blockSize; ++i)
      selected[i] = before[i] >= theta ? outputGradient[i] : 0.0f;
    float lane[lanes];
    for (std::size_t k = 0; k < lanes; ++k)
      lane[k] = 0;
    for (std::size_t i = 0; i < blockSize; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k)
        lane[k] += selected[i + k];
    float sum = 0;
    for (std::size_t k = 0; k < lanes; ++k)
      sum += lane[k];
    sums[t] = sum;
  }
}

/// `offsetSum` gets the derivative by the membrane at the beginning.
SYNFIRE_MULTIVERSION
void dynamicsBlock(const float *threshold, const float *decrement,
                   const float *payload, std::size_t steps, float sharpness,
                   const float *membranes, const float *outputGradient,
                   float *__restrict thresholdSums,
                   float *__restrict decrementSums,
                   float *__restrict offsetSum) {
  float byMembrane[blockSize], byThreshold[blockSize], byDecrement[blockSize];
  for (std::size_t i = 0; i < blockSize; ++i)
    byMembrane[i] = 0;
  for (std::size_t t = steps; t-- > 0;) {
    const float theta = threshold[t], h = decrement[t], d = payload[t];
    const float *before = membranes + t * blockSize;
    for (std::size_t i = 0; i < blockSize; ++i) {
      const float u = before[i] - theta;
      const float after = byMembrane[i];
      const float bySpike = outputGradient[i] * d - after * h;
      float z = sharpness * (u < 0 ? -u : u);
      z = z < farAway ? z : farAway;
      const float e = decay(z);
      const float through = bySpike * sharpness * e / ((1.0f + e) * (1.0f + e));
      byThreshold[i] = -through;
      byDecrement[i] = u >= 0 ? -after : 0.0f;
      byMembrane[i] = after + through;
    }
    float thresholdLane[lanes], decrementLane[lanes];
    for (std::size_t k = 0; k < lanes; ++k)
      thresholdLane[k] = decrementLane[k] = 0;
    for (std::size_t i = 0; i < blockSize; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) {
        thresholdLane[k] += byThreshold[i + k];
        decrementLane[k] += byDecrement[i + k];
      }
    float thresholdSum = 0, decrementSum = 0;
    for (std::size_t k = 0; k < lanes; ++k) {
      thresholdSum += thresholdLane[k];
      decrementSum += decrementLane[k];
    }
    thresholdSums[t] = thresholdSum;
    decrementSums[t] = decrementSum;
  }
  float lane[lanes];
  for (std::size_t k = 0; k < lanes; ++k)
    lane[k] = 0;
  for (std::size_t i = 0; i < blockSize; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k)
      lane[k] += byMembrane[i + k];
  float sum = 0;
  for (std::size_t k = 0; k < lanes; ++k)
    sum += lane[k];
  *offsetSum = sum;
}

SYNFIRE_MULTIVERSION
float squaredErrorBlock(const float *outputs, const float *inputs) {
  float lane[lanes];
  for (std::size_t k = 0; k < lanes; ++k)
    lane[k] = 0;
  for (std::size_t i = 0; i < blockSize; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k) {
      const float error = outputs[i + k] - inputs[i + k];
      lane[k] += error * error;
    }
  float sum = 0;
  for (std::size_t k = 0; k < lanes; ++k)
    sum += lane[k];
  return sum;
}

/// A whole block of `values` at `begin`: in place, or copied and filled with
/// zeros at the end.
const float *blockOf(const float *values, std::size_t begin, std::size_t count,
                     float *copy) {
  if (begin + blockSize <= count)
    return values + begin;
  std::fill_n(std::copy(values + begin, values + count, copy),
              blockSize - (count - begin), 0.0f);
  return copy;
}

void addTo(std::vector<double> &sums, const std::vector<float> &values) {
  for (std::size_t t = 0; t < sums.size(); ++t)
    sums[t] += static_cast<double>(values[t]);
}

} // namespace

void encodeMagnitudes(const StepTable &table, const float *inputs,
                      std::size_t count, float *outputs) {
  float copy[blockSize], last[blockSize];
  for (std::size_t begin = 0; begin < count; begin += blockSize) {
    const bool whole = begin + blockSize <= count;
    encodeBlock(table.threshold.data(), table.decrement.data(),
                table.payload.data(), table.threshold.size(), table.offset,
                blockOf(inputs, begin, count, copy),
                whole ? outputs + begin : last);
    if (!whole)
      std::copy_n(last, count - begin, outputs + begin);
  }
}

StepGradient gradientOfMagnitudes(const StepTable &table, const float *inputs,
                                  const float *outputGradient,
                                  std::size_t count, float sharpness,
                                  GradientParts parts) {
  const std::size_t steps = table.threshold.size();
  std::vector<float> membranes(steps * blockSize), first(steps), second(steps);
  float inputCopy[blockSize], gradientCopy[blockSize], outputs[blockSize];
  StepGradient sums;
  sums.threshold.assign(steps, 0);
  sums.decrement.assign(steps, 0);
  sums.payload.assign(steps, 0);
  for (std::size_t begin = 0; begin < count; begin += blockSize) {
    const float *gradient = blockOf(outputGradient, begin, count, gradientCopy);
    forwardBlock(table.threshold.data(), table.decrement.data(),
                 table.payload.data(), steps, table.offset,
                 blockOf(inputs, begin, count, inputCopy), membranes.data(),
                 outputs);
    if (parts.payload) {
      payloadBlock(table.threshold.data(), steps, membranes.data(), gradient,
                   first.data());
      addTo(sums.payload, first);
    }
    if (parts.dynamics) {
      float offset = 0;
      dynamicsBlock(table.threshold.data(), table.decrement.data(),
                    table.payload.data(), steps, sharpness, membranes.data(),
                    gradient, first.data(), second.data(), &offset);
      addTo(sums.threshold, first);
      addTo(sums.decrement, second);
      sums.offset += static_cast<double>(offset);
    }
  }
  return sums;
}

double meanSquaredError(const float *outputs, const float *inputs,
                        std::size_t count) {
  if (count == 0)
    return 0;
  float outputCopy[blockSize], inputCopy[blockSize];
  double sum = 0;
  for (std::size_t begin = 0; begin < count; begin += blockSize)
    sum += static_cast<double>(
        squaredErrorBlock(blockOf(outputs, begin, count, outputCopy),
                          blockOf(inputs, begin, count, inputCopy)));
  return sum / static_cast<double>(count);
}

} // namespace synfire
