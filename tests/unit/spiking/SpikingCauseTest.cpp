//===- SpikingCauseTest.cpp - what a step of a plain network waits for ----===//
#include "tests/unit/spiking/SmallMachine.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

TEST(SpikingCause, AStepWithoutWorkIsBoundByItsBarrier) {
  ChipModel chip = loihi();
  chip.noc.barrierBaseCycles = chip.noc.barrierCyclesPerRouterDiameter = 0;
  chip.timing.neuronUpdateCycles = 0;
  for (const char *noc : {"ideal", "burst", "packet"}) {
    SpikingOptions options;
    options.noc = noc;
    auto machine = SpikingMachine::create(parse(R"(name: "quiet"
                 population { name: "a" neurons: 3 scheduled {} })"),
                                          chip, options);
    ASSERT_TRUE(machine.ok()) << machine.error().message();
    const SpikingStep step = (*machine)->step();
    EXPECT_EQ(step.cycles, 0u);
    EXPECT_EQ(step.cause, StepCause::Barrier);
    EXPECT_EQ(step.causeCore, -1);
    EXPECT_EQ(step.causeLink, -1);
    EXPECT_EQ((*machine)->run().timing.barrierBoundSteps, 1u);
    EXPECT_EQ((*machine)->run().timing.computeBoundSteps, 0u);
  }
}

/// 45 cores, all of which send to many.
const char *const recurrent = R"(
  name: "recurrent"
  population { name: "in" neurons: 300
    random { per_million: 200000 seed: 1 } }
  population { name: "h" neurons: 700
    leaky_integrate_and_fire {
      threshold: 60 decay: 256 refractory_steps: 2 bias: 3 } }
  connection { from: "in" to: "h"
    dense { weight: "(7*i + 13*j) mod 15 - 5" } }
  connection { from: "h" to: "h" generated {
    loop { name: "s" count: 20 }
    target: "hash(i, s) mod 700" weight: "hash(i, s, 1) mod 21 - 10" } }
  placement { population: "in" neurons_per_core: 30 }
  placement { population: "h" neurons_per_core: 20 }
)";

/// By core: cycles of the two shorter stages of its input side, so far.
std::vector<std::uint64_t> shorterStages(const SpikingMachine &machine) {
  std::vector<std::uint64_t> cycles;
  for (const CoreRun &core : machine.run().cores) {
    const std::uint64_t stages[] = {core.stageCycles[CoreStage::AxonLookup],
                                    core.stageCycles[CoreStage::SynapseMemory],
                                    core.stageCycles[CoreStage::Accumulation]};
    cycles.push_back(stages[0] + stages[1] + stages[2] -
                     *std::max_element(stages, stages + 3));
  }
  return cycles;
}

/// The example of docs/spec/machine.md, "Cycles of a core".
TEST(SpikingCause, AnIdealNetworkIsSlowerByNoMoreThanShorterStages) {
  const SpikingNetwork network = parse(recurrent);
  SpikingOptions options;
  options.noc = "ideal";
  auto ideal = make(network, options);
  options.noc = "burst";
  auto burst = make(network, options);
  ASSERT_TRUE(ideal && burst);
  std::uint64_t cycles[2] = {};
  std::vector<std::uint64_t> before(ideal->run().cores.size());
  for (int i = 0; i < 12; ++i) {
    const std::uint64_t alone = ideal->step().cycles;
    const std::uint64_t queued = burst->step().cycles;
    cycles[0] += alone;
    cycles[1] += queued;
    const std::vector<std::uint64_t> now = shorterStages(*ideal);
    std::uint64_t most = 0;
    for (std::size_t core = 0; core < now.size(); ++core)
      most = std::max(most, now[core] - before[core]);
    EXPECT_LE(alone, queued + most);
    before = now;
  }
  EXPECT_EQ(cycles[0], 149997u);
  EXPECT_EQ(cycles[1], 149898u);
}

TEST(SpikingCause, AFullLinkIsTheBoundAndTheCause) {
  ChipModel chip = loihi();
  chip.noc.flitsPerPacket = 40;
  chip.timing.accumulateCycles = 1;
  const auto onLink =
      400 * 40 * static_cast<std::uint64_t>(chip.noc.periodCycles);
  for (const char *noc : {"burst", "packet"}) {
    SCOPED_TRACE(noc);
    SpikingOptions options;
    options.noc = noc;
    auto machine = SpikingMachine::create(parse(loaded), chip, options);
    ASSERT_TRUE(machine.ok()) << machine.error().message();
    const SpikingStep step = (*machine)->step();
    EXPECT_EQ(step.cause, StepCause::Link);
    EXPECT_EQ(step.causeLink, 0); // east of router 0
    EXPECT_GE(step.boundCycles, onLink);
    EXPECT_GT(static_cast<double>(step.boundCycles),
              0.8 * static_cast<double>(step.cycles));
    const auto run = (*machine)->run();
    EXPECT_EQ(run.timing.stepPlaces, std::vector<std::int32_t>{0});
    EXPECT_EQ(run.timing.linkBoundSteps, 1u);
    ASSERT_EQ(run.links.size(), 1u);
    const auto &link = run.links.front();
    EXPECT_EQ(link.toRouter, 1);
    EXPECT_DOUBLE_EQ(link.peakUtilisation,
                     static_cast<double>(onLink) /
                         static_cast<double>(step.cycles));
  }
}

/// One core sends to three others, to one after another.
const char *const queued = R"(
  name: "queued"
  population { name: "a1" neurons: 100 forced {} }
  population { name: "a2" neurons: 100 forced {} }
  population { name: "a3" neurons: 100 forced {} }
  population { name: "b1" neurons: 10
    leaky_integrate_and_fire { threshold: 1000000 } }
  population { name: "b2" neurons: 10
    leaky_integrate_and_fire { threshold: 1000000 } }
  population { name: "b3" neurons: 10
    leaky_integrate_and_fire { threshold: 1000000 } }
  connection { from: "a1" to: "b1" dense { weight: "1" } }
  connection { from: "a2" to: "b2" dense { weight: "1" } }
  connection { from: "a3" to: "b3" dense { weight: "1" } }
  placement { population: "a1" core: 0 }
  placement { population: "a2" core: 0 }
  placement { population: "a3" core: 0 }
  placement { population: "b1" core: 4 }
  placement { population: "b2" core: 8 }
  placement { population: "b3" core: 12 }
)";

TEST(SpikingCause, AFullCoreIsTheCauseAndNotTheLinksBeforeIt) {
  for (const char *noc : {"burst", "packet"})
    for (const Multicast multicast : {Multicast::Unicast, Multicast::Tree}) {
      SCOPED_TRACE(noc);
      ChipModel chip = loihi();
      chip.noc.multicast = multicast;
      chip.timing.accumulateCycles = 1000;
      chip.timing.inputQueuePackets = 2;
      SpikingOptions options;
      options.noc = noc;
      auto machine = SpikingMachine::create(parse(queued), chip, options);
      ASSERT_TRUE(machine.ok()) << machine.error().message();
      const SpikingStep step = (*machine)->step();
      // What waits for the first core is ahead of what the others wait for.
      ASSERT_GT(step.cycles, 2 * step.boundCycles);
      EXPECT_EQ(step.cause, StepCause::Accumulation);
      EXPECT_EQ(step.causeCore, 12);
      EXPECT_EQ(step.causeLink, -1);
    }
}

TEST(SpikingCause, LinksThatBlockEachOtherAreTheCause) {
  ChipModel chip = loihi();
  chip.noc.flitsPerPacket = 16;
  chip.noc.router.virtualChannels = 1;
  chip.noc.router.bufferFlits = 2;
  chip.noc.barrierBaseCycles = chip.noc.barrierCyclesPerRouterDiameter = 0;
  auto expectLink = [&](const char *noc) {
    SCOPED_TRACE(noc);
    SpikingOptions options;
    options.noc = noc;
    auto machine = SpikingMachine::create(parse(recurrent), chip, options);
    ASSERT_TRUE(machine.ok()) << machine.error().message();
    for (int i = 0; i < 3; ++i) {
      const SpikingStep step = (*machine)->step();
      ASSERT_GT(step.cycles, 2 * step.boundCycles);
      EXPECT_EQ(step.cause, StepCause::Link);
      EXPECT_GE(step.causeLink, 0);
    }
  };
  chip.timing.accumulateCycles = 1;
  expectLink("burst");
  expectLink("packet");
}

} // namespace
