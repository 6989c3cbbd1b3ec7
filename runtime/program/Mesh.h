//===- Mesh.h - routers and cores of a system -------------------*- C++ -*-===//
//
// Coordinates and numbers; Routing.h knows the ways between them.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_MESH_H
#define SYNFIRE_RUNTIME_PROGRAM_MESH_H

#include "hw-models/ChipModel.h"

#include <cstdint>
#include <cstdlib>

namespace synfire {

/// A router of the whole system, counted over all chips.
struct RouterCoordinate {
  int x = 0; ///< grows to the east
  int y = 0; ///< grows to the south
  bool operator==(const RouterCoordinate &other) const {
    return x == other.x && y == other.y;
  }
};

/// What one packet meets on its way.
struct Route {
  int eastWestHops = 0;
  int northSouthHops = 0;
  int chipCrossings = 0; ///< chip borders among these hops
  int hops() const { return eastWestHops + northSouthHops; }
};

/// The used part of a system: chipsX x chipsY chips.
class Mesh {
public:
  Mesh(const MeshShape &meshShape, int chipsX, int chipsY)
      : shape(meshShape), routersX(meshShape.chipWidth * chipsX),
        routersY(meshShape.chipHeight * chipsY) {}

  int width() const { return routersX; }
  int height() const { return routersY; }
  int routers() const { return routersX * routersY; }
  int cores() const { return routers() * shape.coresPerRouter; }

  /// Row-major number of a router, as LinkRun uses it.
  int routerNumber(RouterCoordinate router) const {
    return router.y * routersX + router.x;
  }
  RouterCoordinate router(int number) const {
    return {number % routersX, number / routersX};
  }
  RouterCoordinate routerOfCore(int core) const {
    return router(core / shape.coresPerRouter);
  }
  int chipNumber(RouterCoordinate router) const {
    return router.y / shape.chipHeight * (routersX / shape.chipWidth) +
           router.x / shape.chipWidth;
  }

private:
  MeshShape shape;
  int routersX, routersY;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_MESH_H
