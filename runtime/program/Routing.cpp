//===- Routing.cpp - the way of every packet ------------------------------===//
#include "runtime/program/Routing.h"

#include "runtime/program/Detours.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace synfire {
namespace {

constexpr WorkingLinks bitOf(Direction direction) {
  return static_cast<WorkingLinks>(1 << static_cast<int>(direction));
}

/// Keeps what a system's faults cost below some 60 MB, whatever a file claims.
constexpr int mostRoutersWithFaults = 1 << 22;

/// What faults leave of a system.
class Remains {
public:
  Remains(const ChipModel &chip, const Mesh &mesh)
      : grid(mesh), coresPerRouter(chip.mesh.coresPerRouter),
        dead(static_cast<std::size_t>(mesh.cores()), false),
        links(static_cast<std::size_t>(mesh.routers())) {
    for (int router = 0; router < grid.routers(); ++router)
      links[static_cast<std::size_t>(router)] = linksWithoutFaults(router);
    for (const ChipFaults::Core &core : chip.faults.deadCores)
      if (holds({core.routerX, core.routerY}) && core.slot >= 0 &&
          core.slot < coresPerRouter)
        dead[coreAt(grid.routerNumber({core.routerX, core.routerY}),
                    core.slot)] = true;
    for (const ChipFaults::Link &link : chip.faults.deadLinks)
      cut({link.routerX, link.routerY}, link.south);
    for (const ChipFaults::Chip &disabled : chip.faults.disabledChips)
      disable(disabled, chip.mesh);
  }

  /// Keeps the part with the most working cores. The working cores of the
  /// others.
  int keepLargestPart() {
    findParts();
    const auto largest =
        std::max_element(coresOfPart.begin(), coresOfPart.end());
    const auto kept = static_cast<int>(largest - coresOfPart.begin());
    int parted = 0;
    root = -1;
    for (int router = 0; router < grid.routers(); ++router) {
      const auto r = static_cast<std::size_t>(router);
      if (part[r] != kept) {
        links[r] = 0;
        parted += buryCores(router);
      } else if (root < 0 || fromCorner(router) < fromCorner(root)) {
        root = router;
      }
    }
    return parted;
  }

  bool hasAllLinks() const {
    for (int router = 0; router < grid.routers(); ++router)
      if (links[static_cast<std::size_t>(router)] != linksWithoutFaults(router))
        return false;
    return true;
  }

  Mesh grid;
  int coresPerRouter;
  std::vector<bool> dead; ///< by core
  std::vector<WorkingLinks> links;
  int root = 0; ///< router of the kept part that is nearest to the north-west

private:
  int fromCorner(int router) const {
    return grid.router(router).x + grid.router(router).y;
  }

  bool holds(RouterCoordinate at) const {
    return at.x >= 0 && at.y >= 0 && at.x < grid.width() &&
           at.y < grid.height();
  }

  WorkingLinks linksWithoutFaults(int router) const {
    const RouterCoordinate at = grid.router(router);
    int mask = 0;
    mask |= at.x + 1 < grid.width() ? bitOf(Direction::East) : 0;
    mask |= at.x > 0 ? bitOf(Direction::West) : 0;
    mask |= at.y + 1 < grid.height() ? bitOf(Direction::South) : 0;
    mask |= at.y > 0 ? bitOf(Direction::North) : 0;
    return static_cast<WorkingLinks>(mask);
  }

  void cut(RouterCoordinate from, bool south) {
    const RouterCoordinate to = {from.x + (south ? 0 : 1),
                                 from.y + (south ? 1 : 0)};
    if (!holds(from) || !holds(to))
      return;
    drop(from, south ? Direction::South : Direction::East);
    drop(to, south ? Direction::North : Direction::West);
  }
  void drop(RouterCoordinate from, Direction direction) {
    WorkingLinks &mask =
        links[static_cast<std::size_t>(grid.routerNumber(from))];
    mask = static_cast<WorkingLinks>(mask & ~bitOf(direction));
  }

  void disable(const ChipFaults::Chip &chip, const MeshShape &shape) {
    for (int y = 0; y < shape.chipHeight; ++y)
      for (int x = 0; x < shape.chipWidth; ++x) {
        const RouterCoordinate at = {chip.x * shape.chipWidth + x,
                                     chip.y * shape.chipHeight + y};
        if (!holds(at))
          return;
        buryCores(grid.routerNumber(at));
        cut(at, false);
        cut(at, true);
        cut({at.x - 1, at.y}, false);
        cut({at.x, at.y - 1}, true);
      }
  }

  std::size_t coreAt(int router, int slot) const {
    const int core = router * coresPerRouter + slot;
    return static_cast<std::size_t>(core);
  }

  /// The router's cores are dead; how many of them were not before.
  int buryCores(int router) {
    int buried = 0;
    for (int slot = 0; slot < coresPerRouter; ++slot) {
      const std::size_t core = coreAt(router, slot);
      buried += dead[core] ? 0 : 1;
      dead[core] = true;
    }
    return buried;
  }

  void findParts() {
    part.assign(links.size(), -1);
    std::vector<int> order;
    for (int first = 0; first < grid.routers(); ++first) {
      if (part[static_cast<std::size_t>(first)] >= 0)
        continue;
      const auto number = static_cast<int>(coresOfPart.size());
      int cores = 0;
      order.assign(1, first);
      part[static_cast<std::size_t>(first)] = number;
      for (std::size_t i = 0; i < order.size(); ++i) {
        const int router = order[i];
        for (int slot = 0; slot < coresPerRouter; ++slot)
          cores += dead[coreAt(router, slot)] ? 0 : 1;
        for (int d = 0; d < 4; ++d) {
          const auto direction = static_cast<Direction>(d);
          if (!(links[static_cast<std::size_t>(router)] & bitOf(direction)))
            continue;
          const int to = neighbour(grid, router, direction);
          if (part[static_cast<std::size_t>(to)] >= 0)
            continue;
          part[static_cast<std::size_t>(to)] = number;
          order.push_back(to);
        }
      }
      coresOfPart.push_back(cores);
    }
  }

  std::vector<int> part;        ///< by router
  std::vector<int> coresOfPart; ///< that work
};

} // namespace

Routing::Routing(const Mesh &mesh, int virtualChannels)
    : grid(mesh), straightChannels(~std::uint64_t(0) >>
                                   (64 - std::clamp(virtualChannels, 1, 64))),
      detourChannels(straightChannels) {}

Result<Routing> Routing::create(const ChipModel &chip, int chipsX, int chipsY) {
  const Mesh mesh(chip.mesh, chipsX, chipsY);
  Routing routing(mesh, chip.noc.router.virtualChannels);
  if (chip.faults.empty())
    return routing;
  if (mesh.routers() > mostRoutersWithFaults)
    return makeError(
        fmt::format("not supported: faults in a system of {} routers, more "
                    "than {}",
                    mesh.routers(), mostRoutersWithFaults),
        "chip " + chip.name);
  Remains remains(chip, mesh);
  routing.partedCores = remains.keepLargestPart();
  routing.unusableCores = static_cast<int>(
      std::count(remains.dead.begin(), remains.dead.end(), true));
  if (routing.unusableCores > 0)
    routing.unusable = std::move(remains.dead);
  if (routing.usableCores() > 0 && !remains.hasAllLinks()) {
    // A packet for several cores would take a link once on XY and once more on
    // a detour.
    const int channels = chip.noc.router.virtualChannels;
    const bool keepXY = channels > 1 && chip.noc.multicast != Multicast::Tree;
    if (keepXY) {
      routing.detourChannels = std::uint64_t(1) << (channels - 1);
      routing.straightChannels &= ~routing.detourChannels;
    }
    routing.detours = std::make_shared<const Detours>(
        mesh, std::move(remains.links), remains.root, keepXY);
  }
  return routing;
}

std::vector<char> linksBetweenChips(const Mesh &mesh) {
  std::vector<char> border(static_cast<std::size_t>(linkCount(mesh)), 0);
  auto mark = [&](RouterCoordinate a, Direction there, RouterCoordinate b,
                  Direction back) {
    const char joins = mesh.chipNumber(a) != mesh.chipNumber(b) ? 1 : 0;
    for (const auto &[from, direction] :
         {std::make_pair(a, there), std::make_pair(b, back)})
      border[static_cast<std::size_t>(
          linkNumber(mesh.routerNumber(from), direction))] = joins;
  };
  for (int y = 0; y < mesh.height(); ++y)
    for (int x = 0; x < mesh.width(); ++x) {
      if (x + 1 < mesh.width())
        mark({x, y}, Direction::East, {x + 1, y}, Direction::West);
      if (y + 1 < mesh.height())
        mark({x, y}, Direction::South, {x, y + 1}, Direction::North);
    }
  return border;
}

Routing::Step Routing::nextOfDetour(int router, int destination,
                                    std::uint8_t state) const {
  return detours->next(router, destination, state);
}

} // namespace synfire
