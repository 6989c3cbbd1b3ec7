//===- TrainBits.cpp - sums over trains that are bit strings --------------===//
#include "runtime/neuron/TrainBits.h"

#include "runtime/support/Simd.h"

#include <algorithm>

namespace synfire {
namespace {

constexpr std::size_t packedBlock = rowBlock / 2;
/// Words of two of the widest vectors; rowBlock is a multiple.
constexpr std::size_t vectorPair = 32;

/// ones[b] = words that have bit b set. Bit b of four bytes of a word counts
/// into the four bytes of one counter, which packedBlock words cannot overflow.
SYNFIRE_MULTIVERSION
void countPositions(const std::uint32_t *words, std::size_t count,
                    std::uint32_t *ones) {
  std::uint32_t sums[8] = {};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t word = words[i];
    sums[0] += word & 0x01010101u;
    sums[1] += (word >> 1) & 0x01010101u;
    sums[2] += (word >> 2) & 0x01010101u;
    sums[3] += (word >> 3) & 0x01010101u;
    sums[4] += (word >> 4) & 0x01010101u;
    sums[5] += (word >> 5) & 0x01010101u;
    sums[6] += (word >> 6) & 0x01010101u;
    sums[7] += (word >> 7) & 0x01010101u;
  }
  for (int bit = 0; bit < 32; ++bit)
    ones[bit] = (sums[bit % 8] >> (bit / 8 * 8)) & 0xff;
}

SYNFIRE_MULTIVERSION
void packPairs(const std::uint32_t *bits, std::size_t pairs,
               std::uint32_t *words) {
  for (std::size_t i = 0; i < pairs; ++i)
    words[i] = bits[i] | (bits[pairs + i] << 16);
}

} // namespace

void addBitTrains(std::uint32_t *bits, std::size_t count, int steps,
                  RowCounts &counts) {
  // Whole vectors, also of each half; narrow rows are common and stay cheap.
  const std::size_t padded = (count + vectorPair - 1) / vectorPair * vectorPair;
  std::fill(bits + count, bits + padded, 0);
  std::uint32_t ones[32];
  if (steps <= 16) {
    std::uint32_t words[packedBlock];
    packPairs(bits, padded / 2, words);
    countPositions(words, padded / 2, ones);
    for (int bit = 0; bit < 16; ++bit)
      ones[bit] += ones[bit + 16];
  } else {
    countPositions(bits, std::min(padded, packedBlock), ones);
    if (padded > packedBlock) {
      std::uint32_t more[32];
      countPositions(bits + packedBlock, padded - packedBlock, more);
      for (int bit = 0; bit < 32; ++bit)
        ones[bit] += more[bit];
    }
  }
  for (int step = 0; step < steps; ++step) {
    const std::uint32_t spikes = ones[steps - 1 - step];
    counts.byStep[static_cast<std::size_t>(step)] += spikes;
    counts.spikes += spikes;
  }
}

SYNFIRE_MULTIVERSION
void countOnes(const std::uint32_t *bits, std::size_t count,
               std::uint8_t *spikes) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t x = bits[i];
    x -= (x >> 1) & 0x55555555u;
    x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0fu;
    x += x >> 8;
    x += x >> 16;
    spikes[i] = static_cast<std::uint8_t>(x & 0x3f);
  }
}

SYNFIRE_MULTIVERSION
std::uint64_t digestCodes(const std::uint64_t *keys, const std::int32_t *codes,
                          std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += keys[i] * static_cast<std::uint64_t>(std::int64_t(codes[i]));
  return sum;
}

SYNFIRE_MULTIVERSION
std::uint64_t digestWords(const std::uint64_t *keys, const std::int32_t *codes,
                          const std::uint32_t *high, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += keys[i] * (static_cast<std::uint64_t>(std::int64_t(codes[i])) +
                      (std::uint64_t(high[i]) << 32));
  return sum;
}

} // namespace synfire
