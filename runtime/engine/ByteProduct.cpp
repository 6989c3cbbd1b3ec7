//===- ByteProduct.cpp - products on 8-bit digits -------------------------===//
#include "runtime/engine/ByteProduct.h"

#include "runtime/support/Simd.h"

#include <algorithm>

#if defined(__x86_64__)
#include <cstring>
#include <immintrin.h>
#endif

namespace synfire {

int byteDigits(std::int64_t codeLimit) {
  for (int digits = 1; digits <= mostByteDigits; ++digits)
    if (codeLimit < std::int64_t(1) << (8 * digits - 1))
      return digits;
  return 0;
}

SYNFIRE_MULTIVERSION void splitCodes(const std::int32_t *codes,
                                     std::ptrdiff_t count, int digits,
                                     std::uint8_t *out,
                                     std::ptrdiff_t digitStride) {
  const std::uint32_t half = std::uint32_t(1) << (8 * digits - 1);
  for (int d = 0; d < digits; ++d) {
    std::uint8_t *digit = out + d * digitStride;
    for (std::ptrdiff_t i = 0; i < count; ++i)
      digit[i] = static_cast<std::uint8_t>(
          (static_cast<std::uint32_t>(codes[i]) + half) >> (8 * d));
  }
}

#if defined(__x86_64__)

namespace {

template <int digits>
SYNFIRE_VNNI inline void joinDigits(const __m512i *sums,
                                    const std::int64_t *shiftedSums,
                                    std::int64_t *out) {
  for (int half = 0; half < 2; ++half) {
    __m512i joined = _mm512_sub_epi64(
        _mm512_setzero_si512(), _mm512_loadu_si512(shiftedSums + 8 * half));
    for (int d = 0; d < digits; ++d) {
      const __m256i part = half ? _mm512_extracti64x4_epi64(sums[d], 1)
                                : _mm512_castsi512_si256(sums[d]);
      joined = _mm512_add_epi64(
          joined, _mm512_slli_epi64(_mm512_cvtepi32_epi64(part),
                                    static_cast<unsigned>(8 * d)));
    }
    _mm512_storeu_si512(out + 8 * half, joined);
  }
}

/// `rows` rows times `panels` neighbouring panels.
template <int digits, int rows, int panels>
SYNFIRE_VNNI inline void
multiplyTile(const std::uint8_t *x, std::ptrdiff_t depth,
             const std::int8_t *weights, const std::int64_t *shiftedSums,
             std::int64_t *out, std::ptrdiff_t outStride) {
  __m512i sums[rows][panels][digits];
  for (int r = 0; r < rows; ++r)
    for (int b = 0; b < panels; ++b)
      for (int d = 0; d < digits; ++d)
        sums[r][b][d] = _mm512_setzero_si512();
  const std::ptrdiff_t panelBytes = depth * bytePanelColumns;
  for (std::ptrdiff_t k = 0; k < depth; k += byteGroup) {
    __m512i w[panels];
    for (int b = 0; b < panels; ++b)
      w[b] =
          _mm512_loadu_si512(weights + b * panelBytes + k * bytePanelColumns);
    for (int r = 0; r < rows; ++r)
      for (int d = 0; d < digits; ++d) {
        std::int32_t group;
        std::memcpy(&group, x + (r * digits + d) * depth + k, sizeof group);
        const __m512i codes = _mm512_set1_epi32(group);
        for (int b = 0; b < panels; ++b)
          sums[r][b][d] = _mm512_dpbusd_epi32(sums[r][b][d], codes, w[b]);
      }
  }
  for (int r = 0; r < rows; ++r)
    for (int b = 0; b < panels; ++b)
      joinDigits<digits>(sums[r][b], shiftedSums + b * bytePanelColumns,
                         out + r * outStride + b * bytePanelColumns);
}

template <int digits, int rows>
SYNFIRE_VNNI void multiplyRows(const ByteOperands &o, std::ptrdiff_t firstRow) {
  const std::uint8_t *x = o.digits + firstRow * digits * o.depth;
  std::int64_t *out = o.out + firstRow * o.outStride;
  const std::ptrdiff_t panelBytes = o.depth * bytePanelColumns;
  std::ptrdiff_t b = 0;
  for (; b + 2 <= o.panelCount; b += 2)
    multiplyTile<digits, rows, 2>(x, o.depth, o.panels + b * panelBytes,
                                  o.shiftedSums + b * bytePanelColumns,
                                  out + b * bytePanelColumns, o.outStride);
  if (b < o.panelCount)
    multiplyTile<digits, rows, 1>(x, o.depth, o.panels + b * panelBytes,
                                  o.shiftedSums + b * bytePanelColumns,
                                  out + b * bytePanelColumns, o.outStride);
}

/// rows x digits x 2 panels of sums fill 24 of the 32 registers.
template <int digits, int rows>
SYNFIRE_VNNI void multiplyDigits(const ByteOperands &o) {
  std::ptrdiff_t r = 0;
  for (; r + rows <= o.rows; r += rows)
    multiplyRows<digits, rows>(o, r);
  for (; r < o.rows; ++r)
    multiplyRows<digits, 1>(o, r);
}

} // namespace

void multiplyBytes(const ByteOperands &o) {
  switch (o.digitCount) {
  case 1:
    return multiplyDigits<1, 8>(o);
  case 2:
    return multiplyDigits<2, 6>(o);
  case 3:
    return multiplyDigits<3, 4>(o);
  case 4:
    return multiplyDigits<4, 3>(o);
  default:
    return;
  }
}

#else

void multiplyBytes(const ByteOperands &) {}

#endif

} // namespace synfire
