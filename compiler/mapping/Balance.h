//===- Balance.h - how many parts each stage is worth -----------*- C++ -*-===//
//
// In a window the slowest core sets the pace. Splitting the stage that it works
// for makes it faster, and its operands' senders slower where each destination
// costs a packet. The balance weighs both before any core is assigned: a stage
// counts as its largest tile, alone on its core.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_BALANCE_H
#define SYNFIRE_COMPILER_MAPPING_BALANCE_H

#include "compiler/mapping/Split.h"
#include "compiler/mapping/TileWork.h"

#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace synfire {

/// Cycles of a step that no core should exceed, by the balanced stages.
struct Pace {
  std::vector<double> first; ///< by level, of a window's first step
  std::vector<double> later; ///< by level, of the others
  double everyLevel = 0;     ///< of a step in which every level fires
};

/// Work of one tile on its core.
struct StageLoad {
  double setup = 0, update = 0;
  double walk = 0; ///< over output axons, per step
  std::vector<Reception> receptions;
};

class StageBalance {
public:
  /// `program` has its schedule and outlives the balance; `fewest` parts by
  /// stage, with shapes to match.
  StageBalance(const Program &compiled, const std::vector<SplitShape> &splits,
               const std::vector<StageActivity> &expected,
               std::vector<StageSplit> fewest);

  const std::vector<StageSplit> &splits() const { return splitOfStage; }
  std::int64_t tiles() const;

  /// Splits the stages that hold up the level where that gains most cycles a
  /// tile. False: no split gains anything.
  bool splitOnce();

  Pace pace() const;
  /// Of the stage's largest tile as things are.
  StageLoad load(int stage) const;

private:
  /// What a stage is like in a number of parts.
  struct Shape {
    int tiles = 0;
    TileWork work; ///< of the largest tile
    /// By operand stage: neurons heard, summed over tiles.
    std::vector<std::pair<int, double>> heard;
  };
  struct LevelTime {
    double first = 0, later = 0;
    double total = 0; ///< of all steps
  };
  struct Candidate {
    std::vector<std::pair<int, StageSplit>> splits; ///< by stage
    double gain = 0;                                ///< cycles a token and tile
  };

  const Shape &shape(int stage) const {
    return shape(stage, splitOfStage[static_cast<std::size_t>(stage)]);
  }
  const Shape &shape(int stage, const StageSplit &split) const;
  double walkCycles(int stage) const;
  LevelTime levelTime(int level) const;
  Candidate bestSplit(int level);
  StageSplit finerSplit(int stage) const;
  std::vector<int> levelsOf(int stage) const;

  const Program &program;
  const std::vector<SplitShape> &shapes;
  const std::vector<StageActivity> &activity;
  std::vector<StageSplit> splitOfStage;
  std::vector<std::vector<int>> stagesOfLevel;
  std::vector<std::vector<int>> readersOfStage;
  /// By stage, parts and input parts.
  mutable std::map<std::tuple<int, int, int>, Shape> shapeCache;
  std::vector<Candidate> candidates; ///< by level
  std::vector<bool> stale;           ///< by level
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_BALANCE_H
