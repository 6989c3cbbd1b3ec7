//===- Search.cpp - the mapping of least cost -----------------------------===//
#include "compiler/mapping/Search.h"

#include "compiler/mapping/Partition.h"
#include "compiler/mapping/Place.h"
#include "compiler/mapping/Unfit.h"
#include "runtime/program/Routing.h"

#include <algorithm>
#include <utility>

namespace synfire {
namespace {

/// Every candidate has more tiles than the last by this factor.
constexpr double growth = 1.25;

class Search {
public:
  explicit Search(MappingProblem &mappingProblem)
      : problem(mappingProblem), program(mappingProblem.program),
        shapes(splitShapes(program)),
        activity(expectedActivity(program, problem.options.activity)) {}

  Status run() {
    SYNFIRE_ASSIGN(const std::vector<StageSplit> fewest,
                   fewestParts(program, shapes));
    SYNFIRE_ASSIGN(const int fewestCores,
                   partition(problem, shapes, {fewest, nullptr}));
    if (problem.options.cores > 0 && fewestCores > problem.options.cores)
      return describeBudget(program.mapping.chip, fewestCores,
                            problem.options.cores);
    if (problem.options.objective == Objective::Cores) {
      SYNFIRE_TRY(place(problem, problem.options.effort));
      return predict();
    }
    SYNFIRE_TRY(consider(fewestCores));
    SYNFIRE_TRY(tryBalances(fewest));
    program.mapping = std::move(best);
    SYNFIRE_TRY(place(problem, problem.options.effort));
    return predict();
  }

private:
  Status tryBalances(const std::vector<StageSplit> &fewest) {
    StageBalance balance(program, shapes, activity, fewest);
    std::int64_t wanted = balance.tiles();
    for (bool grows = true; grows;) {
      for (const StageBalance *pace :
           {static_cast<const StageBalance *>(nullptr),
            static_cast<const StageBalance *>(&balance)}) {
        auto cores = partition(problem, shapes, {balance.splits(), pace});
        // More parts may need more output axons than there are.
        if (cores.ok() && *cores <= budget)
          SYNFIRE_TRY(consider(*cores));
      }
      wanted = std::max(wanted + 1,
                        static_cast<std::int64_t>(double(wanted) * growth));
      while (grows && balance.tiles() < wanted)
        grows = balance.splitOnce();
      // Tiles share cores, but hardly ever this many.
      constexpr std::int64_t tilesOfCore = 4;
      grows = grows && balance.tiles() <= tilesOfCore * budget;
    }
    return Status::success();
  }

  /// Places the partition at hand quickly and keeps it if it is the best.
  Status consider(int cores) {
    Mapping abstract = program.mapping;
    SYNFIRE_TRY(place(problem, 0));
    SYNFIRE_TRY(predict());
    if (budget == 0)
      budget = problem.options.cores > 0
                   ? problem.options.cores
                   : coresOfSystem(program.mapping, cores);
    const double cost =
        objectiveOf(problem.options.objective, program.mapping.prediction);
    if (best.tiles.empty() || cost < bestCost) {
      bestCost = cost;
      best = std::move(abstract);
    }
    return Status::success();
  }

  /// All usable cores of the chips that `cores` of them need.
  static std::int64_t coresOfSystem(const Mapping &mapping,
                                    std::int64_t cores) {
    auto routing =
        Routing::create(mapping.chip, mapping.chipsX, mapping.chipsY);
    return routing.ok() ? routing->usableCores() : cores;
  }

  Status predict() {
    SYNFIRE_ASSIGN(program.mapping.prediction,
                   predictCost(program, problem.options.activity));
    return Status::success();
  }

  MappingProblem &problem;
  Program &program;
  const std::vector<SplitShape> shapes;
  const std::vector<StageActivity> activity;
  std::int64_t budget = 0; ///< cores
  Mapping best;            ///< with abstract cores
  double bestCost = 0;
};

} // namespace

double objectiveOf(Objective objective, const CostPrediction &cost) {
  // One token read and one generated.
  return objective == Objective::Energy ? cost.picojoules
                                        : cost.tokenCycles + cost.windowCycles;
}

Status searchMapping(MappingProblem &problem) { return Search(problem).run(); }

} // namespace synfire
