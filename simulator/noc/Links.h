//===- Links.h - the directed links of a mesh -------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_LINKS_H
#define SYNFIRE_SIMULATOR_NOC_LINKS_H

#include "runtime/program/Mesh.h"

namespace synfire {

/// From a router to one of its neighbours.
struct MeshLink {
  int number =
      0; ///< 4 x router it leaves + direction (east, west, south, north)
  bool betweenChips = false;
};

inline int linkCount(const Mesh &mesh) { return 4 * mesh.routers(); }
inline int linkSource(int link) { return link / 4; }
inline int linkTarget(const Mesh &mesh, int link) {
  const int step[4] = {1, -1, mesh.width(), -mesh.width()};
  return link / 4 + step[link % 4];
}

/// visit(MeshLink) for the links of the route, in the order in which a packet
/// takes them.
template <typename Visit>
void forEachLink(const Mesh &mesh, int fromCore, int toCore, Visit &&visit) {
  RouterCoordinate at = mesh.routerOfCore(fromCore);
  const RouterCoordinate end = mesh.routerOfCore(toCore);
  while (!(at == end)) {
    RouterCoordinate next = at;
    int direction = 0;
    if (at.x != end.x) {
      direction = end.x > at.x ? 0 : 1;
      next.x += end.x > at.x ? 1 : -1;
    } else {
      direction = end.y > at.y ? 2 : 3;
      next.y += end.y > at.y ? 1 : -1;
    }
    visit(MeshLink{4 * mesh.routerNumber(at) + direction,
                   mesh.chipNumber(at) != mesh.chipNumber(next)});
    at = next;
  }
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_LINKS_H
