//===- TimelineTest.cpp - what a trace is told of a run -------------------===//
#include "simulator/machine/Timeline.h"

#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/TwoCores.h"

#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

struct Watcher : TimelineObserver {
  void onBurst(const BurstTimeline &burst) override { bursts.push_back(burst); }
  void onCore(const CoreTimeline &core) override { cores.push_back(core); }
  void onLink(const LinkTimeline &link) override { links.push_back(link); }
  void onStep(const StepTimeline &step) override { steps.push_back(step); }

  std::vector<BurstTimeline> bursts;
  std::vector<CoreTimeline> cores;
  std::vector<LinkTimeline> links;
  std::vector<StepTimeline> steps;
};

void expectInterval(const CycleInterval &seen, std::uint64_t begin,
                    std::uint64_t end) {
  EXPECT_EQ(seen.begin, begin);
  EXPECT_EQ(seen.end, end);
}

TEST(Timeline, ShowsTheStepsOfTheTwoCores) {
  Watcher watcher;
  const synfire::Run run = drive(twoCores(), {0}, 0, "ideal", {}, &watcher).run;
  // As in TimingTest: 43, 39 and 26 cycles, the barrier's 25 included.
  ASSERT_EQ(watcher.steps.size(), 3u);
  expectInterval(watcher.steps[0].cycles, 0, 43);
  expectInterval(watcher.steps[1].cycles, 43, 82);
  expectInterval(watcher.steps[2].cycles, 82, 108);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(watcher.steps[i].number, i);
    EXPECT_EQ(watcher.steps[i].barrierCycles, 25u);
    EXPECT_EQ(watcher.steps[i].boundCycles, run.timing.stepBounds[i]);
    EXPECT_EQ(watcher.steps[i].cause, run.timing.stepCauses[i]);
    EXPECT_EQ(watcher.steps[i].place, run.timing.stepPlaces[i]);
  }
  ASSERT_EQ(watcher.bursts.size(), 2u);
  EXPECT_EQ(watcher.bursts[1].sourceCore, 0);
  EXPECT_EQ(watcher.bursts[1].destinationCore, 12);
  EXPECT_EQ(watcher.bursts[1].packets, 2u);
  expectInterval(watcher.bursts[1].departures, 43 + 2, 43 + 3);
  expectInterval(watcher.bursts[1].arrivals, 43 + 8, 43 + 9);
  // Core 0 and core 12 in the first two steps, core 12 alone in the last.
  ASSERT_EQ(watcher.cores.size(), 5u);
  EXPECT_EQ(watcher.cores[2].core, 0);
  expectInterval(watcher.cores[2].update, 43, 44);
  expectInterval(watcher.cores[2].send, 45, 46);
  expectInterval(watcher.cores[3].receive, 51, 57);
  expectInterval(watcher.cores[4].update, 82, 83);
  ASSERT_EQ(watcher.links.size(), 6u);
  EXPECT_EQ(watcher.links[2].fromRouter, 2);
  EXPECT_EQ(watcher.links[2].toRouter, 6);
  EXPECT_EQ(watcher.links[2].packets, 2u);
  EXPECT_EQ(watcher.links[2].busyCycles, 2u);
}

} // namespace
