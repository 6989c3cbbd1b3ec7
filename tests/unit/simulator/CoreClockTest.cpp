//===- CoreClockTest.cpp - every term of a core's cycles by hand ----------===//
#include "simulator/machine/CoreClock.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <utility>
#include <vector>

using namespace synfire;

namespace {

CoreTiming slowCore() {
  CoreTiming timing;
  timing.clockHz = 1e9;
  timing.axonLookupCycles = 2;
  timing.rowFetchCycles = 1;
  timing.synapseWordBits = 64;
  timing.synapseWordCycles = 3;
  timing.accumulateLanes = 4;
  timing.accumulateCycles = 1;
  timing.neuronUpdateCycles = 5;
  timing.neuronSpikeCycles = 2;
  timing.neuronLanes = 2;
  timing.outputAxonCycles = 4;
  return timing;
}

TEST(OutputClock, SilenceCostsUpdatesAlone) {
  const CoreTiming timing = slowCore();
  OutputClock clock(timing, 10);
  clock.update(8, 0, 0);
  EXPECT_EQ(clock.updated(), 10u + 8 * 5 / 2);
  EXPECT_EQ(clock.sent(), clock.updated());
  EXPECT_EQ(clock.walkCycles(), 0u);
}

TEST(OutputClock, TheWalkFollowsASlowUpdate) {
  const CoreTiming timing = slowCore();
  OutputClock clock(timing, 10);
  // (8 x 5 + 4 x 2) / 2 = 24 cycles of updates; one in 6 fires.
  const Departures walk = clock.update(8, 4, 4);
  EXPECT_EQ(clock.updated(), 34u);
  EXPECT_EQ(walk.first, 10u + 6 + 4);
  EXPECT_EQ(walk.last, 34u + 4);
  EXPECT_EQ(clock.sent(), 38u);
}

TEST(OutputClock, ASlowWalkSetsThePace) {
  const CoreTiming timing = slowCore();
  OutputClock clock(timing, 10);
  const Departures walk = clock.update(8, 4, 40);
  EXPECT_EQ(walk.first, 10u + 6 + 4);
  EXPECT_EQ(walk.last, 16u + 40 * 4);
  EXPECT_EQ(clock.updated(), 34u);
  // The next population is updated meanwhile and waits for the walk.
  const Departures next = clock.update(2, 2, 2);
  EXPECT_EQ(clock.updated(), 34u + 7);
  EXPECT_EQ(next.first, 176u + 4);
  EXPECT_EQ(next.last, 176u + 8);
  EXPECT_EQ(clock.walkCycles(), 42u * 4);
  EXPECT_EQ(clock.updateCycles(), 24u + 7);
}

/// 4 packets: look-up 8, memory 4 + 8 x 3, lanes 40 / 4.
const InputWork fourPackets = {4, 4, 8, 40};

TEST(InputCycles, AreThoseOfTheStages) {
  const InputCycles cycles = inputCycles(slowCore(), fourPackets);
  EXPECT_EQ(cycles.lookup, 8u);
  EXPECT_EQ(cycles.memory, 28u);
  EXPECT_EQ(cycles.accumulation, 10u);
  EXPECT_EQ(cycles.packetLookup, 2u);
  EXPECT_EQ(cycles.packetMemory, 7u);
  EXPECT_EQ(cycles.packetAccumulation, 3u);
  EXPECT_EQ(cycles.perPacket(), 7u);
  EXPECT_EQ(cycles.onePacket(), 12u);
  EXPECT_EQ(inputCycles(slowCore(), {}).onePacket(), 0u);
}

TEST(InputClock, ABurstTakesItsSlowestStageAndTheFill) {
  const InputCycles burst = inputCycles(slowCore(), fourPackets);
  InputClock clock;
  EXPECT_EQ(clock.take(burst, 100, 100), 100u + 2 + 28 + 3);
  EXPECT_EQ(clock.packetStall(), 100u);
  EXPECT_EQ(clock.memoryStall(), 22u);
  EXPECT_EQ(clock.accumulationStall(), 3u);
  EXPECT_EQ(clock.end(), clock.lookupCycles() + clock.packetStall() +
                             clock.memoryStall() + clock.accumulationStall());
}

TEST(InputClock, TheSecondBurstFindsThePipelineFull) {
  const InputCycles burst = inputCycles(slowCore(), fourPackets);
  InputClock clock;
  clock.take(burst, 100, 100);
  EXPECT_EQ(clock.take(burst, 100, 100), 100u + 2 + 2 * 28 + 3);
  EXPECT_EQ(clock.memoryCycles(), 56u);
}

TEST(InputClock, NoBurstEndsBeforeItsLastPacketIsThrough) {
  const InputCycles burst = inputCycles(slowCore(), fourPackets);
  InputClock clock;
  EXPECT_EQ(clock.take(burst, 0, 1000), 1000u + 12);
  // Another one is taken in while the first still arrives.
  EXPECT_EQ(clock.take(burst, 10, 10), 2u + 2 * 28 + 3);
  EXPECT_EQ(clock.end(), 1012u);
}

struct ArrivingBurst {
  InputCycles cycles;
  std::uint64_t first = 0, last = 0;
};

/// In the order in which they are, or that of their first arrivals.
InputClock takeAll(const std::vector<ArrivingBurst> &bursts, bool byArrival) {
  // Equal arrivals: by their place, as by their source.
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(bursts.size());
  for (const ArrivingBurst &burst : bursts)
    order.emplace_back(byArrival ? burst.first : 0, order.size());
  std::sort(order.begin(), order.end());
  InputClock clock;
  for (const auto &[first, place] : order) {
    const ArrivingBurst &burst = bursts[place];
    clock.take(burst.cycles, burst.first, burst.last);
  }
  return clock;
}

TEST(InputClock, LaterArrivalsEndEarlierByTheTwoShorterStagesAtMost) {
  std::mt19937 random(5);
  auto pick = [&](int least, int most) {
    return static_cast<std::uint64_t>(
        std::uniform_int_distribution<int>(least, most)(random));
  };
  int earlier = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    std::vector<ArrivingBurst> early(pick(1, 8));
    for (ArrivingBurst &burst : early) {
      const std::uint64_t packets = pick(1, 5);
      burst.cycles = inputCycles(slowCore(),
                                 {packets, packets, pick(0, 20), pick(0, 300)});
      burst.first = pick(0, 60);
      burst.last = burst.first + (packets == 1 ? 0 : pick(0, 40));
    }
    std::vector<ArrivingBurst> late = early;
    for (ArrivingBurst &burst : late) {
      const std::uint64_t delay = pick(0, 30);
      burst.first += delay;
      burst.last += delay;
    }
    EXPECT_LE(takeAll(early, false).end(), takeAll(late, false).end());
    const InputClock first = takeAll(early, true), then = takeAll(late, true);
    earlier += then.end() < first.end();
    const std::uint64_t stages[] = {first.lookupCycles(), first.memoryCycles(),
                                    first.accumulationCycles()};
    EXPECT_LE(first.end(), then.end() + stages[0] + stages[1] + stages[2] -
                               *std::max_element(stages, stages + 3));
  }
  EXPECT_GT(earlier, 0) << "the order of arrival decides";
}

TEST(InputBound, IsReachedByBurstsThatComeTogether) {
  const InputCycles burst = inputCycles(slowCore(), fourPackets);
  InputClock clock;
  InputBound bound(clock);
  for (int i = 0; i < 3; ++i) {
    bound.add(burst, 100, 100);
    clock.take(burst, 100, 100);
  }
  EXPECT_EQ(bound.ofMemory(), clock.end());
  EXPECT_EQ(bound.ofLookup(), 100u + 3 * 8 + 7 + 3);
  EXPECT_EQ(bound.ofAccumulation(), 100u + 2 + 7 + 3 * 10);
  EXPECT_EQ(bound.ofLastPacket(), 112u);
}

TEST(InputBound, StartsFromWhatTheCoreWasDoing) {
  const InputCycles burst = inputCycles(slowCore(), fourPackets);
  InputClock clock;
  clock.take(burst, 0, 0);
  InputBound bound(clock);
  EXPECT_EQ(bound.ofMemory(), 30u);
  bound.add(burst, 0, 0);
  EXPECT_EQ(bound.ofMemory(), 30u + 28 + 3);
  EXPECT_EQ(clock.take(burst, 0, 0), bound.ofMemory());
}

} // namespace
