//===- LookupOctaves.h - row numbers of a look-up table ---------*- C++ -*-===//
//
// neuron.md, L4, for many membranes. Bases and shifts of all octaves fit eight
// registers of AVX-512, whose permutations replace reads of memory.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_LOOKUPOCTAVES_H
#define SYNFIRE_RUNTIME_NEURON_LOOKUPOCTAVES_H

#include "runtime/neuron/LookupTable.h"

#include <cstddef>
#include <cstdint>

namespace synfire {

class LookupOctaves {
public:
  /// `table` satisfies verify().
  explicit LookupOctaves(const LookupTable &table);

  /// In the fastest form that this machine has.
  void findRows(const std::int32_t *membranes, std::size_t count,
                std::uint32_t *rows) const;
  /// The form of every machine.
  void findRowsInMemory(const std::int32_t *membranes, std::size_t count,
                        std::uint32_t *rows) const;

private:
  std::uint32_t limit;
  bool inRegisters; ///< this machine permutes registers
  /// base - (2^(e-1) >> shift) mod 2^32, so that the row is this plus
  /// (a >> shift): if shift < e, 2^(e-1) has no bits below; else all are 0.
  std::uint32_t base[64];
  std::uint32_t shift[64];
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_LOOKUPOCTAVES_H
