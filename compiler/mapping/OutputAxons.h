//===- OutputAxons.h - the mapper's count of destinations -------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_OUTPUTAXONS_H
#define SYNFIRE_COMPILER_MAPPING_OUTPUTAXONS_H

#include "runtime/program/Program.h"

#include <vector>

namespace synfire {

/// For each tile of the mapping a bound, never too small, of its (neuron,
/// destination core) pairs. It is exact unless one core needs overlapping parts
/// of a tile for several purposes.
std::vector<std::int64_t> boundOutputAxons(const Program &program);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_OUTPUTAXONS_H
