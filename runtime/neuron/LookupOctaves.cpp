//===- LookupOctaves.cpp - row numbers of a look-up table -----------------===//
#include "runtime/neuron/LookupOctaves.h"

#include "runtime/support/Simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SYNFIRE_PERMUTE __attribute__((target("avx512f,avx512cd")))
#endif

namespace synfire {
namespace {

SYNFIRE_MULTIVERSION
void findInMemory(const std::uint32_t *base, const std::uint32_t *shift,
                  std::uint32_t limit, const std::int32_t *__restrict membranes,
                  std::size_t count, std::uint32_t *__restrict rows) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto m = static_cast<std::uint32_t>(membranes[i]);
    const std::uint32_t negative = 0u - (m >> 31);
    const std::uint32_t full = (m ^ negative) - negative;
    const std::uint32_t magnitude = full < limit ? full : limit;
    // 31 - clz(a | 1) + (a != 0) is the number of significant bits without the
    // undefined count of zero.
    const auto leading =
        static_cast<std::uint32_t>(__builtin_clz(magnitude | 1));
    const std::uint32_t significant = 31 - leading + (magnitude != 0 ? 1 : 0);
    const std::uint32_t octave = significant + (negative & 32);
    rows[i] = base[octave] + (magnitude >> shift[octave]);
  }
}

#if defined(__x86_64__)

bool canPermute() {
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512cd");
}

/// Entry `index` of 64, in two halves chosen by `upper`.
SYNFIRE_PERMUTE inline __m512i choose(const __m512i *table, __m512i index,
                                      __mmask16 upper) {
  return _mm512_mask_blend_epi32(
      upper, _mm512_permutex2var_epi32(table[0], index, table[1]),
      _mm512_permutex2var_epi32(table[2], index, table[3]));
}

SYNFIRE_PERMUTE void findInRegisters(const std::uint32_t *base,
                                     const std::uint32_t *shift,
                                     std::uint32_t limit,
                                     const std::int32_t *membranes,
                                     std::size_t count, std::uint32_t *rows) {
  __m512i bases[4], shifts[4];
  for (int part = 0; part < 4; ++part) {
    bases[part] = _mm512_loadu_si512(base + 16 * part);
    shifts[part] = _mm512_loadu_si512(shift + 16 * part);
  }
  const __m512i limits = _mm512_set1_epi32(static_cast<int>(limit));
  const __m512i zero = _mm512_setzero_si512();
  for (std::size_t i = 0; i < count; i += 16) {
    const std::size_t left = count - i;
    const auto lanes =
        static_cast<__mmask16>(left < 16 ? (1u << left) - 1 : 0xffffu);
    const __m512i m = _mm512_maskz_loadu_epi32(lanes, membranes + i);
    const __mmask16 negative = _mm512_cmplt_epi32_mask(m, zero);
    const __m512i a = _mm512_min_epu32(_mm512_abs_epi32(m), limits);
    // The limit leaves at most 31 significant bits; the permutation reads the
    // lowest five bits of its index.
    const __m512i octave =
        _mm512_sub_epi32(_mm512_set1_epi32(32), _mm512_lzcnt_epi32(a));
    const __m512i row = _mm512_add_epi32(
        choose(bases, octave, negative),
        _mm512_srlv_epi32(a, choose(shifts, octave, negative)));
    _mm512_mask_storeu_epi32(rows + i, lanes, row);
  }
}

#else

bool canPermute() { return false; }
void findInRegisters(const std::uint32_t *, const std::uint32_t *,
                     std::uint32_t, const std::int32_t *, std::size_t,
                     std::uint32_t *) {}

#endif

} // namespace

LookupOctaves::LookupOctaves(const LookupTable &table)
    : limit(static_cast<std::uint32_t>(table.limit)),
      inRegisters(canPermute()) {
  for (std::uint32_t octave = 0; octave < 64; ++octave) {
    const std::uint32_t first =
        (std::uint32_t(1) << (octave % 32)) >> 1; // 0 for no significant bit
    shift[octave] = table.shift[octave];
    base[octave] = static_cast<std::uint32_t>(table.base[octave]) -
                   (first >> shift[octave]);
  }
}

void LookupOctaves::findRows(const std::int32_t *membranes, std::size_t count,
                             std::uint32_t *rows) const {
  if (inRegisters)
    findInRegisters(base, shift, limit, membranes, count, rows);
  else
    findRowsInMemory(membranes, count, rows);
}

void LookupOctaves::findRowsInMemory(const std::int32_t *membranes,
                                     std::size_t count,
                                     std::uint32_t *rows) const {
  findInMemory(base, shift, limit, membranes, count, rows);
}

} // namespace synfire
