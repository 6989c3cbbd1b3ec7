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

namespace synfire {

struct TrafficOptions {
  TrafficPattern pattern = TrafficPattern::Uniform;
  double load = 0.1; ///< flits a core and network cycle, in (0, 1]
  std::uint64_t seed = 1;
  int samplePeriod = 5000; ///< network cycles
  int warmUpPeriods = 3;
  /// Warm-up included. Sampling ends before it with three samples in a row
  /// after which mean latency and throughput changed by less than 5 %.
  int largestNumberOfSamples = 10;
  /// Unstable once the mean latency of all packets, with the age of each flit
  /// under way, exceeds it.
  double latencyLimit = 500;
};

/// Cycles are network cycles. A packet's latency runs from the cycle in which
/// it was made to that in which the core takes its last flit, so it includes
/// the wait at the source.
struct TrafficResult {
  /// Without it only `offered`, `cycles` and `routerTraversals` mean anything.
  bool stable = false;
  double offered = 0;  ///< flits a core and cycle
  double accepted = 0; ///< likewise
  double meanLatency = 0;
  std::uint64_t leastLatency = 0;
  std::uint64_t greatestLatency = 0;
  double meanHops = 0;                ///< links between routers
  std::uint64_t packets = 0;          ///< measured
  std::uint64_t cycles = 0;           ///< simulated, warm-up and drain included
  std::uint64_t routerTraversals = 0; ///< flits through a router's switch
};

/// Errors: loads outside (0, 1] or too small for one packet, patterns that the
/// mesh does not allow, and what the packet network does not support.
Result<TrafficResult> runTraffic(const NocTiming &timing, const Routing &ways,
                                 const TrafficOptions &options);

/// The greatest stable load, by bisection of (0, 1] until the least unstable
/// one is less than `tolerance` of itself above it, or 0.0001; 0 if none is
/// stable. options.load is ignored.
Result<double> saturationLoad(const NocTiming &timing, const Routing &ways,
                              TrafficOptions options, double tolerance = 0.01);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_TRAFFIC_H
