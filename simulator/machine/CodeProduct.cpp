//===- CodeProduct.cpp - rows of synapse memory times codes ---------------===//
#include "simulator/machine/CodeProduct.h"

#include "runtime/support/Simd.h"
#include "simulator/machine/RowKernels.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <type_traits>

#if defined(__x86_64__)
// g++ 12 takes the undefined operands of its own intrinsics for mistakes
// (https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#endif

namespace synfire {
namespace {

constexpr std::size_t rowsAGroup = 4;

#if defined(__x86_64__)

/// Rows that are summed in 32 bits: 65536 x 255 x 128 < 2^31.
constexpr std::size_t mostRows = 65536;

/// accumulators[j] +-= sums of all digits, [digit][quarter]. Quarter q holds
/// columns 16 l + 4 q + (0..3) in its 128-bit lane l, for that is where
/// interleaving the bytes of four rows puts them.
template <int digits, bool negative>
SYNFIRE_VNNI inline void addSums(const __m512i (&sums)[digits][4],
                                 std::int64_t *accumulators) {
  for (int quarter = 0; quarter < 4; ++quarter)
    for (int half = 0; half < 2; ++half) {
      __m512i joined = _mm512_setzero_si512();
      for (int d = 0; d < digits; ++d) {
        const __m256i part =
            half ? _mm512_extracti64x4_epi64(sums[d][quarter], 1)
                 : _mm512_castsi512_si256(sums[d][quarter]);
        joined = _mm512_add_epi64(
            joined, _mm512_slli_epi64(_mm512_cvtepi32_epi64(part),
                                      static_cast<unsigned>(8 * d)));
      }
      for (int lane = 0; lane < 2; ++lane) {
        auto *to = reinterpret_cast<__m256i *>(
            accumulators + 16 * (2 * half + lane) + 4 * quarter);
        const __m256i four = lane ? _mm512_extracti64x4_epi64(joined, 1)
                                  : _mm512_castsi512_si256(joined);
        const __m256i old = _mm256_loadu_si256(to);
        _mm256_storeu_si256(to, negative ? _mm256_sub_epi64(old, four)
                                         : _mm256_add_epi64(old, four));
      }
    }
}

/// One panel. The bytes of four rows are interleaved, so that a 32-bit lane
/// holds one column of them, and multiplied by their four digits at once.
template <int digits, bool negative>
SYNFIRE_VNNI void
addDigitProducts(const std::int8_t *memory, std::size_t stride,
                 __mmask64 present, const std::int32_t *rows,
                 const std::uint32_t *codes, std::size_t count,
                 std::int64_t *accumulators) {
  __m512i sums[digits][4];
  for (auto &digit : sums)
    for (__m512i &quarter : digit)
      quarter = _mm512_setzero_si512();
  const std::size_t last = count - 1;
  for (std::size_t r = 0; r < count; r += rowsAGroup) {
    __m512i row[rowsAGroup];
    for (std::size_t k = 0; k < rowsAGroup; ++k)
      row[k] = _mm512_maskz_loadu_epi8(
          present,
          memory +
              static_cast<std::size_t>(rows[std::min(r + k, last)]) * stride);
    const __m512i low01 = _mm512_unpacklo_epi8(row[0], row[1]),
                  high01 = _mm512_unpackhi_epi8(row[0], row[1]),
                  low23 = _mm512_unpacklo_epi8(row[2], row[3]),
                  high23 = _mm512_unpackhi_epi8(row[2], row[3]);
    const __m512i quarters[4] = {_mm512_unpacklo_epi16(low01, low23),
                                 _mm512_unpackhi_epi16(low01, low23),
                                 _mm512_unpacklo_epi16(high01, high23),
                                 _mm512_unpackhi_epi16(high01, high23)};
    for (int d = 0; d < digits; ++d) {
      const __m512i code = _mm512_set1_epi32(static_cast<int>(*codes++));
      for (int q = 0; q < 4; ++q)
        sums[d][q] = _mm512_dpbusd_epi32(sums[d][q], code, quarters[q]);
    }
  }
  addSums<digits, negative>(sums, accumulators);
}

template <int digits, bool negative>
void addPanel(const std::int8_t *memory, std::size_t stride,
              std::size_t columns, const std::vector<std::int32_t> &rows,
              const std::vector<std::uint32_t> &codes,
              std::int64_t *accumulators) {
  const __mmask64 present = ~std::uint64_t(0) >> (panelBytes - columns);
  for (std::size_t first = 0; first < rows.size(); first += mostRows)
    addDigitProducts<digits, negative>(
        memory, stride, present, rows.data() + first,
        codes.data() + first / rowsAGroup * digits,
        std::min(mostRows, rows.size() - first), accumulators);
}

#endif

} // namespace

void RowCodes::clear() {
  plus.clear();
  minus.clear();
  plusCodes.clear();
  minusCodes.clear();
  smallest = std::numeric_limits<std::int32_t>::max();
  largest = 0;
}

void RowCodes::keep(std::int32_t row, std::int32_t code) {
  (code > 0 ? plus : minus).push_back(row);
  (code > 0 ? plusCodes : minusCodes).push_back(code);
  const std::int32_t magnitude = std::abs(code);
  smallest = std::min(smallest, magnitude);
  largest = std::max(largest, magnitude);
}

void RowCodes::add(std::int32_t firstRow, const std::int64_t *codes,
                   std::size_t count) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  // Most of a sparse frame is silence: look at it in blocks.
  constexpr std::size_t block = 16;
  for (std::size_t first = 0; first < count; first += block) {
    const std::size_t end = std::min(first + block, count);
    std::int64_t any = 0;
    for (std::size_t i = first; i < end; ++i)
      any |= codes[i];
    if (any == 0)
      continue;
    for (std::size_t i = first; i < end; ++i) {
      const std::int32_t row = firstRow + static_cast<std::int32_t>(i);
      const std::int64_t code = std::clamp(codes[i], -most, most);
      if (code != 0)
        keep(row, static_cast<std::int32_t>(code));
      // What a frame of several changes may be twice the largest code.
      if (codes[i] != code)
        keep(row, static_cast<std::int32_t>(codes[i] - code));
    }
  }
}

void RowCodes::close(bool ofBytes) {
  if (ofBytes && !sharesMagnitude() && hasVnni()) {
    splitDigits(plusCodes, plusDigits);
    splitDigits(minusCodes, minusDigits);
  }
}

int RowCodes::digitCount() const {
  int digits = 1;
  while (digits < 4 && (largest >> (8 * digits)) != 0)
    ++digits;
  return digits;
}

void RowCodes::splitDigits(const std::vector<std::int32_t> &codes,
                           std::vector<std::uint32_t> &digits) const {
  const auto perGroup = static_cast<std::size_t>(digitCount());
  const std::size_t groups = (codes.size() + rowsAGroup - 1) / rowsAGroup;
  digits.assign(groups * perGroup, 0);
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (std::size_t d = 0; d < perGroup; ++d)
      digits[i / rowsAGroup * perGroup + d] |=
          (static_cast<std::uint32_t>(std::abs(codes[i])) >> (8 * d) & 0xff)
          << (8 * (i % rowsAGroup));
}

template <typename Weight>
void RowCodes::addScaled(const Weight *memory, std::size_t stride,
                         std::size_t columns,
                         std::int64_t *accumulators) const {
  addScaledRows(memory, stride, plus.data(), plusCodes.data(), plus.size(),
                columns, accumulators);
  addScaledRows(memory, stride, minus.data(), minusCodes.data(), minus.size(),
                columns, accumulators);
}

void RowCodes::addProducts(const std::int8_t *memory, std::size_t stride,
                           std::size_t columns,
                           std::int64_t *accumulators) const {
#if defined(__x86_64__)
  if (hasVnni() && !sharesMagnitude()) {
    // A panel may be narrower than the kernel's accumulators.
    std::int64_t sums[panelBytes] = {};
    std::int64_t *to = columns == panelBytes ? accumulators : sums;
    auto both = [&](auto digits) {
      addPanel<digits, false>(memory, stride, columns, plus, plusDigits, to);
      addPanel<digits, true>(memory, stride, columns, minus, minusDigits, to);
    };
    switch (digitCount()) {
    case 1:
      both(std::integral_constant<int, 1>());
      break;
    case 2:
      both(std::integral_constant<int, 2>());
      break;
    case 3:
      both(std::integral_constant<int, 3>());
      break;
    default:
      both(std::integral_constant<int, 4>());
    }
    if (to == sums)
      for (std::size_t j = 0; j < columns; ++j)
        accumulators[j] += sums[j];
    return;
  }
#endif
  addScaled(memory, stride, columns, accumulators);
}

void RowCodes::addProducts(const std::int16_t *memory, std::size_t stride,
                           std::size_t columns,
                           std::int64_t *accumulators) const {
  addScaled(memory, stride, columns, accumulators);
}

void RowCodes::addProducts(const std::int32_t *memory, std::size_t stride,
                           std::size_t columns,
                           std::int64_t *accumulators) const {
  addScaled(memory, stride, columns, accumulators);
}

} // namespace synfire
