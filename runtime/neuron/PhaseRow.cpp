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

/// Codes, trains and digest of a run of neurons in one pass. The outputs must
/// be known not to overlap, or the loop does not vectorise.
template <bool digest>
__attribute__((always_inline)) inline std::uint64_t
fire(const BinaryBanks &given, const std::int32_t *__restrict membranes,
     std::size_t count, const std::uint64_t *__restrict keys,
     std::int32_t *__restrict codes, std::uint32_t *__restrict bits) {
  const BinaryBanks banks = given;
  const std::uint32_t largest = (std::uint32_t(1) << banks.steps) - 1;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const OpenedBank opened = openBank(banks, membranes[i]);
    const std::uint32_t train = opened.units < largest ? opened.units : largest;
    const std::uint32_t code =
        closeBank(banks, membranes[i], train, opened.outlier);
    bits[i] = train;
    codes[i] = static_cast<std::int32_t>(code);
    if (digest)
      sum += keys[i] * (static_cast<std::uint64_t>(
                            std::int64_t(static_cast<std::int32_t>(code))) +
                        (std::uint64_t(code & opened.outlier) << 32));
  }
  return sum;
}

SYNFIRE_MULTIVERSION
std::uint64_t fireRun(const BinaryBanks &banks, const std::int32_t *membranes,
                      std::size_t count, const std::uint64_t *keys,
                      std::int32_t *codes, std::uint32_t *bits) {
  return keys ? fire<true>(banks, membranes, count, keys, codes, bits)
              : fire<false>(banks, membranes, count, keys, codes, bits);
}

/// Rows of equal width, their trains one after the other.
SYNFIRE_MULTIVERSION
void fireRows(const BinaryBanks &banks, const RowBatch &batch,
              std::size_t firstRow, std::size_t rows, std::uint32_t *bits) {
  for (std::size_t r = firstRow; r < firstRow + rows; ++r) {
    const auto row = static_cast<std::ptrdiff_t>(r);
    const std::int32_t *membranes =
        batch.membranes + row * batch.membraneStride;
    std::int32_t *codes = batch.codes + row * batch.codeStride;
    if (batch.keys)
      batch.digests[r] +=
          fire<true>(banks, membranes, batch.count, batch.keys, codes, bits);
    else
      fire<false>(banks, membranes, batch.count, nullptr, codes, bits);
    bits += batch.count;
  }
}

class PhaseRow final : public RowUnit {
public:
  explicit PhaseRow(const BinaryBanks &given) : banks(given) {}

  std::uint64_t run(const std::int32_t *membranes, std::size_t count,
                    const std::uint64_t *keys, std::int32_t *codes,
                    std::uint8_t *spikesPerNeuron,
                    RowCounts &counts) const override {
    BitTrains trains(banks.steps, counts);
    return runRow(membranes, count, keys, codes, spikesPerNeuron, trains);
  }

  void runRows(const RowBatch &batch, RowCounts &counts) const override {
    BitTrains trains(banks.steps, counts);
    if (batch.growth == 0 && batch.count > 0 && batch.count <= rowBlock) {
      const std::size_t most = rowBlock / batch.count;
      for (std::size_t r = 0; r < batch.rows; r += most) {
        const std::size_t rows = std::min(most, batch.rows - r);
        fireRows(banks, batch, r, rows, trains.append(rows * batch.count));
      }
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
      digest += fireRun(banks, membranes + start, n,
                        keys ? keys + start : nullptr, codes + start, bits);
      if (spikesPerNeuron)
        countOnes(bits, n, spikesPerNeuron + start);
    }
    return digest;
  }

  BinaryBanks banks;
};

} // namespace

std::unique_ptr<RowUnit> makePhaseRow(const BinaryBanks &banks) {
  return std::make_unique<PhaseRow>(banks);
}

} // namespace synfire
