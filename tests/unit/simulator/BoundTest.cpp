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
  // Routers 0 -> 2 and 1 -> 2: 2 network cycles to the first router, one a hop,
  // one to the core, 3 flits a packet.
  const auto far = linksOnWay(noc, *routing, 0, 2);
  const auto near = linksOnWay(noc, *routing, 1, 2);
  ASSERT_EQ(far.size(), 2u);
  EXPECT_EQ(far[0].before, 2u * 2);
  EXPECT_EQ(far[1].before, 2u * 3);
  EXPECT_EQ(far[1].rest, 2u * (2 + 1 + 1));
  EXPECT_EQ(far[0].rest, 2u * (2 + 2 + 1));
  LinkBound bound(linkCount(routing->mesh()));
  bound.startBurst(5, 10);
  bound.follow(far);
  EXPECT_EQ(bound.largest().cycles, 10u + 4 + 4 * 6 + 10);
  EXPECT_EQ(bound.largest().busyCycles, 5u * 6);
  bound.startBurst(1, 50);
  bound.follow(near);
  // The link 1 -> 2 carries 6 packets from cycle 16 on.
  EXPECT_EQ(bound.largest().cycles, 16u + 5 * 6 + 8);
  EXPECT_EQ(bound.largest().link, 4 * 1 + int(Direction::East));
  EXPECT_EQ(bound.largestOn(near).link, bound.largest().link);
  EXPECT_EQ(bound.largestOn({}).link, -1);
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

/// Packets of several flits that cross several chips over slow links, in
/// routers with pipelines of several cycles.
TEST(Bound, HoldsForLongPacketsBetweenChips) {
  TinyOptions options;
  options.intermediate = 20;
  Program program = buildTinyProgram(options);
  ChipModel &chip = program.mapping.chip;
  SpreadOptions cut;
  cut.mostGroups = 2;
  cut.mostColumns = 3;
  cut.chipsX = 3;
  cut.chipsY = 2;
  std::mt19937 random(7);
  auto pick = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  for (int trial = 0; trial < 16; ++trial) {
    cut.inputParts = 1 + trial / 4;
    spread(program, cut);
    chip.timing.outputAxonCycles = pick(1, 3);
    chip.noc.flitsPerPacket = 1 + trial % 3;
    chip.noc.multicast = trial % 2 ? Multicast::Tree : Multicast::Unicast;
    chip.noc.periodCycles = pick(1, 2);
    chip.noc.chipLinkCyclesPerFlit = pick(1, 3) * pick(1, 30);
    chip.noc.chipHopCycles = pick(0, 20);
    chip.noc.barrierBaseCycles = chip.noc.barrierCyclesPerRouterDiameter = 0;
    chip.noc.router = {pick(1, 4), pick(3, 8),      pick(0, 2), pick(0, 2),
                       pick(0, 2), pick(0, 1) == 1, pick(0, 1), pick(1, 3),
                       pick(1, 3), pick(0, 2)};
    chip.timing.inputQueuePackets = pick(1, 4);
    for (const char *noc : {"ideal", "burst", "packet"}) {
      const Driven driven = drive(program, {1, 7}, 1, noc);
      ASSERT_EQ(driven.error, "");
      const TimingRun &timing = driven.run.timing;
      for (std::size_t i = 0; i < timing.stepBounds.size(); ++i)
        ASSERT_GE(timing.stepCycles[i], timing.stepBounds[i])
            << noc << ", trial " << trial << ", step " << i;
      for (const LinkRun &link : driven.run.links) {
        ASSERT_LE(link.peakUtilisation, 1) << noc << ", trial " << trial;
      }
    }
  }
}

TEST(Bound, OfOnePacketNamesTheStageWithTheMostCycles) {
  InputCycles burst;
  burst.lookup = burst.packetLookup = 32;
  burst.memory = burst.packetMemory = 10;
  burst.accumulation = burst.packetAccumulation = 7000;
  InputBoundSearch search;
  search.add(burst, {3, 20, 5}, {3, 20, 5});
  const CoreBound bound = search.orElse({});
  EXPECT_EQ(bound.cycles, 25u + 32 + 10 + 7000);
  EXPECT_EQ(bound.cause, StepCause::Accumulation);
  EXPECT_EQ(bound.awaited.sourceCore, -1);
  EXPECT_EQ(search.orElse({8000, StepCause::AxonWalk, {}}).cause,
            StepCause::AxonWalk);
}

TEST(Bound, OfALatePacketNamesItsWorkOrItsSource) {
  InputCycles light, heavy;
  light.lookup = light.packetLookup = 1;
  heavy.lookup = heavy.packetLookup = 1;
  heavy.memory = heavy.packetMemory = 400;
  InputBoundSearch search;
  search.add(light, {1, 2, 8}, {1, 2, 8});
  search.add(heavy, {2, 180, 20}, {2, 180, 20});
  const CoreBound own = search.orElse({});
  EXPECT_EQ(own.cycles, 601u);
  EXPECT_EQ(own.cause, StepCause::SynapseMemory);
  EXPECT_EQ(own.awaited.sourceCore, -1);
  search.add(light, {3, 900, 20}, {3, 900, 20});
  const CoreBound source = search.orElse({});
  EXPECT_EQ(source.cycles, 921u);
  EXPECT_EQ(source.awaited.sourceCore, 3);
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

TEST(Cause, IsTheLongestStageOfASinglePacket) {
  Program program = withoutBarrier();
  program.mapping.chip.timing.accumulateCycles = 500;
  // Of codes 3 0 0 0: one spike in each step.
  std::vector<std::uint8_t> weights = *program.weights.memory;
  weights[1] = weights[2] = 0;
  program.weights.memory =
      std::make_shared<const std::vector<std::uint8_t>>(weights);
  EXPECT_EQ(mainCause(program), StepCause::Accumulation);
}

TEST(Cause, IsALinkThatIsFull) {
  Program program = withoutBarrier();
  program.mapping.chip.noc.flitsPerPacket = 200;
  int place = -1;
  EXPECT_EQ(mainCause(program, &place), StepCause::Link);
  EXPECT_EQ(place, int(Direction::East)) << "the first link from router 0";
}

} // namespace
