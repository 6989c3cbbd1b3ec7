//===- Place.cpp - abstract cores to cores of a mesh ----------------------===//
#include "compiler/mapping/Place.h"

#include "compiler/mapping/Optimise.h"
#include "compiler/mapping/Region.h"
#include "compiler/mapping/System.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <random>
#include <utility>

namespace synfire {
namespace {

constexpr std::string_view randomPrefix = "random:";

std::optional<std::uint64_t> randomSeed(const std::string &placement) {
  if (placement.compare(0, randomPrefix.size(), randomPrefix) != 0)
    return std::nullopt;
  std::uint64_t seed = 0;
  const char *end = placement.data() + placement.size();
  auto parsed =
      std::from_chars(placement.data() + randomPrefix.size(), end, seed);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    return std::nullopt;
  return seed;
}

std::vector<int> rowMajorOrder(int count) {
  std::vector<int> order(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<int>(i);
  return order;
}

/// Fisher-Yates by hand: std::shuffle differs between standard libraries.
void shuffle(std::vector<int> &order, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random() % i]);
}

/// Physical core of each abstract one, by order alone: all that can be used.
std::vector<int> coreOrder(const Routing &routing, int coresPerRouter,
                           const std::string &placement) {
  const Mesh &mesh = routing.mesh();
  std::vector<int> order;
  if (placement == "hilbert") {
    for (int router : hilbertOrder(mesh.width(), mesh.height()))
      for (int slot = 0; slot < coresPerRouter; ++slot)
        order.push_back(router * coresPerRouter + slot);
  } else {
    order = rowMajorOrder(mesh.cores());
    if (auto seed = randomSeed(placement))
      shuffle(order, *seed);
  }
  order.erase(std::remove_if(order.begin(), order.end(),
                             [&](int core) { return !routing.usable(core); }),
              order.end());
  return order;
}

/// Physical core of each abstract one, where it is expected to cost least, and
/// that cost.
Result<std::vector<int>> optimisedOrder(const MappingProblem &problem,
                                        const Routing &routing, int cores,
                                        int effort, CostPrediction &cost) {
  const int perRouter = problem.chip().mesh.coresPerRouter;
  std::vector<std::vector<int>> plain;
  // A large system's plain orders are looked at once, after the search.
  if (cores <= fewCores || effort > 0)
    for (const char *placement : {"hilbert", "row-major"}) {
      std::vector<int> routers = coreOrder(routing, perRouter, placement);
      routers.resize(static_cast<std::size_t>(cores));
      for (int &core : routers)
        core /= perRouter;
      plain.push_back(std::move(routers));
    }
  SYNFIRE_ASSIGN(OptimisedPlacement best,
                 optimisedPlacement(problem, routing, cores, effort, plain));
  cost = std::move(best.prediction);
  std::vector<int> order(best.routers.size());
  std::vector<std::size_t> taken(
      static_cast<std::size_t>(routing.mesh().routers()), 0);
  for (std::size_t core = 0; core < order.size(); ++core) {
    const RouterCoordinate at = routing.mesh().router(best.routers[core]);
    order[core] =
        usableCores(routing, perRouter,
                    {at.x, at.y, 1,
                     1})[taken[static_cast<std::size_t>(best.routers[core])]++];
  }
  return order;
}

} // namespace

Status checkPlacement(const std::string &placement) {
  if (placement == "optimised" || placement == "hilbert" ||
      placement == "row-major" || randomSeed(placement))
    return Status::success();
  return makeError(fmt::format("unknown placement '{}'", placement), "mapping",
                   "use optimised, hilbert, row-major or random:SEED");
}

Status place(MappingProblem &problem, int effort) {
  Mapping &mapping = problem.program.mapping;
  std::int64_t cores = 0;
  for (const Tile &tile : mapping.tiles)
    cores = std::max<std::int64_t>(cores, tile.core + 1);
  const MeshShape &mesh = mapping.chip.mesh;
  SYNFIRE_ASSIGN(const Routing routing, chooseSystem(mapping.chip, cores));
  mapping.chipsX = routing.mesh().width() / mesh.chipWidth;
  mapping.chipsY = routing.mesh().height() / mesh.chipHeight;
  mapping.placement = problem.options.placement;
  const bool optimised = mapping.placement == "optimised";
  std::vector<int> order;
  if (optimised) {
    SYNFIRE_ASSIGN(order,
                   optimisedOrder(problem, routing, static_cast<int>(cores),
                                  effort, mapping.prediction));
  } else {
    order = coreOrder(routing, mesh.coresPerRouter, mapping.placement);
  }
  for (Tile &tile : mapping.tiles)
    tile.core = order[static_cast<std::size_t>(tile.core)];
  if (!optimised) {
    SYNFIRE_ASSIGN(mapping.prediction,
                   predictCost(problem.program, problem.activity()));
  }
  return Status::success();
}

} // namespace synfire
