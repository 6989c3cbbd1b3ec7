//===- Detours.cpp - routes round faults ----------------------------------===//
#include "runtime/program/Detours.h"

#include <array>
#include <utility>

namespace synfire {
namespace {

constexpr std::int32_t farAway = -1;
constexpr int linkDirections = 4;

/// Where a column's byte keeps the Direction of a router and state.
int shiftOf(int router, std::uint8_t state) {
  return 4 * (router % 2) + 2 * state;
}

} // namespace

template <typename Visit>
void Detours::forEachNeighbour(int router, Visit &&visit) const {
  for (int d = 0; d < linkDirections; ++d)
    if (working[static_cast<std::size_t>(router)] >> d & 1)
      visit(d, neighbour(grid, router, static_cast<Direction>(d)));
}

Detours::Detours(const Mesh &mesh, std::vector<WorkingLinks> links, int root)
    : grid(mesh), working(std::move(links)), level(working.size(), farAway),
      found(working.size()) {
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

Routing::Step Detours::next(int router, int destination,
                            std::uint8_t state) const {
  if (router == destination ||
      level[static_cast<std::size_t>(router)] == farAway ||
      level[static_cast<std::size_t>(destination)] == farAway)
    return {Direction::Local, state};
  const auto at = static_cast<std::size_t>(router);
  const int shift = 4 * (router % 2) + 2 * state;
  const auto direction =
      static_cast<Direction>(columnOf(destination)[at / 2] >> shift & 3);
  const auto to = static_cast<std::size_t>(neighbour(grid, router, direction));
  return {direction, level[to] < level[at] ? mayGoUp : onlyDown};
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

/// Breadth-first from the destination against the links, over (router, state).
Detours::Column Detours::findColumn(int destination) const {
  struct Node {
    int router;
    std::uint8_t state;
  };
  std::array<std::vector<std::int32_t>, 2> distance;
  auto distanceOf = [&](int router, std::uint8_t state) -> std::int32_t & {
    return distance[state][static_cast<std::size_t>(router)];
  };
  std::vector<Node> order;
  order.reserve(2 * working.size());
  for (std::uint8_t state : {mayGoUp, onlyDown}) {
    distance[state].assign(working.size(), farAway);
    distanceOf(destination, state) = 0;
    order.push_back({destination, state});
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Node node = order[i];
    const std::int32_t reached = distanceOf(node.router, node.state) + 1;
    const auto arriveFrom = [&](int from, std::uint8_t before) {
      std::int32_t &known = distanceOf(from, before);
      if (known != farAway)
        return;
      known = reached;
      order.push_back({from, before});
    };
    forEachNeighbour(node.router, [&](int, int from) {
      const bool up = goesUp(from, node.router);
      if (up != (node.state == mayGoUp))
        return;
      arriveFrom(from, mayGoUp);
      if (!up)
        arriveFrom(from, onlyDown);
    });
  }

  Column column((working.size() + 1) / 2, 0);
  for (const Node &node : order) {
    const std::int32_t left = distanceOf(node.router, node.state);
    if (left == 0)
      continue;
    int chosen = linkDirections;
    forEachNeighbour(node.router, [&](int direction, int to) {
      const bool up = goesUp(node.router, to);
      if (chosen == linkDirections && (!up || node.state == mayGoUp) &&
          distanceOf(to, up ? mayGoUp : onlyDown) == left - 1)
        chosen = direction;
    });
    column[static_cast<std::size_t>(node.router / 2)] |=
        static_cast<std::uint8_t>(chosen << shiftOf(node.router, node.state));
  }
  return column;
}

} // namespace synfire
