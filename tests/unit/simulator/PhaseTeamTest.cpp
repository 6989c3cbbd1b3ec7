#include "simulator/machine/PhaseTeam.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

using namespace synfire;

namespace {

TEST(PhaseTeam, RunsEveryJobOnceInEachPhase) {
  constexpr std::uint32_t most = 37;
  constexpr int rounds = 80;
  for (int members : {1, 2, 5}) {
    PhaseTeam team(members);
    EXPECT_EQ(team.size(), static_cast<std::uint32_t>(members));
    std::vector<int> ran(most), expected(most);
    for (int round = 0; round < rounds; ++round)
      for (std::uint32_t jobs = 1; jobs <= most; ++jobs) {
        team.run(jobs, [&](std::uint32_t job, std::uint32_t) { ++ran[job]; });
        for (std::uint32_t job = 0; job < jobs; ++job)
          ++expected[job];
        ASSERT_EQ(ran, expected) << jobs << " jobs, " << members << " members";
      }
  }
}

/// Runs a phase of as many jobs as the team has members, none of which ends
/// before all have begun, so that every member has to take one. Returns who did
/// each.
std::vector<std::uint32_t> phaseOfAll(PhaseTeam &team) {
  std::vector<std::uint32_t> members(team.size());
  std::atomic<std::uint32_t> begun{0};
  team.run(team.size(), [&](std::uint32_t job, std::uint32_t member) {
    members[job] = member;
    ++begun;
    while (begun < team.size())
      std::this_thread::yield();
  });
  return members;
}

TEST(PhaseTeam, WakesMembersThatSleep) {
  PhaseTeam team(3);
  for (int phase = 0; phase < 5; ++phase) {
    // Members poll for less than this before they sleep.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    phaseOfAll(team); // ends when everyone is awake
    EXPECT_FALSE(team.hasOpenJobs());
  }
}

TEST(PhaseTeam, TellsMembersApart) {
  PhaseTeam team(3);
  for (int phase = 0; phase < 200; ++phase) {
    std::vector<std::uint32_t> members = phaseOfAll(team);
    std::sort(members.begin(), members.end());
    EXPECT_EQ(members, (std::vector<std::uint32_t>{0, 1, 2}));
  }
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
