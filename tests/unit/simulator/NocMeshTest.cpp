//===- NocMeshTest.cpp - routers, flits and credits -----------------------===//
#include "simulator/noc/RouterMesh.h"

#include "tests/unit/simulator/PlainMesh.h"
#include "tests/unit/simulator/ReferenceRouters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace synfire;
using namespace synfire::tests;

namespace {

ChipModel meshChip(int width, int height, int cores, RouterTiming router,
                   int flits = 1) {
  ChipModel chip;
  chip.name = "mesh";
  chip.mesh = {width, height, cores, 4, 4};
  chip.noc.periodCycles = 1;
  chip.noc.flitsPerPacket = flits;
  chip.noc.chipLinkCyclesPerFlit = 4;
  chip.noc.chipHopCycles = 20;
  chip.noc.router = router;
  return chip;
}

struct Mesh2D {
  explicit Mesh2D(const ChipModel &model, int chipsX = 1)
      : chip(model), routing(*Routing::create(chip, chipsX, 1)),
        forest(routing),
        mesh(std::move(*RouterMesh::create(chip.noc, routing, forest))) {}

  /// Runs until everything has arrived; cycles by tag, in order of arrival.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> drain() {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    std::vector<RouterMesh::Delivery> arrived;
    while (!mesh.idle()) {
      mesh.skipTo(mesh.nextWork());
      arrived.clear();
      const std::uint64_t now = mesh.now();
      mesh.step(arrived);
      for (const RouterMesh::Delivery &delivery : arrived)
        all.emplace_back(delivery.tag, now);
      EXPECT_EQ(mesh.findFault(), "");
      EXPECT_LT(now, 1000000u) << "deadlock";
      if (now >= 1000000u)
        break;
    }
    return all;
  }

  ChipModel chip;
  Routing routing;
  MulticastForest forest;
  RouterMesh mesh;
};

TEST(RouterMesh, AnIdleMeshTakesSixPlusFourCyclesAHop) {
  for (const bool spec : {false, true}) {
    Mesh2D net(meshChip(8, 8, 1, spec ? routerD : routerF));
    for (int to : {0, 1, 7, 9, 63}) {
      net.mesh.clear();
      net.mesh.send(0, to, 5);
      const auto arrived = net.drain();
      const int distance = to % 8 + to / 8;
      const auto hops = static_cast<std::uint64_t>(distance);
      ASSERT_EQ(arrived.size(), 1u);
      EXPECT_EQ(arrived[0].second, spec ? 5 + 3 * hops : 6 + 4 * hops);
    }
  }
}

TEST(RouterMesh, EveryStageCountsOnce) {
  for (const bool spec : {false, true})
    for (const int vcCycles : {0, 1, 3})
      for (const int switchCycles : {0, 1, 2})
        for (const int routingCycles : {0, 2}) {
          RouterTiming router = {
              2, 4, routingCycles, vcCycles, switchCycles, spec, 2, 3, 5, 1};
          Mesh2D net(meshChip(4, 4, 2, router));
          net.mesh.send(0, 2 * (2 + 4 * 1), 1);
          const auto arrived = net.drain();
          ASSERT_EQ(arrived.size(), 1u);
          EXPECT_EQ(arrived[0].second,
                    static_cast<std::uint64_t>(3 + 4 * router.pipelineCycles() +
                                               2 * 3 + 5));
        }
}

struct Variant {
  RouterTiming router;
  int width, height, cores, flits;
};

const Variant variants[] = {
    {routerF, 4, 4, 1, 1},
    {routerD, 4, 4, 1, 1},
    {{8, 8, 1, 1, 1, false, 1, 1, 1, 1}, 4, 4, 1, 1},
    {{1, 8, 0, 1, 1, false, 1, 1, 1, 1}, 5, 3, 1, 1},
    {{4, 4, 0, 1, 1, true, 1, 1, 1, 1}, 4, 3, 2, 1},
    {{2, 3, 2, 1, 1, true, 2, 2, 4, 3}, 3, 4, 3, 4},
    {{3, 1, 0, 1, 1, false, 1, 1, 1, 2}, 4, 2, 2, 3},
};

TEST(RouterMesh, AgreesWithThePlainRoutersPacketByPacket) {
  for (const Variant &variant : variants) {
    Mesh2D net(meshChip(variant.width, variant.height, variant.cores,
                        variant.router, variant.flits));
    PlainMesh plain(net.chip.noc, net.routing);
    const int cores = net.routing.mesh().cores();
    std::mt19937 random(11);
    std::vector<RouterMesh::Delivery> arrived;
    std::vector<PlainMesh::Arrival> expected;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> fast, slow;
    std::uint64_t tag = 0;
    for (int cycle = 0; cycle < 1500; ++cycle) {
      // Loads from light to far beyond saturation.
      const unsigned often = cycle < 500 ? 20 : cycle < 1000 ? 4 : 2;
      for (int core = 0; core < cores && cycle < 1200; ++core)
        if (random() % (often * static_cast<unsigned>(variant.flits)) == 0) {
          const int to = static_cast<int>(random() % unsigned(cores));
          net.mesh.send(core, to, tag);
          plain.send(core, to, tag++);
        }
      arrived.clear();
      net.mesh.step(arrived);
      for (const RouterMesh::Delivery &delivery : arrived)
        fast.emplace_back(cycle, delivery.tag);
      expected.clear();
      plain.step(expected);
      for (const PlainMesh::Arrival &arrival : expected)
        slow.emplace_back(arrival.cycle, arrival.tag);
    }
    EXPECT_GT(fast.size(), 100u);
    std::sort(fast.begin(), fast.end());
    std::sort(slow.begin(), slow.end());
    EXPECT_EQ(fast, slow) << variant.width << "x" << variant.height;
    EXPECT_EQ(net.mesh.findFault(), "");
  }
}

TEST(RouterMesh, EveryPacketArrivesOnceAndNeverEarly) {
  for (const Variant &variant : variants) {
    Mesh2D net(meshChip(variant.width, variant.height, variant.cores,
                        variant.router, variant.flits));
    const int cores = net.routing.mesh().cores();
    std::mt19937 random(5);
    std::vector<std::uint64_t> least;
    for (int i = 0; i < 400; ++i) {
      const int from = static_cast<int>(random() % unsigned(cores)),
                to = static_cast<int>(random() % unsigned(cores));
      const Route route = net.routing.routeBetweenCores(from, to);
      const RouterTiming &router = net.chip.noc.router;
      least.push_back(static_cast<std::uint64_t>(
          3 + (route.hops() + 1) * router.pipelineCycles() +
          route.eastWestHops * router.linkCyclesEastWest +
          route.northSouthHops * router.linkCyclesNorthSouth + variant.flits -
          1));
      net.mesh.send(from, to, static_cast<std::uint64_t>(i));
    }
    const auto arrived = net.drain();
    std::set<std::uint64_t> tags;
    for (const auto &[tag, when] : arrived) {
      EXPECT_TRUE(tags.insert(tag).second);
      EXPECT_GE(when, least[tag]);
    }
    EXPECT_EQ(tags.size(), least.size());
  }
}

TEST(RouterMesh, AHotSpotBehindOneChannelOfDepthOneDrains) {
  for (const int flits : {1, 5}) {
    Mesh2D net(meshChip(6, 6, 2, {1, 1, 0, 1, 1, false, 1, 1, 1, 1}, flits));
    net.mesh.setInputQueue(1);
    for (int core = 0; core < 72; ++core)
      for (int i = 0; i < 10; ++i)
        net.mesh.send(core, i % 2 == 0 ? 31 : 71 - core, 0, i % 2 == 0 ? 7 : 0);
    EXPECT_EQ(net.drain().size(), 720u);
  }
}

TEST(RouterMesh, ACoreThatIsBusyHoldsPacketsBack) {
  Mesh2D net(meshChip(4, 1, 1, routerF));
  net.mesh.setInputQueue(2);
  for (int i = 0; i < 6; ++i)
    net.mesh.send(0, 1, static_cast<std::uint64_t>(i), 100);
  const auto arrived = net.drain();
  ASSERT_EQ(arrived.size(), 6u);
  // One in service, two that wait; then one whenever a service ends.
  EXPECT_EQ(arrived[0].second, 10u);
  EXPECT_EQ(arrived[2].second, 12u);
  EXPECT_EQ(arrived[3].second, 110u);
  EXPECT_EQ(arrived[4].second, 210u);
  EXPECT_EQ(arrived[5].second, 310u);
}

TEST(RouterMesh, ASlowLinkBetweenChipsIsKeptBusy) {
  Mesh2D net(meshChip(2, 1, 1, routerF), 2);
  for (int i = 0; i < 200; ++i)
    net.mesh.send(0, 3, static_cast<std::uint64_t>(i));
  const auto arrived = net.drain();
  ASSERT_EQ(arrived.size(), 200u);
  EXPECT_EQ(arrived[0].second, 6u + 3 * 4 + 20);
  // A flit every four cycles.
  EXPECT_EQ(arrived.back().second, arrived[0].second + 199 * 4);
  EXPECT_EQ(net.mesh.flitsOverLinks()[4 * 1], 200u);
}

TEST(RouterMesh, TreesReachEveryDestinationOnceAndShareLinks) {
  for (const int flits : {1, 3}) {
    ChipModel chip =
        meshChip(5, 4, 2, {2, 3, 0, 1, 1, false, 1, 1, 1, 1}, flits);
    chip.noc.multicast = Multicast::Tree;
    Mesh2D net(chip);
    std::mt19937 random(17);
    std::size_t leaves = 0;
    std::set<std::uint64_t> expected;
    for (int packet = 0; packet < 300; ++packet) {
      std::set<int> cores;
      for (int i = 0; i < 6; ++i)
        cores.insert(static_cast<int>(random() % 40));
      std::vector<MulticastForest::Destination> destinations;
      for (int core : cores) {
        destinations.push_back(
            {core, static_cast<std::uint32_t>(packet * 100 + core)});
        expected.insert(static_cast<std::uint64_t>(packet * 100 + core));
      }
      const int from = static_cast<int>(random() % 40);
      const std::uint32_t root = net.forest.add(from / 2, destinations);
      net.mesh.sendTree(from, root,
                        static_cast<std::uint32_t>(destinations.size()));
      leaves += destinations.size();
    }
    const auto arrived = net.drain();
    EXPECT_EQ(arrived.size(), leaves);
    std::set<std::uint64_t> tags;
    for (const auto &delivery : arrived)
      tags.insert(delivery.first);
    EXPECT_EQ(tags, expected);
  }
  ChipModel chip = meshChip(4, 1, 1, routerF);
  chip.noc.multicast = Multicast::Tree;
  Mesh2D net(chip);
  net.mesh.sendTree(0, net.forest.add(0, {{2, 2}, {3, 3}}), 2);
  EXPECT_EQ(net.drain().size(), 2u);
  EXPECT_EQ(net.mesh.flitsOverLinks()[0], 1u);
  EXPECT_EQ(net.mesh.flitsOverLinks()[4], 1u);
  EXPECT_EQ(net.mesh.flitsOverLinks()[8], 1u);
}

TEST(RouterMesh, FlitsOfTreesLongerThanABufferAreRefused) {
  ChipModel chip = meshChip(2, 2, 1, {2, 4, 0, 1, 1, false, 1, 1, 1, 1}, 5);
  chip.noc.multicast = Multicast::Tree;
  const Routing routing = *Routing::create(chip, 1, 1);
  const MulticastForest forest(routing);
  const auto made = RouterMesh::create(chip.noc, routing, forest);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().message(),
            "not supported: packet network with multicast of 5 flits through "
            "buffers of 4 (a copy keeps the whole packet where it branches: "
            "raise noc.router.buffer_flits, lower noc.flits_per_packet, or "
            "make noc.multicast UNICAST)");
}

TEST(RouterMesh, RefusalsNameTheFieldToChange) {
  const auto refusal = [](const ChipModel &chip) {
    const Routing routing = *Routing::create(chip, 1, 1);
    const MulticastForest forest(routing);
    const auto made = RouterMesh::create(chip.noc, routing, forest);
    return made.ok() ? std::string() : made.error().message();
  };
  const auto names = [](const std::string &message, const std::string &field) {
    return message.find(field) != std::string::npos;
  };
  EXPECT_EQ(refusal(meshChip(2, 2, 1, routerF)), "");
  EXPECT_TRUE(
      names(refusal(meshChip(2, 2, 61, routerF)), "mesh.cores_per_router"));
  RouterTiming router = routerF;
  router.virtualChannels = 65;
  EXPECT_TRUE(
      names(refusal(meshChip(2, 2, 1, router)), "noc.router.virtual_channels"));
  router = {4, 8, 1, 0, 0, false, 0, 1, 0, 1};
  EXPECT_TRUE(
      names(refusal(meshChip(2, 2, 1, router)), "link_cycles_north_south"));
  ChipModel chip = meshChip(2, 2, 1, routerF);
  chip.noc.chipHopCycles = 1 << 16;
  EXPECT_TRUE(names(refusal(chip), "noc.chip_hop_cycles"));
  // Each of the two is short enough, their sum is not.
  router = {4, 1, 0, 1, 1, false, 40000, 1, 1, 25531};
  EXPECT_EQ(refusal(meshChip(2, 2, 1, router, 4)), "");
  ++router.creditCycles;
  const std::string sum = refusal(meshChip(2, 2, 1, router, 4));
  EXPECT_TRUE(names(sum, "a delay of 65536 network cycles"));
  EXPECT_TRUE(names(sum, "noc.router.switch_traversal_cycles"));
  EXPECT_TRUE(names(sum, "noc.router.credit_cycles"));
}

} // namespace
