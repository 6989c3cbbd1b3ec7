//===- Spread.h - tiles over all of a number of cores -----------*- C++ -*-===//
//
// In decoding one level works at a time: a level is fastest where its tiles are
// on many cores, and these may serve other levels as well.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_SPREAD_H
#define SYNFIRE_COMPILER_MAPPING_SPREAD_H

#include "compiler/mapping/PaceLimit.h"
#include "runtime/program/Connectivity.h"

#include <set>
#include <utility>
#include <vector>

namespace synfire {

class Spread {
public:
  /// Begins with so many empty cores. `paceLimit` outlives it; `paceTimes` as
  /// in PaceLimit::keepsPace.
  Spread(int count, const CoreCapacity &coreCapacity,
         const PaceLimit &paceLimit, double paceTimes);

  /// Puts the tile on the core that has least to do of those that hold it and
  /// keep the pace with it, else on one more. The core's number.
  int add(const Tile &tile, const TileDemand &demand);

private:
  struct Core {
    TileDemand used;
    CoreLoads loads;
  };

  const CoreCapacity capacity;
  const PaceLimit &limit;
  const double times;
  std::vector<Core> cores;
  std::set<std::pair<double, int>> order; ///< cycles, core
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SPREAD_H
