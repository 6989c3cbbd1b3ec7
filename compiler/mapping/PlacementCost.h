//===- PlacementCost.h - hop-weighted traffic, move by move -----*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_PLACEMENTCOST_H
#define SYNFIRE_COMPILER_MAPPING_PLACEMENTCOST_H

#include "compiler/mapping/Region.h"
#include "compiler/mapping/Traffic.h"

#include <memory>
#include <vector>

namespace synfire {

/// The sum over nets of packets x distance for cores at given routers.
class PlacementCost {
public:
  virtual ~PlacementCost();

  /// How the sum changes if `core` goes to router `to` and `other`, which is
  /// there, or nobody (-1), comes to where `core` is.
  virtual double change(int core, int to, int other) = 0;
  /// Makes that change.
  virtual void apply(int core, int to, int other) = 0;
  /// Computed anew.
  virtual double total() const = 0;

  const std::vector<int> &routers() const { return routerOf; }

protected:
  explicit PlacementCost(std::vector<int> routers)
      : routerOf(std::move(routers)) {}
  std::vector<int> routerOf; ///< by core
};

/// One packet for every reader: distances add up.
std::unique_ptr<PlacementCost>
makeUnicastCost(const std::vector<TrafficNet> &nets, const Mesh &mesh,
                const ChipModel &chip, const RouterRectangle &region,
                std::vector<int> routers);
/// One packet along the tree of XY routes to all readers.
std::unique_ptr<PlacementCost> makeTreeCost(const std::vector<TrafficNet> &nets,
                                            const Mesh &mesh,
                                            const ChipModel &chip,
                                            std::vector<int> routers);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PLACEMENTCOST_H
