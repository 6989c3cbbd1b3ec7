//===- Routing.h - the way of every packet ----------------------*- C++ -*-===//
//
// Which link a packet takes at each router: XY where everything works (first
// east-west to the destination's column, then north-south), a detour round
// faults (Detours.h). One answer for mapper, machine and network, so that hops
// are counted where packets go. docs/spec/routing.md
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_ROUTING_H
#define SYNFIRE_RUNTIME_PROGRAM_ROUTING_H

#include "runtime/program/Mesh.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

class Detours;

/// Where a packet leaves a router; the first four number its links.
enum class Direction : std::uint8_t { East, West, South, North, Local };

/// From a router to one of its neighbours.
struct MeshLink {
  int number = 0; ///< 4 x router that it leaves + Direction
  bool betweenChips = false;
};

inline int linkCount(const Mesh &mesh) { return 4 * mesh.routers(); }
/// Of a direction other than Local.
inline int linkNumber(int router, Direction direction) {
  return 4 * router + static_cast<int>(direction);
}
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

/// By link number: it joins two chips. Links that leave the mesh join none.
std::vector<char> linksBetweenChips(const Mesh &mesh);

/// The first link of XY; Local at the destination.
inline Direction xyDirection(const Mesh &mesh, int router, int destination) {
  const RouterCoordinate at = mesh.router(router),
                         end = mesh.router(destination);
  if (at.x != end.x)
    return at.x < end.x ? Direction::East : Direction::West;
  if (at.y != end.y)
    return at.y < end.y ? Direction::South : Direction::North;
  return Direction::Local;
}

class Routing {
public:
  /// What a packet does at a router, and the state that it carries on from
  /// there (0 at its source).
  struct Step {
    Direction direction = Direction::Local;
    std::uint8_t state = 0;
  };

  /// Of chipsX x chipsY chips; faults beyond them do not count. Where faults
  /// part the mesh, the part with the most working cores is used (of equal ones
  /// that with the smallest core number) and the others count as dead. An
  /// error: faults among more than 2^22 routers.
  static Result<Routing> create(const ChipModel &chip, int chipsX, int chipsY);

  const Mesh &mesh() const { return grid; }

  /// False for dead cores, those of disabled chips, those that are cut off, and
  /// numbers beyond the mesh.
  bool usable(int core) const {
    return core >= 0 && core < grid.cores() &&
           (unusable.empty() || !unusable[static_cast<std::size_t>(core)]);
  }
  int usableCores() const { return grid.cores() - unusableCores; }
  /// Working cores that faults part from the usable ones.
  int cutOffCores() const { return partedCores; }
  /// Every route is XY: no link is missing. Where some are, routes that miss
  /// none of them stay XY on a chip with two virtual channels and Unicast; on
  /// any other none does.
  bool isXY() const { return !detours; }

  /// Both routers hold a usable core; Local where no way leads.
  Step next(int router, int destination, std::uint8_t state) const {
    if (detours)
      return nextOfDetour(router, destination, state);
    return {xyDirection(grid, router, destination), 0};
  }

  /// The virtual channels that a packet may take on the link of this Step, one
  /// bit each: all, but where detours and XY could wait for each other, packets
  /// on detours have the last one for themselves and no other.
  std::uint64_t virtualChannels(const Step &step) const {
    return step.state == 0 ? straightChannels : detourChannels;
  }

  /// visit(MeshLink) for the links between two routers, in the order in which a
  /// packet takes them.
  template <typename Visit>
  void forEachLink(int fromRouter, int toRouter, Visit &&visit) const {
    std::uint8_t state = 0;
    for (int at = fromRouter;;) {
      const Step step = next(at, toRouter, state);
      if (step.direction == Direction::Local)
        return;
      const int to = neighbour(grid, at, step.direction);
      visit(MeshLink{linkNumber(at, step.direction),
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
  Routing(const Mesh &mesh, int virtualChannels);
  Step nextOfDetour(int router, int destination, std::uint8_t state) const;

  Mesh grid;
  std::vector<bool> unusable; ///< by core; empty if all can be used
  int unusableCores = 0, partedCores = 0;
  std::uint64_t straightChannels = 0, detourChannels = 0;
  std::shared_ptr<const Detours> detours; ///< shared by copies
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_ROUTING_H
