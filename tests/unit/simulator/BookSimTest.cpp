//===- BookSimTest.cpp - routers and traffic against BookSim2 -------------===//
//
// The figures here are BookSim2's (github.com/booksim/booksim2 at 923f1a9),
// measured with as much of it as these configurations use; that prints the
// reference curves of docs/spec/noc.md, "Against BookSim2". topology = mesh,
// n = 2, routing_function = dor, vc_allocator = sw_allocator = islip; delays as
// in RouterTiming with channels of one cycle; seed 1.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterMesh.h"
#include "simulator/noc/Traffic.h"
#include "tests/unit/simulator/ReferenceRouters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

using namespace synfire;
using namespace synfire::tests;

namespace {

// As in ReferenceRouters.h.
const RouterTiming eightVcs = {8, 8, 1, 1, 1, false, 1, 1, 1, 1};
const RouterTiming oneVc = {1, 8, 0, 1, 1, false, 1, 1, 1, 1};
const RouterTiming shallow = {4, 4, 0, 1, 1, false, 1, 1, 1, 1};

/// BookSim2 took these packets from a list in place of its random sources.
struct Replay {
  const char *name;
  int side;
  RouterTiming router;
  int flits;
  double rate; ///< packets a core and cycle
  int cycles;  ///< in which packets are made
  // BookSim2's:
  std::uint64_t packets, latencies, greatest;
  /// The sum over all packets of the cycle of arrival times the packet's
  /// number, from 1 on: differs as soon as two packets change places.
  std::uint64_t arrivals;
};

const Replay replays[] = {
    {"F", 8, routerF, 1, 0.4, 500, 12842, 466962, 134, 30656705018},
    {"D", 8, routerD, 1, 0.35, 500, 11189, 283677, 78, 22480251209},
    {"F, 16x16", 16, routerF, 1, 0.18, 300, 13791, 726869, 146, 24099775494},
    {"F, 4x4", 4, routerF, 1, 0.7, 500, 5612, 136958, 95, 5642017825},
    {"8 VCs", 8, eightVcs, 1, 0.4, 500, 12842, 573058, 156, 31322301470},
    {"1 VC", 8, oneVc, 1, 0.2, 500, 6273, 273439, 147, 7429962874},
    {"4 flits", 8, shallow, 1, 0.4, 500, 12842, 464927, 119, 30634672533},
    {"speculative F",
     8,
     {4, 8, 0, 1, 1, true, 1, 1, 1, 1},
     1,
     0.4,
     500,
     12842,
     405553,
     116,
     30278622367},
    {"packets of 4", 8, routerF, 4, 0.1, 500, 3109, 166415, 203, 1896707325},
    {"packets longer than buffers",
     8,
     {2, 3, 1, 1, 1, true, 1, 1, 1, 1},
     5,
     0.05,
     500,
     1579,
     87416,
     176,
     487975657},
    {"16 VCs",
     8,
     {16, 8, 1, 1, 1, false, 1, 1, 1, 0},
     1,
     0.4,
     300,
     7643,
     327145,
     163,
     7079356163},
    {"buffers of one flit, late credits",
     6,
     {3, 1, 0, 1, 1, false, 1, 1, 1, 3},
     1,
     0.3,
     500,
     5426,
     1800450,
     783,
     11125966057},
};

TEST(BookSim, EveryPacketArrivesInTheSameCycle) {
  for (const Replay &replay : replays) {
    SCOPED_TRACE(replay.name);
    const ChipModel chip =
        routersAlone(replay.side, replay.side, replay.router, replay.flits);
    const Routing routing = *Routing::create(chip, 1, 1);
    const MulticastForest none(routing);
    RouterMesh mesh = std::move(*RouterMesh::create(chip.noc, routing, none));
    const int cores = replay.side * replay.side;
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> made;
    std::uint64_t latencies = 0, greatest = 0, arrivals = 0;
    std::vector<RouterMesh::Delivery> arrived;
    for (int cycle = 0; cycle < replay.cycles || mesh.packetsInFlight() > 0;
         ++cycle) {
      ASSERT_LT(cycle, 10000);
      for (int core = 0; cycle < replay.cycles && core < cores; ++core)
        if (static_cast<double>(random() >> 11) < replay.rate * 0x1p53) {
          const auto to =
              static_cast<int>(random() % static_cast<std::uint64_t>(cores));
          mesh.send(core, to, made.size());
          made.push_back(static_cast<std::uint64_t>(cycle));
        }
      arrived.clear();
      mesh.step(arrived);
      for (const RouterMesh::Delivery &delivery : arrived) {
        const auto now = static_cast<std::uint64_t>(cycle);
        const std::uint64_t latency = now - made[delivery.tag];
        latencies += latency;
        greatest = std::max(greatest, latency);
        arrivals += (delivery.tag + 1) * now;
      }
    }
    EXPECT_EQ(made.size(), replay.packets);
    EXPECT_EQ(latencies, replay.latencies);
    EXPECT_EQ(greatest, replay.greatest);
    EXPECT_EQ(arrivals, replay.arrivals);
  }
}

/// BookSim2's own traffic, packet_size = flits, injection_rate_uses_flits = 1,
/// sample_period = 5000: mean latency at three loads (0.3, 0.7 and 0.85 of the
/// last) and the greatest stable load, by bisection to 1 %.
struct Curve {
  const char *name;
  int side;
  RouterTiming router;
  int flits;
  TrafficPattern pattern;
  std::uint64_t least; ///< latency of any packet
  struct Point {
    double load, latency;
  } points[3];
  double saturation;
};

const Curve curves[] = {
    {"F, 16x16",
     16,
     routerF,
     1,
     TrafficPattern::Uniform,
     6,
     {{0.0676, 49.01}, {0.158, 51.48}, {0.192, 55.45}},
     0.225},
    {"F, 4x4",
     4,
     routerF,
     1,
     TrafficPattern::Uniform,
     6,
     {{0.23, 16.27}, {0.536, 17.83}, {0.651, 20.55}},
     0.766},
    {"transpose",
     8,
     routerF,
     1,
     TrafficPattern::Transpose,
     6,
     {{0.0449, 27.17}, {0.105, 27.58}, {0.127, 28.25}},
     0.150},
    {"bit-complement",
     8,
     routerF,
     1,
     TrafficPattern::BitComplement,
     14,
     {{0.0722, 38.26}, {0.168, 39.76}, {0.205, 42.12}},
     0.241},
    {"bit-reverse",
     8,
     routerF,
     1,
     TrafficPattern::BitReverse,
     6,
     {{0.0449, 27.20}, {0.105, 27.80}, {0.127, 28.81}},
     0.150},
    {"shuffle",
     8,
     routerF,
     1,
     TrafficPattern::Shuffle,
     6,
     {{0.0677, 22.18}, {0.158, 22.74}, {0.192, 23.84}},
     0.226},
    {"tornado",
     8,
     routerF,
     1,
     TrafficPattern::Tornado,
     30,
     {{0.0792, 36.28}, {0.185, 37.59}, {0.224, 39.46}},
     0.264},
    {"neighbour",
     8,
     routerF,
     1,
     TrafficPattern::Neighbour,
     14,
     {{0.3, 20.00}, {0.7, 20.00}, {0.85, 20.00}},
     1.000},
    {"8 VCs",
     8,
     eightVcs,
     1,
     TrafficPattern::Uniform,
     7,
     {{0.129, 34.08}, {0.302, 36.85}, {0.367, 40.91}},
     0.431},
    {"1 VC",
     8,
     oneVc,
     1,
     TrafficPattern::Uniform,
     6,
     {{0.0586, 27.79}, {0.137, 30.81}, {0.166, 34.26}},
     0.195},
    {"4 flits",
     8,
     shallow,
     1,
     TrafficPattern::Uniform,
     6,
     {{0.125, 27.37}, {0.291, 29.19}, {0.353, 31.75}},
     0.416},
    {"packets of 4",
     8,
     routerF,
     4,
     TrafficPattern::Uniform,
     9,
     {{0.124, 31.90}, {0.289, 39.51}, {0.351, 48.71}},
     0.412},
    {"D, transpose",
     8,
     routerD,
     1,
     TrafficPattern::Transpose,
     5,
     {{0.0452, 20.91}, {0.105, 21.28}, {0.128, 22.01}},
     0.151},
};

Result<TrafficResult> measure(const Curve &curve, double load,
                              int samplePeriod) {
  const ChipModel chip =
      routersAlone(curve.side, curve.side, curve.router, curve.flits);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.pattern = curve.pattern;
  options.load = load;
  options.samplePeriod = samplePeriod;
  return runTraffic(chip.noc, routing, options);
}

TEST(BookSim, LatencyFollowsTheLoad) {
  for (const Curve &curve : curves) {
    // As many packets whatever the mesh.
    const int period = 128000 / (curve.side * curve.side);
    for (const Curve::Point &point : curve.points) {
      SCOPED_TRACE(std::string(curve.name) + " at " +
                   std::to_string(point.load));
      const auto result = measure(curve, point.load, period);
      ASSERT_TRUE(result.ok());
      ASSERT_TRUE(result->stable);
      EXPECT_EQ(result->leastLatency, curve.least);
      EXPECT_NEAR(result->accepted, point.load, 0.02 * point.load);
      const double tolerance =
          point.load <= 0.71 * curve.saturation ? 0.03 : 0.1;
      EXPECT_NEAR(result->meanLatency, point.latency,
                  tolerance * point.latency);
    }
  }
}

TEST(BookSim, SaturationIsWithinFivePercent) {
  for (const Curve &curve : curves) {
    if (curve.saturation >= 1 || curve.side > 8)
      continue;
    SCOPED_TRACE(curve.name);
    const auto below = measure(curve, 0.95 * curve.saturation, 5000),
               above = measure(curve, 1.05 * curve.saturation, 5000);
    ASSERT_TRUE(below.ok() && above.ok());
    EXPECT_TRUE(below->stable);
    EXPECT_FALSE(above->stable);
  }
}

} // namespace
