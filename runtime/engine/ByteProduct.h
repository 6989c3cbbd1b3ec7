//===- ByteProduct.h - products on 8-bit digits -----------------*- C++ -*-===//
//
// Weights of 8 bits times codes cut into unsigned digits of 8 bits, with the
// dot-product instruction of AVX-512 VNNI: 64 products at once, summed in 32
// bits without saturation, one sum per digit, joined in 64 bits. A code is
// shifted by half its range to be non-negative; the column's sum of weights
// times that shift is taken off at the end.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_BYTEPRODUCT_H
#define SYNFIRE_RUNTIME_ENGINE_BYTEPRODUCT_H

#include <cstddef>
#include <cstdint>

namespace synfire {

constexpr std::ptrdiff_t bytePanelColumns = 16;
/// Codes of one 32-bit lane.
constexpr std::ptrdiff_t byteGroup = 4;
constexpr int mostByteDigits = 4;
/// 255 * 128 * depth stays below 2^31.
constexpr std::int64_t mostByteDepth = 65536;

/// Digits that hold every code of magnitude <= codeLimit after the shift, or 0
/// if mostByteDigits do not.
int byteDigits(std::int64_t codeLimit);

/// Cuts `count` codes; digit d goes to out + d * digitStride, and the places
/// from count up to digitStride are not touched.
void splitCodes(const std::int32_t *codes, std::ptrdiff_t count, int digits,
                std::uint8_t *out, std::ptrdiff_t digitStride);

struct ByteOperands {
  const std::uint8_t *digits = nullptr; ///< [row][digit][depth]
  std::ptrdiff_t depth = 0;             ///< multiple of byteGroup
  int digitCount = 0;
  std::ptrdiff_t rows = 0;
  /// [column / 16][depth / 4][16][4]
  const std::int8_t *panels = nullptr;
  std::ptrdiff_t panelCount = 0;
  const std::int64_t *shiftedSums = nullptr; ///< per column, to be taken off
  std::int64_t *out = nullptr;               ///< [row][outStride]
  std::ptrdiff_t outStride = 0;
};
/// Any number of rows. Call only where hasVnni().
void multiplyBytes(const ByteOperands &operands);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_BYTEPRODUCT_H
