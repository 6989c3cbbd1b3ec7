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

} // namespace
