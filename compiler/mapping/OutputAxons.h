//===- OutputAxons.h - the mapper's count of destinations -------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_OUTPUTAXONS_H
#define SYNFIRE_COMPILER_MAPPING_OUTPUTAXONS_H

#include "runtime/program/Program.h"

#include <vector>

namespace synfire {

/// For each tile of the mapping its (neuron, destination core) pairs.
std::vector<std::int64_t> countOutputAxons(const Program &program);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_OUTPUTAXONS_H
