//===- PaceLimit.h - which tiles may share a core without loss --*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_PACELIMIT_H
#define SYNFIRE_COMPILER_MAPPING_PACELIMIT_H

#include "compiler/mapping/Balance.h"

#include <vector>

namespace synfire {

/// What a core has to do in the windows of one level.
struct LevelLoad {
  int level = 0;
  double setup = 0, update = 0, walk = 0;
  InputLoad input;
};

/// By level, ascending.
using CoreLoads = std::vector<LevelLoad>;

CoreLoads operator+(const CoreLoads &a, const CoreLoads &b);

/// Cycles of a step in which every level fires.
double everyLevelCycles(const CoreLoads &core);

/// Knows the loads of each stage's tiles and what no core should exceed: the
/// pace that the slowest tiles set alone on their cores.
class PaceLimit {
public:
  PaceLimit(const Program &program, const StageBalance &balance);

  const CoreLoads &loadOfTile(const Tile &tile) const {
    const auto stage = static_cast<std::size_t>(tile.stage);
    return tile.hasNeurons() ? loads[stage] : inputLoads[stage];
  }
  /// Whether a core with these loads keeps each level's pace, and in a step in
  /// which every level fires `times` the slowest tile's.
  bool keepsPace(const CoreLoads &core, double times) const;

private:
  std::vector<CoreLoads> loads;      ///< by stage
  std::vector<CoreLoads> inputLoads; ///< of what comes in alone
  Pace pace;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PACELIMIT_H
