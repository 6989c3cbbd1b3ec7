//===- Elementwise.cpp - accumulators to membranes ------------------------===//
#include "runtime/engine/Elementwise.h"

#include "runtime/program/Digest.h"
#include "runtime/program/Trains.h"
#include "runtime/support/Simd.h"

#include <algorithm>

namespace synfire {
namespace {

constexpr std::int64_t membraneLimit = 0x7fffffff;

__attribute__((always_inline)) inline std::int32_t
saturated(std::int64_t value) {
  return static_cast<std::int32_t>(
      std::min(std::max(value, -membraneLimit), membraneLimit));
}

template <bool perNeuron, bool hasSum, typename Accumulator>
__attribute__((always_inline)) inline void
requantiseRun(const Accumulator *__restrict acc, std::size_t count,
              const Requantisation &how, std::int64_t *__restrict sum) {
  const std::int64_t multiplier = *how.multiplier;
  const std::int32_t *__restrict multipliers = how.multiplier;
  const int shift = how.shift;
  const std::int64_t half = shift > 0 ? std::int64_t(1) << (shift - 1) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t factor = perNeuron ? multipliers[i] : multiplier;
    const std::int64_t value =
        (static_cast<std::int64_t>(acc[i]) * factor + half) >> shift;
    sum[i] = hasSum ? sum[i] + value : value;
  }
}

template <typename Accumulator>
__attribute__((always_inline)) inline void
requantiseAny(const Accumulator *acc, std::size_t count,
              const Requantisation &how, bool add, std::int64_t *sum) {
  if (how.perNeuron)
    add ? requantiseRun<true, true>(acc, count, how, sum)
        : requantiseRun<true, false>(acc, count, how, sum);
  else
    add ? requantiseRun<false, true>(acc, count, how, sum)
        : requantiseRun<false, false>(acc, count, how, sum);
}

template <bool perNeuron, bool hasSum, bool biasPerNeuron, typename Accumulator>
__attribute__((always_inline)) inline void
finishRun(const Accumulator *__restrict acc, std::size_t count,
          const Requantisation &how, const std::int64_t *__restrict sum,
          const Bias &bias, std::int32_t *__restrict membranes) {
  const std::int64_t multiplier = *how.multiplier;
  const std::int32_t *__restrict multipliers = how.multiplier;
  const std::int32_t *__restrict biases = bias.values;
  const std::int64_t offset = bias.values ? *bias.values : 0;
  const int shift = how.shift;
  const std::int64_t half = shift > 0 ? std::int64_t(1) << (shift - 1) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t factor = perNeuron ? multipliers[i] : multiplier;
    std::int64_t value =
        (static_cast<std::int64_t>(acc[i]) * factor + half) >> shift;
    value += biasPerNeuron ? biases[i] : offset;
    if (hasSum)
      value += sum[i];
    membranes[i] = saturated(value);
  }
}

template <bool perNeuron, bool hasSum, typename Accumulator>
__attribute__((always_inline)) inline void
finishWithBias(const Accumulator *acc, std::size_t count,
               const Requantisation &how, const std::int64_t *sum,
               const Bias &bias, std::int32_t *membranes) {
  if (bias.perNeuron)
    finishRun<perNeuron, hasSum, true>(acc, count, how, sum, bias, membranes);
  else
    finishRun<perNeuron, hasSum, false>(acc, count, how, sum, bias, membranes);
}

template <typename Accumulator>
__attribute__((always_inline)) inline void
finishAny(const Accumulator *acc, std::size_t count, const Requantisation &how,
          const std::int64_t *sum, const Bias &bias, std::int32_t *membranes) {
  if (how.perNeuron)
    sum ? finishWithBias<true, true>(acc, count, how, sum, bias, membranes)
        : finishWithBias<true, false>(acc, count, how, sum, bias, membranes);
  else
    sum ? finishWithBias<false, true>(acc, count, how, sum, bias, membranes)
        : finishWithBias<false, false>(acc, count, how, sum, bias, membranes);
}

} // namespace

SYNFIRE_MULTIVERSION
void requantise(const std::int32_t *acc, std::size_t count,
                const Requantisation &how, bool add, std::int64_t *sum) {
  requantiseAny(acc, count, how, add, sum);
}

SYNFIRE_MULTIVERSION
void requantise(const std::int64_t *acc, std::size_t count,
                const Requantisation &how, bool add, std::int64_t *sum) {
  requantiseAny(acc, count, how, add, sum);
}

SYNFIRE_MULTIVERSION
void requantise(const double *acc, std::size_t count, const Requantisation &how,
                bool add, std::int64_t *sum) {
  requantiseAny(acc, count, how, add, sum);
}

SYNFIRE_MULTIVERSION
void finishMembranes(const std::int32_t *acc, std::size_t count,
                     const Requantisation &how, const std::int64_t *sum,
                     const Bias &bias, std::int32_t *membranes) {
  finishAny(acc, count, how, sum, bias, membranes);
}

SYNFIRE_MULTIVERSION
void finishMembranes(const std::int64_t *acc, std::size_t count,
                     const Requantisation &how, const std::int64_t *sum,
                     const Bias &bias, std::int32_t *membranes) {
  finishAny(acc, count, how, sum, bias, membranes);
}

SYNFIRE_MULTIVERSION
void finishMembranes(const double *acc, std::size_t count,
                     const Requantisation &how, const std::int64_t *sum,
                     const Bias &bias, std::int32_t *membranes) {
  finishAny(acc, count, how, sum, bias, membranes);
}

namespace {

SYNFIRE_MULTIVERSION
std::int64_t largestMagnitude(const std::int64_t *values, std::size_t count) {
  std::int64_t low = 0, high = 0;
  for (std::size_t i = 0; i < count; ++i) {
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  // The magnitude less 1 of a negative value: the smallest has no own.
  return std::max(high, ~low);
}

/// floor((2 * sum * numerator + denominator) / (2 * denominator)), every
/// intermediate an integer below 2^52.
SYNFIRE_MULTIVERSION
void averageInDoubles(std::int64_t *sums, std::size_t count, double numerator,
                      double denominator) {
  const double divisor = 2 * denominator, factor = 2 * numerator;
  for (std::size_t i = 0; i < count; ++i) {
    const double doubled = static_cast<double>(sums[i]) * factor + denominator;
    double quotient = __builtin_floor(doubled / divisor);
    // A quotient just below an integer may have been rounded up to it.
    quotient -= quotient * divisor > doubled ? 1.0 : 0.0;
    sums[i] = static_cast<std::int64_t>(quotient);
  }
}

} // namespace

void averageSums(std::int64_t *sums, std::size_t count, int frames, int frame,
                 int power) {
  double numerator = 1, denominator = 1;
  for (int i = 0; i < power; ++i) {
    numerator *= frames;
    denominator *= frame + 1;
  }
  constexpr double exact = 4503599627370496.0; // 2^52
  const auto largest = static_cast<double>(largestMagnitude(sums, count)) + 1;
  if (2 * largest * numerator + denominator < exact)
    return averageInDoubles(sums, count, numerator, denominator);
  for (std::size_t i = 0; i < count; ++i)
    sums[i] = averagedSum(sums[i], frames, frame, power);
}

SYNFIRE_MULTIVERSION
void subtractMaximum(std::int32_t *membranes, std::size_t count) {
  std::int32_t largest = INT32_MIN;
  for (std::size_t i = 0; i < count; ++i)
    largest = std::max(largest, membranes[i]);
  // A difference below -(2^31 - 1) wraps, and only then is it positive or
  // -2^31.
  for (std::size_t i = 0; i < count; ++i) {
    const auto difference =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(membranes[i]) -
                                  static_cast<std::uint32_t>(largest));
    membranes[i] =
        difference > 0 || difference == INT32_MIN ? -INT32_MAX : difference;
  }
}

SYNFIRE_MULTIVERSION
std::int64_t sumCodes(const std::int32_t *codes, std::size_t count) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += codes[i];
  return sum;
}

SYNFIRE_MULTIVERSION
void multiplyCodes(const std::int32_t *x, const std::int32_t *y,
                   std::size_t count, std::int64_t *__restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<std::int64_t>(x[i]) * y[i];
}

SYNFIRE_MULTIVERSION
void multiplyRepeated(const std::int32_t *x, std::size_t repeat,
                      const std::int32_t *y, std::size_t count,
                      std::int64_t *__restrict out) {
  for (std::size_t start = 0; start < count; start += repeat) {
    const std::int64_t factor = *x++;
    for (std::size_t i = start; i < start + repeat; ++i)
      out[i] = factor * y[i];
  }
}

SYNFIRE_MULTIVERSION
void rotate(const std::int32_t *codes, std::size_t heads, std::size_t headWidth,
            const std::int32_t *coefficients, std::int64_t *__restrict out) {
  const std::size_t half = headWidth / 2;
  for (std::size_t h = 0; h < heads; ++h) {
    const std::int32_t *x = codes + h * headWidth;
    std::int64_t *__restrict rotated = out + h * headWidth;
    for (std::size_t i = 0; i < half; ++i) {
      const std::int64_t cosine = coefficients[i];
      const std::int64_t sine = coefficients[half + i];
      rotated[i] = x[i] * cosine - x[i + half] * sine;
      rotated[i + half] = x[i + half] * cosine + x[i] * sine;
    }
  }
}

SYNFIRE_MULTIVERSION
std::int64_t dotCodes(const std::int32_t *x, const std::int32_t *y,
                      std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i]) * y[i]);
  return static_cast<std::int64_t>(sum);
}

SYNFIRE_MULTIVERSION
void addMultiple(std::int32_t factor, const std::int32_t *codes,
                 std::size_t count, std::int64_t *__restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(out[i]) +
        static_cast<std::uint64_t>(static_cast<std::int64_t>(factor) *
                                   codes[i]));
}

SYNFIRE_MULTIVERSION
void addMultiple(std::int32_t factor, const std::int32_t *codes,
                 std::size_t count, double *__restrict out) {
  const double scale = factor;
  for (std::size_t i = 0; i < count; ++i)
    out[i] += scale * codes[i];
}

SYNFIRE_MULTIVERSION
void addBlocks(const std::int32_t *codes, std::size_t count, std::size_t block,
               std::int64_t *__restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = codes[i];
  for (std::size_t half = 1; half < block; half *= 2)
    for (std::size_t first = 0; first < count; first += 2 * half)
      for (std::size_t i = first; i < first + half; ++i) {
        const std::int64_t low = out[i], high = out[i + half];
        out[i] = low + high;
        out[i + half] = low - high;
      }
}

SYNFIRE_MULTIVERSION
void limitCodes(const std::int32_t *values, std::size_t count,
                std::int32_t limit, std::int32_t factor,
                std::int32_t *__restrict codes) {
  for (std::size_t i = 0; i < count; ++i)
    codes[i] = std::min(std::max(values[i], -limit), limit) * factor;
}

SYNFIRE_MULTIVERSION
std::uint64_t countDifferences(const std::int32_t *before,
                               const std::int32_t *codes, std::size_t count) {
  std::uint64_t counted = 0;
  if (before)
    for (std::size_t i = 0; i < count; ++i)
      counted += codes[i] != before[i] ? 1 : 0;
  else
    for (std::size_t i = 0; i < count; ++i)
      counted += codes[i] != 0 ? 1 : 0;
  return counted;
}

SYNFIRE_MULTIVERSION
void differenceBits(const std::int32_t *before, const std::int32_t *codes,
                    std::size_t count, std::uint32_t *__restrict bits) {
  if (before)
    for (std::size_t i = 0; i < count; ++i) {
      const auto now = static_cast<std::uint32_t>(codes[i]);
      const auto then = static_cast<std::uint32_t>(before[i]);
      bits[i] = codes[i] < before[i] ? then - now : now - then;
    }
  else
    for (std::size_t i = 0; i < count; ++i) {
      const auto now = static_cast<std::uint32_t>(codes[i]);
      bits[i] = codes[i] < 0 ? 0u - now : now;
    }
}

SYNFIRE_MULTIVERSION
void widen(const std::int32_t *codes, std::size_t count,
           double *__restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = codes[i];
}

SYNFIRE_MULTIVERSION
void widen(const std::int32_t *codes, std::size_t count,
           std::int64_t *__restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = codes[i];
}

SYNFIRE_MULTIVERSION
std::uint64_t digestValues(const std::uint64_t *keys,
                           const std::int32_t *values, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += keys[i] *
           static_cast<std::uint64_t>(static_cast<std::int64_t>(values[i]));
  return sum;
}

SYNFIRE_MULTIVERSION
std::uint64_t digestRows(std::uint64_t stage, std::uint64_t firstPosition,
                         const std::uint64_t *rowSums, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t r = 0; r < count; ++r)
    sum += rowDigest(stage, firstPosition + r, rowSums[r]);
  return sum;
}

} // namespace synfire
