//===- Elementwise.h - accumulators to membranes ----------------*- C++ -*-===//
//
// The loops of program.md, P4, and the accumulators of the dendrites that need
// no matrix product.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_ELEMENTWISE_H
#define SYNFIRE_RUNTIME_ENGINE_ELEMENTWISE_H

#include <cstddef>
#include <cstdint>

namespace synfire {

/// (acc * multiplier + 2^(shift-1)) >> shift of a run of neurons.
struct Requantisation {
  const std::int32_t *multiplier = nullptr; ///< one, or one per neuron
  bool perNeuron = false;
  int shift = 0;
};

/// One value for all, or one per neuron.
struct Bias {
  const std::int32_t *values = nullptr; ///< nullptr: none
  bool perNeuron = false;
};

/// sum[i] = (add ? sum[i] : 0) + requantised acc[i].
void requantise(const std::int32_t *acc, std::size_t count,
                const Requantisation &how, bool add, std::int64_t *sum);
void requantise(const std::int64_t *acc, std::size_t count,
                const Requantisation &how, bool add, std::int64_t *sum);
void requantise(const double *acc, std::size_t count, const Requantisation &how,
                bool add, std::int64_t *sum);

/// membranes[i] = saturated (sum ? sum[i] : 0) + requantised acc[i] + bias.
void finishMembranes(const std::int32_t *acc, std::size_t count,
                     const Requantisation &how, const std::int64_t *sum,
                     const Bias &bias, std::int32_t *membranes);
void finishMembranes(const std::int64_t *acc, std::size_t count,
                     const Requantisation &how, const std::int64_t *sum,
                     const Bias &bias, std::int32_t *membranes);
void finishMembranes(const double *acc, std::size_t count,
                     const Requantisation &how, const std::int64_t *sum,
                     const Bias &bias, std::int32_t *membranes);

/// P13: averagedSum() of every sum.
void averageSums(std::int64_t *sums, std::size_t count, int frames, int frame,
                 int power);

/// Subtracts the largest of them from all, saturated.
void subtractMaximum(std::int32_t *membranes, std::size_t count);

/// Sum of count codes.
std::int64_t sumCodes(const std::int32_t *codes, std::size_t count);

/// out[i] = x[i] * y[i].
void multiplyCodes(const std::int32_t *x, const std::int32_t *y,
                   std::size_t count, std::int64_t *out);
/// out[i] = x[i / repeat] * y[i].
void multiplyRepeated(const std::int32_t *x, std::size_t repeat,
                      const std::int32_t *y, std::size_t count,
                      std::int64_t *out);

/// Rotates the pairs (i, i + headWidth / 2) of every head; `coefficients` holds
/// headWidth / 2 cosines, then as many sines.
void rotate(const std::int32_t *codes, std::size_t heads, std::size_t headWidth,
            const std::int32_t *coefficients, std::int64_t *out);

/// out[b * block + j] = sum_i (-1)^popcount(i & j) * codes[b * block + i] of
/// every block of `count` codes, as fast Walsh-Hadamard transforms; `block` is
/// a power of two.
void addBlocks(const std::int32_t *codes, std::size_t count, std::size_t block,
               std::int64_t *out);

/// Sum of x[i] * y[i] mod 2^64.
std::int64_t dotCodes(const std::int32_t *x, const std::int32_t *y,
                      std::size_t count);
/// out[i] += factor * codes[i], mod 2^64 or exact by P6.
void addMultiple(std::int32_t factor, const std::int32_t *codes,
                 std::size_t count, std::int64_t *out);
void addMultiple(std::int32_t factor, const std::int32_t *codes,
                 std::size_t count, double *out);

/// codes[i] = values[i] limited to +-limit, times factor.
void limitCodes(const std::int32_t *values, std::size_t count,
                std::int32_t limit, std::int32_t factor, std::int32_t *codes);
/// Number of codes that differ from those before (nullptr: from 0).
std::uint64_t countDifferences(const std::int32_t *before,
                               const std::int32_t *codes, std::size_t count);
/// bits[i] = |codes[i] - before[i]| (nullptr: |codes[i]|), below 2^32.
void differenceBits(const std::int32_t *before, const std::int32_t *codes,
                    std::size_t count, std::uint32_t *bits);

/// Conversions for a product in Scalar.
void widen(const std::int32_t *codes, std::size_t count, double *out);
void widen(const std::int32_t *codes, std::size_t count, std::int64_t *out);

/// Sum of keys[i] * values[i] mod 2^64.
std::uint64_t digestValues(const std::uint64_t *keys,
                           const std::int32_t *values, std::size_t count);

/// Sum of rowDigest over consecutive positions.
std::uint64_t digestRows(std::uint64_t stage, std::uint64_t firstPosition,
                         const std::uint64_t *rowSums, std::size_t count);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_ELEMENTWISE_H
