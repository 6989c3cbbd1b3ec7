//===- UsedMesh.h - what used cores take of a mesh --------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_USEDMESH_H
#define SYNFIRE_RUNTIME_PROGRAM_USEDMESH_H

#include "runtime/program/Mesh.h"

#include <algorithm>
#include <cstdint>
#include <set>

namespace synfire {

/// The smallest rectangle of routers that holds the routers added to it, and
/// the chips that they lie on.
class UsedMesh {
public:
  explicit UsedMesh(const Mesh &wholeMesh)
      : mesh(&wholeMesh), low{wholeMesh.width(), wholeMesh.height()} {}

  void add(RouterCoordinate router) {
    low = {std::min(low.x, router.x), std::min(low.y, router.y)};
    high = {std::max(high.x, router.x), std::max(high.y, router.y)};
    usedChips.insert(mesh->chipNumber(router));
  }

  /// Chips with an added router.
  int chips() const { return static_cast<int>(usedChips.size()); }
  /// Of a step (docs/spec/machine.md, "Cycles of a step"); at least one router
  /// has been added.
  std::uint64_t barrierCycles(const NocTiming &noc) const {
    return static_cast<std::uint64_t>(
        noc.barrierCycles(high.x - low.x + 1, high.y - low.y + 1));
  }

private:
  const Mesh *mesh;
  RouterCoordinate low, high{-1, -1};
  std::set<int> usedChips;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_USEDMESH_H
