//===- Listeners.h - which cores hear which tiles ---------------*- C++ -*-===//
//
// All tiles of a stage that are read alike by the same cores form one group:
// every source of the group is heard by every core of it. Dense stages make a
// few large groups of what would be a (tiles x cores) table, so that traffic
// and destinations are counted in time linear in tiles.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_LISTENERS_H
#define SYNFIRE_COMPILER_MAPPING_LISTENERS_H

#include "runtime/program/Connectivity.h"

#include <cstdint>
#include <vector>

namespace synfire {

struct ListenerGroup {
  struct Source {
    int tile = 0;             ///< index into Mapping::tiles
    std::int64_t neurons = 0; ///< of the tile, that each core of `cores` hears
    /// Mean number of those neurons that are active and needed, over the
    /// positions of the context.
    double activeNeurons = 0;
  };
  int stage = 0; ///< that fires
  std::vector<Source> sources;
  std::vector<int> cores; ///< ascending, as the mapping numbers them
};

/// Ascending stages; deterministic. The sum of neurons x cores over a tile's
/// groups is the number of its (neuron, destination core) pairs.
std::vector<ListenerGroup> listenerGroups(const Program &program);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_LISTENERS_H
