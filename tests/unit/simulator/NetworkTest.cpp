//===- NetworkTest.cpp - arrivals by hand and by chance -------------------===//
#include "simulator/noc/Network.h"

#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

#include <random>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// 4x4 routers of 2 cores; core of slot 0 at (x, y) of one chip.
int coreAt(int x, int y, int width = 4) { return 2 * (y * width + x); }

struct Sent {
  int source, destination;
  std::uint64_t packets, departure, arrival;
};

struct Net {
  explicit Net(const std::string &name, int chipsX = 1)
      : chip(generousChip()), routing(*Routing::create(chip, chipsX, 1)),
        network(std::move(*makeNetwork(name, chip, routing))) {}

  std::vector<Sent> deliver(std::vector<Sent> bursts) {
    StepTraffic traffic;
    for (const Sent &burst : bursts) {
      traffic.bursts.push_back(
          {burst.source,
           static_cast<std::uint32_t>(traffic.destinations.size()), 1,
           burst.packets, burst.departure, burst.departure});
      traffic.destinations.push_back({burst.destination, 0, 0});
    }
    network->deliver(traffic);
    for (std::size_t i = 0; i < bursts.size(); ++i)
      bursts[i].arrival = traffic.destinations[i].lastArrival;
    return bursts;
  }

  ChipModel chip;
  Routing routing;
  std::unique_ptr<Network> network;
};

TEST(IdealNetwork, AddsHopsOnly) {
  Net net("ideal");
  auto out = net.deliver({{coreAt(0, 0), coreAt(2, 1), 50, 10, 0},
                          {coreAt(0, 0), coreAt(2, 1), 50, 10, 0},
                          {coreAt(0, 0), coreAt(0, 0) + 1, 50, 10, 0}});
  EXPECT_EQ(out[0].arrival, 13u);
  EXPECT_EQ(out[1].arrival, 13u);
  EXPECT_EQ(out[2].arrival, 10u);
}

TEST(BurstNetwork, ALoneBurstIsSerialisedOnce) {
  Net net("burst");
  auto out = net.deliver({{coreAt(0, 0), coreAt(2, 1), 50, 10, 0}});
  EXPECT_EQ(out[0].arrival, 10u + 50 + 3);
}

TEST(BurstNetwork, ASharedLinkIsTakenInTurn) {
  Net net("burst");
  auto out = net.deliver({{coreAt(0, 0), coreAt(2, 0), 8, 4, 0},
                          {coreAt(0, 0) + 1, coreAt(2, 0), 5, 3, 0}});
  // The second departs first: links [3, 8) and [4, 9).
  EXPECT_EQ(out[1].arrival, 3u + 5 + 2);
  // First link free at 8, second at 9: [8, 16) and [9, 17).
  EXPECT_EQ(out[0].arrival, 8u + 8 + 2);
}

TEST(BurstNetwork, OppositeDirectionsDoNotMeet) {
  Net net("burst");
  auto out = net.deliver({{coreAt(0, 0), coreAt(1, 0), 9, 0, 0},
                          {coreAt(1, 0), coreAt(0, 0), 9, 0, 0}});
  EXPECT_EQ(out[0].arrival, 10u);
  EXPECT_EQ(out[1].arrival, 10u);
}

TEST(BurstNetwork, AChipLinkIsSlower) {
  Net net("burst", 2);
  auto out = net.deliver({{coreAt(3, 0, 8), coreAt(4, 0, 8), 6, 0, 0}});
  EXPECT_EQ(out[0].arrival, 6u * 4 + 1 + 10);
  EXPECT_EQ(net.network->loads()[4 * 3].busyCycles, 24u);
  EXPECT_EQ(net.network->loads()[4 * 3].packets, 6u);
}

TEST(BurstNetwork, TheNextStepStartsWithAnEmptyMesh) {
  Net net("burst");
  net.deliver({{coreAt(0, 0), coreAt(1, 0), 1000, 0, 0}});
  auto out = net.deliver({{coreAt(0, 0), coreAt(1, 0), 1, 0, 0}});
  EXPECT_EQ(out[0].arrival, 2u);
}

TEST(BurstNetwork, IsNeverFasterThanIdealAndCountsTheSameLinks) {
  Net ideal("ideal", 3), burst("burst", 3);
  std::mt19937 random(3);
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<Sent> bursts;
    for (int i = 0; i < 80; ++i)
      bursts.push_back({static_cast<int>(random() % 96),
                        static_cast<int>(random() % 96), random() % 40,
                        random() % 60, 0});
    auto a = ideal.deliver(bursts), b = burst.deliver(bursts);
    for (std::size_t i = 0; i < bursts.size(); ++i)
      EXPECT_GE(b[i].arrival, a[i].arrival);
  }
  for (std::size_t link = 0; link < ideal.network->loads().size(); ++link) {
    EXPECT_EQ(ideal.network->loads()[link].packets,
              burst.network->loads()[link].packets);
    EXPECT_EQ(ideal.network->loads()[link].busyCycles,
              burst.network->loads()[link].busyCycles);
  }
}

TEST(BurstNetwork, TheOrderOfTheListDoesNotMatter) {
  Net net("burst");
  std::mt19937 random(4);
  std::vector<Sent> bursts;
  for (int from = 0; from < 32; ++from)
    for (int to = 0; to < 32; to += 3)
      bursts.push_back({from, to, 1 + random() % 9, random() % 5, 0});
  auto forward = net.deliver(bursts);
  std::reverse(bursts.begin(), bursts.end());
  auto backward = net.deliver(bursts);
  for (std::size_t i = 0; i < bursts.size(); ++i)
    EXPECT_EQ(forward[i].arrival, backward[bursts.size() - 1 - i].arrival);
}

TEST(Network, UnknownModelsAreNamed) {
  const ChipModel chip = generousChip();
  const Routing routing = *Routing::create(chip, 1, 1);
  auto made = makeNetwork("circuit", chip, routing);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().message(),
            "not supported: noc 'circuit' (known: ideal, burst)");
}

} // namespace
