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

/// The membrane of each neuron in units of its bank's lowest threshold / levels
/// (rounded down, which no threshold test can see), and all ones where bank 1
/// is open. With sign mode None a negative input reads as 0; both are silent.
void openBanks(const BinaryBanks &banks, const std::int32_t *membranes,
               std::size_t count, std::uint32_t *units, std::uint32_t *outlier);

/// Signed codes from magnitudes in units of the bank's smallest payload /
/// levels; `high` gets the code where bank 1 is open, 0 elsewhere.
void closeBanks(const BinaryBanks &banks, const std::int32_t *membranes,
                std::size_t count, const std::uint32_t *magnitudes,
                const std::uint32_t *outlier, std::int32_t *codes,
                std::uint32_t *high);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_BINARYBANKS_H
