//===- Place.cpp - abstract cores to cores of a mesh ----------------------===//
#include "compiler/mapping/Place.h"

#include "compiler/mapping/Anneal.h"
#include "compiler/mapping/Bisect.h"
#include "compiler/mapping/System.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <random>

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

/// The first usable cores along the curve within the region, as routers.
std::vector<int> curveThrough(const RouterRectangle &region, int cores,
                              const Routing &routing, int coresPerRouter) {
  std::vector<int> routers;
  for (int local : hilbertOrder(region.width, region.height)) {
    const RouterCoordinate at = {region.x + local % region.width,
                                 region.y + local / region.width};
    const std::size_t held =
        usableCores(routing, coresPerRouter, {at.x, at.y, 1, 1}).size();
    for (std::size_t i = 0;
         i < held && routers.size() < static_cast<std::size_t>(cores); ++i)
      routers.push_back(routing.mesh().routerNumber(at));
  }
  return routers;
}

/// Physical core of each abstract one: METIS's bisection or the curve,
/// whichever is the better, refined.
Result<std::vector<int>> optimisedOrder(const MappingProblem &problem,
                                        const Routing &routing, int cores,
                                        int effort) {
  const Program &program = problem.program;
  const ChipModel &chip = program.mapping.chip;
  const int perRouter = chip.mesh.coresPerRouter;
  const auto activity = expectedActivity(program, problem.options.activity);
  const auto nets = trafficNets(program, activity, listenerGroups(program));
  const RouterRectangle region = smallestRectangle(routing, perRouter, cores);

  // Moves a core; annealing needs some hundreds to forget a start.
  constexpr std::int64_t movesPerCore[mostEffort + 1] = {0, 200, 1000, 5000};
  AnnealOptions options;
  options.moves = movesPerCore[effort] * std::int64_t(cores);
  SYNFIRE_ASSIGN(std::vector<int> best,
                 bisectPlacement(nets, cores, routing, chip, region));
  std::vector<int> curve = curveThrough(region, cores, routing, perRouter);
  // Both starts are worth refining where that takes little time.
  constexpr int fewCores = 4096;
  const bool bothStarts = effort > 1 || cores <= fewCores;
  AnnealOptions none;
  const double bestCost =
      anneal(nets, routing, chip, region, bothStarts ? options : none, best);
  const double curveCost =
      anneal(nets, routing, chip, region, bothStarts ? options : none, curve);
  if (curveCost < bestCost)
    best = std::move(curve);
  if (!bothStarts)
    anneal(nets, routing, chip, region, options, best);

  std::vector<int> order(best.size());
  std::vector<std::size_t> taken(
      static_cast<std::size_t>(routing.mesh().routers()), 0);
  for (std::size_t core = 0; core < best.size(); ++core) {
    const RouterCoordinate at = routing.mesh().router(best[core]);
    order[core] = usableCores(
        routing, perRouter,
        {at.x, at.y, 1, 1})[taken[static_cast<std::size_t>(best[core])]++];
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
  std::vector<int> order;
  if (mapping.placement == "optimised") {
    SYNFIRE_ASSIGN(order, optimisedOrder(problem, routing,
                                         static_cast<int>(cores), effort));
  } else {
    order = coreOrder(routing, mesh.coresPerRouter, mapping.placement);
  }
  for (Tile &tile : mapping.tiles)
    tile.core = order[static_cast<std::size_t>(tile.core)];
  return Status::success();
}

} // namespace synfire
