//===- Search.cpp - the mapping of least cost -----------------------------===//
#include "compiler/mapping/Search.h"

#include "compiler/mapping/Partition.h"
#include "compiler/mapping/Place.h"
#include "compiler/mapping/Unfit.h"
#include "runtime/program/Routing.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace synfire {
namespace {

/// A balance is looked at again when it has more tiles by this factor; steps
/// begin small, since the first splits gain most.
constexpr double firstGrowth = 1.02, growthOfGrowth = 1.5;
constexpr double mostGrowth = 1.05, mostGrowthOfLarge = 1.25;
/// Tiles share cores, but hardly ever this many.
constexpr std::int64_t tilesOfCore = 6;
/// Of the cores at hand, so many are begun with where tiles are spread over
/// them; and in a step in which every level fires each may take so many times
/// as long as the slowest tile.
struct Spreading {
  double share, times;
};
constexpr Spreading spreadings[] = {{1, 4},    {1, 2},    {1, 1},
                                    {0.5, 2},  {0.5, 1},  {0.5, 4},
                                    {0.25, 1}, {0.25, 4}, {0.25, 2}};
/// All of them at first, then each third at a step, a column of the above. What
/// is tried must not depend on costs: the best of the same partitions in better
/// places is never worse.
constexpr std::size_t turns = 3;
/// Spreading looks at every core for every tile: on 1,408 cores it took most of
/// a minute.
constexpr std::int64_t mostCoresToSpread = 512;
/// How many times as many parts of the inputs as capacities ask for.
constexpr int inputTimes[] = {1, 3, 6, 12};
/// Of these, so many are followed beyond their fewest tiles if the network is
/// large, and until so many steps have gained nothing.
constexpr std::size_t followed = 2;
constexpr int mostIdleSteps = 2;
/// Annealing does not make up for this factor.
constexpr double hopeless = 1.5;
/// Energies of at most this many times the least count as equal.
constexpr double sameEnergy = 1.001;
constexpr double none = std::numeric_limits<double>::infinity();

bool sameSplits(const std::vector<StageSplit> &a,
                const std::vector<StageSplit> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const StageSplit &x, const StageSplit &y) {
                      return x.parts == y.parts && x.inputParts == y.inputParts;
                    });
}

class Search {
public:
  explicit Search(MappingProblem &mappingProblem)
      : problem(mappingProblem), program(mappingProblem.program),
        shapes(splitShapes(program)),
        activities(activitiesToFollow(program, problem.activity())),
        bests(activities.size(), Best{problem.options.objective}) {}

  Status run() {
    SYNFIRE_ASSIGN(const std::vector<StageSplit> fewest,
                   fewestParts(program, shapes));
    for (int times : inputTimes) {
      auto splits = splitInputs(program, shapes, fewest, times);
      if (starts.empty() || !sameSplits(splits, starts.back()))
        starts.push_back(std::move(splits));
    }
    if (problem.options.objective == Objective::Cores)
      return takeFewestCores();
    SYNFIRE_TRY(considerAll());
    return finish();
  }

private:
  /// With abstract cores; prediction and cost are those of a quick placement.
  struct Candidate {
    Mapping mapping;
    double cost = none;
  };
  struct Best {
    explicit Best(Objective objective) : choice(objective) {}
    CostChoice choice;
    Candidate candidate;
  };
  struct Trial {
    std::size_t followed; ///< of `activities`
    StageBalance balance;
    double cost; ///< of the best so far
    std::size_t steps = 0;
  };

  Status takeFewestCores() {
    std::optional<Error> refusal;
    int fewestCores = 0;
    Mapping least;
    for (const std::vector<StageSplit> &splits : starts) {
      auto cores = partition(problem, shapes, {splits, nullptr});
      if (!cores.ok()) {
        refusal = refusal ? refusal : cores.error();
      } else if (least.tiles.empty() || *cores < fewestCores) {
        fewestCores = *cores;
        least = program.mapping;
      }
    }
    if (least.tiles.empty() && refusal)
      return *refusal;
    program.mapping = std::move(least);
    SYNFIRE_TRY(withinBudget(fewestCores));
    return place(problem, problem.options.effort);
  }

  Status withinBudget(std::int64_t cores) const {
    if (problem.options.cores > 0 && cores > problem.options.cores)
      return describeBudget(program.mapping.chip, cores, problem.options.cores);
    return Status::success();
  }

  /// Every start with its fewest tiles, then what more of them gain.
  Status considerAll() {
    std::optional<Error> refusal;
    std::vector<Trial> trials;
    trials.reserve(starts.size() * activities.size());
    bool large = false;
    for (const std::vector<StageSplit> &splits : starts) {
      auto cost = considerStart(splits, large);
      if (!cost.ok()) {
        refusal = refusal ? refusal : cost.error();
        continue;
      }
      for (std::size_t a = 0; a < (large ? 1 : activities.size()); ++a) {
        trials.push_back(
            {a, StageBalance(program, shapes, activities[a], splits), *cost});
        Trial &trial = trials.back();
        following = a;
        trial.cost = std::min(trial.cost, considerPaced(trial));
      }
    }
    if (trials.empty() && refusal)
      return *refusal;
    std::vector<std::size_t> order;
    order.reserve(trials.size());
    for (std::size_t i = 0; i < trials.size(); ++i)
      order.push_back(i);
    if (large) {
      std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::make_pair(trials[a].cost, a) <
               std::make_pair(trials[b].cost, b);
      });
      order.resize(std::min(order.size(), followed));
    }
    for (std::size_t i : order)
      SYNFIRE_TRY(follow(trials[i], large));
    return Status::success();
  }

  Result<double> considerStart(const std::vector<StageSplit> &splits,
                               bool &large) {
    SYNFIRE_ASSIGN(const int cores,
                   partition(problem, shapes, {splits, nullptr}));
    SYNFIRE_TRY(withinBudget(cores));
    large = large || cores > fewCores;
    return consider(cores);
  }

  /// Packed so that no core falls behind, the tiles near to each other or
  /// spread; infinite if that takes too many cores.
  double considerPaced(Trial &trial) {
    const StageBalance &balance = trial.balance;
    seen.clear();
    double least = considerPacking({balance.splits(), &balance});
    const std::size_t step = trial.steps++;
    for (std::size_t i = step % turns; i < std::size(spreadings);
         i += step == 0 ? 1 : turns) {
      const Spreading &way = spreadings[i];
      const int over = static_cast<int>(way.share * double(budget));
      if (over > 0 && budget <= mostCoresToSpread)
        least = std::min(least, considerPacking({balance.splits(), &balance,
                                                 over, way.times}));
    }
    return least;
  }

  double considerPacking(const PartitionPlan &plan) {
    auto cores = partition(problem, shapes, plan);
    if (!cores.ok() || *cores > budget)
      return none;
    std::vector<int> coreOfTile;
    coreOfTile.reserve(program.mapping.tiles.size());
    for (const Tile &tile : program.mapping.tiles)
      coreOfTile.push_back(tile.core);
    if (!seen.insert(std::move(coreOfTile)).second)
      return none;
    auto cost = consider(*cores);
    return cost.ok() ? *cost : none;
  }

  Status follow(Trial &trial, bool large) {
    StageBalance &balance = trial.balance;
    following = trial.followed;
    double growth = firstGrowth;
    std::int64_t wanted = balance.tiles();
    int idle = 0;
    for (bool grows = true; grows;) {
      wanted = std::max(wanted + 1,
                        static_cast<std::int64_t>(double(wanted) * growth));
      growth = std::min(large ? mostGrowthOfLarge : mostGrowth,
                        1 + (growth - 1) * growthOfGrowth);
      while (grows && balance.tiles() < wanted)
        grows = balance.splitOnce();
      if (balance.tiles() > tilesOfCore * budget)
        break;
      double cost = considerPaced(trial);
      auto cores = partition(problem, shapes, {balance.splits(), nullptr});
      // More parts may need more output axons than there are.
      if (cores.ok() && *cores <= budget) {
        SYNFIRE_ASSIGN(const double packed, consider(*cores));
        cost = std::min(cost, packed);
      }
      idle = cost < trial.cost ? 0 : idle + 1;
      trial.cost = std::min(trial.cost, cost);
      if (large && idle > mostIdleSteps)
        break;
    }
    return Status::success();
  }

  /// Places the partition at hand quickly and keeps it if it is the best. What
  /// the objective minimises.
  Result<double> consider(int cores) {
    Candidate candidate;
    candidate.mapping = program.mapping;
    SYNFIRE_TRY(place(problem, 0));
    if (budget == 0)
      budget = problem.options.cores > 0
                   ? problem.options.cores
                   : coresOfSystem(program.mapping, cores);
    candidate.mapping.prediction = program.mapping.prediction;
    candidate.cost = cost();
    const double found = candidate.cost;
    if (fewestTiles.mapping.tiles.empty())
      fewestTiles = candidate;
    if (bests[following].choice.take(candidate.mapping.prediction))
      bests[following].candidate = std::move(candidate);
    return found;
  }

  /// The best of each activity with all effort, since a quick placement does
  /// not tell near ones apart. A partition of few cores has much traffic within
  /// them and little to gain from a better place; the other way round it may
  /// win after all.
  Status finish() {
    double least = fewestTiles.cost;
    for (const Best &best : bests)
      least = std::min(least, best.candidate.cost);
    std::vector<Candidate> hopeful;
    auto hope = [&](Candidate &candidate) {
      const bool again = std::any_of(
          hopeful.begin(), hopeful.end(), [&](const Candidate &other) {
            return other.cost == candidate.cost &&
                   other.mapping.tiles.size() == candidate.mapping.tiles.size();
          });
      if (candidate.cost < hopeless * least && !again)
        hopeful.push_back(std::move(candidate));
    };
    for (Best &best : bests)
      hope(best.candidate);
    hope(fewestTiles);
    Mapping found;
    CostChoice choice(problem.options.objective);
    for (Candidate &candidate : hopeful) {
      program.mapping = std::move(candidate.mapping);
      SYNFIRE_TRY(place(problem, problem.options.effort));
      if (choice.take(program.mapping.prediction))
        found = std::move(program.mapping);
    }
    program.mapping = std::move(found);
    return Status::success();
  }

  double cost() const {
    return objectiveOf(problem.options.objective, program.mapping.prediction);
  }

  /// All usable cores of the chips that `cores` of them need.
  static std::int64_t coresOfSystem(const Mapping &mapping,
                                    std::int64_t cores) {
    auto routing =
        Routing::create(mapping.chip, mapping.chipsX, mapping.chipsY);
    return routing.ok() ? routing->usableCores() : cores;
  }

  MappingProblem &problem;
  Program &program;
  const std::vector<SplitShape> shapes;
  const std::vector<std::vector<StageActivity>> activities;
  std::vector<std::vector<StageSplit>> starts; ///< by parts of the inputs
  std::int64_t budget = 0;                     ///< cores
  std::size_t following = 0;                   ///< of `activities`
  std::vector<Best> bests;                     ///< for each of them
  std::set<std::vector<int>> seen; ///< cores of tiles, of one balance
  Candidate fewestTiles;
};

} // namespace

double objectiveOf(Objective objective, const CostPrediction &cost) {
  // One token read and one generated.
  return objective == Objective::Energy ? cost.picojoules
                                        : cost.tokenCycles + cost.windowCycles;
}

bool CostChoice::nearLeast(const CostPrediction &cost) const {
  return objective == Objective::Energy &&
         objectiveOf(objective, cost) <= least * sameEnergy;
}

bool CostChoice::take(const CostPrediction &cost) {
  const double value = objectiveOf(objective, cost);
  least = empty ? value : std::min(least, value);
  bool isBest = empty;
  if (!empty && nearLeast(cost) && nearLeast(best))
    isBest =
        objectiveOf(Objective::Time, cost) < objectiveOf(Objective::Time, best);
  else if (!empty)
    isBest = value < objectiveOf(objective, best);
  if (isBest)
    best = cost;
  empty = false;
  return isBest;
}

Status searchMapping(MappingProblem &problem) { return Search(problem).run(); }

} // namespace synfire
