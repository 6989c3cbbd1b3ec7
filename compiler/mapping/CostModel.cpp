//===- CostModel.cpp - what a mapping is expected to cost -----------------===//
#include "compiler/mapping/CostModel.h"

#include "runtime/program/Trains.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace synfire {

CostModel::CostModel(const Program &compiled,
                     std::vector<StageActivity> expected, const Routing &ways)
    : program(compiled), expectedEvents(std::move(expected)), routing(ways),
      trafficOfNets(trafficNets(compiled, expectedEvents)),
      netsOfStage(program.stages.size()), sumsOfStage(program.stages.size()),
      tilesOfStage(program.stages.size()), heardOfStage(program.stages.size()),
      stagesOfLevel(
          static_cast<std::size_t>(program.mapping.schedule.levels())) {
  const std::vector<Tile> &tiles = program.mapping.tiles;
  works.reserve(tiles.size());
  using Crowd = std::tuple<int, int, int, int, int>;
  std::map<Crowd, int> crowdNumbers;
  int lastCore = 0;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    tilesOfStage[static_cast<std::size_t>(tiles[t].stage)].push_back(
        static_cast<int>(t));
    works.push_back(tileWork(program, expectedEvents, tiles[t]));
    for (const Reception &reception : works.back().receptions) {
      const NeuronBlock &block = reception.block;
      const auto [crowd, fresh] = crowdNumbers.try_emplace(
          Crowd(reception.source, block.groupBegin, block.groupEnd,
                block.columnBegin, block.columnEnd),
          crowds);
      crowds += fresh;
      heardOfStage[static_cast<std::size_t>(reception.source)].push_back(
          {tiles[t].core, crowd->second, reception.neurons, reception.load});
    }
    lastCore = std::max(lastCore, tiles[t].core);
  }
  for (std::size_t n = 0; n < trafficOfNets.size(); ++n)
    (trafficOfNets[n].sums
         ? sumsOfStage
         : netsOfStage)[static_cast<std::size_t>(trafficOfNets[n].stage)]
        .push_back(static_cast<int>(n));
  for (std::size_t s = 0; s < program.stages.size(); ++s)
    stagesOfLevel[static_cast<std::size_t>(
                      program.mapping.schedule.fireLevel[s])]
        .push_back(static_cast<int>(s));
  const Mesh &mesh = routing.mesh();
  for (int core = 0; core <= lastCore; ++core)
    routerOfCore.push_back(
        core < mesh.cores() ? mesh.routerNumber(mesh.routerOfCore(core)) : 0);
}

/// Squared deviation over squared mean of the events of so many neurons in a
/// step in which they fire independently of each other.
double CostModel::spread(int stage, double share, double neurons) const {
  const StageActivity &of = expectedEvents[static_cast<std::size_t>(stage)];
  const double firing = of.eventsPerNeuron / of.steps * share;
  return firing > 0 && firing < 1 && neurons > 0
             ? (1 - firing) / (firing * neurons)
             : 0;
}

void CostModel::addStage(int stage, int step, Window &window) const {
  const auto s = static_cast<std::size_t>(stage);
  auto at = [&](int core) -> CoreLoad & {
    CoreLoad &load = window.loads[static_cast<std::size_t>(core)];
    if (!load.used)
      window.touched.push_back(core);
    load.used = true;
    return load;
  };
  const double share = expectedEvents[s].shareOfStep(step);
  const double packetShare = share / expectedEvents[s].steps;
  const double perNeuron =
      expectedEvents[s].eventsPerNeuron * expectedEvents[s].packetsPerEvent;
  const CoreTiming &timing = program.mapping.chip.timing;
  const bool tree = program.mapping.chip.noc.multicast == Multicast::Tree;
  for (int tile : tilesOfStage[s]) {
    const TileWork &work = works[static_cast<std::size_t>(tile)];
    if (!program.mapping.tiles[static_cast<std::size_t>(tile)].hasNeurons())
      continue;
    CoreLoad &load =
        at(program.mapping.tiles[static_cast<std::size_t>(tile)].core);
    load.setup += work.setup;
    load.update += work.update + (share - 1) * work.spiking;
  }
  for (int n : netsOfStage[s]) {
    const TrafficNet &net = trafficOfNets[static_cast<std::size_t>(n)];
    const double copies = tree ? 1 : static_cast<double>(net.readers.size());
    for (const TrafficNet::Source &source : net.sources) {
      CoreLoad &load = at(source.core);
      const double cycles =
          walkCycles(timing, source.packets * packetShare * copies);
      load.walk += cycles;
      load.walkVariance +=
          cycles * cycles * spread(stage, share, source.packets / perNeuron);
    }
  }
  for (const Heard &heard : heardOfStage[s]) {
    CoreLoad &load = at(heard.core);
    const InputLoad input = heard.load * share;
    load.input += input;
    load.inputVariance += input.squares() * spread(stage, share, heard.neurons);
    if (load.crowd < 0 || input.slowest() > load.ofThatCrowd) {
      load.crowd = heard.crowd;
      load.ofThatCrowd = input.slowest();
    }
  }
}

/// Cycles of a packet over the longest route of the net.
double CostModel::longestRoute(int number, Window &window) const {
  const TrafficNet &net = trafficOfNets[static_cast<std::size_t>(number)];
  window.latency.resize(trafficOfNets.size(), 0.0);
  double &latency = window.latency[static_cast<std::size_t>(number)];
  if (latency > 0)
    return latency;
  struct Box {
    RouterCoordinate low{1 << 30, 1 << 30}, high{-1, -1};
    void add(RouterCoordinate at) {
      low = {std::min(low.x, at.x), std::min(low.y, at.y)};
      high = {std::max(high.x, at.x), std::max(high.y, at.y)};
    }
  } from, to;
  const Mesh &mesh = routing.mesh();
  for (const TrafficNet::Source &source : net.sources)
    from.add(mesh.router(routerOfCore[static_cast<std::size_t>(source.core)]));
  for (int core : net.readers)
    to.add(mesh.router(routerOfCore[static_cast<std::size_t>(core)]));
  // Hops and chip borders between the extremes of one axis.
  struct Span {
    int hops = 0, borders = 0;
    void add(int low, int high, int chipSide) {
      hops = std::max(hops, high - low);
      borders = std::max(borders, high / chipSide - low / chipSide);
    }
  } x, y;
  const MeshShape &shape = program.mapping.chip.mesh;
  x.add(from.low.x, to.high.x, shape.chipWidth);
  x.add(to.low.x, from.high.x, shape.chipWidth);
  y.add(from.low.y, to.high.y, shape.chipHeight);
  y.add(to.low.y, from.high.y, shape.chipHeight);
  latency = static_cast<double>(program.mapping.chip.noc.latencyCycles(
      x.hops, y.hops, x.borders + y.borders));
  return latency;
}

/// Cycles until the last core is done with one step of these stages. A core's
/// output side paces itself by the slower of neurons and axons; its input side
/// by its slowest pipeline stage, and cannot end before the last packet. Cores
/// that mostly hear the same neurons are busy in the same steps, others
/// independently of each other.
double CostModel::finish(Window &window, bool first) const {
  std::vector<CoreLoad> &loads = window.loads;
  auto begin = [&](const CoreLoad &load) { return first ? load.setup : 0.0; };
  std::vector<RandomLoad> waits;
  double end = 0;
  for (int core : window.touched) {
    CoreLoad &load = loads[static_cast<std::size_t>(core)];
    load.firstArrival = 1e300;
    load.lastArrival = 0;
    load.bursts = 0;
    end = std::max(end, begin(load) + load.update);
    if (load.walk > 0)
      waits.push_back({begin(load) + load.walk, std::sqrt(load.walkVariance)});
  }
  const CoreTiming &timing = program.mapping.chip.timing;
  const auto nearest =
      static_cast<double>(program.mapping.chip.noc.latencyCycles(0, 0, 0));
  for (int stage : window.stages)
    for (int n : netsOfStage[static_cast<std::size_t>(stage)]) {
      const TrafficNet &net = trafficOfNets[static_cast<std::size_t>(n)];
      const double way = longestRoute(n, window);
      double earliest = 1e300, latest = 0;
      for (const TrafficNet::Source &source : net.sources) {
        const CoreLoad &load = loads[static_cast<std::size_t>(source.core)];
        earliest = std::min(earliest, begin(load) + walkCycles(timing, 1.0));
        latest =
            std::max(latest, begin(load) + std::max(load.update, load.walk));
      }
      for (int core : net.readers) {
        CoreLoad &load = loads[static_cast<std::size_t>(core)];
        load.firstArrival = std::min(load.firstArrival, earliest + nearest);
        load.lastArrival = std::max(load.lastArrival, latest + way);
        load.bursts += static_cast<int>(net.sources.size());
      }
    }
  for (int core : window.touched) {
    const CoreLoad &load = loads[static_cast<std::size_t>(core)];
    if (load.bursts == 0)
      continue;
    end = std::max(end, load.lastArrival);
    RandomLoad &busiest = window.busiest[static_cast<std::size_t>(load.crowd)];
    if (busiest.mean == 0)
      window.crowds.push_back(load.crowd);
    const RandomLoad own = {load.firstArrival + load.input.slowest(),
                            std::sqrt(load.inputVariance.slowest())};
    if (own.mean + own.deviation > busiest.mean + busiest.deviation)
      busiest = own;
  }
  for (int crowd : window.crowds) {
    RandomLoad &busiest = window.busiest[static_cast<std::size_t>(crowd)];
    waits.push_back(busiest);
    busiest = {};
  }
  window.crowds.clear();
  return expectedMaximum(end, std::move(waits));
}

/// Cycles for which the busiest link moves the sums of these stages' split
/// inputs, of one frame.
double CostModel::sumCycles(const std::vector<int> &stages,
                            Window &window) const {
  window.links.clear();
  for (int stage : stages)
    for (int n : sumsOfStage[static_cast<std::size_t>(stage)])
      window.links.add(trafficOfNets[static_cast<std::size_t>(n)], routerOfCore,
                       1.0 / program.frames);
  return window.links.busiestCycles();
}

/// Cycles for which the busiest link moves the packets of one step. Where all
/// stages send the same share of their events, as those of one level mostly do,
/// one step tells the others.
double CostModel::busiestLink(int step, Window &window) const {
  auto shareOf = [&](int stage) {
    return expectedEvents[static_cast<std::size_t>(stage)].shareOfStep(step);
  };
  const double share = shareOf(window.stages.front());
  const bool alike =
      share > 0 && std::all_of(window.stages.begin(), window.stages.end(),
                               [&](int s) { return shareOf(s) == share; });
  if (alike && window.linkStages == window.stages)
    return window.linkCycles * share / window.linkShare;
  window.links.clear();
  for (int stage : window.stages) {
    const auto s = static_cast<std::size_t>(stage);
    for (int n : netsOfStage[s])
      window.links.add(trafficOfNets[static_cast<std::size_t>(n)], routerOfCore,
                       shareOf(stage) / expectedEvents[s].steps);
  }
  const double cycles = window.links.busiestCycles();
  window.linkStages.clear();
  if (alike) {
    window.linkStages = window.stages;
    window.linkShare = share;
    window.linkCycles = cycles;
  }
  return cycles;
}

WindowCost CostModel::windowCost(const std::vector<int> &stages,
                                 Window &window) const {
  auto stepsOf = [&](int stage) {
    return std::max(
        1,
        frameSteps(program, program.stages[static_cast<std::size_t>(stage)]));
  };
  // Steps at which what some stage sends changes, or ends.
  std::vector<int> ends = {0};
  for (int stage : stages) {
    const StageActivity &of = expectedEvents[static_cast<std::size_t>(stage)];
    for (int step = 1; step < static_cast<int>(of.profile.size()); ++step)
      if (of.shareOfStep(step) != of.shareOfStep(step - 1))
        ends.push_back(step);
    ends.push_back(stepsOf(stage));
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());

  WindowCost cost;
  cost.steps = ends.back();
  window.loads.resize(routerOfCore.size());
  window.busiest.resize(static_cast<std::size_t>(crowds));
  for (std::size_t i = 1; i < ends.size(); ++i) {
    const int first = ends[i - 1];
    window.stages.clear();
    for (int stage : stages)
      if (first < stepsOf(stage)) {
        window.stages.push_back(stage);
        addStage(stage, first, window);
      }
    const double links = busiestLink(first, window);
    const double cores = finish(window, false);
    const double steps = ends[i] - first;
    cost.links += steps * links;
    cost.cores += steps * cores;
    cost.cycles += steps * std::max(cores, links);
    if (first == 0) {
      const double slower = finish(window, true) + sumCycles(stages, window);
      cost.cores += slower - cores;
      cost.cycles += std::max(slower, links) - std::max(cores, links);
    }
    for (int core : window.touched)
      window.loads[static_cast<std::size_t>(core)] = CoreLoad();
    window.touched.clear();
  }
  window.linkStages.clear();
  return cost;
}

std::vector<WindowCost> CostModel::levelCosts() const {
  Window window(program.mapping.chip, routing);
  std::vector<WindowCost> costs;
  costs.reserve(stagesOfLevel.size());
  for (const std::vector<int> &stages : stagesOfLevel)
    costs.push_back(windowCost(stages, window));
  return costs;
}

UsedMesh CostModel::usedMesh() const {
  UsedMesh used(routing.mesh());
  for (const Tile &tile : program.mapping.tiles)
    used.add(routing.mesh().router(
        routerOfCore[static_cast<std::size_t>(tile.core)]));
  return used;
}

double CostModel::dynamicPicojoules(const CostPrediction &traffic,
                                    double delivered,
                                    double partialSums) const {
  const ChipEnergy &price = program.mapping.chip.energy;
  double operations = 0, fired = 0, updates = 0;
  for (std::size_t t = 0; t < works.size(); ++t) {
    for (const Reception &reception : works[t].receptions)
      operations += reception.operations;
    const auto stage = static_cast<std::size_t>(program.mapping.tiles[t].stage);
    operations += works[t].additions;
    updates += works[t].updates;
    if (!program.stages[stage].digital)
      fired += std::min(works[t].events * expectedEvents[stage].steps,
                        works[t].updates);
  }
  return operations * price.synapticOperation + fired * price.neuronUpdate +
         (updates - fired) * price.neuronUpdateInactive +
         fired * price.spikeFired + delivered * price.messageReceived +
         traffic.packets * price.spikeWithinRouter +
         partialSums * (price.messageReceived + price.spikeWithinRouter +
                        price.synapticOperation) +
         traffic.eastWestHops * price.hopEastWest +
         traffic.northSouthHops * price.hopNorthSouth;
}

CostPrediction CostModel::predict() const {
  CostPrediction cost;
  Window window(program.mapping.chip, routing);
  LinkTraffic &links = window.links;
  const bool tree = program.mapping.chip.noc.multicast == Multicast::Tree;
  double delivered = 0, partialSums = 0;
  for (const TrafficNet &net : trafficOfNets) {
    links.add(net, routerOfCore, 1);
    double sent = 0;
    for (const TrafficNet::Source &source : net.sources)
      sent += source.packets;
    if (net.sums) {
      partialSums += sent;
      continue;
    }
    const double arriving = sent * static_cast<double>(net.readers.size());
    delivered += arriving;
    cost.packets += tree ? sent : arriving;
  }
  cost.eastWestHops = links.eastWestHops();
  cost.northSouthHops = links.northSouthHops();
  cost.chipCrossings = links.chipCrossings();

  const Schedule &schedule = program.mapping.schedule;
  const UsedMesh used = usedMesh();
  const auto barrier =
      static_cast<double>(used.barrierCycles(program.mapping.chip.noc));
  int longest = 1;
  for (int level = 0; level < schedule.levels(); ++level) {
    const int steps = schedule.levelSteps[static_cast<std::size_t>(level)];
    cost.levelCycles.push_back(
        windowCost(stagesOfLevel[static_cast<std::size_t>(level)], window)
            .cycles +
        steps * barrier);
    longest = std::max(longest, steps);
  }
  // Frame f fires at a level f windows later; those of one window take as long
  // as its slowest.
  const int levels = schedule.levels();
  for (int last = 0; last < levels + program.frames - 1; ++last) {
    double slowest = 0;
    for (int level = std::max(0, last - program.frames + 1);
         level <= std::min(last, levels - 1); ++level)
      slowest =
          std::max(slowest, cost.levelCycles[static_cast<std::size_t>(level)]);
    cost.tokenCycles += slowest;
  }
  std::vector<int> all(program.stages.size());
  for (std::size_t s = 0; s < all.size(); ++s)
    all[s] = static_cast<int>(s);
  cost.windowCycles =
      program.frames * (windowCost(all, window).cycles + longest * barrier);
  const ChipModel &chip = program.mapping.chip;
  cost.picojoules = dynamicPicojoules(cost, delivered, partialSums);
  if (chip.timing.clockHz > 0)
    cost.picojoules += cost.tokenCycles / chip.timing.clockHz * used.chips() *
                       chip.energy.staticWattsPerChip * 1e12;
  return cost;
}

} // namespace synfire
