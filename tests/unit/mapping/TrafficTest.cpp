//===- TrafficTest.cpp - counted traffic against walks over routes --------===//
#include "compiler/mapping/Anneal.h"
#include "compiler/mapping/Bisect.h"
#include "compiler/mapping/LinkTraffic.h"
#include "compiler/mapping/OutputAxons.h"
#include "compiler/mapping/PlacementCost.h"
#include "compiler/mapping/Problem.h"
#include "compiler/mapping/TileWork.h"

#include "runtime/program/Demand.h"
#include "tests/unit/program/TinyProgram.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// Random nets over `cores` cores, small and large ones.
std::vector<TrafficNet> randomNets(std::mt19937 &random, int cores) {
  std::vector<TrafficNet> nets(12);
  for (TrafficNet &net : nets) {
    std::set<int> sources, readers;
    for (unsigned i = 0, n = 1 + random() % 9; i < n; ++i)
      sources.insert(static_cast<int>(random() % unsigned(cores)));
    for (unsigned i = 0, n = 1 + random() % 9; i < n; ++i)
      readers.insert(static_cast<int>(random() % unsigned(cores)));
    for (int core : sources)
      net.sources.push_back({core, 1.0 + random() % 7});
    net.readers.assign(readers.begin(), readers.end());
  }
  return nets;
}

ChipModel smallChip(Multicast multicast) {
  ChipModel chip = generousChip();
  chip.mesh = {3, 2, 2, 4, 4};
  chip.noc.multicast = multicast;
  chip.noc.chipLinkCyclesPerFlit = 5;
  return chip;
}

Routing routingOf(const ChipModel &chip, int chipsX, int chipsY) {
  return *Routing::create(chip, chipsX, chipsY);
}

std::vector<int> randomRouters(std::mt19937 &random, const Routing &routing,
                               int perRouter, int cores) {
  std::vector<int> slots;
  for (int router = 0; router < routing.mesh().routers(); ++router)
    slots.insert(slots.end(), static_cast<std::size_t>(perRouter), router);
  std::shuffle(slots.begin(), slots.end(), random);
  slots.resize(static_cast<std::size_t>(cores));
  return slots;
}

/// Packets by link, one route after the other.
std::vector<double> walk(const std::vector<TrafficNet> &nets,
                         const Routing &routing, bool tree,
                         const std::vector<int> &routers, double &crossings) {
  std::vector<double> load(static_cast<std::size_t>(linkCount(routing.mesh())));
  crossings = 0;
  for (const TrafficNet &net : nets)
    for (const TrafficNet::Source &source : net.sources) {
      std::set<int> seen;
      for (int reader : net.readers)
        routing.forEachLink(routers[static_cast<std::size_t>(source.core)],
                            routers[static_cast<std::size_t>(reader)],
                            [&](const MeshLink &link) {
                              if (tree && !seen.insert(link.number).second)
                                return;
                              load[static_cast<std::size_t>(link.number)] +=
                                  source.packets;
                              crossings +=
                                  link.betweenChips ? source.packets : 0;
                            });
    }
  return load;
}

TEST(Traffic, linksCarryWhatAWalkOverAllRoutesFinds) {
  std::mt19937 random(3);
  for (Multicast multicast : {Multicast::Unicast, Multicast::Tree})
    for (int round = 0; round < 50; ++round) {
      const ChipModel chip = smallChip(multicast);
      const Routing routing = routingOf(chip, 2, 3);
      const auto nets = randomNets(random, 40);
      const auto routers = randomRouters(random, routing, 2, 40);
      double crossings = 0;
      const auto expected =
          walk(nets, routing, multicast == Multicast::Tree, routers, crossings);
      LinkTraffic links(chip, routing);
      for (const TrafficNet &net : nets)
        links.add(net, routers, 1);
      double hops = 0, busiest = 0;
      for (std::size_t link = 0; link < expected.size(); ++link) {
        hops += expected[link];
        if (expected[link] == 0)
          continue;
        const Mesh &mesh = routing.mesh();
        const bool border =
            mesh.chipNumber(mesh.router(static_cast<int>(link) / 4)) !=
            mesh.chipNumber(mesh.router(linkTarget(mesh, int(link))));
        busiest = std::max(busiest, expected[link] * (border ? 5 : 1));
      }
      EXPECT_NEAR(links.eastWestHops() + links.northSouthHops(), hops, 1e-6);
      EXPECT_NEAR(links.chipCrossings(), crossings, 1e-6);
      EXPECT_NEAR(links.busiestCycles(), busiest, 1e-6);
    }
}

TEST(PlacementCost, aMoveChangesTheSumByWhatItSays) {
  std::mt19937 random(7);
  for (Multicast multicast : {Multicast::Unicast, Multicast::Tree}) {
    const ChipModel chip = smallChip(multicast);
    const Routing routing = routingOf(chip, 2, 3);
    const auto nets = randomNets(random, 40);
    const RouterRectangle all = {0, 0, routing.mesh().width(),
                                 routing.mesh().height()};
    auto routers = randomRouters(random, routing, 2, 40);
    auto cost = multicast == Multicast::Tree
                    ? makeTreeCost(nets, routing.mesh(), chip, routers)
                    : makeUnicastCost(nets, routing.mesh(), chip, all, routers);
    double crossings = 0, hops = 0;
    for (double load :
         walk(nets, routing, multicast == Multicast::Tree, routers, crossings))
      hops += load;
    EXPECT_NEAR(cost->total(), hops + 4 * crossings, 1e-6);
    for (int move = 0; move < 300; ++move) {
      const int core = static_cast<int>(random() % 40);
      const bool exchange = random() % 2 == 0;
      const int other = exchange ? static_cast<int>(random() % 40) : -1;
      const int to = exchange ? cost->routers()[static_cast<std::size_t>(other)]
                              : static_cast<int>(random() % 36);
      if (other == core)
        continue;
      const double before = cost->total();
      const double change = cost->change(core, to, other);
      cost->apply(core, to, other);
      EXPECT_NEAR(cost->total(), before + change, 1e-6);
    }
  }
}

TEST(Anneal, neverEndsWorseAndFillsNoRouterTwice) {
  std::mt19937 random(11);
  const ChipModel chip = smallChip(Multicast::Unicast);
  const Routing routing = routingOf(chip, 2, 3);
  const RouterRectangle all = {0, 0, routing.mesh().width(),
                               routing.mesh().height()};
  for (int round = 0; round < 10; ++round) {
    const auto nets = randomNets(random, 60);
    auto routers = randomRouters(random, routing, 2, 60);
    const double before =
        makeUnicastCost(nets, routing.mesh(), chip, all, routers)->total();
    auto again = routers;
    const AnnealOptions options = {20000, 0.1, 5};
    const double after = anneal(nets, routing, chip, all, options, routers);
    EXPECT_LT(after, before);
    EXPECT_NEAR(
        makeUnicastCost(nets, routing.mesh(), chip, all, routers)->total(),
        after, 1e-6);
    std::vector<int> held(static_cast<std::size_t>(routing.mesh().routers()));
    for (int router : routers)
      EXPECT_LE(++held[static_cast<std::size_t>(router)], 2);
    anneal(nets, routing, chip, all, options, again);
    EXPECT_EQ(routers, again);
  }
}

TEST(Bisect, halvesHoldWhatTheyCanAndTalkersEndUpTogether) {
  const ChipModel chip = smallChip(Multicast::Unicast);
  const Routing routing = routingOf(chip, 2, 2);
  // Two cliques that say little to each other.
  std::vector<TrafficNet> nets(3);
  for (int core = 0; core < 24; ++core) {
    nets[core % 2].sources.push_back({core, 10});
    nets[core % 2].readers.push_back(core);
  }
  nets[2].sources = {{0, 1}};
  nets[2].readers = {1};
  auto routers = bisectPlacement(nets, 24, routing, chip,
                                 {0, 0, routing.mesh().width(), 2});
  ASSERT_TRUE(routers.ok()) << routers.error().message();
  std::vector<int> held(static_cast<std::size_t>(routing.mesh().routers()));
  for (int core = 0; core < 24; ++core) {
    const int router = (*routers)[static_cast<std::size_t>(core)];
    EXPECT_LE(++held[static_cast<std::size_t>(router)], 2);
    EXPECT_LT(routing.mesh().router(router).y, 2);
    // Each clique on a chip of its own.
    EXPECT_EQ(routing.mesh().chipNumber(routing.mesh().router(router)) % 2,
              routing.mesh().chipNumber(routing.mesh().router(
                  (*routers)[static_cast<std::size_t>(core % 2)])) %
                  2);
  }
}

TEST(Region, theBarrierPaysForWidthPlusHeight) {
  const ChipModel chip = smallChip(Multicast::Unicast);
  const Routing routing = routingOf(chip, 2, 3);
  const RouterRectangle square = smallestRectangle(routing, 2, 17);
  EXPECT_EQ(square.width, 3);
  EXPECT_EQ(square.height, 3);
  const RouterRectangle whole = smallestRectangle(routing, 2, 72);
  EXPECT_EQ(whole.width, 6);
  EXPECT_EQ(whole.height, 6);
}

TEST(TileWork, aSpikeOfAHadamardMeetsItsBlock) {
  Program program;
  program.mapping.chip = generousChip();
  Stage input, turned;
  input.groupWidth = turned.groupWidth = 16;
  turned.fire = FireKind::Output;
  Dendrite hadamard;
  hadamard.kind = DendriteKind::Hadamard;
  hadamard.driver = 0;
  hadamard.headWidth = 8;
  turned.dendrites = {hadamard};
  program.stages = {input, turned};
  StageActivity often;
  often.eventsPerNeuron = 3;
  often.activeColumns = 16;
  auto operations = [&](int begin, int end) {
    const TileWork work =
        tileWork(program, {often, often}, {1, 0, 0, 1, begin, end});
    return work.receptions.at(0).operations;
  };
  EXPECT_DOUBLE_EQ(operations(0, 16), 16 * 3 * 8);
  EXPECT_DOUBLE_EQ(operations(8, 16), 8 * 3 * 8);
  EXPECT_DOUBLE_EQ(operations(0, 4), 8 * 3 * 4);
}

TEST(OutputAxons, areWhatTheVerifierCounts) {
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    TinyOptions options;
    options.heads = 4;
    options.keyValueHeads = 2;
    options.width = 32;
    options.layers = 2;
    options.intermediate = 40;
    options.tileNeurons = 1 + static_cast<int>(random() % 30);
    Program program = buildTinyProgram(options);
    // Tiles share cores at random.
    for (Tile &tile : program.mapping.tiles)
      tile.core = static_cast<int>(random() % 20);
    EXPECT_EQ(countOutputAxons(program), outputAxonsOfTiles(program));
  }
}

} // namespace
