//===- MulticastTest.cpp - one packet for a set of cores ------------------===//
#include "simulator/machine/AxonCells.h"

#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/TwoCores.h"

#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// The outputs on three cores, at (2, 0), (2, 1) and (3, 1).
Program fourCores(Multicast multicast) {
  Program program = twoCores();
  program.mapping.chip.noc.multicast = multicast;
  program.mapping.tiles = {{0, 0, 0, 1, 0, 4},
                           {1, 4, 0, 1, 0, 1},
                           {1, 12, 0, 1, 1, 2},
                           {1, 14, 0, 1, 2, 3}};
  return program;
}

TEST(Multicast, SendsAnEventOnceAndCountsTheTree) {
  const synfire::Run apart =
      drive(fourCores(Multicast::Unicast), {0}, 0, "ideal").run;
  const synfire::Run once =
      drive(fourCores(Multicast::Tree), {0}, 0, "ideal").run;
  EXPECT_EQ(once.digest, apart.digest);
  EXPECT_EQ(once.membraneDigest, apart.membraneDigest);
  // Four spikes; routes of 2, 2 + 1 and 3 + 1 hops that share their first two.
  EXPECT_EQ(apart.total[Counter::SpikeSent], 12u);
  EXPECT_EQ(apart.total[Counter::HopEastWest], 4u * (2 + 2 + 3));
  EXPECT_EQ(apart.total[Counter::HopNorthSouth], 4u * 2);
  EXPECT_EQ(once.total[Counter::SpikeSent], 4u);
  EXPECT_EQ(once.total[Counter::HopEastWest], 4u * 3);
  EXPECT_EQ(once.total[Counter::HopNorthSouth], 4u * 2);
  for (const synfire::Run *run : {&apart, &once})
    EXPECT_EQ(run->total[Counter::SpikeDelivered], 12u);
  EXPECT_EQ(once.total[Counter::AxonRead], apart.total[Counter::AxonRead]);
  EXPECT_LT(once.timing.cycles, apart.timing.cycles);
  for (const CoreRun &core : once.cores)
    EXPECT_EQ(core.packetsReceived, core.core == 0 ? 0u : 4u);
  // Two sends a step instead of six.
  EXPECT_EQ(once.cores[0].stageCycles[CoreStage::AxonWalk], 4u);
  EXPECT_EQ(apart.cores[0].stageCycles[CoreStage::AxonWalk], 12u);
}

TEST(AxonCells, NeuronsOfACellShareTheirListeners) {
  // Groups 2..5, columns 3..9 of a stage of 10 columns.
  const Tile tile = {0, 0, 2, 5, 3, 9};
  AxonDestination left{1, {}}, all{2, {}};
  left.listeners.push_back({0, 0, Operand::Driver, {2, 4, 3, 6}, false});
  all.listeners.push_back({1, 0, Operand::Driver, {2, 5, 3, 9}, true});
  const AxonCells cells(tile, 10, {left, all});
  ASSERT_EQ(cells.count(), 4u);
  std::vector<std::uint64_t> events;
  cells.countEvents({23, 25, 26, 38, 43, 48}, events);
  EXPECT_EQ(events, (std::vector<std::uint64_t>{2, 2, 1, 1}));
  const NeuronBlock block = left.listeners.front().block;
  EXPECT_TRUE(cells.hears(block, 0));
  for (std::size_t cell : {1u, 2u, 3u})
    EXPECT_FALSE(cells.hears(block, cell));
}

} // namespace
