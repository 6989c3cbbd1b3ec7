//===- BinaryBanks.h - base-2 tables as shifts ------------------*- C++ -*-===//
//
// A base-2 phase, MT or OAT table holds nothing but powers of two times its
// level, so a few shifts say the same and a train follows from the bits of the
// membrane. Recognition is exact: whatever differs in one entry is no binary
// bank and runs on the unit itself.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_BINARYBANKS_H
#define SYNFIRE_RUNTIME_NEURON_BINARYBANKS_H

#include "runtime/neuron/Neuron.h"
#include "runtime/support/Simd.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace synfire {

/// Level l of step t in bank b has decrement
/// (levels + l - 1) << (shift[b] + steps - 1 - t) and payload
/// (levels + l - 1) << (payloadShift[b] + steps - 1 - t). Its thresholds lie
/// below the decrements by one constant, which acts like a higher offset; so
/// offset[b] is that of the config plus the constant of the bank. Bank 1 opens
/// at magnitude `outlierFrom`; with one bank both entries are equal and no
/// magnitude reaches it.
struct BinaryBanks {
  int steps = 1;
  int levels = 1;
  bool magnitude = true; ///< SignMode::Magnitude; otherwise None
  std::uint32_t clamp = 0xffffffff;
  std::uint32_t outlierFrom = 0xffffffff;
  std::uint32_t offset[2] = {0, 0};
  int shift[2] = {0, 0};
  int payloadShift[2] = {0, 0};
};

std::optional<BinaryBanks> recogniseBinaryBanks(const NeuronConfig &config);

/// What the kernels do for one neuron: `units` is its membrane in units of its
/// bank's lowest threshold / levels (rounded down, which no threshold test can
/// see), `outlier` all ones where bank 1 is open. With sign mode None a
/// negative input reads as 0; both are silent.
struct OpenedBank {
  std::uint32_t units, outlier;
};
__attribute__((always_inline)) inline OpenedBank
openBank(const BinaryBanks &banks, std::int32_t membrane) {
  // All ones: the magnitude of a negative input counts; 0: it reads as 0.
  const std::uint32_t keep = banks.magnitude ? 0xffffffff : 0;
  const auto bits = static_cast<std::uint32_t>(membrane);
  const std::uint32_t negative = 0u - (bits >> 31);
  std::uint32_t magnitude = ((bits ^ negative) - negative);
  magnitude &= keep | ~negative;
  magnitude = magnitude < banks.clamp ? magnitude : banks.clamp;
  const std::uint32_t mask = magnitude >= banks.outlierFrom ? 0xffffffff : 0;
  return {(((magnitude + banks.offset[1]) >> banks.shift[1]) & mask) |
              (((magnitude + banks.offset[0]) >> banks.shift[0]) & ~mask),
          mask};
}

/// The signed code of a magnitude in units of the bank's smallest payload /
/// levels.
__attribute__((always_inline)) inline std::uint32_t
closeBank(const BinaryBanks &banks, std::int32_t membrane,
          std::uint32_t magnitude, std::uint32_t outlier) {
  const std::uint32_t negative =
      0u - (static_cast<std::uint32_t>(membrane) >> 31);
  const std::uint32_t code = ((magnitude << banks.payloadShift[1]) & outlier) |
                             ((magnitude << banks.payloadShift[0]) & ~outlier);
  return (code ^ negative) - negative;
}

/// openBank() of a row.
void openBanks(const BinaryBanks &banks, const std::int32_t *membranes,
               std::size_t count, std::uint32_t *units, std::uint32_t *outlier);

/// closeBank() of a row; `high` gets the code where bank 1 is open, 0
/// elsewhere.
void closeBanks(const BinaryBanks &banks, const std::int32_t *membranes,
                std::size_t count, const std::uint32_t *magnitudes,
                const std::uint32_t *outlier, std::int32_t *codes,
                std::uint32_t *high);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_BINARYBANKS_H
