//===- WordProduct.cpp - products on 16-bit digits ------------------------===//
#include "runtime/engine/WordProduct.h"

#include "runtime/support/Simd.h"

#include <algorithm>

#if defined(__x86_64__)
#include <cstring>
#include <immintrin.h>
#endif

namespace synfire {

WordDigits wordDigits(std::int64_t codeLimit) {
  for (int shift = 1;; ++shift) {
    const std::int64_t low = std::int64_t(1) << (shift - 1);
    const std::int64_t high = (codeLimit + low) >> shift;
    if (high <= low)
      return {shift, low};
  }
}

SYNFIRE_MULTIVERSION void splitWords(const std::int32_t *codes,
                                     std::ptrdiff_t count, int shift,
                                     std::int16_t *__restrict out,
                                     std::ptrdiff_t digitStride) {
  const std::int32_t half = std::int32_t(1) << (shift - 1);
  std::int16_t *__restrict highs = out + digitStride;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const std::int32_t high = (codes[i] + half) >> shift;
    out[i] = static_cast<std::int16_t>(codes[i] - high * (1 << shift));
    highs[i] = static_cast<std::int16_t>(high);
  }
}

#if defined(__x86_64__)

namespace {

constexpr int digits = 2;

/// Written out because Clang splits the intrinsic into a product and a sum for
/// processors at large, where that halves the rate of the loop.
SYNFIRE_VNNI inline void addProducts(__m512i &sum, __m512i codes,
                                     __m512i weights) {
  asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(codes), "v"(weights));
}

/// out = or += low + (high << shift).
SYNFIRE_VNNI inline void joinWords(__m512i low, __m512i high, int shift,
                                   bool add, std::int64_t *out) {
  const __m128i places = _mm_cvtsi32_si128(shift);
  for (int half = 0; half < 2; ++half) {
    const __m256i lowPart =
        half ? _mm512_extracti64x4_epi64(low, 1) : _mm512_castsi512_si256(low);
    const __m256i highPart = half ? _mm512_extracti64x4_epi64(high, 1)
                                  : _mm512_castsi512_si256(high);
    __m512i joined = _mm512_add_epi64(
        _mm512_cvtepi32_epi64(lowPart),
        _mm512_sll_epi64(_mm512_cvtepi32_epi64(highPart), places));
    if (add)
      joined = _mm512_add_epi64(joined, _mm512_loadu_si512(out + 8 * half));
    _mm512_storeu_si512(out + 8 * half, joined);
  }
}

/// `rows` rows times `panels` neighbouring panels, rows [begin, end) of the
/// weights.
template <int rows, int panels>
SYNFIRE_VNNI inline void
multiplyTile(const WordOperands &o, const std::int16_t *x,
             const std::int16_t *weights, std::ptrdiff_t begin,
             std::ptrdiff_t end, std::int64_t *out) {
  __m512i sums[rows][panels][digits];
  for (int r = 0; r < rows; ++r)
    for (int b = 0; b < panels; ++b)
      for (int d = 0; d < digits; ++d)
        sums[r][b][d] = _mm512_setzero_si512();
  const std::ptrdiff_t panelWords = o.depth * wordPanelColumns;
  for (std::ptrdiff_t k = begin; k < end; k += wordGroup) {
    __m512i w[panels];
    for (int b = 0; b < panels; ++b)
      w[b] =
          _mm512_loadu_si512(weights + b * panelWords + k * wordPanelColumns);
    for (int r = 0; r < rows; ++r)
      for (int d = 0; d < digits; ++d) {
        std::int32_t group;
        std::memcpy(&group, x + (r * digits + d) * o.depth + k, sizeof group);
        const __m512i codes = _mm512_set1_epi32(group);
        for (int b = 0; b < panels; ++b)
          addProducts(sums[r][b][d], codes, w[b]);
      }
  }
  for (int r = 0; r < rows; ++r)
    for (int b = 0; b < panels; ++b)
      joinWords(sums[r][b][0], sums[r][b][1], o.shift, begin > 0,
                out + r * o.outStride + b * wordPanelColumns);
}

template <int rows, int panels>
SYNFIRE_VNNI inline void
multiplySegments(const WordOperands &o, const std::int16_t *x,
                 const std::int16_t *weights, std::int64_t *out) {
  for (std::ptrdiff_t begin = 0; begin < o.depth; begin += o.segment)
    multiplyTile<rows, panels>(o, x, weights, begin,
                               std::min(begin + o.segment, o.depth), out);
}

template <int rows>
SYNFIRE_VNNI void multiplyRows(const WordOperands &o, std::ptrdiff_t firstRow) {
  const std::int16_t *x = o.digits + firstRow * digits * o.depth;
  std::int64_t *out = o.out + firstRow * o.outStride;
  const std::ptrdiff_t panelWords = o.depth * wordPanelColumns;
  std::ptrdiff_t b = 0;
  for (; b + 2 <= o.panelCount; b += 2)
    multiplySegments<rows, 2>(o, x, o.panels + b * panelWords,
                              out + b * wordPanelColumns);
  if (b < o.panelCount)
    multiplySegments<rows, 1>(o, x, o.panels + b * panelWords,
                              out + b * wordPanelColumns);
}

} // namespace

void multiplyWords(const WordOperands &o) {
  // 6 rows x 2 digits x 2 panels of sums fill 24 of the 32 registers.
  constexpr int tileRows = 6;
  std::ptrdiff_t r = 0;
  for (; r + tileRows <= o.rows; r += tileRows)
    multiplyRows<tileRows>(o, r);
  for (; r + 2 <= o.rows; r += 2)
    multiplyRows<2>(o, r);
  if (r < o.rows)
    multiplyRows<1>(o, r);
}

#else

void multiplyWords(const WordOperands &) {}

#endif

} // namespace synfire
