//===- BisectTest.cpp - METIS as a guest of the process -------------------===//
#include "compiler/mapping/Bisect.h"

#include "runtime/program/Routing.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>
#include <thread>
#include <unistd.h>

using namespace synfire;

namespace {

constexpr int cores = 256;

std::vector<TrafficNet> randomNets() {
  std::mt19937 random(1);
  std::vector<TrafficNet> nets(2 * cores);
  for (std::size_t n = 0; n < nets.size(); ++n) {
    nets[n].sources = {{static_cast<int>(n) % cores, 1.0 + n % 7}};
    for (int core = 0; core < cores; ++core)
      if (random() % 8 == 0)
        nets[n].readers.push_back(core);
  }
  return nets;
}

/// Places until something ends it.
[[noreturn]] void placeForever() {
  ChipModel chip;
  chip.mesh = {16, 16, 1, 1, 1};
  const auto routing = Routing::create(chip, 1, 1);
  const std::vector<TrafficNet> nets = randomNets();
  while (routing.ok())
    if (!bisectPlacement(nets, cores, *routing, chip, {0, 0, 16, 16}))
      std::_Exit(2);
  std::_Exit(3);
}

void placeAndTerminate(std::chrono::milliseconds after) {
  alarm(60); // a process that hangs ends by another signal
  std::thread([after] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::this_thread::sleep_for(after);
    kill(getpid(), SIGTERM);
  }).detach();
  placeForever();
}

TEST(BisectDeathTest, TerminationEndsTheProcessWhateverMetisIsDoing) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  for (int i = 0; i < 8; ++i)
    EXPECT_EXIT(placeAndTerminate(std::chrono::milliseconds(100 + 7 * i)),
                testing::KilledBySignal(SIGTERM), "")
        << "after " << 100 + 7 * i << " ms";
}

} // namespace
