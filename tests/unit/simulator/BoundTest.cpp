//===- BoundTest.cpp - what a step could take at best, and why ------------===//
#include "simulator/machine/LinkBound.h"

#include "tests/unit/simulator/DenseNetwork.h"
#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/TwoCores.h"

#include <gtest/gtest.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

TEST(LinkBound, KeepsTheLastPacketWaiting) {
  const ChipModel chip = generousChip();
  auto routing = Routing::create(chip, 1, 1);
  ASSERT_TRUE(routing.ok());
  NocTiming noc = chip.noc;
  noc.flitsPerPacket = 3;
  noc.periodCycles = 2;
  // Routers 0 -> 2 and 1 -> 2: a hop takes 2 cycles, a packet 6 of a link.
  const auto far = linksOnWay(noc, *routing, 0, 2);
  const auto near = linksOnWay(noc, *routing, 1, 2);
  ASSERT_EQ(far.size(), 2u);
  EXPECT_EQ(far[1].before, 2u);
  EXPECT_EQ(far[1].rest, 2u);
  EXPECT_EQ(far[0].rest, 4u);
  LinkBound bound(linkCount(routing->mesh()));
  bound.startBurst(5, 10);
  bound.follow(far);
  EXPECT_EQ(bound.largest().cycles, 10u + 4 * 6 + 4);
  bound.startBurst(1, 50);
  bound.follow(near);
  // The link 1 -> 2 carries 6 packets from cycle 12 on.
  EXPECT_EQ(bound.largest().cycles, 12u + 5 * 6 + 2);
  EXPECT_EQ(bound.largest().link, 4 * 1 + int(Direction::East));
  bound.endStep(72);
  EXPECT_EQ(bound.largest().link, -1);
  EXPECT_DOUBLE_EQ(bound.peakUtilisation(4), 0.5);
}

TEST(LinkBound, CountsABurstOnceWhereItsWaysMeet) {
  const ChipModel chip = generousChip();
  auto routing = Routing::create(chip, 1, 1);
  ASSERT_TRUE(routing.ok());
  LinkBound bound(linkCount(routing->mesh()));
  bound.startBurst(7, 0);
  bound.follow(linksOnWay(chip.noc, *routing, 0, 2));
  bound.follow(linksOnWay(chip.noc, *routing, 0, 5));
  std::vector<std::pair<int, std::uint64_t>> used;
  bound.forEachUsed([&](int link, std::uint64_t packets, std::uint64_t) {
    used.emplace_back(link, packets);
  });
  EXPECT_EQ(used, (std::vector<std::pair<int, std::uint64_t>>{
                      {0, 7}, {4, 7}, {4 + int(Direction::South), 7}}));
}

/// Lower bound over cycles, of all steps.
double efficiency(const TimingRun &timing) {
  return static_cast<double>(timing.boundCycles) /
         static_cast<double>(timing.cycles);
}

TEST(Bound, IsNearForASingleBurst) {
  Program program = twoCores();
  program.mapping.chip.noc.barrierBaseCycles = 0;
  program.mapping.chip.noc.barrierCyclesPerRouterDiameter = 0;
  EXPECT_GT(efficiency(drive(program, {0}, 0, "ideal").run.timing), 0.9);
}

TEST(Bound, IsNearForIndependentPairs) {
  Program program = twoCores();
  program.mapping.chip.noc.barrierBaseCycles = 0;
  program.mapping.chip.noc.barrierCyclesPerRouterDiameter = 0;
  Stage &logits = program.stages[1];
  logits.groupWidth = 4;
  logits.dendrites[0].kind = DendriteKind::Identity;
  logits.dendrites[0].weights = -1;
  // Each half of the neurons drives the outputs of a core of its own.
  program.mapping.tiles = {{0, 0, 0, 1, 0, 2},
                           {0, 8, 0, 1, 2, 4},
                           {1, 4, 0, 1, 0, 2},
                           {1, 12, 0, 1, 2, 4}};
  const synfire::Run run = drive(program, {0}, 0, "ideal").run;
  EXPECT_GT(efficiency(run.timing), 0.9);
  EXPECT_EQ(run.total[Counter::SpikeSent], run.total[Counter::Spike]);
}

TEST(Bound, IsNearForADenseLayer) {
  Program program = denseNetwork(2, 4, 1);
  program.mapping.chip.noc.barrierBaseCycles = 0;
  program.mapping.chip.noc.barrierCyclesPerRouterDiameter = 0;
  const TimingRun timing = drive(program, {0}, 0, "ideal").run.timing;
  EXPECT_GT(efficiency(timing), 0.9);
  EXPECT_GT(timing.causeSteps[StepCause::SynapseMemory], 0u);
}

/// The cause of most steps of the two cores.
StepCause mainCause(const Program &program, int *place = nullptr) {
  const TimingRun timing = drive(program, {0}, 0).run.timing;
  std::size_t best = 0;
  for (std::size_t c = 0; c < timing.causeSteps.values.size(); ++c)
    if (timing.causeSteps.values[c] > timing.causeSteps.values[best])
      best = c;
  if (place)
    *place = timing.stepPlaces.front();
  return static_cast<StepCause>(best);
}

Program withoutBarrier() {
  Program program = twoCores();
  program.mapping.chip.noc.barrierBaseCycles = 0;
  program.mapping.chip.noc.barrierCyclesPerRouterDiameter = 0;
  return program;
}

TEST(Cause, IsTheBarrierWhereNothingElseTakesLong) {
  EXPECT_EQ(mainCause(twoCores()), StepCause::Barrier);
}

TEST(Cause, IsTheSlowStage) {
  int place = -1;
  Program update = withoutBarrier();
  update.mapping.chip.timing.neuronUpdateCycles = 500;
  EXPECT_EQ(mainCause(update, &place), StepCause::NeuronUpdate);
  EXPECT_EQ(place, 0);
  Program walk = withoutBarrier();
  walk.mapping.chip.timing.outputAxonCycles = 500;
  EXPECT_EQ(mainCause(walk, &place), StepCause::AxonWalk);
  EXPECT_EQ(place, 0);
  Program lookup = withoutBarrier();
  lookup.mapping.chip.timing.axonLookupCycles = 500;
  lookup.mapping.tiles[1].core = 13;
  EXPECT_EQ(mainCause(lookup), StepCause::AxonLookup);
  Program memory = withoutBarrier();
  memory.mapping.chip.timing.synapseWordBits = 8;
  memory.mapping.chip.timing.synapseWordCycles = 100;
  EXPECT_EQ(mainCause(memory), StepCause::SynapseMemory);
  Program lanes = withoutBarrier();
  lanes.mapping.chip.timing.accumulateCycles = 1000;
  EXPECT_EQ(mainCause(lanes), StepCause::Accumulation);
}

TEST(Cause, IsALinkThatIsFull) {
  Program program = withoutBarrier();
  program.mapping.chip.noc.flitsPerPacket = 200;
  int place = -1;
  EXPECT_EQ(mainCause(program, &place), StepCause::Link);
  EXPECT_EQ(place, int(Direction::East)) << "the first link from router 0";
}

} // namespace
