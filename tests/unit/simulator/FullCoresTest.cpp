//===- FullCoresTest.cpp - packets that wait for cores --------------------===//
#include "tests/unit/simulator/NetworkDriver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// 8x8 routers F of one core each, whose core serves one packet while 2 wait.
ChipModel smallQueues() {
  ChipModel chip = routersF();
  chip.mesh = {8, 8, 1, 1, 1};
  chip.timing.inputQueuePackets = 2;
  return chip;
}

int coreAt(int x, int y) { return 8 * y + x; }

/// Packets of a burst that fit the buffers of its way, and that do not.
constexpr unsigned few = 16, many = 300;

TEST(FullCores, TheLastPacketEntersWhenTheQueueHasAPlace) {
  for (const char *name : {"burst", "packet"}) {
    Net net(name, 1, smallQueues());
    const Sent to =
        net.deliver({{coreAt(0, 0), coreAt(1, 0), 10, 0, 0, 50}})[0];
    EXPECT_EQ(to.firstArrival, 10u) << name;
    // The tenth enters when the seventh has been served.
    EXPECT_EQ(to.lastArrival, 10u + 7 * 50) << name;
  }
}

/// What `burst` and `packet` say of the last of the bursts.
void expectLastAsInPacket(const std::vector<Sent> &bursts, double tolerance,
                          int inputQueuePackets = 16) {
  ChipModel chip = smallQueues();
  chip.timing.inputQueuePackets = inputQueuePackets;
  Net burst("burst", 1, chip), packet("packet", 1, chip);
  const Sent got = burst.deliver(bursts).back(),
             expected = packet.deliver(bursts).back();
  EXPECT_NEAR(double(got.firstArrival), double(expected.firstArrival),
              tolerance);
  EXPECT_NEAR(double(got.lastArrival), double(expected.lastArrival), tolerance);
}

TEST(FullCores, AQueueHoldsPacketsOfAnyPace) {
  expectLastAsInPacket({{0, 7, 16, 0, 0, 200}, {1, 7, 2, 1000, 1000, 1}}, 10);
}

TEST(FullCores, AQueueFillsByWhatComesFasterThanItIsServed) {
  // 2,000 packets come every 95 cycles, and the first to find no place is about
  // the 340th.
  expectLastAsInPacket(
      {{0, 7, 2000, 0, 190000, 100}, {1, 6, 5, 10000, 10000, 1}}, 10);
}

TEST(FullCores, NothingWaitsForWhatIsHeldUpUntilLater) {
  // The second burst enters when the first has left its source, long after the
  // third has passed.
  expectLastAsInPacket(
      {{0, 7, 400, 0, 0, 100}, {0, 56, 1, 1, 1, 0}, {8, 48, 10, 100, 110, 0}},
      2, 2);
  expectLastAsInPacket(
      {{0, 7, 400, 0, 0, 100}, {0, 16, 5, 1, 1, 10}, {24, 16, 5, 100, 100, 10}},
      20, 2);
}

TEST(FullCores, APacketArrivesOnce) {
  expectLastAsInPacket({{0, 7, 10, 0, 0, 100}, {1, 7, 1, 100, 100, 100}}, 10,
                       2);
}

TEST(FullCores, NothingChangesWhereTheQueueTakesAll) {
  Net net("burst", 1, smallQueues());
  std::vector<Sent> bursts(64);
  for (int from = 0; from < 64; ++from)
    bursts[static_cast<std::size_t>(from)] = {from, 63 - from, 3, 0, 9, 10000};
  const auto slow = net.deliver(bursts);
  for (Sent &sent : bursts)
    sent.pace = 0;
  const auto fast = net.deliver(bursts);
  for (std::size_t i = 0; i < slow.size(); ++i)
    EXPECT_EQ(slow[i].lastArrival, fast[i].lastArrival);
}

/// A burst whose packets fill the way to a slow core, and one that crosses the
/// same links to another core.
TEST(FullCores, OthersWaitOnAFullWay) {
  const std::vector<Sent> bursts = {
      {coreAt(0, 0), coreAt(5, 0), 400, 0, 400, 20},
      {coreAt(1, 0), coreAt(4, 0), 20, 2000, 2100, 1}};
  std::vector<Sent> alone = bursts;
  alone[0].pace = 0;
  Net burst("burst", 1, smallQueues()), packet("packet", 1, smallQueues());
  const double free = double(burst.deliver(alone)[1].lastArrival);
  const double late = double(burst.deliver(bursts)[1].lastArrival) - free;
  const double expected = double(packet.deliver(bursts)[1].lastArrival) - free;
  EXPECT_GT(expected, 100);
  EXPECT_GT(late, 0.5 * expected);
  EXPECT_LT(late, 2 * expected);
}

TEST(FullCores, OthersWaitForASourceThatCannotSend) {
  const std::vector<Sent> bursts = {
      {coreAt(0, 0), coreAt(1, 0), 400, 0, 400, 20},
      {coreAt(0, 0), coreAt(0, 5), 20, 410, 430, 1}};
  Net burst("burst", 1, smallQueues()), packet("packet", 1, smallQueues());
  const double late = double(burst.deliver(bursts)[1].lastArrival),
               expected = double(packet.deliver(bursts)[1].lastArrival);
  EXPECT_GT(expected, 1000);
  EXPECT_NEAR(late, expected, 0.15 * expected);
}

TEST(FullCores, NothingIsFasterThanIdealAndAllCountTheSameLinks) {
  for (const unsigned most : {few, many})
    for (const unsigned slowest : {4U, 100U}) {
      Net ideal("ideal", 1, smallQueues()), burst("burst", 1, smallQueues());
      std::mt19937 random(3);
      for (int trial = 0; trial < 20; ++trial) {
        const auto bursts = randomBursts(random, 64, 200, 100, most, slowest);
        const auto a = ideal.deliver(bursts), b = burst.deliver(bursts);
        for (std::size_t i = 0; i < bursts.size(); ++i) {
          EXPECT_GE(b[i].firstArrival, a[i].firstArrival);
          EXPECT_GE(b[i].lastArrival, a[i].lastArrival);
          EXPECT_LE(b[i].firstArrival, b[i].lastArrival);
        }
      }
      for (std::size_t link = 0; link < ideal.network->loads().size(); ++link)
        EXPECT_EQ(ideal.network->loads()[link].packets,
                  burst.network->loads()[link].packets);
    }
}

TEST(FullCores, NothingIsFasterThanIdealOnAnyChip) {
  std::mt19937 random(9);
  const auto small = [&](unsigned bound) {
    return static_cast<int>(random() % bound);
  };
  for (int trial = 0; trial < 200; ++trial) {
    ChipModel chip = smallQueues();
    chip.mesh = {4, 4, 4, 2, 1};
    chip.timing.inputQueuePackets = 1 + small(20);
    chip.noc.periodCycles = 1 + small(3);
    chip.noc.chipLinkCyclesPerFlit = 1 + small(20);
    chip.noc.router.virtualChannels = 1 + small(8);
    chip.noc.router.bufferFlits = 1 + small(8);
    chip.noc.multicast = small(2) == 1 ? Multicast::Tree : Multicast::Unicast;
    chip.noc.flitsPerPacket = 1 + small(4);
    if (chip.noc.multicast == Multicast::Tree)
      chip.noc.flitsPerPacket =
          std::min(chip.noc.flitsPerPacket, chip.noc.router.bufferFlits);
    Net ideal("ideal", 2, chip), burst("burst", 2, chip);
    StepTraffic traffic;
    for (int b = 0; b < 100; ++b) {
      const auto destinations = static_cast<std::uint32_t>(1 + small(3));
      const std::uint64_t first = random() % 1000, packets = 1 + random() % 500;
      traffic.bursts.push_back(
          {small(128), static_cast<std::uint32_t>(traffic.destinations.size()),
           destinations, packets, first,
           first + (packets - 1) * (random() % 8)});
      // Ascending cores, as bursts have them.
      for (std::uint32_t d = 0; d < destinations; ++d)
        traffic.destinations.push_back(
            {40 * static_cast<int>(d) + small(40), 0, 0,
             static_cast<std::uint32_t>(random() % (1U << (1 + small(20))))});
    }
    const auto a = ideal.deliverTraffic(traffic),
               b = burst.deliverTraffic(traffic);
    for (std::size_t i = 0; i < a.size(); ++i) {
      ASSERT_GE(b[i].firstArrival, a[i].firstArrival) << trial;
      ASSERT_GE(b[i].lastArrival, a[i].lastArrival) << trial;
      ASSERT_LE(b[i].firstArrival, b[i].lastArrival) << trial;
      // All of the step's work, one after the other, is some 100,000 packets
      // of 2^20 cycles.
      ASSERT_LT(b[i].lastArrival, std::uint64_t(1) << 40) << trial;
    }
  }
}

TEST(FullCores, TheNextStepStartsWithEmptyQueues) {
  std::mt19937 random(6);
  for (const unsigned most : {few, many}) {
    const auto bursts = randomBursts(random, 64, 60, 400, most, 20);
    Net used("burst", 1, smallQueues()), fresh("burst", 1, smallQueues());
    used.deliver(randomBursts(random, 64, 200, 100, many, 100));
    const auto a = used.deliver(bursts), b = fresh.deliver(bursts);
    for (std::size_t i = 0; i < bursts.size(); ++i) {
      EXPECT_EQ(a[i].firstArrival, b[i].firstArrival);
      EXPECT_EQ(a[i].lastArrival, b[i].lastArrival);
    }
  }
}

/// What docs/spec/noc.md says of the model's error.
TEST(FullCores, AStepEndsCloseToPacket) {
  std::mt19937 random(21);
  for (const unsigned most : {few, many})
    for (const unsigned slowest : {4U, 20U, 100U})
      for (const int perCore : {1, 4, 8}) {
        Net burst("burst", 1, smallQueues()),
            packet("packet", 1, smallQueues());
        const auto bursts =
            randomBursts(random, 64, 64 * perCore, 400, most, slowest);
        const double expected = endOf(packet.deliver(bursts)),
                     end = endOf(burst.deliver(bursts));
        EXPECT_NEAR(end, expected, (most == few ? 0.05 : 0.25) * expected)
            << most << " packets, " << slowest << " cycles each, " << perCore
            << " bursts a core";
      }
}

TEST(FullCores, ASlowLeafHoldsItsTreeUp) {
  ChipModel chip = smallQueues();
  chip.noc.multicast = Multicast::Tree;
  Net burst("burst", 1, chip), packet("packet", 1, chip);
  StepTraffic traffic;
  traffic.bursts.push_back({coreAt(0, 0), 0, 2, 200, 0, 200});
  traffic.destinations.push_back({coreAt(3, 0), 0, 0, 0});
  traffic.destinations.push_back({coreAt(3, 3), 0, 0, 10});
  const auto expected = packet.deliverTraffic(traffic),
             got = burst.deliverTraffic(traffic);
  EXPECT_NEAR(double(got[1].lastArrival), double(expected[1].lastArrival),
              0.15 * double(expected[1].lastArrival));
  EXPECT_LE(got[0].lastArrival, expected[0].lastArrival + 20);
}

TEST(FullCores, APacketToTwoCoresHoldsALinkOnce) {
  ChipModel chip = smallQueues();
  chip.noc.multicast = Multicast::Tree;
  const auto lateness = [&](const char *name, bool second) {
    Net net(name, 1, chip);
    StepTraffic traffic;
    traffic.bursts.push_back({0, 0, 2, 500, 0, 500});
    traffic.destinations.push_back({7, 0, 0, 100});
    traffic.destinations.push_back({63, 0, 0, second ? 100U : 0U});
    traffic.bursts.push_back({1, 2, 1, 10, 600, 600});
    traffic.destinations.push_back({5, 0, 0, 0});
    return double(net.deliverTraffic(traffic).back().lastArrival);
  };
  EXPECT_GE(lateness("packet", true), lateness("packet", false));
  EXPECT_GE(lateness("burst", true), 0.99 * lateness("burst", false));
}

} // namespace
