//===- Occupancy.h - which core is where while cores move -------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_OCCUPANCY_H
#define SYNFIRE_COMPILER_MAPPING_OCCUPANCY_H

#include "compiler/mapping/Region.h"

#include <cstddef>
#include <random>
#include <vector>

namespace synfire {

/// The usable cores of a region, each with the abstract core that it holds.
class Occupancy {
public:
  /// `core` goes to router `to`, and `other`, which is there, comes to where it
  /// is; -1: nobody is there. Without a core there is no move.
  struct Move {
    int core = -1, to = -1, other = -1;
    std::size_t place = 0; ///< among the router's cores
  };

  /// `routers` by abstract core, inside the region and none above its capacity.
  Occupancy(const Routing &routing, int coresPerRouter,
            const RouterRectangle &rectangle, const std::vector<int> &routers);

  /// To a random place of the region at most `range` columns and rows from
  /// `aim`, from router `from`.
  Move propose(int core, int from, RouterCoordinate aim, int range,
               std::mt19937_64 &random) const;
  void apply(const Move &move, int from);

private:
  const Mesh mesh;
  const RouterRectangle region;
  std::vector<std::vector<int>> occupants; ///< by router, of its usable cores
  std::vector<std::size_t> places;         ///< by core, among its router's
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_OCCUPANCY_H
