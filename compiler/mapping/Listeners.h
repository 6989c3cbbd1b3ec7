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
#include <tuple>
#include <vector>

namespace synfire {

/// A rectangle of a source stage and the range of positions whose tokens need
/// it, [first, last).
struct Need {
  NeuronBlock block;
  int firstPosition = 0, lastPosition = 0;

  auto key() const {
    return std::tie(block.groupBegin, block.groupEnd, block.columnBegin,
                    block.columnEnd, firstPosition, lastPosition);
  }
  bool operator<(const Need &other) const { return key() < other.key(); }
  bool operator==(const Need &other) const { return key() == other.key(); }
};

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
  std::vector<int> cores;  ///< ascending, as the mapping numbers them
  std::vector<Need> needs; ///< of each core; they may overlap
};

/// Ascending stages; deterministic. The sum of neurons x cores over a tile's
/// groups is the number of its (neuron, destination core) pairs.
std::vector<ListenerGroup> listenerGroups(const Program &program);

/// The same listeners, regrouped so that a neuron and a position are in one
/// group, which holds all cores that hear them: a packet that is copied on its
/// way is sent once for this set. Nothing of `neurons` is to be added up, since
/// a neuron's positions may differ in their listeners; `needs` are empty.
std::vector<ListenerGroup>
multicastGroups(const Program &program,
                const std::vector<ListenerGroup> &groups);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_LISTENERS_H
