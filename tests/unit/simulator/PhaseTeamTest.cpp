#include "simulator/machine/PhaseTeam.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace synfire;

namespace {

TEST(PhaseTeam, RunsEveryJobOnceInEachPhase) {
  for (int members : {1, 2, 5}) {
    PhaseTeam team(members);
    EXPECT_EQ(team.size(), static_cast<std::uint32_t>(members));
    std::vector<int> ran(37);
    for (int phase = 0; phase < 3000; ++phase)
      team.run(static_cast<std::uint32_t>(1 + phase % 37),
               [&](std::uint32_t job, std::uint32_t) { ++ran[job]; });
    int expected = 0;
    for (int phase = 0; phase < 3000; ++phase)
      expected += 1 + phase % 37;
    int sum = 0;
    for (int count : ran)
      sum += count;
    EXPECT_EQ(sum, expected);
    EXPECT_EQ(ran[0], 3000);
  }
}

TEST(PhaseTeam, WakesMembersThatSleep) {
  PhaseTeam team(3);
  int ran = 0;
  for (int phase = 0; phase < 5; ++phase) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::atomic<int> now{0};
    team.run(8, [&](std::uint32_t, std::uint32_t) { ++now; });
    ran += now;
  }
  EXPECT_EQ(ran, 40);
}

TEST(PhaseTeam, TellsMembersApart) {
  PhaseTeam team(3);
  std::vector<std::uint64_t> jobsOf(team.size());
  for (int phase = 0; phase < 2000; ++phase)
    team.run(20,
             [&](std::uint32_t, std::uint32_t member) { ++jobsOf.at(member); });
  EXPECT_EQ(jobsOf[0] + jobsOf[1] + jobsOf[2], 40000u);
}

TEST(PhaseTeam, AJobThatNobodyHasBegunIsOpen) {
  PhaseTeam team(2);
  EXPECT_FALSE(team.hasOpenJobs());
  std::atomic<bool> first{false};
  std::atomic<int> others{0};
  team.run(9, [&](std::uint32_t job, std::uint32_t) {
    if (job > 0) {
      ++others;
      return;
    }
    // The other member leaves none to this one.
    while (team.hasOpenJobs())
      std::this_thread::yield();
    first = others >= 7;
  });
  EXPECT_TRUE(first);
  EXPECT_EQ(others, 8);
  EXPECT_FALSE(team.hasOpenJobs());
}

} // namespace
