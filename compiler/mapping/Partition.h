//===- Partition.h - stages to tiles, tiles to abstract cores ---*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_PARTITION_H
#define SYNFIRE_COMPILER_MAPPING_PARTITION_H

#include "compiler/mapping/Balance.h"
#include "compiler/mapping/Problem.h"

#include <vector>

namespace synfire {

/// How each stage of the problem can be cut.
std::vector<SplitShape> splitShapes(const Program &program);

/// The fewest parts of each stage whose largest tile fits an empty core. An
/// error names a stage of which not even the smallest tile fits.
Result<std::vector<int>> fewestParts(const Program &program,
                                     const std::vector<SplitShape> &shapes);

struct PartitionPlan {
  std::vector<int> parts; ///< by stage, at least; output axons may need more
  /// Tiles that would exceed the pace together share no core; null: capacities
  /// alone decide. With the balance that it came from.
  const StageBalance *balance = nullptr;
};

/// Fills problem.program.mapping.tiles; `core` counts abstract cores from 0 in
/// the order of the stages. The schedule must be there. Returns the number of
/// cores.
Result<int> partition(MappingProblem &problem,
                      const std::vector<SplitShape> &shapes,
                      const PartitionPlan &plan);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PARTITION_H
