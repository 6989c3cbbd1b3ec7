//===- Detours.cpp - routes round faults ----------------------------------===//
#include "runtime/program/Detours.h"

#include <array>
#include <cstdlib>
#include <utility>

namespace synfire {
namespace {

constexpr std::int32_t farAway = -1;
constexpr int linkDirections = 4;

/// What a packet on a detour may still do.
enum Phase : std::uint8_t { MayGoUp, OnlyDown };

/// Where a column's byte keeps the Direction of a router and phase.
int shiftOf(int router, Phase phase) { return 4 * (router % 2) + 2 * phase; }

} // namespace

template <typename Visit>
void Detours::forEachNeighbour(int router, Visit &&visit) const {
  for (int d = 0; d < linkDirections; ++d)
    if (working[static_cast<std::size_t>(router)] >> d & 1)
      visit(d, neighbour(grid, router, static_cast<Direction>(d)));
}

Detours::Detours(const Mesh &mesh, std::vector<WorkingLinks> links, int root,
                 bool keepXY)
    : grid(mesh), xyIsKept(keepXY), working(std::move(links)),
      level(working.size(), farAway), found(working.size()) {
  measureReach();
  std::vector<int> order = {root};
  level[static_cast<std::size_t>(root)] = 0;
  for (std::size_t i = 0; i < order.size(); ++i)
    forEachNeighbour(order[i], [&](int, int to) {
      std::int32_t &distance = level[static_cast<std::size_t>(to)];
      if (distance != farAway)
        return;
      distance = level[static_cast<std::size_t>(order[i])] + 1;
      order.push_back(to);
    });
}

void Detours::measureReach() {
  reach.assign(working.size(), {});
  const auto extend = [&](int router, Direction direction) {
    const auto at = static_cast<std::size_t>(router);
    const auto d = static_cast<std::size_t>(direction);
    if (working[at] >> d & 1)
      reach[at][d] = 1 + reach[static_cast<std::size_t>(
                             neighbour(grid, router, direction))][d];
  };
  for (int router = 0; router < grid.routers(); ++router) {
    extend(router, Direction::West);
    extend(router, Direction::North);
  }
  for (int router = grid.routers() - 1; router >= 0; --router) {
    extend(router, Direction::East);
    extend(router, Direction::South);
  }
}

bool Detours::isStraightWhole(int router, int destination) const {
  const RouterCoordinate at = grid.router(router),
                         end = grid.router(destination);
  const auto reaches = [&](RouterCoordinate from, Direction direction) {
    return reach[static_cast<std::size_t>(grid.routerNumber(from))]
                [static_cast<std::size_t>(direction)];
  };
  const int east = end.x - at.x, south = end.y - at.y;
  const RouterCoordinate corner = {end.x, at.y};
  return std::abs(east) <=
             reaches(at, east < 0 ? Direction::West : Direction::East) &&
         std::abs(south) <=
             reaches(corner, south < 0 ? Direction::North : Direction::South);
}

Routing::Step Detours::next(int router, int destination,
                            std::uint8_t state) const {
  if (router == destination ||
      level[static_cast<std::size_t>(router)] == farAway ||
      level[static_cast<std::size_t>(destination)] == farAway)
    return {Direction::Local, state};
  if (xyIsKept && state == straight && isStraightWhole(router, destination))
    return {xyDirection(grid, router, destination), straight};
  const Phase phase = state == goingDown ? OnlyDown : MayGoUp;
  const int pair = columnOf(destination)[static_cast<std::size_t>(router / 2)];
  const auto direction =
      static_cast<Direction>(pair >> shiftOf(router, phase) & 3);
  return {direction, goesUp(router, neighbour(grid, router, direction))
                         ? goingUp
                         : goingDown};
}

std::int64_t Detours::memoryBytes() const {
  const std::lock_guard<std::mutex> lock(finding);
  std::int64_t bytes = 0;
  for (const auto &column : columns)
    bytes += static_cast<std::int64_t>(column->size());
  return bytes;
}

const Detours::Column &Detours::columnOf(int destination) const {
  std::atomic<const Column *> &slot =
      found[static_cast<std::size_t>(destination)];
  if (const Column *column = slot.load(std::memory_order_acquire))
    return *column;
  const std::lock_guard<std::mutex> lock(finding);
  if (const Column *column = slot.load(std::memory_order_relaxed))
    return *column;
  columns.push_back(std::make_unique<const Column>(findColumn(destination)));
  slot.store(columns.back().get(), std::memory_order_release);
  return *columns.back();
}

/// Breadth-first from the destination against the links, over (router, phase).
Detours::Column Detours::findColumn(int destination) const {
  struct Node {
    int router;
    Phase phase;
  };
  std::array<std::vector<std::int32_t>, 2> distance;
  auto distanceOf = [&](int router, Phase phase) -> std::int32_t & {
    return distance[phase][static_cast<std::size_t>(router)];
  };
  std::vector<Node> order;
  order.reserve(2 * working.size());
  for (Phase phase : {MayGoUp, OnlyDown}) {
    distance[phase].assign(working.size(), farAway);
    distanceOf(destination, phase) = 0;
    order.push_back({destination, phase});
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Node node = order[i];
    const std::int32_t reached = distanceOf(node.router, node.phase) + 1;
    const auto arriveFrom = [&](int from, Phase before) {
      std::int32_t &known = distanceOf(from, before);
      if (known != farAway)
        return;
      known = reached;
      order.push_back({from, before});
    };
    forEachNeighbour(node.router, [&](int, int from) {
      const bool up = goesUp(from, node.router);
      if (up != (node.phase == MayGoUp))
        return;
      arriveFrom(from, MayGoUp);
      if (!up)
        arriveFrom(from, OnlyDown);
    });
  }

  Column column((working.size() + 1) / 2, 0);
  for (const Node &node : order) {
    const std::int32_t left = distanceOf(node.router, node.phase);
    if (left == 0)
      continue;
    int chosen = linkDirections;
    forEachNeighbour(node.router, [&](int direction, int to) {
      const bool up = goesUp(node.router, to);
      if (chosen == linkDirections && (!up || node.phase == MayGoUp) &&
          distanceOf(to, up ? MayGoUp : OnlyDown) == left - 1)
        chosen = direction;
    });
    column[static_cast<std::size_t>(node.router / 2)] |=
        static_cast<std::uint8_t>(chosen << shiftOf(node.router, node.phase));
  }
  return column;
}

} // namespace synfire
