//===- Traffic.cpp - synthetic traffic through a mesh ---------------------===//
#include "simulator/noc/Traffic.h"

#include "runtime/support/DivideUp.h"
#include "simulator/noc/LatencyHistogram.h"
#include "simulator/noc/RouterMesh.h"
#include "simulator/noc/TrafficSenders.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <random>

namespace synfire {
namespace {

/// A sample counts as settled below this relative change (BookSim2's
/// stopping_thres and acc_stopping_thres).
constexpr double settled = 0.05;
constexpr int settledSamples = 3;
/// While draining, the limit of the latency is looked at this often.
constexpr std::uint64_t drainPeriod = 1000;
/// Between loads in the search of the greatest stable one.
constexpr double leastStep = 1e-4;
/// Beyond any run; keeps cycles of hardly any load within 64 bits.
constexpr double longestGap = 0x1p60;

class Bench {
public:
  Bench(const NocTiming &timing, const Routing &ways, RouterMesh &network,
        const TrafficSenders &who, const TrafficSetup &setup,
        const TrafficOptions &traffic)
      : routing(ways), mesh(network), senders(who), options(traffic),
        latencyLimit(setup.latencyLimit), random(traffic.seed),
        flitsPerPacket(timing.flitsPerPacket),
        chipLinkCycles(timing.chipLinkCyclesPerFlit),
        packetLoad(traffic.load / timing.flitsPerPacket) {
    // Samples that end before the first packets have come would miss them.
    const auto period = static_cast<std::uint64_t>(traffic.samplePeriod);
    const auto filling =
        static_cast<int>(divideUp(setup.greatestZeroLoadLatency, period));
    const int more = std::max(0, filling - options.warmUpPeriods);
    options.warmUpPeriods += more;
    options.largestNumberOfSamples += more;
    sources.reserve(who.cores().size());
    for (int core : who.cores())
      sources.push_back({core, 0});
    for (Source &source : sources)
      source.next = gap() - 1;
  }

  TrafficResult run();

private:
  struct Source {
    int core = 0;
    std::uint64_t next = 0; ///< the cycle in which it makes its next packet
  };
  /// Latencies of packets since the last reset.
  struct Sample {
    double sum = 0;
    std::uint64_t packets = 0, least = ~std::uint64_t(0), greatest = 0;
    LatencyHistogram latencies;
    double mean() const {
      return packets == 0 ? 0 : sum / static_cast<double>(packets);
    }
    void clear() {
      sum = 0;
      packets = greatest = 0;
      least = ~std::uint64_t(0);
      latencies.clear();
    }
  };

  /// (0, 1], the same on every platform.
  double uniform() {
    return (static_cast<double>(random() >> 11) + 1) * 0x1p-53;
  }
  /// Cycles up to the next packet of a Bernoulli process: geometric.
  std::uint64_t gap() {
    if (packetLoad >= 1)
      return 1;
    return 1 + static_cast<std::uint64_t>(std::min(
                   longestGap, std::log(uniform()) / std::log1p(-packetLoad)));
  }
  int hopsBetween(int from, int to) const {
    if (!routing.isXY())
      return routing.routeBetweenCores(from, to).hops();
    const RouterCoordinate a = routing.mesh().routerOfCore(from),
                           b = routing.mesh().routerOfCore(to);
    return std::abs(a.x - b.x) + std::abs(a.y - b.y);
  }

  void makePackets();
  void step();
  double latencyWithAges() const;
  bool tooSlow() const { return latencyWithAges() > latencyLimit; }
  bool warmUpAndSample();
  bool drain();
  void findBusiestLink(TrafficResult &result) const;

  const Routing &routing;
  RouterMesh &mesh;
  const TrafficSenders &senders;
  TrafficOptions options;
  double latencyLimit;
  std::vector<Source> sources;
  std::mt19937_64 random;
  int flitsPerPacket, chipLinkCycles;
  double packetLoad;

  std::vector<RouterMesh::Delivery> arrived;
  bool warmingUp = true;
  std::uint64_t measureUntil = ~std::uint64_t(0); ///< packets made before it
  std::uint64_t countedFrom = 0;                  ///< cycle of the last reset
  std::uint64_t accepted = 0;                     ///< packets since then
  std::vector<std::uint64_t> crossedBefore;       ///< flits by link, up to it
  std::uint64_t measuredUnderWay = 0;
  std::uint64_t underWay = 0; ///< all packets
  double bornUnderWay = 0;    ///< the sum of the cycles in which they were made
  double hops = 0;
  std::uint64_t traversals = 0;
  Sample sample;
};

void Bench::makePackets() {
  const std::uint64_t now = mesh.now();
  for (Source &source : sources) {
    // One at a time, as long as it takes: later ones wait outside, and their
    // latency has begun.
    if (source.next > now || !mesh.sourceIdle(source.core))
      continue;
    const std::uint64_t born = source.next;
    source.next += gap();
    const int to =
        senders.destination(source.core, [this] { return uniform(); });
    const bool measured = !warmingUp && born < measureUntil;
    const int distance = hopsBetween(source.core, to);
    traversals += static_cast<std::uint64_t>((distance + 1) * flitsPerPacket);
    if (measured) {
      ++measuredUnderWay;
      hops += distance;
    }
    ++underWay;
    bornUnderWay += static_cast<double>(born);
    mesh.send(source.core, to, born << 1 | (measured ? 1 : 0));
  }
}

void Bench::step() {
  makePackets();
  arrived.clear();
  mesh.step(arrived);
  const std::uint64_t now = mesh.now() - 1;
  for (const RouterMesh::Delivery &delivery : arrived) {
    const std::uint64_t born = delivery.tag >> 1;
    const bool measured = (delivery.tag & 1) != 0;
    --underWay;
    bornUnderWay -= static_cast<double>(born);
    if (measureUntil == ~std::uint64_t(0))
      ++accepted;
    if (measured)
      --measuredUnderWay;
    if (!measured && !warmingUp)
      continue;
    const std::uint64_t latency = now - born;
    sample.sum += static_cast<double>(latency);
    ++sample.packets;
    sample.least = std::min(sample.least, latency);
    sample.greatest = std::max(sample.greatest, latency);
    sample.latencies.add(latency);
  }
}

/// Of what is under way every flit counts, as in BookSim2.
double Bench::latencyWithAges() const {
  const double waiting = static_cast<double>(underWay) * flitsPerPacket;
  const double counted = static_cast<double>(sample.packets) + waiting;
  const double ages =
      waiting * static_cast<double>(mesh.now()) - bornUnderWay * flitsPerPacket;
  return counted > 0 ? (sample.sum + ages) / counted : 0;
}

/// False if the network is unstable.
bool Bench::warmUpAndSample() {
  int inARow = 0;
  double lastLatency = 0, lastAccepted = 0;
  for (int period = 0; period < options.largestNumberOfSamples &&
                       (warmingUp || inARow < settledSamples);
       ++period) {
    if (warmingUp ? period % 2 == 0 : period == options.warmUpPeriods) {
      sample.clear();
      accepted = 0;
      countedFrom = mesh.now();
      if (!warmingUp)
        crossedBefore = mesh.flitsOverLinks();
    }
    for (int i = 0; i < options.samplePeriod; ++i)
      step();
    if (tooSlow())
      return false;
    const double latency = sample.mean();
    const double rate = static_cast<double>(accepted) /
                        static_cast<double>(std::max<std::uint64_t>(
                            1, mesh.now() - countedFrom));
    const bool same = std::fabs(latency - lastLatency) <= settled * latency &&
                      std::fabs(rate - lastAccepted) <= settled * rate;
    lastLatency = latency;
    lastAccepted = rate;
    if (warmingUp)
      warmingUp = period + 1 < options.warmUpPeriods;
    else
      inARow = same ? inARow + 1 : 0;
  }
  return !warmingUp;
}

/// Until all measured packets have arrived; false if that takes too long.
bool Bench::drain() {
  measureUntil = mesh.now();
  const auto waitingOutside = [&] {
    return std::any_of(
        sources.begin(), sources.end(),
        [&](const Source &source) { return source.next < measureUntil; });
  };
  for (std::uint64_t steps = 1; measuredUnderWay > 0 || waitingOutside();
       ++steps) {
    step();
    if (steps % drainPeriod == 0 && tooSlow())
      return false;
  }
  return true;
}

void Bench::findBusiestLink(TrafficResult &result) const {
  const std::vector<std::uint64_t> crossed = mesh.flitsOverLinks();
  const Mesh &grid = routing.mesh();
  std::uint64_t longest = 0;
  for (std::size_t number = 0; number < crossed.size(); ++number) {
    const int link = static_cast<int>(number);
    std::uint64_t held = crossed[number] - crossedBefore[number];
    if (held > 0 && grid.chipNumber(grid.router(linkSource(link))) !=
                        grid.chipNumber(grid.router(linkTarget(grid, link))))
      held *= static_cast<std::uint64_t>(chipLinkCycles);
    if (held > longest) {
      longest = held;
      result.busiestLink = link;
    }
  }
  // The last flit may hold a slow link beyond the end of a short sample.
  result.busiestLinkUtilisation =
      std::min(1.0, static_cast<double>(longest) /
                        static_cast<double>(mesh.now() - countedFrom));
}

TrafficResult Bench::run() {
  TrafficResult result;
  result.offered = options.load;
  result.stable = warmUpAndSample();
  if (result.stable) {
    const double coreCycles = static_cast<double>(mesh.now() - countedFrom) *
                              static_cast<double>(sources.size());
    result.accepted =
        static_cast<double>(accepted) * flitsPerPacket / coreCycles;
    findBusiestLink(result);
    result.stable = drain();
  }
  result.cycles = mesh.now();
  result.routerTraversals = traversals;
  if (!result.stable) {
    result.meanLatency = latencyWithAges();
    return result;
  }
  result.packets = sample.packets;
  if (sample.packets == 0)
    return result;
  result.meanLatency = sample.mean();
  result.leastLatency = sample.least;
  result.greatestLatency = sample.greatest;
  result.latency50 = sample.latencies.percentile(50);
  result.latency95 = sample.latencies.percentile(95);
  result.latency99 = sample.latencies.percentile(99);
  result.meanHops = hops / static_cast<double>(sample.packets);
  return result;
}

} // namespace

Status checkTrafficLoad(double load) {
  if (load > 0 && load <= 1)
    return {};
  return makeError(fmt::format("load {}", load), "",
                   "it counts flits a core and cycle: above 0, at most 1");
}

Result<TrafficResult> runTraffic(const NocTiming &timing, const Routing &ways,
                                 const TrafficOptions &options) {
  SYNFIRE_TRY(checkTrafficLoad(options.load));
  if (options.samplePeriod < 1 || options.warmUpPeriods < 1 ||
      options.largestNumberOfSamples <= options.warmUpPeriods)
    return makeError("traffic: no cycle is left to be sampled");
  SYNFIRE_ASSIGN(const TrafficSenders senders,
                 TrafficSenders::create(ways, options));
  SYNFIRE_ASSIGN(const TrafficSetup setup, trafficSetup(timing, ways, options));
  const MulticastForest none(ways);
  NocTiming singly = timing;
  singly.multicast = Multicast::Unicast;
  SYNFIRE_ASSIGN(RouterMesh mesh, RouterMesh::create(singly, ways, none));
  TrafficResult result =
      Bench(singly, ways, mesh, senders, setup, options).run();
  if (result.stable && result.packets == 0)
    return makeError(fmt::format("load {}: no packet in {} cycles",
                                 options.load, result.cycles),
                     "", "give a larger load or longer samples");
  return result;
}

Result<double> saturationLoad(const NocTiming &timing, const Routing &ways,
                              TrafficOptions options, double tolerance) {
  double stable = 0, unstable = 1;
  options.load = 1;
  SYNFIRE_ASSIGN(TrafficResult full, runTraffic(timing, ways, options));
  if (full.stable)
    return 1.0;
  while (unstable - stable > std::max(leastStep, tolerance * unstable)) {
    options.load = (stable + unstable) / 2;
    SYNFIRE_ASSIGN(TrafficResult result, runTraffic(timing, ways, options));
    (result.stable ? stable : unstable) = options.load;
  }
  return stable;
}

} // namespace synfire
