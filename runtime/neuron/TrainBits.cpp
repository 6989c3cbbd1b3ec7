//===- TrainBits.cpp - sums over trains that are bit strings --------------===//
#include "runtime/neuron/TrainBits.h"

#include "runtime/support/Simd.h"

#include <algorithm>

namespace synfire {
namespace {

constexpr std::size_t packedBlock = rowBlock / 2;
/// Words of one of the widest vectors; packedBlock is 15 of them.
constexpr std::size_t lanes = 16;
constexpr std::size_t groupWords = packedBlock / lanes;
static_assert(groupWords == 15, "add15() takes 15 words");

/// Sums of bits, place by place.
struct BitSum {
  std::uint32_t ones, twos;
};
__attribute__((always_inline)) inline BitSum
addBits(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  const std::uint32_t different = a ^ b;
  return {different ^ c, (a & b) | (different & c)};
}

/// The words of a lane: plain ones, or pairs of trains of 16 bits.
template <bool paired>
__attribute__((always_inline)) inline std::uint32_t
wordAt(const std::uint32_t *lane, std::size_t index) {
  const std::uint32_t word = lane[index * lanes];
  return paired ? word | (lane[index * lanes + packedBlock] << 16) : word;
}

/// Four words whose bits are the binary digits of how many of a lane's 15 words
/// have that bit set.
template <bool paired>
__attribute__((always_inline)) inline void add15(const std::uint32_t *lane,
                                                 std::uint32_t *digits) {
  const auto w = [lane](std::size_t i) { return wordAt<paired>(lane, i); };
  const BitSum a = addBits(w(0), w(1), w(2));
  const BitSum b = addBits(w(3), w(4), w(5));
  const BitSum c = addBits(w(6), w(7), w(8));
  const BitSum d = addBits(w(9), w(10), w(11));
  const BitSum e = addBits(w(12), w(13), w(14));
  const BitSum f = addBits(a.ones, b.ones, c.ones);
  const BitSum ones = addBits(d.ones, e.ones, f.ones);
  const BitSum g = addBits(a.twos, b.twos, c.twos);
  const BitSum h = addBits(d.twos, e.twos, f.twos);
  const BitSum twos = addBits(g.ones, h.ones, ones.twos);
  const BitSum fours = addBits(g.twos, h.twos, twos.twos);
  digits[0] = ones.ones;
  digits[lanes] = twos.ones;
  digits[2 * lanes] = fours.ones;
  digits[3 * lanes] = fours.twos;
}

/// Adds to ones[b] the number of words that have bit b set. Adders reduce the
/// block to 4 digits a lane; bit b of four bytes of a word then counts into the
/// four bytes of one counter, which packedBlock words cannot overflow.
template <bool paired>
__attribute__((always_inline)) inline void
countWords(const std::uint32_t *__restrict words,
           std::uint32_t *__restrict ones) {
  std::uint32_t digits[4 * lanes];
  for (std::size_t i = 0; i < lanes; ++i)
    add15<paired>(words + i, digits + i);
  std::uint32_t sums[8] = {};
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::uint32_t one = digits[i], two = digits[i + lanes],
                        four = digits[i + 2 * lanes],
                        eight = digits[i + 3 * lanes];
    for (int bit = 0; bit < 8; ++bit)
      sums[bit] += ((one >> bit) & 0x01010101u) +
                   (((two >> bit) & 0x01010101u) << 1) +
                   (((four >> bit) & 0x01010101u) << 2) +
                   (((eight >> bit) & 0x01010101u) << 3);
  }
  for (int bit = 0; bit < 32; ++bit)
    ones[bit] += (sums[bit % 8] >> (bit / 8 * 8)) & 0xff;
}

/// Pairs of trains of up to 16 steps, a whole rowBlock.
SYNFIRE_MULTIVERSION
void countPairs(const std::uint32_t *words, std::uint32_t *ones) {
  countWords<true>(words, ones);
}

/// A packedBlock of trains.
SYNFIRE_MULTIVERSION
void countSingles(const std::uint32_t *words, std::uint32_t *ones) {
  countWords<false>(words, ones);
}

} // namespace

void BitTrains::countBlock() {
  if (filled == 0)
    return;
  const bool half = steps > 16 && filled <= packedBlock;
  std::fill(bits + filled, bits + (half ? packedBlock : rowBlock), 0);
  if (steps <= 16) {
    countPairs(bits, ones);
  } else {
    countSingles(bits, ones);
    if (!half)
      countSingles(bits + packedBlock, ones);
  }
  filled = 0;
}

BitTrains::~BitTrains() {
  countBlock();
  if (steps <= 16)
    for (int bit = 0; bit < 16; ++bit)
      ones[bit] += ones[bit + 16];
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
