//===- WordProduct.h - products on 16-bit digits ----------------*- C++ -*-===//
//
// Weights of 16 bits times codes cut into two signed digits, with the dot
// product of words of AVX-512 VNNI: 32 products at once, summed in 32 bits
// without saturation. Digits are as small as the codes allow (10 bits for codes
// of 19), and rows are summed in segments that are short enough for 32 bits
// with the weights at hand; segments are joined in 64 bits.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_WORDPRODUCT_H
#define SYNFIRE_RUNTIME_ENGINE_WORDPRODUCT_H

#include <cstddef>
#include <cstdint>

namespace synfire {

constexpr std::ptrdiff_t wordPanelColumns = 16;
/// Codes of one 32-bit lane.
constexpr std::ptrdiff_t wordGroup = 2;
/// Up to here a group of any weights stays below 2^31.
constexpr std::int64_t mostWordCode = std::int64_t(1) << 29;

/// code = low + (high << shift), both of magnitude <= limit.
struct WordDigits {
  int shift = 0;
  std::int64_t limit = 0;
};
/// The smallest digits for codes of magnitude <= codeLimit <= mostWordCode.
WordDigits wordDigits(std::int64_t codeLimit);

/// low goes to out, high to out + digitStride; the places from count up to
/// digitStride are not touched.
void splitWords(const std::int32_t *codes, std::ptrdiff_t count, int shift,
                std::int16_t *out, std::ptrdiff_t digitStride);

struct WordOperands {
  const std::int16_t *digits = nullptr; ///< [row][low, high][depth]
  std::ptrdiff_t depth = 0;             ///< multiple of wordGroup
  std::ptrdiff_t segment = 0; ///< rows summed in 32 bits, multiple of wordGroup
  int shift = 0;
  std::ptrdiff_t rows = 0;
  /// [column / 16][depth / 2][16][2]
  const std::int16_t *panels = nullptr;
  std::ptrdiff_t panelCount = 0;
  std::int64_t *out = nullptr; ///< [row][outStride]
  std::ptrdiff_t outStride = 0;
};
/// Any number of rows. Call only where hasVnni().
void multiplyWords(const WordOperands &operands);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_WORDPRODUCT_H
