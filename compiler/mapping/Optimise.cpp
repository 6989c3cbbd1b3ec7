//===- Optimise.cpp - the placement of least expected cost ----------------===//
#include "compiler/mapping/Optimise.h"

#include "compiler/mapping/Anneal.h"
#include "compiler/mapping/Bisect.h"
#include "compiler/mapping/CostModel.h"
#include "compiler/mapping/Place.h"
#include "compiler/mapping/Relief.h"
#include "compiler/mapping/Search.h"

#include <algorithm>
#include <utility>

namespace synfire {
namespace {

/// Moves a core, by effort; annealing needs some hundreds to forget a start.
constexpr std::int64_t movesPerCore[mostEffort + 1] = {0, 200, 1000, 5000};
/// Links looked at a core, by effort.
constexpr std::int64_t visitsPerCore[mostEffort + 1] = {0, 20000, 100000,
                                                        500000};

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

class Optimiser {
public:
  Optimiser(const MappingProblem &mappingProblem, const Routing &ways,
            int coreCount, int chosenEffort)
      : problem(mappingProblem), program(problem.program),
        chip(program.mapping.chip), routing(ways), cores(coreCount),
        effort(chosenEffort),
        region(smallestRectangle(routing, chip.mesh.coresPerRouter, cores)),
        model(program, problem.activity(), routing) {
    annealing.moves = movesPerCore[effort] * std::int64_t(cores);
    relief.linkVisits = visitsPerCore[effort] * std::int64_t(cores);
  }

  Result<OptimisedPlacement> run(const std::vector<std::vector<int>> &others) {
    SYNFIRE_ASSIGN(std::vector<int> cut,
                   bisectPlacement(model.nets(), cores, routing, chip, region));
    std::vector<int> curve =
        curveThrough(region, cores, routing, chip.mesh.coresPerRouter);
    for (const std::vector<int> *start : {&cut, &curve})
      consider(*start);
    for (const std::vector<int> &other : others)
      consider(other);
    if (effort > 0)
      refine(std::move(cut), std::move(curve));
    return takeBest();
  }

private:
  void refine(std::vector<int> cut, std::vector<int> curve) {
    const bool both = effort > 1 || cores <= fewCores;
    const AnnealOptions none;
    const double ofCut = annealed(both ? annealing : none, cut);
    const double ofCurve = annealed(both ? annealing : none, curve);
    std::vector<int> &nearest = ofCurve < ofCut ? curve : cut;
    if (both) {
      consider(cut);
      consider(curve);
    } else {
      annealed(annealing, nearest);
      consider(nearest);
    }
    std::vector<int> relieved = nearest;
    model.moveTo(relieved);
    relieveLinks(model, program, routing, region, relief, relieved);
    consider(relieved);
  }

  double annealed(const AnnealOptions &options, std::vector<int> &routers) {
    return anneal(model.nets(), routing, chip, region, options, routers);
  }

  void consider(std::vector<int> routers) {
    model.moveTo(routers);
    candidates.push_back({std::move(routers), model.predict()});
  }

  double costOf(const OptimisedPlacement &candidate) const {
    return objectiveOf(problem.options.objective, candidate.prediction);
  }

  static double hopsOf(const OptimisedPlacement &candidate) {
    return candidate.prediction.eastWestHops +
           candidate.prediction.northSouthHops;
  }

  /// The least cost; once refined, the fewest hops of those near to it.
  OptimisedPlacement takeBest() {
    double least = costOf(candidates.front());
    for (const OptimisedPlacement &candidate : candidates)
      least = std::min(least, costOf(candidate));
    const double limit = effort > 0 ? least * placementTolerance : least;
    OptimisedPlacement *best = nullptr;
    for (OptimisedPlacement &candidate : candidates)
      if (costOf(candidate) <= limit &&
          (!best || hopsOf(candidate) < hopsOf(*best)))
        best = &candidate;
    return std::move(*best);
  }

  const MappingProblem &problem;
  const Program &program;
  const ChipModel &chip;
  const Routing &routing;
  const int cores, effort;
  const RouterRectangle region;
  CostModel model;
  AnnealOptions annealing;
  ReliefOptions relief;
  std::vector<OptimisedPlacement> candidates;
};

} // namespace

Result<OptimisedPlacement>
optimisedPlacement(const MappingProblem &problem, const Routing &routing,
                   int cores, int effort,
                   const std::vector<std::vector<int>> &others) {
  return Optimiser(problem, routing, cores, effort).run(others);
}

} // namespace synfire
