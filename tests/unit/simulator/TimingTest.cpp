//===- TimingTest.cpp - a machine small enough to time by hand ------------===//
#include "simulator/machine/Machine.h"

#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/TwoCores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

using namespace synfire;
using namespace synfire::tests;

namespace {

// Barrier: 20 + 1 x (3 + 2) for the used 3x2 routers.
constexpr std::uint64_t barrier = 25;
// To core 12: 3 hops, and both interfaces.
constexpr std::uint64_t way = 3 + 3;

TEST(Timing, IdealStepsAreTheFormulas) {
  const synfire::Run run = drive(twoCores(), {0}, 0, "ideal").run;
  // Step 0, core 0: the token's row passes look-up 1, memory 1 + 1 word and
  // ceil(4/8); 4 neurons in 4 lanes, then 2 sends.
  const std::uint64_t entered = 1 + 2 + 1, firstSent = entered + 1 + 1;
  // Core 12, as soon as the first has come: a look-up, 2 rows of 1 + 1 word,
  // ceil(6/8).
  const std::uint64_t received = 1 + 2 * 2 + 1;
  // Window 1: 3 requantisations in 4 lanes.
  EXPECT_EQ(run.timing.stepCycles,
            (std::vector<std::uint64_t>{firstSent + way + received + barrier,
                                        1 + 1 + way + received + barrier,
                                        1 + barrier}));
  ASSERT_EQ(run.cores.size(), 2u);
  // The walk of 2 beats the update of 1, the memory's 4 all other stages.
  EXPECT_EQ(run.cores[0].busyCycles, entered + 2u + 2u);
  EXPECT_EQ(run.cores[1].busyCycles, 4u + 4u + 1u);
  EXPECT_EQ(run.timing.busiestCore, 12);
  EXPECT_EQ(run.timing.barrierBoundSteps, 3u);
  EXPECT_EQ(run.timing.barrierCycles, 3u * barrier);
}

TEST(Timing, TablesOfTheCoresAreTheFormulas) {
  const synfire::Run run = drive(twoCores(), {0}, 0, "ideal").run;
  ASSERT_EQ(run.cores.size(), 2u);
  const CoreRun &sender = run.cores[0], &receiver = run.cores[1];
  // Setup, update, walk; look-up, memory and lanes of the token's row.
  EXPECT_EQ(sender.stageCycles.values,
            (std::array<std::uint64_t, 6>{0, 2, 4, 1, 2, 1}));
  EXPECT_EQ(sender.stallCycles[CoreStall::Send], 2u + 2u);
  EXPECT_EQ(sender.packetsSent, 4u);
  EXPECT_EQ(sender.packetsReceived, 0u);
  EXPECT_EQ(receiver.stageCycles.values,
            (std::array<std::uint64_t, 6>{1, 0, 0, 4, 8, 2}));
  // Packets at 12 and 13, at 8 and 9: looked up until 14 and 10, two of the
  // cycles busy; the memory ends 3 later each time, the lanes another 1.
  EXPECT_EQ(receiver.stallCycles.values,
            (std::array<std::uint64_t, 6>{12 + 8, 3 + 3, 1 + 1, 0, 0, 0}));
  EXPECT_EQ(receiver.packetsReceived, 4u);
  EXPECT_EQ(receiver.peakInputQueue, 1u);
  EXPECT_EQ(receiver.stages, std::vector<int>{1});
  EXPECT_EQ(receiver.demand.synapseBytes, 12);
}

TEST(Timing, AnEmptyMeshIsIdeal) {
  const synfire::Run run = drive(twoCores(), {0}, 0, "burst").run;
  EXPECT_EQ(run.timing.stepCycles,
            drive(twoCores(), {0}, 0, "ideal").run.timing.stepCycles);
  ASSERT_EQ(run.links.size(), 3u);
  EXPECT_EQ(run.links[0].fromRouter, 0);
  EXPECT_EQ(run.links[0].toRouter, 1);
  EXPECT_EQ(run.links[2].toRouter, 6);
  for (const LinkRun &link : run.links) {
    EXPECT_EQ(link.spikes, 4u);
    EXPECT_EQ(link.busyCycles, 4u);
  }
}

TEST(Timing, LogitsAreTheWeightedCodes) {
  Driven driven = drive(twoCores(), {0}, 0);
  // 3 (1 2 3) + 2 (4 5 6) + 1 (7 8 9) = 18 24 30, halved.
  EXPECT_EQ((driven.seen.membranes[{0, 1}]),
            (std::vector<std::int32_t>{9, 12, 15}));
}

/// The same cores in two frames; the four neurons fire at 1 of 2, one step a
/// frame.
Program twoFrames() {
  Program program = twoCores();
  program.frames = 2;
  NeuronConfig &unit = program.neurons[0];
  unit = NeuronConfig();
  unit.input = InputMode::Streamed;
  unit.steps = 2;
  unit.banks = {{0, 1, {{2, 2}, {2, 2}, {1, 1}, 0}}};
  program.stages[0].dendrites[0].everyFrame = true;
  program.mapping.schedule =
      shortestSchedule(program.stages, {1, 1}, 2, std::vector<bool>(2, false));
  return program;
}

TEST(Timing, FramesFollowEachOtherThroughTheLevels) {
  const Driven driven = drive(twoFrames(), {0}, 0, "ideal");
  // Embedded 3 2 1 0 in each frame: two spikes in the first, three in the
  // second (membranes 4, 4, 2, 0 are left). The logits take in the first frame
  // without a multiply and the second with three.
  EXPECT_EQ(driven.run.timing.stepCycles,
            (std::vector<std::uint64_t>{
                4 + 1 + 1 + way + 1 + 2 * 2 + 1 + barrier,
                4 + 1 + 1 + way + 1 + 3 * 2 + 1 + barrier, 1 + barrier}));
  EXPECT_EQ(driven.run.timing.prefillCycles, driven.run.timing.cycles);
  EXPECT_EQ(driven.run.stages[0].spikesByStep,
            (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(driven.run.total[Counter::Mac], 3u);
}

TEST(Timing, ARehearsalTakesAPassOfUpdatesFirst) {
  Program program = twoFrames();
  // Below any membrane: nothing is muted.
  program.neurons[0].rehearsal = Rehearsal::ResidualMask;
  program.neurons[0].rehearsalMargin = -1000000;
  program.neurons[0].rehearsalSteps = 2;
  program.mapping.schedule =
      shortestSchedule(program.stages, {1, 1}, 2, {true, false});
  const synfire::Run run = drive(program, {0}, 0, "ideal").run;
  // An empty window; then both frames' token rows are taken in at once, 1 + 2 x
  // 2 + 1, and 4 x 2 updates in 4 lanes precede the first step.
  EXPECT_EQ(run.timing.stepCycles,
            (std::vector<std::uint64_t>{
                barrier, 6 + 2 + 1 + 1 + way + 1 + 2 * 2 + 1 + barrier,
                1 + 1 + way + 1 + 3 * 2 + 1 + barrier, 1 + barrier}));
}

TEST(Timing, NumbersCostLikeGradedSpikes) {
  Program program = twoCores();
  Stage &embed = program.stages[0];
  embed.fire = FireKind::Number;
  embed.unit = -1;
  embed.digital = true;
  program.mapping.schedule = shortestSchedule(program.stages, {1, 1});
  const Driven driven = drive(program, {0}, 0, "ideal");
  // Three numbers in the only step: a look-up, 3 rows of 1 + 1 word, the last
  // of 3 parts of ceil(9/8).
  EXPECT_EQ(driven.run.timing.stepCycles,
            (std::vector<std::uint64_t>{
                4 + 1 + 1 + way + 1 + 3 * 2 + 1 + barrier, 1 + barrier}));
  EXPECT_EQ(driven.run.total[Counter::Number], 3u);
  EXPECT_EQ(driven.run.total[Counter::NumberBits], 9u);
  EXPECT_EQ(driven.run.total[Counter::DigitalMac], 9u);
  EXPECT_EQ(driven.run.total[Counter::Spike], 0u);
}

/// Takes no time and keeps what it is told of the cores.
class PaceRecorder : public Network {
public:
  PaceRecorder(const ChipModel &chip, const Routing &ways, PacesAsked paces)
      : Network(chip, ways), asked(paces) {}
  PacesAsked pacesAsked() const override { return asked; }
  void deliver(StepTraffic &traffic) override {
    for (const Burst &burst : traffic.bursts) {
      BurstDestination &to = traffic.destinations[burst.firstDestination];
      to.firstArrival =
          burst.firstDeparture + latency(burst.sourceCore, to.core);
      to.lastArrival = burst.lastDeparture + latency(burst.sourceCore, to.core);
      told.push_back(to.cyclesPerPacket);
    }
  }
  std::vector<std::uint32_t> told;

private:
  PacesAsked asked;
};

/// Of all bursts of three tokens.
std::vector<std::uint32_t> pacesTold(const Program &program, PacesAsked asked) {
  auto machine = Machine::create(program, false, nullptr);
  if (!machine.ok()) {
    ADD_FAILURE() << machine.error().message();
    return {};
  }
  Machine &m = **machine;
  PaceRecorder network(program.mapping.chip, m.routing(), asked);
  Delivery delivery(m, network);
  WorkCrew crew(1);
  Pipeline pipeline(program, {0, 0, 0}, 0, {});
  while (!pipeline.window().empty()) {
    m.beginWindow(pipeline.window());
    for (std::size_t core : m.firingCores())
      m.cores()[core]->prepare(m.windowPlan());
    delivery.joinTiles();
    runSteps(m, delivery, crew);
    m.endWindow();
    EXPECT_TRUE(pipeline.advance(0, m.logits()).ok());
  }
  return network.told;
}

TEST(Timing, TheNetworkIsToldThePacesItAsksFor) {
  Program program = twoCores();
  program.mapping.chip.timing.accumulateCycles = 100;
  const auto none = pacesTold(program, PacesAsked::None),
             now = pacesTold(program, PacesAsked::OfThisStep),
             before = pacesTold(program, PacesAsked::OfLastTime);
  ASSERT_GE(now.size(), 3U);
  EXPECT_EQ(none, std::vector<std::uint32_t>(now.size(), 0));
  // Two packets of 3 additions each, in 8 lanes.
  EXPECT_EQ(now.front(), (6 * 100 / 8 + 1) / 2);
  EXPECT_EQ(before.front(), 0U);
  EXPECT_TRUE(
      std::equal(before.begin() + 1, before.end(), now.begin(), now.end() - 1));
}

/// An empty network, but all packets come late.
class LatePackets : public Network {
public:
  using Network::Network;
  PacesAsked pacesAsked() const override { return asked; }
  void deliver(StepTraffic &traffic) override {
    for (const Burst &burst : traffic.bursts) {
      BurstDestination &to = traffic.destinations[burst.firstDestination];
      const std::uint64_t cycles = latency(burst.sourceCore, to.core) + late;
      to.firstArrival = burst.firstDeparture + cycles;
      to.lastArrival = burst.lastDeparture + cycles;
    }
  }
  std::uint64_t late = 0;
  PacesAsked asked = PacesAsked::None;
};

/// Cause and place of the first step, whose packets come 1,000 cycles late.
std::pair<StepCause, int> causeOfLateness(const Program &program,
                                          PacesAsked asked) {
  auto machine = Machine::create(program, false, nullptr);
  if (!machine.ok()) {
    ADD_FAILURE() << machine.error().message();
    return {};
  }
  Machine &m = **machine;
  LatePackets network(program.mapping.chip, m.routing());
  network.late = 1000;
  network.asked = asked;
  Delivery delivery(m, network);
  WorkCrew crew(1);
  Pipeline pipeline(program, {0}, 0, {});
  m.beginWindow(pipeline.window());
  for (std::size_t core : m.firingCores())
    m.cores()[core]->prepare(m.windowPlan());
  delivery.joinTiles();
  for (std::size_t core : m.firingCores())
    m.fire(core, 0);
  for (std::size_t core : delivery.deliver(0, crew))
    m.timeArrivals(core);
  m.endStep();
  const TimingRun timing = m.run().timing;
  EXPECT_GT(timing.stepCycles.front(), 2 * timing.stepBounds.front());
  return {timing.stepCauses.front(), timing.stepPlaces.front()};
}

TEST(Timing, LatePacketsHaveWaitedForALinkOrForTheirCore) {
  Program program = twoCores();
  program.mapping.chip.noc.barrierBaseCycles = 0;
  program.mapping.chip.noc.barrierCyclesPerRouterDiameter = 0;
  program.mapping.chip.noc.flitsPerPacket = 20;
  const std::pair<StepCause, int> link{StepCause::Link, int(Direction::East)};
  // 2 packets of 20 flits keep a link busy for longer than the core needs.
  EXPECT_EQ(causeOfLateness(program, PacesAsked::None), link);
  EXPECT_EQ(causeOfLateness(program, PacesAsked::OfThisStep), link);
  // Now for 2 x 3 additions in 8 lanes: 75 cycles.
  program.mapping.chip.timing.accumulateCycles = 100;
  EXPECT_EQ(causeOfLateness(program, PacesAsked::None), link);
  EXPECT_EQ(causeOfLateness(program, PacesAsked::OfThisStep),
            std::make_pair(StepCause::Accumulation, 12));
}

/// The inputs of the logits: the first half on core 12, the other on core 14,
/// one router further east.
Program splitInputs() {
  Program program = twoCores();
  Tile half = program.mapping.tiles[1];
  half.inputParts = 2;
  program.mapping.tiles[1] = half;
  half.inputPart = 1;
  half.core = 14;
  program.mapping.tiles.push_back(half);
  return program;
}

TEST(Timing, SumsOfSplitInputsCostTheirSenderAndTheirReceiver) {
  Program program = splitInputs();
  program.mapping.chip.timing.outputAxonCycles = 50;
  program.mapping.chip.timing.axonLookupCycles = 30;
  program.mapping.chip.timing.accumulateCycles = 16;
  const synfire::Run run = drive(program, {0}, 0, "ideal").run;
  ASSERT_EQ(run.cores.size(), 3u);
  const CoreRun &receiver = run.cores[1], &sender = run.cores[2];
  EXPECT_EQ(sender.counters[Counter::PartialSum], 3u);
  EXPECT_EQ(sender.counters[Counter::HopEastWest], 3u);
  EXPECT_EQ(sender.counters[Counter::SpikeSent], 0u);
  EXPECT_EQ(sender.stageCycles[CoreStage::AxonWalk], 3u * 50);
  EXPECT_GE(sender.busyCycles, 3u * 50);
  // One packet a spike that reaches it, then 3 sums, each looked up.
  EXPECT_EQ(receiver.stageCycles[CoreStage::AxonLookup],
            30 * (receiver.packetsReceived + 3));
  EXPECT_EQ(receiver.counters[Counter::AxonRead], receiver.packetsReceived + 3);
  EXPECT_EQ(receiver.stallCycles[CoreStall::Sums], 3u * 50 + 3 + 1);
  EXPECT_EQ(receiver.stallCycles[CoreStall::Maxima], 0u);
  // 3 x 30 + ceil(3 x 16 / 8) to add them up, one requantisation; the used
  // mesh is a router wider.
  EXPECT_EQ(run.timing.stepCycles.back(), 154 + 96 + 1 + barrier + 1);
  EXPECT_EQ(run.timing.stepCauses.back(), StepCause::Sums);
  EXPECT_EQ(run.timing.linkBoundSteps, 0u);
  std::uint64_t onLinks = 0;
  for (const LinkRun &link : run.links)
    onLinks += link.spikes;
  EXPECT_EQ(onLinks, run.total[Counter::HopEastWest] +
                         run.total[Counter::HopNorthSouth]);
}

TEST(Timing, SlowLinksBindTheStep) {
  Program program = twoCores();
  program.mapping.chip.noc.router.linkCyclesEastWest = 100;
  const synfire::Run run = drive(program, {0}, 0).run;
  EXPECT_EQ(run.timing.linkBoundSteps, 2u);
  EXPECT_EQ(run.timing.barrierBoundSteps, 1u);
}

TEST(Timing, SlowCoresBindTheStep) {
  Program program = twoCores();
  program.mapping.chip.timing.rowFetchCycles = 100;
  const synfire::Run run = drive(program, {0}, 0).run;
  EXPECT_EQ(run.timing.computeBoundSteps, 2u);
}

TEST(Timing, SumsOfSplitInputsTakeTheirLinks) {
  Program program = splitInputs();
  program.mapping.chip.noc.flitsPerPacket = 200;
  const synfire::Run ideal = drive(program, {0}, 0, "ideal").run;
  for (const char *noc : {"burst", "packet"}) {
    SCOPED_TRACE(noc);
    const synfire::Run run = drive(program, {0}, 0, noc).run;
    EXPECT_EQ(run.digest, ideal.digest);
    EXPECT_EQ(run.total, ideal.total);
    const LinkRun *west = nullptr;
    for (const LinkRun &link : run.links)
      if (link.fromRouter == 7)
        west = &link;
    ASSERT_NE(west, nullptr);
    EXPECT_EQ(west->toRouter, 6);
    EXPECT_EQ(west->spikes, 3u);
    EXPECT_EQ(west->busyCycles, 3u * 200);
    // One behind another: two more packets than ideal's last one takes.
    const std::uint64_t sums = ideal.cores[1].stallCycles[CoreStall::Sums];
    EXPECT_GE(run.cores[1].stallCycles[CoreStall::Sums], sums + 2u * 199);
    EXPECT_LE(run.cores[1].stallCycles[CoreStall::Sums], sums + 2u * 230);
    const std::uint64_t cycles = run.timing.stepCycles.back();
    EXPECT_EQ(cycles - ideal.timing.stepCycles.back(),
              run.cores[1].stallCycles[CoreStall::Sums] - sums);
    EXPECT_DOUBLE_EQ(west->peakUtilisation,
                     600.0 / static_cast<double>(cycles));
    EXPECT_EQ(run.timing.stepCauses.back(), StepCause::Link);
    EXPECT_EQ(run.timing.stepPlaces.back(), 4 * 7 + int(Direction::West));
    // The whole way of the link's packets, and nothing that follows.
    EXPECT_GE(run.timing.stepBounds.back(), 600u + barrier);
    EXPECT_LE(run.timing.stepBounds.back(), cycles);
  }
}

/// An empty network, but where sums are under way with other packets.
class LateSums : public Network {
public:
  using Network::Network;
  void deliver(StepTraffic &traffic) override {
    for (const Burst &burst : traffic.bursts) {
      BurstDestination &to = traffic.destinations[burst.firstDestination];
      const bool isLate =
          std::count(sums.begin(), sums.end(),
                     std::make_pair(burst.sourceCore, to.core)) > 0;
      const std::uint64_t cycles =
          latency(burst.sourceCore, to.core) + (isLate ? late : 0);
      to.firstArrival = burst.firstDeparture + cycles;
      to.lastArrival = burst.lastDeparture + cycles;
    }
  }
  std::uint64_t late = 0;
  std::vector<std::pair<int, int>> sums; ///< from, to
};

/// What happens in the last window, on core 12 and between it and core 5.
struct LastWindow : TimelineObserver {
  void onWindow(const std::vector<WindowToken> &) override { bursts.clear(); }
  void onBurst(const BurstTimeline &burst) override { bursts.push_back(burst); }
  void onCore(const CoreTimeline &core) override {
    if (core.core == 12)
      update = core.update;
  }
  std::vector<BurstTimeline> bursts;
  CycleInterval update;
};

TEST(Timing, WhatWaitsForSumsIsLateIfTheyAre) {
  Program program = splitInputs();
  // Between them a stage of one step, whose neurons sit on core 12.
  Stage middle = program.stages[1];
  middle.name = "middle";
  middle.fire = FireKind::Number;
  middle.digital = true;
  middle.codeLimit = 1000;
  Stage logits = program.stages[1];
  logits.dendrites[0].kind = DendriteKind::Identity;
  logits.dendrites[0].driver = 1;
  logits.dendrites[0].weights = -1;
  program.stages = {program.stages[0], middle, logits};
  Tile last = program.mapping.tiles[1];
  last.stage = 2;
  last.core = 5;
  last.inputParts = 1;
  program.mapping.tiles.push_back(last);
  program.mapping.schedule = shortestSchedule(program.stages, {2, 1, 1});
  std::vector<synfire::Run> runs;
  std::vector<LastWindow> seen(2);
  for (std::uint64_t late : {0u, 40u}) {
    LastWindow &watcher = seen[runs.size()];
    auto machine = Machine::create(program, false, nullptr);
    ASSERT_TRUE(machine.ok());
    Machine &m = **machine;
    m.watch(&watcher);
    LateSums network(program.mapping.chip, m.routing());
    network.late = late;
    Delivery delivery(m, network);
    WorkCrew crew(1);
    // Windows of the three levels; the second brings sums.
    for (int level = 0; level < 2; ++level) {
      WindowToken token;
      token.level = level;
      token.at.position = 0;
      m.beginWindow({token});
      for (std::size_t core : m.firingCores())
        m.cores()[core]->prepare(m.windowPlan());
      network.sums.clear();
      delivery.joinTiles();
      for (const PartialSums::Transfer &sums : m.sentSums())
        network.sums.emplace_back(sums.from, sums.to);
      EXPECT_EQ(network.sums.size(), std::size_t(level));
      runSteps(m, delivery, crew);
      m.endWindow();
    }
    runs.push_back(m.run());
  }
  const TimingRun &early = runs[0].timing, &late = runs[1].timing;
  EXPECT_EQ(late.stepCycles.back(), early.stepCycles.back() + 40);
  EXPECT_EQ(late.stepBounds, early.stepBounds);
  ASSERT_EQ(runs[0].cores.size(), 4u);
  EXPECT_EQ(runs[1].cores[2].stallCycles[CoreStall::Sums],
            runs[0].cores[2].stallCycles[CoreStall::Sums] + 40);
  EXPECT_EQ(seen[1].update.end, seen[0].update.end + 40);
  // The sums of core 14 leave as before; the numbers of core 12 do not.
  ASSERT_EQ(seen[1].bursts.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const BurstTimeline &a = seen[0].bursts[i], &b = seen[1].bursts[i];
    EXPECT_EQ(a.sourceCore, i == 0 ? 12 : 14);
    const std::uint64_t wait = i == 0 ? 40 : 0;
    EXPECT_EQ(b.departures.begin, a.departures.begin + wait);
    EXPECT_EQ(b.departures.end, a.departures.end + wait);
    EXPECT_EQ(b.arrivals.begin, a.arrivals.begin + 40);
    EXPECT_EQ(b.arrivals.end, a.arrivals.end + 40);
  }
}

} // namespace
