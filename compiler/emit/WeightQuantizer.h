//===- WeightQuantizer.h - float matrix to synapse rows ---------*- C++ -*-===//
//
// Symmetric integer weights with one scale per output channel (CONVERSION 7.1):
// W[out][in] is about scale[out] * w[in][out], |w| <= 2^(bits-1) - 1. Rows are
// input axons, as a core's synapse memory holds them.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_EMIT_WEIGHTQUANTIZER_H
#define SYNFIRE_COMPILER_EMIT_WEIGHTQUANTIZER_H

#include <cstdint>
#include <vector>

namespace synfire {

struct QuantizedMatrix {
  std::int64_t inputs = 0, outputs = 0;
  int bits = 8;
  std::vector<std::int32_t> values; ///< [inputs][outputs]
  std::vector<double> scale;        ///< per output channel, real value of 1
  /// Largest column sum of |w|: what one input code unit can add at most, over
  /// all inputs at once. The accumulator width follows from it.
  std::int64_t largestAbsoluteSum = 0;
};

/// `matrix` is [outputs][inputs] row-major; `gain` (size inputs, or empty)
/// multiplies input channels. At 4 bits the scale of a channel minimises its
/// squared error over a grid of clipping points; at 8 and 16 bits it is the
/// channel's maximum, since clipping gains nothing there.
QuantizedMatrix quantizeWeights(const std::vector<float> &matrix,
                                std::int64_t outputs, std::int64_t inputs,
                                const std::vector<float> &gain, int bits);

/// The bytes of a WeightBlock (Program.h): rows padded to a byte, 4-bit values
/// two per byte with the low nibble first, 16-bit values little-endian.
std::vector<std::uint8_t> packWeights(const QuantizedMatrix &matrix);

} // namespace synfire

#endif // SYNFIRE_COMPILER_EMIT_WEIGHTQUANTIZER_H
