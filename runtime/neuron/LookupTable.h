//===- LookupTable.h - the look-up unit with bit-serial output --*- C++ -*-===//
//
// An elementwise nonlinearity in one read: the membrane selects a row, the row
// holds the output code, and the code leaves bit by bit, most significant bit
// first, as a base-2 phase train. Rows are dense near zero and sparse far away:
// one sub-table per octave of the magnitude. Every read is counted.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_LOOKUPTABLE_H
#define SYNFIRE_RUNTIME_NEURON_LOOKUPTABLE_H

#include "runtime/support/Status.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// The row of membrane m: a = |m| limited to `limit`; e = number of significant
/// bits of a (0 for a = 0, at most 31); octave = e, plus 32 if m < 0;
/// row = base[octave] + ((a - (e ? 2^(e-1) : 0)) >> shift[octave]).
struct LookupTable {
  std::string function; ///< "exp", "silu", "square", "rsqrt", "reciprocal"
  int steps = 16;       ///< output bits T; |entry| < 2^steps
  std::int32_t limit = 0x7fffffff; ///< 0..2^31-1
  std::array<std::int32_t, 64> base = {};
  std::array<std::uint8_t, 64> shift = {}; ///< 0..31
  /// Signed output codes; a train carries |entry| in binary, MSB at step 0 with
  /// payload 2^(steps-1), and the sign of the entry on every spike.
  std::vector<std::int32_t> entries;
  int entryBits = 17; ///< stored width of a row, for capacity and energy
};

/// Every reachable row exists and every entry fits `steps` bits.
Status verify(const LookupTable &table);

/// The output code of membrane m; plain version, the definition.
std::int32_t lookup(const LookupTable &table, std::int32_t membrane);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_LOOKUPTABLE_H
