//===- Partition.cpp - stages to tiles, tiles to abstract cores -----------===//
#include "compiler/mapping/Partition.h"

#include "compiler/mapping/OutputAxons.h"
#include "compiler/mapping/PaceLimit.h"
#include "compiler/mapping/Spread.h"
#include "compiler/mapping/Unfit.h"
#include "runtime/program/Capacity.h"
#include "runtime/support/DivideUp.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace synfire {
namespace {

/// Cores that may still take a small tile while packing.
constexpr std::size_t openCores = 4;

/// Rounds in which spread tiles may lose some company; moving one changes what
/// others need.
constexpr int mostTimesLearned = 8;

TileDemand worstTile(const Program &program, const std::vector<Tile> &tiles) {
  TileDemand worst;
  for (const Tile &tile : tiles) {
    TileDemand demand = tileDemand(program, tile);
    worst.neurons = std::max(worst.neurons, demand.neurons);
    worst.inputAxons = std::max(worst.inputAxons, demand.inputAxons);
    worst.synapseBytes = std::max(worst.synapseBytes, demand.synapseBytes);
    worst.accumulators = std::max(worst.accumulators, demand.accumulators);
    worst.lookupBytes = std::max(worst.lookupBytes, demand.lookupBytes);
  }
  return worst;
}

/// Doubles until it fits, then halves the interval; 0 parts if not even the
/// finest fit.
int fewestRectangles(const Program &program, const SplitShape &shape,
                     int inputParts) {
  const CoreCapacity &capacity = program.mapping.chip.core;
  auto fit = [&](int parts) {
    return fits(worstTile(program, splitInto(shape, parts, inputParts)),
                capacity);
  };
  const int finest = shape.finest();
  int tooFew = 0, enough = 1;
  while (!fit(enough)) {
    if (enough == finest)
      return 0;
    tooFew = enough;
    enough = enough > finest / 2 ? finest : 2 * enough;
  }
  while (enough - tooFew > 1) {
    int middle = tooFew + (enough - tooFew) / 2;
    (fit(middle) ? enough : tooFew) = middle;
  }
  return enough;
}

/// The largest share of a capacity that is wanted; above 1 it does not fit.
double tightness(const TileDemand &demand, const CoreCapacity &core) {
  double most = 0;
  for (const ResourceUse &use : resourceUses(demand, core))
    most = std::max(
        most, static_cast<double>(use.needed) /
                  static_cast<double>(std::max<std::int64_t>(1, use.held)));
  return most;
}

/// With the fewest parts of the inputs that will do.
Result<StageSplit> fewestPartsOf(const Program &program,
                                 const SplitShape &shape) {
  TileDemand nearest; // to fitting
  double excess = 0;
  for (int inputParts = 1; inputParts <= shape.mostInputParts;
       inputParts += 1 + inputParts / 8) {
    if (int parts = fewestRectangles(program, shape, inputParts))
      return StageSplit{parts, inputParts};
    const TileDemand demand =
        worstTile(program, splitInto(shape, shape.finest(), inputParts));
    const double tight = tightness(demand, program.mapping.chip.core);
    if (inputParts == 1 || tight < excess) {
      nearest = demand;
      excess = tight;
    }
  }
  return describeUnfit(program, shape.stage, nearest);
}

/// The same tiles, or hardly more, of up to `times` as many parts of the inputs
/// and so much fewer rectangles.
StageSplit withInputParts(const Program &program, const SplitShape &shape,
                          const StageSplit &fewest, int times) {
  // A rectangle's sums take axons and accumulators, and blocks are even.
  constexpr double mostGrowth = 1.1;
  const int most = std::min(times * fewest.inputParts, shape.mostInputParts);
  for (int inputParts = most; inputParts > fewest.inputParts; --inputParts) {
    const int parts = fewestRectangles(program, shape, inputParts);
    if (parts > 0 && parts < fewest.parts &&
        parts * inputParts <= mostGrowth * fewest.parts * fewest.inputParts)
      return {parts, inputParts};
  }
  return fewest;
}

class Partitioner {
public:
  Partitioner(MappingProblem &mappingProblem,
              const std::vector<SplitShape> &cuts, const PartitionPlan &plan)
      : problem(mappingProblem), program(mappingProblem.program),
        capacity(mappingProblem.chip().core), shapes(cuts), splits(plan.splits),
        spreadOver(plan.spreadOver), paceTimes(plan.paceTimes),
        keepAlone(program.stages.size(), !problem.options.pack) {
    if (plan.balance)
      limit.emplace(program, *plan.balance);
  }

  Result<int> run() {
    // A split changes the number of destinations of its operands' neurons, so
    // this runs until nothing changes. Parts and pairs that are known only
    // grow, so it ends.
    for (bool changed = true; changed;) {
      if (limit && spreadOver > 0)
        spread();
      else
        assignCores();
      SYNFIRE_TRY(respectOutputAxons(changed));
    }
    return cores;
  }

private:
  /// Over all cores but those that are some tile's alone, with the output axons
  /// of the last time. Numbered as the tiles come, which keeps operand and
  /// reader near in number.
  void spread() {
    std::vector<Tile> &tiles = program.mapping.tiles;
    tiles.clear();
    int alone = 0;
    for (const SplitShape &shape : shapes) {
      const auto s = static_cast<std::size_t>(shape.stage);
      for (const Tile &tile : splitInto(shape, splits[s])) {
        tiles.push_back(tile);
        alone += keepAlone[s];
      }
    }
    Spread shared(std::max(0, spreadOver - alone), capacity, *limit, paceTimes);
    std::vector<int> numberOf; // -1: no tile yet
    cores = 0;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      Tile &tile = tiles[t];
      if (keepAlone[static_cast<std::size_t>(tile.stage)]) {
        tile.core = cores++;
        continue;
      }
      TileDemand demand = tileDemand(program, tile);
      if (t < knownPairs.size())
        demand.outputAxons = std::min(knownPairs[t], capacity.outputAxons);
      const auto host = static_cast<std::size_t>(shared.add(tile, demand));
      if (host >= numberOf.size())
        numberOf.resize(host + 1, -1);
      if (numberOf[host] < 0)
        numberOf[host] = cores++;
      tile.core = numberOf[host];
    }
  }

  /// First fit over the few cores opened last.
  void assignCores() {
    struct OpenCore {
      int core;
      TileDemand used;
      CoreLoads loads;
    };
    std::deque<OpenCore> open;
    std::vector<Tile> &tiles = program.mapping.tiles;
    tiles.clear();
    cores = 0;
    for (const SplitShape &shape : shapes) {
      auto s = static_cast<std::size_t>(shape.stage);
      for (Tile &tile : splitInto(shape, splits[s])) {
        TileDemand demand = tileDemand(program, tile);
        auto host =
            keepAlone[s]
                ? open.end()
                : std::find_if(
                      open.begin(), open.end(), [&](const OpenCore &candidate) {
                        return fits(candidate.used + demand, capacity) &&
                               keepsPace(candidate.loads, tile);
                      });
        if (host != open.end()) {
          tile.core = host->core;
          host->used = host->used + demand;
          if (limit)
            host->loads = host->loads + limit->loadOfTile(tile);
        } else {
          tile.core = cores++;
          if (!keepAlone[s])
            open.push_back({tile.core, demand,
                            limit ? limit->loadOfTile(tile) : CoreLoads()});
          if (open.size() > openCores)
            open.pop_front();
        }
        tiles.push_back(tile);
      }
    }
  }

  bool keepsPace(const CoreLoads &core, const Tile &tile) const {
    return !limit ||
           limit->keepsPace(core + limit->loadOfTile(tile), paceTimes);
  }

  /// A core whose neurons reach too many cores first loses some of its company
  /// where tiles are spread, then all of it, then its only tile is split
  /// further.
  Status respectOutputAxons(bool &changed) {
    changed = false;
    const std::vector<Tile> &tiles = program.mapping.tiles;
    std::vector<std::int64_t> pairs = countOutputAxons(program);
    std::vector<std::int64_t> ofCore(static_cast<std::size_t>(cores), 0);
    std::vector<int> tilesOfCore(static_cast<std::size_t>(cores), 0);
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      auto core = static_cast<std::size_t>(tiles[t].core);
      ofCore[core] += pairs[t];
      ++tilesOfCore[core];
    }
    if (spreadOver > 0 && timesLearned < mostTimesLearned &&
        exceeds(ofCore, tilesOfCore)) {
      learn(pairs);
      changed = true;
      return Status::success();
    }
    std::vector<std::int64_t> worst(program.stages.size(), 0);
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      auto core = static_cast<std::size_t>(tiles[t].core);
      auto s = static_cast<std::size_t>(tiles[t].stage);
      if (ofCore[core] <= capacity.outputAxons)
        continue;
      if (tilesOfCore[core] > 1 && !keepAlone[s]) {
        keepAlone[s] = true;
        changed = true;
      }
      worst[s] = std::max(worst[s], pairs[t]);
    }
    for (std::size_t s = 0; s < worst.size(); ++s)
      if (worst[s] > capacity.outputAxons) {
        SYNFIRE_TRY(splitFurther(static_cast<int>(s), worst[s]));
        changed = true;
      }
    return Status::success();
  }

  bool exceeds(const std::vector<std::int64_t> &pairsOfCore,
               const std::vector<int> &tilesOfCore) const {
    for (std::size_t core = 0; core < pairsOfCore.size(); ++core)
      if (tilesOfCore[core] > 1 && pairsOfCore[core] > capacity.outputAxons)
        return true;
    return false;
  }

  void learn(const std::vector<std::int64_t> &pairs) {
    ++timesLearned;
    knownPairs.resize(pairs.size(), 0);
    for (std::size_t t = 0; t < pairs.size(); ++t)
      knownPairs[t] = std::max(knownPairs[t], pairs[t]);
  }

  Status splitFurther(int stage, std::int64_t outputAxons) {
    auto s = static_cast<std::size_t>(stage);
    const std::int64_t finest = shapes[s].finest();
    int &parts = splits[s].parts;
    if (parts == finest) {
      TileDemand demand;
      demand.outputAxons = outputAxons;
      return describeUnfit(program, stage, demand);
    }
    std::int64_t wanted = divideUp(parts * outputAxons, capacity.outputAxons);
    parts =
        static_cast<int>(std::clamp<std::int64_t>(wanted, parts + 1, finest));
    knownPairs.clear(); // of other tiles
    return Status::success();
  }

  MappingProblem &problem;
  Program &program;
  const CoreCapacity capacity;
  const std::vector<SplitShape> &shapes;
  std::vector<StageSplit> splits; ///< per stage
  const int spreadOver;
  const double paceTimes;
  std::optional<PaceLimit> limit;
  std::vector<bool> keepAlone; ///< per stage: its tiles share no core
  /// By tile, (neuron, destination core) pairs: the most of earlier rounds.
  std::vector<std::int64_t> knownPairs;
  int timesLearned = 0;
  int cores = 0;
};

} // namespace

std::vector<SplitShape> splitShapes(const Program &program) {
  std::vector<SplitShape> shapes;
  shapes.reserve(program.stages.size());
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    shapes.push_back(splitShape(program, static_cast<int>(s)));
  return shapes;
}

Result<std::vector<StageSplit>>
fewestParts(const Program &program, const std::vector<SplitShape> &shapes) {
  std::vector<StageSplit> all;
  all.reserve(shapes.size());
  for (const SplitShape &shape : shapes) {
    SYNFIRE_ASSIGN(const StageSplit fewest, fewestPartsOf(program, shape));
    all.push_back(fewest);
  }
  return all;
}

std::vector<StageSplit> splitInputs(const Program &program,
                                    const std::vector<SplitShape> &shapes,
                                    const std::vector<StageSplit> &fewest,
                                    int times) {
  std::vector<StageSplit> all;
  all.reserve(shapes.size());
  for (std::size_t s = 0; s < shapes.size(); ++s)
    all.push_back(withInputParts(program, shapes[s], fewest[s], times));
  return all;
}

Result<int> partition(MappingProblem &problem,
                      const std::vector<SplitShape> &shapes,
                      const PartitionPlan &plan) {
  return Partitioner(problem, shapes, plan).run();
}

} // namespace synfire
