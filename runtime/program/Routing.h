//===- Routing.h - the way of every packet ----------------------*- C++ -*-===//
//
// Which link a packet takes at each router: XY where everything works (first
// east-west to the destination's column, then north-south). One answer for
// mapper, machine and network, so that hops are counted where packets go.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_ROUTING_H
#define SYNFIRE_RUNTIME_PROGRAM_ROUTING_H

#include "runtime/program/Mesh.h"
#include "runtime/support/Status.h"

#include <cstdint>

namespace synfire {

/// Where a packet leaves a router; the first four number its links.
enum class Direction : std::uint8_t { East, West, South, North, Local };

/// From a router to one of its neighbours.
struct MeshLink {
  int number = 0; ///< 4 x router that it leaves + Direction
  bool betweenChips = false;
};

inline int linkCount(const Mesh &mesh) { return 4 * mesh.routers(); }
inline int linkSource(int link) { return link / 4; }
inline Direction linkDirection(int link) {
  return static_cast<Direction>(link % 4);
}
inline int neighbour(const Mesh &mesh, int router, Direction direction) {
  const int step[4] = {1, -1, mesh.width(), -mesh.width()};
  return router + step[static_cast<int>(direction)];
}
inline int linkTarget(const Mesh &mesh, int link) {
  return neighbour(mesh, linkSource(link), linkDirection(link));
}

class Routing {
public:
  /// What a packet does at a router, and the state that it carries on from
  /// there (0 at its source).
  struct Step {
    Direction direction = Direction::Local;
    std::uint8_t state = 0;
  };

  /// An error if the chip's faults part two usable cores from each other.
  static Result<Routing> create(const ChipModel &chip, int chipsX, int chipsY);

  const Mesh &mesh() const { return grid; }

  /// False for dead cores and those of disabled chips.
  bool usable(int core) const;

  Step next(int router, int destination, std::uint8_t state) const {
    (void)state;
    const RouterCoordinate at = grid.router(router),
                           end = grid.router(destination);
    if (at.x != end.x)
      return {at.x < end.x ? Direction::East : Direction::West, 0};
    if (at.y != end.y)
      return {at.y < end.y ? Direction::South : Direction::North, 0};
    return {};
  }

  /// visit(MeshLink) for the links between two routers, in the order in which a
  /// packet takes them.
  template <typename Visit>
  void forEachLink(int fromRouter, int toRouter, Visit &&visit) const {
    std::uint8_t state = 0;
    for (int at = fromRouter; at != toRouter;) {
      const Step step = next(at, toRouter, state);
      const int to = neighbour(grid, at, step.direction);
      visit(MeshLink{4 * at + static_cast<int>(step.direction),
                     grid.chipNumber(grid.router(at)) !=
                         grid.chipNumber(grid.router(to))});
      at = to;
      state = step.state;
    }
  }

  Route route(int fromRouter, int toRouter) const {
    Route result;
    forEachLink(fromRouter, toRouter, [&](const MeshLink &link) {
      const Direction direction = linkDirection(link.number);
      const bool eastWest =
          direction == Direction::East || direction == Direction::West;
      ++(eastWest ? result.eastWestHops : result.northSouthHops);
      result.chipCrossings += link.betweenChips ? 1 : 0;
    });
    return result;
  }
  Route routeBetweenCores(int from, int to) const {
    return route(grid.routerNumber(grid.routerOfCore(from)),
                 grid.routerNumber(grid.routerOfCore(to)));
  }

private:
  explicit Routing(const Mesh &mesh) : grid(mesh) {}

  Mesh grid;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_ROUTING_H
