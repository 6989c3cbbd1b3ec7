//===- PhaseRow.cpp - rows of base-2 phase trains -------------------------===//
//
// Greedy subtraction of descending powers of two writes a number in binary, so
// the train of a neuron is min(membrane / LSB, 2^T - 1), bit by bit.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/RowForms.h"
#include "runtime/neuron/TrainBits.h"

#include <algorithm>

namespace synfire {
namespace {

SYNFIRE_MULTIVERSION
void saturate(std::uint32_t *units, std::size_t count, std::uint32_t largest) {
  for (std::size_t i = 0; i < count; ++i)
    units[i] = units[i] < largest ? units[i] : largest;
}

class PhaseRow final : public RowUnit {
public:
  explicit PhaseRow(const BinaryBanks &given) : banks(given) {}

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    const bool twoBanks = banks.outlierFrom != 0xffffffff;
    const std::uint32_t largest = (std::uint32_t(1) << banks.steps) - 1;
    std::uint32_t bits[rowBlock], outlier[rowBlock], high[rowBlock];
    std::uint64_t digest = 0;
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      openBanks(banks, membranes + start, n, bits, outlier);
      saturate(bits, n, largest);
      closeBanks(banks, membranes + start, n, bits, outlier, codes + start,
                 high);
      addBitTrains(bits, n, banks.steps, counts);
      if (spikesPerNeuron)
        countOnes(bits, n, spikesPerNeuron + start);
      if (keys)
        digest += twoBanks ? digestWords(keys + start, codes + start, high, n)
                           : digestCodes(keys + start, codes + start, n);
    }
    return digest;
  }

private:
  BinaryBanks banks;
};

} // namespace

std::unique_ptr<RowUnit> makePhaseRow(const BinaryBanks &banks) {
  return std::make_unique<PhaseRow>(banks);
}

} // namespace synfire
