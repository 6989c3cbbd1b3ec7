//===- TrainBits.h - sums over trains that are bit strings ------*- C++ -*-===//
//
// Kernels that several row forms share.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_TRAINBITS_H
#define SYNFIRE_RUNTIME_NEURON_TRAINBITS_H

#include "runtime/neuron/Row.h"

#include <cstddef>
#include <cstdint>

namespace synfire {

/// Neurons that a row form handles at a time: its buffers stay in the first
/// cache level, and twice 240 one-bit counts fit the bytes of a packed counter.
constexpr std::size_t rowBlock = 480;

/// Counts the spikes of trains whose bit steps - 1 - t is the spike of step t.
/// Rows are gathered until a block is full, because a count ends in sums over
/// lanes that would cost a narrow row more than the count itself.
class BitTrains {
public:
  /// The sums are added to `counts` at the end of its life.
  BitTrains(int trainSteps, RowCounts &sums)
      : steps(trainSteps), counts(sums) {}
  BitTrains(const BitTrains &) = delete;
  BitTrains &operator=(const BitTrains &) = delete;
  ~BitTrains();

  /// Where the next `count` <= rowBlock trains belong.
  std::uint32_t *append(std::size_t count) {
    if (filled + count > rowBlock)
      countBlock();
    std::uint32_t *place = bits + filled;
    filled += count;
    return place;
  }

private:
  void countBlock();

  int steps;
  RowCounts &counts;
  std::size_t filled = 0;
  std::uint32_t bits[rowBlock];
  std::uint32_t ones[32] = {}; ///< trains with a bit set, by bit
};

/// spikes[i] = number of ones of bits[i].
void countOnes(const std::uint32_t *bits, std::size_t count,
               std::uint8_t *spikes);

/// Sum of keys[i] * codes[i] mod 2^64.
std::uint64_t digestCodes(const std::uint64_t *keys, const std::int32_t *codes,
                          std::size_t count);

/// Sum of keys[i] * (codes[i] + high[i] * 2^32) mod 2^64.
std::uint64_t digestWords(const std::uint64_t *keys, const std::int32_t *codes,
                          const std::uint32_t *high, std::size_t count);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_TRAINBITS_H
