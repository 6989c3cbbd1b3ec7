//===- Traffic.h - synthetic traffic through a mesh -------------*- C++ -*-===//
//
// The test bench of the packet network: Bernoulli sources, latency against
// load. Warm-up, samples, convergence and what counts as unstable are those of
// BookSim2's trafficmanager, so that curves can be laid over each other.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_TRAFFIC_H
#define SYNFIRE_SIMULATOR_NOC_TRAFFIC_H

#include "runtime/program/Routing.h"
#include "runtime/support/Status.h"
#include "simulator/noc/TrafficPattern.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace synfire {

struct TrafficOptions {
  TrafficPattern pattern = TrafficPattern::Uniform;
  /// Routers to whose cores a share of all packets goes, each core alike; the
  /// others follow the pattern. Both or none; the share in (0, 1].
  std::vector<int> hotspots;
  double hotspotShare = 0;
  double load = 0.1; ///< flits a sending core and network cycle, in (0, 1]
  std::uint64_t seed = 1;
  int samplePeriod = 5000; ///< network cycles
  /// More where they would end before a packet can have crossed the idle mesh.
  int warmUpPeriods = 3;
  /// With a warm-up of `warmUpPeriods` included. Sampling ends before it with
  /// three samples in a row after which mean latency and throughput changed by
  /// less than 5 %.
  int largestNumberOfSamples = 10;
  /// Unstable once the mean latency of all packets, with the age of each flit
  /// under way, exceeds so many network cycles. Without it
  /// max(leastLatencyLimit, zeroLoadMultiple x the greatest latency on the idle
  /// mesh).
  std::optional<double> latencyLimit;

  static constexpr double leastLatencyLimit = 500; ///< BookSim2's latency_thres
  static constexpr double zeroLoadMultiple = 2;
};

/// What is the same for every load. Latencies are network cycles.
struct TrafficSetup {
  int sendingCores = 0;
  int unusableCores = 0; ///< dead, disabled or cut off
  /// They work, but where their pattern sends does not: they send nothing.
  int coresWithoutDestination = 0;
  /// On the idle mesh, of the packets that the options make: over all pairs of
  /// cores, or mostPairs that are drawn. Those of packets that are longer than
  /// buffers take long to follow, flit by flit.
  double zeroLoadLatency = 0;
  std::uint64_t greatestZeroLoadLatency = 0;
  double latencyLimit = 0; ///< the one that holds
  static constexpr std::uint64_t mostPairs = 1 << 14,
                                 mostPairsOfLongPackets = 1 << 10;
};

/// Cycles are network cycles. A packet's latency runs from the cycle in which
/// it was made to that in which the core takes its last flit, so it includes
/// the wait at the source.
struct TrafficResult {
  /// Without it only `offered`, `meanLatency`, `cycles` and `routerTraversals`
  /// mean anything.
  bool stable = false;
  double offered = 0;  ///< flits a sending core and cycle
  double accepted = 0; ///< likewise
  /// If not stable: of all packets, with the age of each flit under way, when
  /// it had passed the limit.
  double meanLatency = 0;
  std::uint64_t leastLatency = 0;
  std::uint64_t greatestLatency = 0;
  /// Of the packets 50, 95 and 99 % took no longer.
  std::uint64_t latency50 = 0, latency95 = 0, latency99 = 0;
  double meanHops = 0;                ///< links between routers
  std::uint64_t packets = 0;          ///< measured
  std::uint64_t cycles = 0;           ///< simulated, warm-up and drain included
  std::uint64_t routerTraversals = 0; ///< flits through a router's switch
  /// 4 x router + Direction, the link that flits held longest while sampling,
  /// -1 if none crossed any; and the share of that time.
  int busiestLink = -1;
  double busiestLinkUtilisation = 0;
};

/// Errors: no core that could send, hotspots that do not exist, do not work
/// or are given twice, and patterns that the mesh does not allow. options.load
/// is ignored.
Result<TrafficSetup> trafficSetup(const NocTiming &timing, const Routing &ways,
                                  const TrafficOptions &options);

/// An error unless it is in (0, 1].
Status checkTrafficLoad(double load);

/// Errors: those of trafficSetup, loads outside (0, 1] or too small for one
/// packet, and what the packet network does not support. Every packet has one
/// destination, so TREE chips are taken as UNICAST ones.
Result<TrafficResult> runTraffic(const NocTiming &timing, const Routing &ways,
                                 const TrafficOptions &options);

/// The greatest stable load, by bisection of (0, 1] until the least unstable
/// one is less than `tolerance` of itself above it, or 0.0001; 0 if none is
/// stable. options.load is ignored.
Result<double> saturationLoad(const NocTiming &timing, const Routing &ways,
                              TrafficOptions options, double tolerance = 0.01);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_TRAFFIC_H
