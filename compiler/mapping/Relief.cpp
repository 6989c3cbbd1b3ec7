//===- Relief.cpp - fewer packets on the busiest links --------------------===//
#include "compiler/mapping/Relief.h"

#include "compiler/mapping/Occupancy.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace synfire {
namespace {

/// (sum of cycles^power over links)^(1 / power) stands for the largest: it also
/// falls when one of several equally busy links gets relief.
double toPower(double x) {
  x *= x;
  x *= x;
  return x * x;
}
double fromPower(double x) {
  return std::sqrt(std::sqrt(std::sqrt(std::max(0.0, x))));
}

/// What all packets take on all their links weighs as much as this share of the
/// time.
constexpr double weightOfLinkCycles = 0.05;
/// Levels whose links take less than this share of what their cores do need no
/// relief.
constexpr double nearlyBusy = 0.7;

class Relief {
public:
  Relief(const CostModel &model, const Program &compiled, const Routing &ways,
         const RouterRectangle &rectangle, const ReliefOptions &chosen,
         std::vector<int> routers)
      : nets(model.nets()), program(compiled), mesh(ways.mesh()),
        region(rectangle), options(chosen), random(chosen.seed),
        walker(program.mapping.chip, ways),
        occupancy(ways, program.mapping.chip.mesh.coresPerRouter, region,
                  routers),
        routerOf(std::move(routers)), netsOfCore(routerOf.size()) {
    const std::vector<char> border = linksBetweenChips(mesh);
    cyclesOfLink.reserve(border.size());
    for (char joins : border)
      cyclesOfLink.push_back(
          static_cast<double>(program.mapping.chip.noc.linkCycles(joins != 0)));
    const std::vector<WindowCost> costs = model.levelCosts();
    for (const WindowCost &cost : costs)
      levels.push_back({cost.cores / std::max(1, cost.steps),
                        static_cast<double>(cost.steps), 0,
                        std::vector<float>(border.size(), 0.0F)});
    for (std::size_t n = 0; n < nets.size(); ++n) {
      if (nets[n].sums)
        continue;
      for (const TrafficNet::Source &source : nets[n].sources)
        addNet(source.core, n);
      for (int reader : nets[n].readers)
        addNet(reader, n);
      Level &level = levels[levelOf(n)];
      level.nets.push_back(n);
      walk(n, level, 1);
    }
    const double linkCyclesBefore = linkCycles;
    for (const Level &level : levels)
      time += level.time();
    linkCyclePrice =
        linkCyclesBefore > 0 ? weightOfLinkCycles * time / linkCyclesBefore : 0;
    // The setting up is no part of what was asked for.
    visits = 0;
  }

  void run() {
    while (visits < options.linkVisits) {
      pickLevels();
      if (held.empty())
        return;
      // The choice of levels holds for a while.
      const std::int64_t until =
          visits + std::max<std::int64_t>(1, options.linkVisits / rounds);
      while (visits < std::min(until, options.linkVisits))
        step();
    }
  }

  const std::vector<int> &routers() const { return routerOf; }

private:
  static constexpr int rounds = 64;

  struct Level {
    double cores = 0; ///< cycles a step
    double steps = 0;
    double power = 0;        ///< sum over links of (cycles / scale())^8
    std::vector<float> load; ///< cycles a step, by link
    std::vector<std::size_t> nets = {};

    /// Keeps the powers near 1.
    double scale() const { return std::max(1.0, cores); }
    double links() const { return scale() * fromPower(power); }
    double time() const { return steps * std::max(cores, links()); }
  };

  void addNet(int core, std::size_t net) {
    auto &list = netsOfCore[static_cast<std::size_t>(core)];
    if (list.empty() || list.back() != net)
      list.push_back(net);
  }

  std::size_t levelOf(std::size_t net) const {
    return static_cast<std::size_t>(
        program.mapping.schedule
            .fireLevel[static_cast<std::size_t>(nets[net].stage)]);
  }

  /// Adds the net's packets of a step, or takes them away.
  void walk(std::size_t net, Level &level, int sign) {
    const double scale = 1 / level.scale();
    // A step of the level, as long as its longest train.
    const double share = 1 / std::max(1.0, level.steps);
    walker.forEach(nets[net], routerOf, share, [&](int link, double packets) {
      const auto l = static_cast<std::size_t>(link);
      const double before = level.load[l];
      const double cycles = packets * cyclesOfLink[l];
      const auto after =
          static_cast<float>(std::max(0.0, before + sign * cycles));
      level.load[l] = after;
      level.power += toPower(after * scale) - toPower(before * scale);
      linkCycles += sign * cycles * level.steps;
      ++visits;
    });
  }

  std::size_t below(std::size_t bound) { return random() % bound; }
  double uniform() { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

  /// Levels that their links hold up, each with what a token waits for them.
  void pickLevels() {
    held.clear();
    double sum = 0;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      Level &level = levels[l];
      if (level.nets.empty() || level.links() < nearlyBusy * level.cores)
        continue;
      sum += level.steps * (level.links() - nearlyBusy * level.cores);
      held.emplace_back(sum, l);
    }
  }

  void step() {
    const double at = uniform() * held.back().first;
    const auto chosen = std::lower_bound(
        held.begin(), held.end(), at,
        [](const auto &entry, double value) { return entry.first < value; });
    const Level &level = levels[std::min(chosen, held.end() - 1)->second];
    const TrafficNet &net = nets[level.nets[below(level.nets.size())]];
    const int core = (random() & 1U)
                         ? net.sources[below(net.sources.size())].core
                         : net.readers[below(net.readers.size())];
    // Near steps and far ones alike.
    const int side = std::max(region.width, region.height);
    const double share = uniform();
    const int range = 1 + static_cast<int>(side * share * share * share);
    const int from = routerOf[static_cast<std::size_t>(core)];
    const Occupancy::Move move =
        occupancy.propose(core, from, mesh.router(from), range, random);
    ++visits;
    if (move.core < 0)
      return;
    const double timeBefore = time, linkCyclesBefore = linkCycles;
    exchange(move.core, move.to, move.other);
    const double gained =
        timeBefore - time + linkCyclePrice * (linkCyclesBefore - linkCycles);
    if (gained >= 0) {
      occupancy.apply(move, from);
      return;
    }
    exchange(move.core, from, move.other);
  }

  /// Both cores' nets are taken from the links and put back after the move.
  void exchange(int core, int to, int other) {
    touched = netsOfCore[static_cast<std::size_t>(core)];
    if (other >= 0) {
      const auto &more = netsOfCore[static_cast<std::size_t>(other)];
      touched.insert(touched.end(), more.begin(), more.end());
      std::sort(touched.begin(), touched.end());
      touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    }
    touchedLevels.clear();
    for (std::size_t n : touched)
      touchedLevels.push_back(levelOf(n));
    std::sort(touchedLevels.begin(), touchedLevels.end());
    touchedLevels.erase(std::unique(touchedLevels.begin(), touchedLevels.end()),
                        touchedLevels.end());
    for (std::size_t l : touchedLevels)
      time -= levels[l].time();
    for (std::size_t n : touched)
      walk(n, levels[levelOf(n)], -1);
    if (other >= 0)
      routerOf[static_cast<std::size_t>(other)] =
          routerOf[static_cast<std::size_t>(core)];
    routerOf[static_cast<std::size_t>(core)] = to;
    for (std::size_t n : touched)
      walk(n, levels[levelOf(n)], 1);
    for (std::size_t l : touchedLevels)
      time += levels[l].time();
  }

  const std::vector<TrafficNet> &nets;
  const Program &program;
  const Mesh mesh;
  const RouterRectangle region;
  const ReliefOptions options;
  std::mt19937_64 random;
  NetLinks walker;
  Occupancy occupancy;
  std::vector<int> routerOf;
  std::vector<std::vector<std::size_t>> netsOfCore;
  std::vector<double> cyclesOfLink; ///< of a packet
  std::vector<Level> levels;
  std::vector<std::pair<double, std::size_t>> held; ///< sums, ascending
  std::vector<std::size_t> touched, touchedLevels;  ///< memory of exchange
  double time = 0;
  double linkCycles = 0; ///< of all packets, links and steps
  double linkCyclePrice = 0;
  std::int64_t visits = 0;
};

} // namespace

void relieveLinks(const CostModel &model, const Program &program,
                  const Routing &routing, const RouterRectangle &region,
                  const ReliefOptions &options,
                  std::vector<int> &routerOfCore) {
  if (routerOfCore.empty())
    return;
  Relief relief(model, program, routing, region, options, routerOfCore);
  relief.run();
  routerOfCore = relief.routers();
}

} // namespace synfire
