//===- TrafficSenders.cpp - which cores send, and where to ----------------===//
#include "simulator/noc/TrafficSenders.h"

#include "simulator/noc/UnloadedWay.h"

#include <algorithm>
#include <random>
#include <set>

namespace synfire {
namespace {

/// Of pairs of cores on the idle mesh.
class ZeroLoad {
public:
  ZeroLoad(const NocTiming &timing, const Routing &ways)
      : way(timing), routing(ways),
        coresPerRouter(ways.mesh().cores() / ways.mesh().routers()) {}

  /// Calls latencyOf(number) for `pairs` pairs of cores, or as many that are
  /// drawn as there may be; returns the mean.
  template <typename LatencyOf>
  double mean(std::uint64_t pairs, LatencyOf &&latencyOf) {
    const std::uint64_t most = way.followsFlits()
                                   ? TrafficSetup::mostPairsOfLongPackets
                                   : TrafficSetup::mostPairs;
    const std::uint64_t taken = std::min(pairs, most);
    double sum = 0;
    for (std::uint64_t i = 0; i < taken; ++i)
      sum += latencyOf(taken == pairs ? i : random() % pairs);
    return sum / static_cast<double>(taken);
  }
  /// From each of `from` to each of `to`.
  double meanOfAll(const std::vector<int> &from, const std::vector<int> &to) {
    return mean(std::uint64_t(from.size()) * to.size(),
                [&](std::uint64_t pair) {
                  return latency(from[pair / to.size()], to[pair % to.size()]);
                });
  }

  double latency(int from, int to) {
    way.start();
    routing.forEachLink(from / coresPerRouter, to / coresPerRouter,
                        [&](const MeshLink &link) {
                          way.cross(link.number % 4, link.betweenChips);
                        });
    const std::int64_t arrival = way.finish().arrival;
    greatest = std::max(greatest, static_cast<std::uint64_t>(arrival));
    return static_cast<double>(arrival);
  }

  std::uint64_t greatest = 0;
  std::mt19937_64 random{1};

private:
  UnloadedWay way;
  const Routing &routing;
  int coresPerRouter;
};

} // namespace

Result<TrafficSenders> TrafficSenders::create(const Routing &ways,
                                              const TrafficOptions &options) {
  const Mesh &mesh = ways.mesh();
  TrafficSenders made;
  made.coresPerRouter = mesh.cores() / mesh.routers();
  made.unusable = mesh.cores() - ways.usableCores();
  std::vector<int> working;
  for (int core = 0; core < mesh.cores(); ++core)
    if (ways.usable(core))
      working.push_back(core);
  if (working.empty())
    return makeError("no core of the chip works", "traffic", "see its faults");
  if (options.pattern == TrafficPattern::Uniform) {
    made.senders = made.usable = std::move(working);
  } else {
    SYNFIRE_ASSIGN(made.routers, trafficDestinations(options.pattern, mesh));
    for (int core : working)
      if (ways.usable(made.fixedDestination(core)))
        made.senders.push_back(core);
      else
        ++made.withoutDestination;
    if (made.senders.empty())
      return makeError(
          std::string("no core can send: where pattern '") +
              trafficPatternName(options.pattern) + "' sends the " +
              std::to_string(working.size()) + " that work, none does",
          "traffic", "see the faults of the chip, or take another pattern");
  }
  if (options.hotspots.empty() && options.hotspotShare == 0)
    return made;
  if (options.hotspots.empty())
    return makeError("a share of the packets for hotspots, but none is given",
                     "traffic", "name the routers that are hotspots");
  if (!(options.hotspotShare > 0 && options.hotspotShare <= 1))
    return makeError("hotspot share " + std::to_string(options.hotspotShare),
                     "traffic",
                     "it is the share of all packets that hotspots get: above "
                     "0, at most 1");
  made.share = options.hotspotShare;
  std::set<int> seen;
  for (const int router : options.hotspots) {
    if (router < 0 || router >= mesh.routers())
      return makeError("hotspot at router " + std::to_string(router), "traffic",
                       "routers are 0 to " +
                           std::to_string(mesh.routers() - 1));
    if (!seen.insert(router).second)
      return makeError(
          "hotspot at router " + std::to_string(router) + " is given twice",
          "traffic", "all hotspots get packets alike: name each router once");
    const std::size_t before = made.hot.size();
    for (int slot = 0; slot < made.coresPerRouter; ++slot)
      if (ways.usable(router * made.coresPerRouter + slot))
        made.hot.push_back(router * made.coresPerRouter + slot);
    if (made.hot.size() == before)
      return makeError("hotspot at router " + std::to_string(router) +
                           ": none of its cores works",
                       "traffic", "see the faults of the chip");
  }
  return made;
}

Result<TrafficSetup> trafficSetup(const NocTiming &timing, const Routing &ways,
                                  const TrafficOptions &options) {
  SYNFIRE_ASSIGN(const TrafficSenders senders,
                 TrafficSenders::create(ways, options));
  TrafficSetup setup;
  setup.sendingCores = static_cast<int>(senders.cores().size());
  setup.unusableCores = senders.unusableCores();
  setup.coresWithoutDestination = senders.coresWithoutDestination();

  ZeroLoad zero(timing, ways);
  const double share = senders.hotspotShare();
  if (share > 0)
    setup.zeroLoadLatency +=
        share * zero.meanOfAll(senders.cores(), senders.hotspotCores());
  if (share < 1 && !senders.anyDestination().empty()) {
    setup.zeroLoadLatency +=
        (1 - share) * zero.meanOfAll(senders.cores(), senders.anyDestination());
  } else if (share < 1) {
    const std::vector<int> &cores = senders.cores();
    setup.zeroLoadLatency +=
        (1 - share) * zero.mean(cores.size(), [&](std::uint64_t number) {
          return zero.latency(cores[number],
                              senders.fixedDestination(cores[number]));
        });
  }
  setup.greatestZeroLoadLatency = zero.greatest;
  setup.latencyLimit = options.latencyLimit.value_or(std::max(
      TrafficOptions::leastLatencyLimit,
      TrafficOptions::zeroLoadMultiple * static_cast<double>(zero.greatest)));
  if (!(setup.latencyLimit > 0))
    return makeError("latency limit " + std::to_string(setup.latencyLimit),
                     "traffic", "it is a number of network cycles above 0");
  return setup;
}

} // namespace synfire
