//===- Partition.h - stages to tiles, tiles to abstract cores ---*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_PARTITION_H
#define SYNFIRE_COMPILER_MAPPING_PARTITION_H

#include "compiler/mapping/Balance.h"
#include "compiler/mapping/Problem.h"

#include <vector>

namespace synfire {

/// How each stage of the problem can be cut.
std::vector<SplitShape> splitShapes(const Program &program);

/// The fewest tiles of each stage of which the largest fits an empty core;
/// inputs are split only where they have to be. An error names a stage of which
/// not even the smallest tile fits.
Result<std::vector<StageSplit>>
fewestParts(const Program &program, const std::vector<SplitShape> &shapes);

/// Like `fewest`, but stages of several tiles have up to `times` as many parts
/// of their inputs and so much fewer rectangles: a spike then goes to fewer
/// cores. Stages of which this takes notably more tiles stay as they are.
std::vector<StageSplit> splitInputs(const Program &program,
                                    const std::vector<SplitShape> &shapes,
                                    const std::vector<StageSplit> &fewest,
                                    int times);

struct PartitionPlan {
  /// By stage; output axons may need more parts.
  std::vector<StageSplit> splits;
  /// Tiles that would exceed the pace together share no core; null: capacities
  /// alone decide. With the balance that it came from.
  const StageBalance *balance = nullptr;
  /// With a balance: each tile goes to the core that has least to do of so
  /// many; 0: to the first of a few that takes it.
  int spreadOver = 0;
  /// Times the slowest tile's cycles that a core may take of a step in which
  /// every level fires.
  double paceTimes = 1;
};

/// Fills problem.program.mapping.tiles; `core` counts abstract cores from 0 in
/// the order of the stages. The schedule must be there. Returns the number of
/// cores.
Result<int> partition(MappingProblem &problem,
                      const std::vector<SplitShape> &shapes,
                      const PartitionPlan &plan);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PARTITION_H
