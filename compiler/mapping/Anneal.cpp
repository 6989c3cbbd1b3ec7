//===- Anneal.cpp - refinement of a placement -----------------------------===//
#include "compiler/mapping/Anneal.h"

#include "compiler/mapping/Occupancy.h"
#include "compiler/mapping/PlacementCost.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace synfire {
namespace {

/// Temperatures fall by this over a run, and ranges of moves with them.
constexpr double coldest = 1e-3;
constexpr int temperatures = 64;

class Annealer {
public:
  Annealer(const std::vector<TrafficNet> &trafficNets, const Routing &ways,
           const ChipModel &chip, const RouterRectangle &rectangle,
           const AnnealOptions &chosen, std::vector<int> routers)
      : nets(trafficNets), mesh(ways.mesh()), region(rectangle),
        options(chosen), random(chosen.seed),
        occupancy(ways, chip.mesh.coresPerRouter, region, routers),
        netsOfCore(routers.size()) {
    for (std::size_t n = 0; n < nets.size(); ++n) {
      for (const TrafficNet::Source &source : nets[n].sources)
        netsOfCore[static_cast<std::size_t>(source.core)].push_back(n);
      for (int reader : nets[n].readers)
        netsOfCore[static_cast<std::size_t>(reader)].push_back(n);
    }
    cost = chip.noc.multicast == Multicast::Tree
               ? makeTreeCost(nets, mesh, chip, std::move(routers))
               : makeUnicastCost(nets, mesh, chip, region, std::move(routers));
  }

  double total() const { return cost->total(); }
  const std::vector<int> &routers() const { return cost->routers(); }

  void run() {
    const double scale = meanChange();
    if (scale == 0)
      return;
    const std::int64_t movesEach = options.moves / temperatures;
    for (int i = 0; i < temperatures; ++i) {
      const double progress = double(i) / (temperatures - 1);
      const double temperature =
          scale * options.heat * std::pow(coldest, progress);
      const int side = std::max(region.width, region.height);
      range = 1 + static_cast<int>(std::lround(side / 2.0 * (1 - progress) *
                                               (1 - progress)));
      for (std::int64_t move = 0; move < movesEach; ++move)
        step(temperature);
    }
  }

private:
  using Move = Occupancy::Move;

  std::size_t below(std::size_t bound) { return random() % bound; }
  double uniform() { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

  /// A core and where it might go: half of the time near one that it talks to.
  Move propose() {
    const int core = static_cast<int>(below(netsOfCore.size()));
    const auto &own = netsOfCore[static_cast<std::size_t>(core)];
    const int from = cost->routers()[static_cast<std::size_t>(core)];
    RouterCoordinate aim = mesh.router(from);
    int spread = range;
    if (!own.empty() && (random() & 1U)) {
      const TrafficNet &net = nets[own[below(own.size())]];
      const std::size_t pin = below(net.sources.size() + net.readers.size());
      const int partner = pin < net.sources.size()
                              ? net.sources[pin].core
                              : net.readers[pin - net.sources.size()];
      aim = mesh.router(cost->routers()[static_cast<std::size_t>(partner)]);
      spread = 1;
    }
    return occupancy.propose(core, from, aim, spread, random);
  }

  double meanChange() {
    constexpr int samples = 512;
    double sum = 0;
    range = std::max(region.width, region.height);
    for (int i = 0; i < samples; ++i)
      if (const Move move = propose(); move.core >= 0)
        sum += std::abs(cost->change(move.core, move.to, move.other));
    return sum / samples;
  }

  void step(double temperature) {
    const Move move = propose();
    if (move.core < 0)
      return;
    const double change = cost->change(move.core, move.to, move.other);
    if (change > 0 && uniform() >= std::exp(-change / temperature))
      return;
    occupancy.apply(move, cost->routers()[static_cast<std::size_t>(move.core)]);
    cost->apply(move.core, move.to, move.other);
  }

  const std::vector<TrafficNet> &nets;
  const Mesh mesh;
  const RouterRectangle region;
  const AnnealOptions options;
  std::mt19937_64 random;
  Occupancy occupancy;
  std::vector<std::vector<std::size_t>> netsOfCore;
  std::unique_ptr<PlacementCost> cost;
  int range = 1;
};

} // namespace

double anneal(const std::vector<TrafficNet> &nets, const Routing &routing,
              const ChipModel &chip, const RouterRectangle &region,
              const AnnealOptions &options, std::vector<int> &routerOfCore) {
  if (routerOfCore.empty())
    return 0;
  Annealer annealer(nets, routing, chip, region, options, routerOfCore);
  const double before = annealer.total();
  annealer.run();
  const double after = annealer.total();
  if (after > before)
    return before;
  routerOfCore = annealer.routers();
  return after;
}

} // namespace synfire
