//===- Partition.h - stages to tiles, tiles to abstract cores ---*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_PARTITION_H
#define SYNFIRE_COMPILER_MAPPING_PARTITION_H

#include "compiler/mapping/Problem.h"

namespace synfire {

/// Fills problem.program.mapping.tiles; `core` counts abstract cores from 0 in
/// the order of the stages. The schedule must be there.
Status partition(MappingProblem &problem);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PARTITION_H
