//===- Region.h - the part of a mesh that a mapping uses --------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_REGION_H
#define SYNFIRE_COMPILER_MAPPING_REGION_H

#include "runtime/program/Routing.h"

#include <vector>

namespace synfire {

/// A rectangle of routers [x, x + width) x [y, y + height).
struct RouterRectangle {
  int x = 0, y = 0, width = 0, height = 0;
};

/// Of the rectangles with at least `cores` usable cores, that of the smallest
/// width + height, which the barrier pays for; then the squarest; then the one
/// with the most usable cores; then the north-westernmost. Empty if there is
/// none.
RouterRectangle smallestRectangle(const Routing &routing, int coresPerRouter,
                                  std::int64_t cores);

/// Numbers of the usable cores in the rectangle, row by row.
std::vector<int> usableCores(const Routing &routing, int coresPerRouter,
                             const RouterRectangle &within);

/// How far apart two routers are for the placement: hops, a chip border as
/// several of them.
class HopMetric {
public:
  explicit HopMetric(const ChipModel &chip)
      : shape(chip.mesh), border(chip.noc.chipLinkCyclesPerFlit > 1
                                     ? chip.noc.chipLinkCyclesPerFlit - 1
                                     : 0) {}
  /// Coordinates in which the distance is the sum of both differences.
  int stretchedX(int x) const { return x + border * (x / shape.chipWidth); }
  int stretchedY(int y) const { return y + border * (y / shape.chipHeight); }

private:
  MeshShape shape;
  int border; ///< hops that a chip border counts beside its own
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_REGION_H
