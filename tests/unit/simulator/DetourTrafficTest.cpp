//===- DetourTrafficTest.cpp - full buffers round faults ------------------===//
#include "simulator/noc/RouterMesh.h"
#include "tests/unit/program/TinyParts.h"

#include <gtest/gtest.h>

#include <random>

using namespace synfire;
using namespace synfire::tests;

namespace {

constexpr int side = 6, packetsOfAPair = 4;

ChipModel brokenChip(int virtualChannels, int faults, std::mt19937 &random) {
  ChipModel chip = generousChip();
  chip.mesh = {side, side, 1, 1, 1};
  chip.noc.router.virtualChannels = virtualChannels;
  chip.noc.router.bufferFlits = 1;
  chip.noc.flitsPerPacket = 2;
  for (int i = 0; i < faults; ++i)
    chip.faults.deadLinks.push_back({static_cast<int>(random() % (side - 1)),
                                     static_cast<int>(random() % (side - 1)),
                                     random() % 2 == 1});
  return chip;
}

/// Every core sends to every other at once, through buffers of one flit: where
/// a cycle of waiting packets can close, it does.
TEST(DetourTraffic, AllToAllArrivesWhateverIsBroken) {
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    const ChipModel chip = brokenChip(1 + round % 3, 1 + round, random);
    const Routing routing = *Routing::create(chip, 1, 1);
    const MulticastForest none(routing);
    auto mesh = RouterMesh::create(chip.noc, routing, none);
    ASSERT_TRUE(mesh.ok()) << mesh.error().message();
    std::uint64_t hops = 0;
    for (int i = 0; i < packetsOfAPair; ++i)
      for (int from = 0; from < side * side; ++from)
        for (int to = 0; to < side * side; ++to)
          if (from != to && routing.usable(from) && routing.usable(to)) {
            mesh->send(from, to, 0);
            hops += static_cast<std::uint64_t>(
                routing.routeBetweenCores(from, to).hops());
          }
    // One flit a cycle and link: even one after another they would be there.
    const RouterMesh::Cycle enough =
        20 * (hops + mesh->packetsInFlight()) *
        static_cast<unsigned>(chip.noc.flitsPerPacket);
    std::vector<RouterMesh::Delivery> arrived;
    while (mesh->packetsInFlight() > 0) {
      ASSERT_LT(mesh->now(), enough) << "round " << round << " is stuck";
      mesh->step(arrived);
    }
    std::uint64_t flits = 0;
    for (std::uint64_t ofLink : mesh->flitsOverLinks())
      flits += ofLink;
    EXPECT_EQ(flits, hops * static_cast<unsigned>(chip.noc.flitsPerPacket));
  }
}

} // namespace
