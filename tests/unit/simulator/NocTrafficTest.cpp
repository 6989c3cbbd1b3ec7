//===- NocTrafficTest.cpp - synthetic traffic, measured curves ------------===//
#include "simulator/noc/LatencyHistogram.h"
#include "simulator/noc/Traffic.h"
#include "tests/unit/simulator/ReferenceRouters.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace synfire;
using namespace synfire::tests;

namespace {

TrafficResult run(const ChipModel &chip, double load,
                  TrafficPattern pattern = TrafficPattern::Uniform,
                  std::uint64_t seed = 1) {
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = load;
  options.pattern = pattern;
  options.seed = seed;
  auto result = runTraffic(chip.noc, routing, options);
  EXPECT_TRUE(result.ok());
  return result.ok() ? *result : TrafficResult();
}

struct Row {
  double offered = 0, latency = 0;
  bool stable = false;
};

std::vector<Row> reference(const std::string &name) {
  const char *shared = std::getenv("SYNFIRE_SHARED_DIR");
  std::ifstream file(
      std::string(shared != nullptr ? shared : SYNFIRE_SHARED_DIR) +
      "/spec/noc/booksim_mesh88_" + name + ".tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string offered, accepted, latency;
    std::getline(fields, offered, '\t');
    std::getline(fields, accepted, '\t');
    std::getline(fields, latency, '\t');
    Row row;
    row.offered = std::stod(offered);
    row.stable = !latency.empty();
    row.latency = row.stable ? std::stod(latency) : 0;
    rows.push_back(row);
  }
  return rows;
}

void holdAgainst(const std::string &name, const RouterTiming &router,
                 double saturation) {
  const std::vector<Row> rows = reference(name);
  if (rows.empty())
    GTEST_SKIP() << "no shared reference curves";
  for (const Row &row : rows) {
    const TrafficResult result = run(routersAlone(8, 8, router), row.offered);
    EXPECT_EQ(result.stable, row.stable) << row.offered;
    if (!row.stable || !result.stable)
      continue;
    EXPECT_NEAR(result.accepted, row.offered, 0.02 * row.offered + 2e-4);
    // Just below saturation the mean depends on the seed.
    const double tolerance = row.offered <= 0.7 * saturation ? 0.03
                             : row.offered <= 0.35           ? 0.1
                                                             : 0.15;
    EXPECT_NEAR(result.meanLatency, row.latency, tolerance * row.latency)
        << row.offered;
  }
}

TEST(Traffic, FollowsTheReferenceOfRoutersF) {
  holdAgainst("F", routerF, 0.43);
}
TEST(Traffic, FollowsTheReferenceOfRoutersD) {
  holdAgainst("D", routerD, 0.37);
}

/// Pinned from docs/spec/noc.md, for checkouts without the shared curves.
TEST(Traffic, LatencyRisesWithLoadFromTheUnloadedOne) {
  const TrafficResult low = run(routersAlone(8, 8, routerF), 0.01);
  EXPECT_EQ(low.leastLatency, 6u);
  EXPECT_NEAR(low.meanLatency, 6 + 4 * low.meanHops, 0.2);
  EXPECT_NEAR(low.meanHops, 5.25, 0.1);
  const TrafficResult middle = run(routersAlone(8, 8, routerF), 0.3);
  EXPECT_NEAR(middle.meanLatency, 29.44, 0.03 * 29.44);
  EXPECT_NEAR(middle.accepted, 0.3, 0.005);
  EXPECT_FALSE(run(routersAlone(8, 8, routerF), 0.46).stable);
  EXPECT_FALSE(run(routersAlone(8, 8, routerD), 0.41).stable);
}

TEST(Traffic, SaturationLiesBetweenStableAndUnstable) {
  const ChipModel chip = routersAlone(4, 4, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  const auto load = saturationLoad(chip.noc, routing, {}, 0.02);
  ASSERT_TRUE(load.ok());
  EXPECT_GT(*load, 0.4);
  EXPECT_LT(*load, 1.0);
  EXPECT_TRUE(run(chip, *load).stable);
  EXPECT_FALSE(run(chip, *load + 0.05).stable);
}

TEST(Traffic, WithoutAStableLoadSaturationIsZero) {
  const ChipModel chip = routersAlone(4, 4, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.latencyLimit = 5; // a packet that nothing delays takes 6 cycles
  const auto load = saturationLoad(chip.noc, routing, options);
  ASSERT_TRUE(load.ok());
  EXPECT_EQ(*load, 0);
}

TEST(Traffic, AnIdleMeshIsStableHoweverLongItsPacketsTake) {
  RouterTiming slow = routerF;
  slow.routingCycles = 128;
  const ChipModel chip = routersAlone(8, 8, slow);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = 0.0005;
  const auto setup = trafficSetup(chip.noc, routing, options);
  ASSERT_TRUE(setup.ok());
  // 3 + (hops + 1) pipeline + hops, of 0 to 14 and 5.25 hops in the mean.
  EXPECT_DOUBLE_EQ(setup->zeroLoadLatency, 3 + 6.25 * 131 + 5.25);
  EXPECT_EQ(setup->greatestZeroLoadLatency, 3u + 15 * 131 + 14);
  EXPECT_EQ(setup->latencyLimit, 2 * (3 + 15 * 131 + 14));
  const auto idle = runTraffic(chip.noc, routing, options);
  ASSERT_TRUE(idle.ok());
  EXPECT_TRUE(idle->stable);
  EXPECT_NEAR(idle->meanLatency, setup->zeroLoadLatency, 60);
  EXPECT_GT(*saturationLoad(chip.noc, routing, options, 0.1), 0.005);

  options.latencyLimit = 500;
  const auto limited = runTraffic(chip.noc, routing, options);
  ASSERT_TRUE(limited.ok());
  EXPECT_FALSE(limited->stable);
  EXPECT_GT(limited->meanLatency, 500);
  EXPECT_EQ(limited->cycles, 5000u);
}

TEST(Traffic, MeshesOfTheReferenceKeepTheLimitOfBookSim) {
  for (const int side : {4, 8, 16}) {
    const ChipModel chip = routersAlone(side, side, routerF, side == 8 ? 4 : 1);
    const Routing routing = *Routing::create(chip, 1, 1);
    EXPECT_EQ(trafficSetup(chip.noc, routing, {})->latencyLimit, 500) << side;
  }
  const ChipModel chip = routersAlone(4, 4, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  for (const double limit : {0.0, -3.0, std::nan("")}) {
    TrafficOptions options;
    options.latencyLimit = limit;
    EXPECT_FALSE(runTraffic(chip.noc, routing, options).ok());
  }
}

TEST(Traffic, ShortSamplesStillSeeWhatArrives) {
  const ChipModel chip = routersAlone(8, 8, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = 0.3;
  options.samplePeriod = 1;
  const auto result = runTraffic(chip.noc, routing, options);
  ASSERT_TRUE(result.ok());
  // About 100 packets.
  EXPECT_NEAR(result->accepted, 0.3, 0.15);
}

TEST(Traffic, PercentilesLieBetweenLeastAndGreatest) {
  const TrafficResult result = run(routersAlone(8, 8, routerF), 0.4);
  EXPECT_LT(result.leastLatency, result.latency50);
  EXPECT_LT(result.latency50, result.latency95);
  EXPECT_LT(result.latency95, result.latency99);
  EXPECT_LT(result.latency99, result.greatestLatency);
  // The distribution leans to short latencies.
  EXPECT_LT(static_cast<double>(result.latency50), result.meanLatency);
}

TEST(LatencyHistogram, PercentilesAreNearestRanks) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.percentile(50), 0u);
  for (std::uint64_t latency = 1; latency <= 100; ++latency)
    histogram.add(latency);
  for (unsigned percent = 1; percent <= 100; ++percent)
    EXPECT_EQ(histogram.percentile(percent), percent);
  for (int i = 0; i < 100; ++i)
    histogram.add(std::uint64_t(1) << 40);
  EXPECT_EQ(histogram.percentile(50), 100u);
  EXPECT_EQ(histogram.percentile(51), std::uint64_t(1) << 40);
  histogram.clear();
  histogram.add(7);
  EXPECT_EQ(histogram.percentile(1), 7u);
  EXPECT_EQ(histogram.percentile(100), 7u);
  // Ranks that are no whole number go up.
  histogram.add(8);
  histogram.add(9);
  EXPECT_EQ(histogram.percentile(33), 7u);
  EXPECT_EQ(histogram.percentile(34), 8u);
  EXPECT_EQ(histogram.percentile(66), 8u);
  EXPECT_EQ(histogram.percentile(67), 9u);
}

TEST(Traffic, TheBusiestLinkIsNamed) {
  // Either core sends all it has to the other.
  const ChipModel chip = routersAlone(2, 1, routerF);
  const TrafficResult result = run(chip, 0.3, TrafficPattern::Neighbour);
  EXPECT_TRUE(result.busiestLink == 0 || result.busiestLink == 4 * 1 + 1);
  EXPECT_NEAR(result.busiestLinkUtilisation, 0.3, 0.02);
  EXPECT_EQ(run(routersAlone(1, 1, routerF), 0.3).busiestLink, -1);

  ChipModel slow = routersAlone(1, 1, routerF);
  slow.noc.chipLinkCyclesPerFlit = 3;
  const Routing routing = *Routing::create(slow, 2, 1);
  TrafficOptions options;
  options.pattern = TrafficPattern::Neighbour;
  options.load = 0.2;
  const auto between = runTraffic(slow.noc, routing, options);
  ASSERT_TRUE(between.ok());
  EXPECT_NEAR(between->busiestLinkUtilisation, 0.6, 0.02);
}

TEST(Traffic, HotspotsGetTheirShare) {
  const ChipModel chip = routersAlone(5, 1, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = 0.2;
  options.pattern = TrafficPattern::Neighbour;
  options.hotspots = {4};
  options.hotspotShare = 0.5;
  const auto result = runTraffic(chip.noc, routing, options);
  ASSERT_TRUE(result.ok());
  // The last link to the east: half of what four cores send, and the pattern's
  // own packets of one of them.
  EXPECT_EQ(result->busiestLink, 4 * 3);
  EXPECT_NEAR(result->busiestLinkUtilisation, 0.2 * (4 * 0.5 + 0.5), 0.02);
  EXPECT_NEAR(result->meanHops, 0.5 * (8.0 / 5) + 0.5 * (10.0 / 5), 0.05);

  options.hotspotShare = 0;
  EXPECT_FALSE(runTraffic(chip.noc, routing, options).ok());
  options.hotspotShare = 1.5;
  EXPECT_FALSE(runTraffic(chip.noc, routing, options).ok());
  options.hotspotShare = 0.5;
  options.hotspots = {5};
  EXPECT_FALSE(runTraffic(chip.noc, routing, options).ok());
  options.hotspots = {4, 2, 4};
  const auto twice = runTraffic(chip.noc, routing, options);
  ASSERT_FALSE(twice.ok());
  EXPECT_NE(twice.error().message().find("hotspot at router 4 is given twice"),
            std::string::npos)
      << twice.error().message();
  options.hotspots.clear();
  EXPECT_FALSE(runTraffic(chip.noc, routing, options).ok());
}

TEST(Traffic, OnlyCoresThatSendCount) {
  ChipModel chip = routersAlone(4, 4, routerF);
  chip.faults.deadCores = {{0, 0, 0}, {1, 0, 0}, {2, 2, 0}};
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = 0.2;
  options.pattern = TrafficPattern::Transpose;
  const auto setup = trafficSetup(chip.noc, routing, options);
  ASSERT_TRUE(setup.ok());
  EXPECT_EQ(setup->unusableCores, 3);
  EXPECT_EQ(setup->coresWithoutDestination, 1); // (0, 1)
  EXPECT_EQ(setup->sendingCores, 12);
  const auto result = runTraffic(chip.noc, routing, options);
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->accepted, 0.2, 0.005);
}

TEST(Traffic, WithoutACoreThatSendsThereIsNothingToMeasure) {
  ChipModel chip = routersAlone(2, 1, routerF);
  chip.faults.deadCores = {{0, 0, 0}};
  const Routing one = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.pattern = TrafficPattern::Neighbour;
  const auto alone = runTraffic(chip.noc, one, options);
  ASSERT_FALSE(alone.ok());
  EXPECT_NE(alone.error().message().find("no core can send"),
            std::string::npos);
  chip.faults.deadCores.push_back({1, 0, 0});
  const Routing none = *Routing::create(chip, 1, 1);
  for (const auto pattern :
       {TrafficPattern::Uniform, TrafficPattern::Neighbour}) {
    options.pattern = pattern;
    const auto dead = runTraffic(chip.noc, none, options);
    ASSERT_FALSE(dead.ok());
    EXPECT_NE(dead.error().message().find("no core of the chip works"),
              std::string::npos);
  }
}

TEST(Traffic, ChipsOfTreesSendSinglePackets) {
  ChipModel chip = routersAlone(4, 4, routerF, 16);
  chip.noc.multicast = Multicast::Tree;
  const TrafficResult result = run(chip, 0.1);
  EXPECT_TRUE(result.stable);
  EXPECT_EQ(result.leastLatency, 6u + 15);
}

TEST(Traffic, SameSeedSameResult) {
  const ChipModel chip = routersAlone(6, 3, routerF, 2);
  const TrafficResult a = run(chip, 0.2), b = run(chip, 0.2);
  EXPECT_EQ(a.meanLatency, b.meanLatency);
  EXPECT_EQ(a.packets, b.packets);
  EXPECT_EQ(a.cycles, b.cycles);
  EXPECT_NE(a.meanLatency,
            run(chip, 0.2, TrafficPattern::Uniform, 2).meanLatency);
}

TEST(TrafficPattern, DestinationsAreThoseOfTheTextbook) {
  const Mesh square({8, 8, 1, 1, 1}, 1, 1);
  const auto at = [&](TrafficPattern pattern, int router) {
    return (*trafficDestinations(pattern,
                                 square))[static_cast<std::size_t>(router)];
  };
  EXPECT_EQ(at(TrafficPattern::Transpose, 8 * 2 + 5), 8 * 5 + 2);
  EXPECT_EQ(at(TrafficPattern::BitComplement, 0b000110), 0b111001);
  EXPECT_EQ(at(TrafficPattern::BitReverse, 0b000110), 0b011000);
  EXPECT_EQ(at(TrafficPattern::Shuffle, 0b100110), 0b001101);
  EXPECT_EQ(at(TrafficPattern::Tornado, 8 * 6 + 1), 8 * 1 + 4);
  EXPECT_EQ(at(TrafficPattern::Neighbour, 8 * 7 + 1), 8 * 0 + 2);
}

TEST(TrafficPattern, PatternsThatTheMeshDoesNotAllowAreRefused) {
  const Mesh odd({6, 3, 1, 1, 1}, 1, 1);
  for (const char *name : {"transpose", "bit-complement", "shuffle"})
    EXPECT_FALSE(trafficDestinations(*parseTrafficPattern(name), odd).ok());
  EXPECT_TRUE(trafficDestinations(TrafficPattern::Tornado, odd).ok());
  const Mesh wide({16, 4, 1, 1, 1}, 1, 1);
  const auto transposed = trafficDestinations(TrafficPattern::Transpose, wide);
  ASSERT_TRUE(transposed.ok());
  EXPECT_EQ((*transposed)[0b000111], 0b111000);
  const auto unknown = parseTrafficPattern("spiral");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message(),
            "not supported: traffic pattern 'spiral' (known: uniform, "
            "transpose, bit-complement, bit-reverse, shuffle, tornado, "
            "neighbour)");
}

TEST(Traffic, PermutationsOfAnIdleMeshTakeTheirHops) {
  for (const TrafficPattern pattern :
       {TrafficPattern::Transpose, TrafficPattern::BitComplement,
        TrafficPattern::Tornado, TrafficPattern::Shuffle,
        TrafficPattern::BitReverse, TrafficPattern::Neighbour}) {
    const TrafficResult result =
        run(routersAlone(4, 4, routerD), 0.005, pattern);
    EXPECT_TRUE(result.stable);
    EXPECT_NEAR(result.meanLatency, 5 + 3 * result.meanHops, 0.3)
        << trafficPatternName(pattern);
  }
}

TEST(Traffic, LoadsOutsideTheirRangeAreRefused) {
  const ChipModel chip = routersAlone(4, 4, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  for (const double load : {0.0, -1.0, 1.5, std::nan("")}) {
    TrafficOptions options;
    options.load = load;
    EXPECT_FALSE(runTraffic(chip.noc, routing, options).ok());
  }
}

TEST(Traffic, LoadsWithoutAPacketAreRefused) {
  const ChipModel chip = routersAlone(4, 4, routerF);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = 1e-300;
  options.samplePeriod = 10;
  const auto result = runTraffic(chip.noc, routing, options);
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message().find("no packet in "), std::string::npos);
}

TEST(Traffic, HopsRoundFaultsAreThoseOfTheRoutes) {
  ChipModel chip = routersAlone(3, 1, routerF);
  chip.mesh.chipHeight = 2;
  chip.faults.deadLinks = {{0, 0, false}, {1, 0, false}};
  // Every core sends one router to the east and south: (0, 0) to (1, 1), ...
  const TrafficResult result = run(chip, 0.01, TrafficPattern::Neighbour);
  EXPECT_TRUE(result.stable);
  const Routing routing = *Routing::create(chip, 1, 1);
  const auto to =
      *trafficDestinations(TrafficPattern::Neighbour, routing.mesh());
  double hops = 0;
  for (int from = 0; from < 6; ++from)
    hops += routing.routeBetweenCores(from, to[static_cast<std::size_t>(from)])
                .hops();
  EXPECT_NEAR(result.meanHops, hops / 6, 0.1);
}

TEST(Traffic, ALargeMeshNeedsNoTableOfPairs) {
  const ChipModel chip = routersAlone(128, 128, routerD);
  const Routing routing = *Routing::create(chip, 1, 1);
  TrafficOptions options;
  options.load = 0.01;
  options.samplePeriod = 20;
  options.pattern = TrafficPattern::Neighbour;
  const auto result = runTraffic(chip.noc, routing, options);
  ASSERT_TRUE(result.ok());
  EXPECT_GE(result->meanHops, 2);
}

} // namespace
