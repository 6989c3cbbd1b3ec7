//===- LookupRow.cpp - rows of look-up trains -----------------------------===//
#include "runtime/neuron/RowForms.h"
#include "runtime/neuron/TrainBits.h"

#include <algorithm>

namespace synfire {
namespace {

/// What the kernel reads of a table, in lanes of 32 bits.
struct Octaves {
  std::uint32_t limit;
  std::uint32_t base[64];
  std::uint32_t shift[64];
};

/// The outputs must be known not to overlap the gathered tables, or the loop
/// does not vectorise.
SYNFIRE_MULTIVERSION
void readRows(const Octaves &octaves, const std::int32_t *entries,
              const std::int32_t *membranes, std::size_t count,
              std::int32_t *__restrict codes, std::uint32_t *__restrict bits) {
  const std::uint32_t limit = octaves.limit;
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
    const std::uint32_t first = (std::uint32_t(1) << significant) >> 1;
    const std::uint32_t row =
        octaves.base[octave] + ((magnitude - first) >> octaves.shift[octave]);
    const std::int32_t code = entries[row];
    const auto sign = 0u - (static_cast<std::uint32_t>(code) >> 31);
    codes[i] = code;
    bits[i] = (static_cast<std::uint32_t>(code) ^ sign) - sign;
  }
}

class LookupRow final : public RowUnit {
public:
  explicit LookupRow(const LookupTable &given)
      : steps(given.steps), entries(given.entries) {
    octaves.limit = static_cast<std::uint32_t>(given.limit);
    for (std::size_t octave = 0; octave < 64; ++octave) {
      octaves.base[octave] = static_cast<std::uint32_t>(given.base[octave]);
      octaves.shift[octave] = given.shift[octave];
    }
  }

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    std::uint32_t bits[rowBlock];
    std::uint64_t digest = 0;
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      readRows(octaves, entries.data(), membranes + start, n, codes + start,
               bits);
      addBitTrains(bits, n, steps, counts);
      if (spikesPerNeuron)
        countOnes(bits, n, spikesPerNeuron + start);
      if (keys)
        digest += digestCodes(keys + start, codes + start, n);
    }
    return digest;
  }

private:
  int steps;
  Octaves octaves;
  std::vector<std::int32_t> entries;
};

} // namespace

std::unique_ptr<RowUnit> makeLookupRow(const LookupTable &table) {
  return std::make_unique<LookupRow>(table);
}

} // namespace synfire
