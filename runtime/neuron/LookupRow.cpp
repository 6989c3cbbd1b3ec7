//===- LookupRow.cpp - rows of look-up trains -----------------------------===//
//
// Three passes over a block that stays in the first cache level: row numbers in
// vectors, the reads themselves one by one (hardware gathers are no faster and
// on some processors far slower), signs and digest in vectors.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/LookupOctaves.h"
#include "runtime/neuron/RowForms.h"
#include "runtime/neuron/TrainBits.h"

#include <algorithm>

namespace synfire {
namespace {

template <typename Entry>
void readEntries(const Entry *__restrict entries,
                 const std::uint32_t *__restrict rows, std::size_t count,
                 std::int32_t *__restrict codes) {
  for (std::size_t i = 0; i < count; ++i)
    codes[i] = entries[rows[i]];
}

template <bool digest>
__attribute__((always_inline)) inline std::uint64_t
close(const std::int32_t *__restrict codes, std::size_t count,
      const std::uint64_t *__restrict keys, std::uint32_t *__restrict bits) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t code = codes[i];
    const auto sign = 0u - (static_cast<std::uint32_t>(code) >> 31);
    bits[i] = (static_cast<std::uint32_t>(code) ^ sign) - sign;
    if (digest)
      sum += keys[i] * static_cast<std::uint64_t>(std::int64_t(code));
  }
  return sum;
}

SYNFIRE_MULTIVERSION
std::uint64_t closeRun(const std::int32_t *codes, std::size_t count,
                       const std::uint64_t *keys, std::uint32_t *bits) {
  return keys ? close<true>(codes, count, keys, bits)
              : close<false>(codes, count, keys, bits);
}

class LookupRow final : public RowUnit {
public:
  explicit LookupRow(const LookupTable &given)
      : steps(given.steps), octaves(given), entries(given.entries) {
    const bool narrow =
        std::all_of(entries.begin(), entries.end(),
                    [](std::int32_t e) { return e >= 0 && e <= UINT16_MAX; });
    if (narrow) {
      for (const std::int32_t entry : entries)
        narrowEntries.push_back(static_cast<std::uint16_t>(entry));
      entries.clear();
    }
  }

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    BitTrains trains(steps, counts);
    return runRow(membranes, count, keys, codes, spikesPerNeuron, trains);
  }

  void runRows(const RowBatch &batch, RowCounts &counts) const override {
    BitTrains trains(steps, counts);
    const auto width = static_cast<std::ptrdiff_t>(batch.count);
    if (batch.growth == 0 && batch.membraneStride == width &&
        batch.codeStride == width) {
      // Without gaps many narrow rows are one long one.
      runRow(batch.membranes, batch.rows * batch.count, nullptr, batch.codes,
             nullptr, trains);
      if (batch.keys)
        for (std::size_t r = 0; r < batch.rows; ++r)
          batch.digests[r] += digestCodes(
              batch.keys, batch.codes + r * batch.count, batch.count);
      return;
    }
    runEachRow(batch, [&](const std::int32_t *membranes, std::size_t count,
                          std::int32_t *codes) {
      return runRow(membranes, count, batch.keys, codes, nullptr, trains);
    });
  }

private:
  std::uint64_t runRow(const std::int32_t *membranes, std::size_t count,
                       const std::uint64_t *keys, std::int32_t *codes,
                       std::uint8_t *spikesPerNeuron, BitTrains &trains) const {
    std::uint64_t digest = 0;
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      std::uint32_t *bits = trains.append(n);
      octaves.findRows(membranes + start, n, bits);
      if (entries.empty())
        readEntries(narrowEntries.data(), bits, n, codes + start);
      else
        readEntries(entries.data(), bits, n, codes + start);
      digest += closeRun(codes + start, n, keys ? keys + start : nullptr, bits);
      if (spikesPerNeuron)
        countOnes(bits, n, spikesPerNeuron + start);
    }
    return digest;
  }

  int steps;
  LookupOctaves octaves;
  /// One of them is empty: half the bytes wherever they suffice, because a
  /// table of 8192 rows of 32 bits is as large as a first cache level.
  std::vector<std::int32_t> entries;
  std::vector<std::uint16_t> narrowEntries;
};

} // namespace

std::unique_ptr<RowUnit> makeLookupRow(const LookupTable &table) {
  return std::make_unique<LookupRow>(table);
}

} // namespace synfire
