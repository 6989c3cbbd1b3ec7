//===- PlacementTest.cpp - counters and cycles that mapping decides -------===//
#include "simulator/machine/Machine.h"

#include "tests/unit/program/TinyStreamed.h"
#include "tests/unit/simulator/MachineDriver.h"
#include "tests/unit/simulator/Spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <ostream>
#include <set>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// What the observed spikes must have caused, by core, found by asking every
/// tile about every spike and by walking every hop.
class PlacementOracle {
public:
  explicit PlacementOracle(const Program &given) : program(given) {}

  void token(int position) {
    for (const Tile &tile : program.mapping.tiles) {
      const Stage &stage = at(program.stages, tile.stage);
      for (const Dendrite &dendrite : stage.dendrites)
        if (dendrite.kind == DendriteKind::Embed && tile.hasNeurons())
          byCore[tile.core][Counter::AxonRead] +=
              frames(dendrite.everyFrame ? program.frames : 1);
      if (stage.subtractGroupMaximum)
        exchange(tile, position);
      const int home = coreOf(tile.stage, tile.groupBegin, tile.columnBegin);
      if (home == tile.core)
        continue;
      for (const Dendrite &dendrite : stage.dendrites)
        if (dendrite.kind == DendriteKind::Static) {
          const std::uint64_t sums =
              static_cast<std::uint64_t>(tile.neurons()) *
              frames(program.frames);
          byCore[home][Counter::AxonRead] += sums;
          sendOnce(tile.core, {home}, sums, Counter::PartialSum);
        }
    }
  }

  void spike(const ObservedSpike &spike) {
    const Stage &source = at(program.stages, spike.stage);
    const int group = spike.neuron / source.groupWidth;
    const int column = spike.neuron % source.groupWidth;
    const int home = coreOf(spike.stage, group, column);
    const std::uint64_t packets = packetsPerEvent(source);
    std::set<int> destinations;
    for (const Tile &tile : program.mapping.tiles)
      for (const Dendrite &dendrite : at(program.stages, tile.stage).dendrites)
        for (Operand operand : {Operand::Driver, Operand::Stored}) {
          const int stage =
              operand == Operand::Driver ? dendrite.driver : dendrite.stored;
          if (stage != spike.stage ||
              !needsToken(tile, dendrite, operand, spike.position) ||
              !requiredInputs(program, tile, dendrite, operand)
                   .contains(group, column))
            continue;
          destinations.insert(tile.core);
          byCore[tile.core][Counter::AxonRead] +=
              packets *
              (readsAndWrites(tile, dendrite, operand, spike, column) ? 2 : 1);
        }
    if (program.mapping.chip.noc.multicast == Multicast::Tree) {
      sendOnce(home, destinations, packets);
      return;
    }
    for (int core : destinations)
      sendOnce(home, {core}, packets);
  }

  std::map<int, Counters> byCore;

private:
  static std::uint64_t frames(int count) {
    return static_cast<std::uint64_t>(count);
  }

  /// Both operands of a concurrent product do; of the caches' drivers, those
  /// that meet the token's own key, which keep a sum for it.
  static bool readsAndWrites(const Tile &tile, const Dendrite &dendrite,
                             Operand operand, const ObservedSpike &spike,
                             int column) {
    if (dendrite.form != ProductForm::Concurrent)
      return false;
    if (operand == Operand::Stored || dendrite.kind == DendriteKind::Product)
      return true;
    return dendrite.kind == DendriteKind::Mix
               ? column == spike.position
               : tile.columnBegin <= spike.position &&
                     spike.position < tile.columnEnd;
  }

  template <typename T> static const T &at(const std::vector<T> &all, int i) {
    return all[static_cast<std::size_t>(i)];
  }

  std::uint64_t packetsPerEvent(const Stage &stage) const {
    if (!program.mapping.chip.binarySpikes)
      return 1;
    if (stage.digital) {
      std::uint64_t width = 1;
      for (std::int64_t rest = stage.codeLimit; rest > 0; rest /= 2)
        ++width;
      return width;
    }
    if (stage.fire == FireKind::Lookup)
      return 2;
    const NeuronConfig &unit = at(program.neurons, stage.unit);
    int values = static_cast<int>(unit.banks.size()) * unit.levels + 1;
    std::uint64_t bits = unit.sign == SignMode::None ? 0 : 1;
    for (; values > 1; values = (values + 1) / 2)
      ++bits;
    return bits;
  }

  int coreOf(int stage, int group, int column) const {
    for (const Tile &tile : program.mapping.tiles)
      if (tile.stage == stage && tile.hasNeurons() &&
          group >= tile.groupBegin && group < tile.groupEnd &&
          column >= tile.columnBegin && column < tile.columnEnd)
        return tile.core;
    ADD_FAILURE() << "no tile holds the neuron";
    return -1;
  }

  /// One packet an event, copied where the ways to its destinations part.
  void sendOnce(int from, const std::set<int> &destinations,
                std::uint64_t packets, Counter sent = Counter::SpikeSent) {
    if (destinations.empty())
      return;
    const MeshShape &mesh = program.mapping.chip.mesh;
    const int width = mesh.chipWidth * program.mapping.chipsX;
    Counters &counters = byCore[from];
    counters[sent] += packets;
    if (sent == Counter::SpikeSent)
      counters[Counter::SpikeDelivered] += packets * destinations.size();
    std::set<std::array<int, 4>> taken;
    for (int to : destinations) {
      std::array<int, 2> at = {from / mesh.coresPerRouter % width,
                               from / mesh.coresPerRouter / width};
      const std::array<int, 2> end = {to / mesh.coresPerRouter % width,
                                      to / mesh.coresPerRouter / width};
      const std::array<int, 2> chip = {mesh.chipWidth, mesh.chipHeight};
      const std::array<Counter, 2> hop = {Counter::HopEastWest,
                                          Counter::HopNorthSouth};
      for (std::size_t axis : {0u, 1u})
        while (at[axis] != end[axis]) {
          const std::array<int, 2> before = at;
          at[axis] += at[axis] < end[axis] ? 1 : -1;
          if (!taken.insert({before[0], before[1], at[0], at[1]}).second)
            continue;
          counters[hop[axis]] += packets;
          if (at[axis] / chip[axis] != before[axis] / chip[axis])
            counters[Counter::ChipCrossing] += packets;
        }
    }
  }

  /// Messages of one tile: to the tile of column 0 of each group, and back.
  void exchange(const Tile &tile, int position) {
    if (tile.columnBegin > position)
      return;
    for (int g = tile.groupBegin; g < tile.groupEnd; ++g) {
      const int first = coreOf(tile.stage, g, 0);
      if (first == tile.core)
        continue;
      byCore[tile.core][Counter::MaximumExchange] += frames(program.frames);
      byCore[first][Counter::MaximumExchange] += frames(program.frames);
    }
  }

  const Program &program;
};

struct PlacementCase {
  ProductForm form;
  int mostGroups, mostColumns, chipsX, chipsY;
  bool binarySpikes;
  int frames = 1;
  bool rehearses = false;
  int inputParts = 1;
  Multicast multicast = Multicast::Unicast;
};

void PrintTo(const PlacementCase &given, std::ostream *out) {
  *out << given.mostGroups << " x " << given.mostColumns << " neurons a tile"
       << (given.multicast == Multicast::Tree ? ", multicast" : "");
}

class PlacementTest : public testing::TestWithParam<PlacementCase> {
protected:
  static Program streamed() {
    StreamedOptions options;
    options.codedWeights = true;
    if (GetParam().rehearses)
      options.rehearsal = Rehearsal::Average;
    Program made = tinyStreamedProgram(GetParam().frames, options);
    if (!GetParam().rehearses)
      return made;
    for (Stage &stage : made.stages)
      if (stage.subtractGroupMaximum) {
        stage.fire = FireKind::Neuron;
        stage.unit = 0;
        stage.digital = false;
      }
    return made;
  }
  static Program oneFrame() {
    TinyOptions options;
    options.form = GetParam().form;
    options.banks = true;
    options.intermediate = 20;
    return buildTinyProgram(options);
  }
  static Program program() {
    Program made = GetParam().frames > 1 ? streamed() : oneFrame();
    made.mapping.chip.binarySpikes = GetParam().binarySpikes;
    made.mapping.chip.noc.multicast = GetParam().multicast;
    SpreadOptions cut;
    cut.mostGroups = GetParam().mostGroups;
    cut.mostColumns = GetParam().mostColumns;
    cut.inputParts = GetParam().inputParts;
    cut.chipsX = GetParam().chipsX;
    cut.chipsY = GetParam().chipsY;
    spread(made, cut);
    return made;
  }
  const std::vector<int> prompt = {1, 7, 19, 2, 30};
};

TEST_P(PlacementTest, CountersAreThoseOfEveryPacketsWay) {
  const Program made = program();
  const Driven driven = drive(made, prompt, 0);
  PlacementOracle oracle(made);
  for (int p = 0; p < static_cast<int>(prompt.size()); ++p)
    oracle.token(p);
  for (const ObservedSpike &spike : driven.seen.spikes)
    oracle.spike(spike);
  for (const CoreRun &core : driven.run.cores)
    for (int i = static_cast<int>(firstMappedCounter); i < counterCount; ++i) {
      const auto counter = static_cast<Counter>(i);
      EXPECT_EQ(core.counters[counter], oracle.byCore[core.core][counter])
          << "core " << core.core << " " << info(counter).name;
    }
  EXPECT_GT(driven.run.total[Counter::SpikeSent], 0u);
}

TEST_P(PlacementTest, CountersAreConserved) {
  const synfire::Run run = drive(program(), prompt, 2).run;
  Counters byStage, byCore;
  for (const StageRun &stage : run.stages)
    byStage += stage.counters;
  for (const CoreRun &core : run.cores)
    byCore += core.counters;
  EXPECT_EQ(byStage, run.total);
  EXPECT_EQ(byCore, run.total);
  std::uint64_t onLinks = 0;
  for (const LinkRun &link : run.links)
    onLinks += link.spikes;
  EXPECT_EQ(onLinks, run.total[Counter::HopEastWest] +
                         run.total[Counter::HopNorthSouth]);
}

TEST_P(PlacementTest, ContentionNeverHelps) {
  const Program made = program();
  const synfire::Run ideal = drive(made, prompt, 3, "ideal").run;
  const synfire::Run burst = drive(made, prompt, 3, "burst").run;
  ASSERT_EQ(ideal.timing.steps, burst.timing.steps);
  for (std::size_t i = 0; i < ideal.timing.stepCycles.size(); ++i)
    EXPECT_GE(burst.timing.stepCycles[i], ideal.timing.stepCycles[i]);
  EXPECT_EQ(ideal.total, burst.total);
  EXPECT_EQ(ideal.digest, burst.digest);
  for (std::size_t i = 0; i < ideal.cores.size(); ++i)
    EXPECT_EQ(ideal.cores[i].busyCycles, burst.cores[i].busyCycles);
}

TEST_P(PlacementTest, NoStepBeatsItsBound) {
  const Program made = program();
  for (const char *noc : {"ideal", "burst", "packet"}) {
    const TimingRun timing = drive(made, prompt, 2, noc).run.timing;
    ASSERT_EQ(timing.stepBounds.size(), timing.steps);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < timing.stepBounds.size(); ++i) {
      EXPECT_GE(timing.stepCycles[i], timing.stepBounds[i]) << noc << " " << i;
      sum += timing.stepBounds[i];
    }
    EXPECT_EQ(timing.boundCycles, sum);
  }
}

TEST_P(PlacementTest, CyclesOfACoreAddUp) {
  const Program made = program();
  const synfire::Run run = drive(made, prompt, 2).run;
  std::uint64_t sent = 0;
  for (const CoreRun &core : run.cores) {
    sent += core.packetsSent;
    const auto &stages = core.stageCycles;
    EXPECT_GE(core.busyCycles,
              stages[CoreStage::Setup] + stages[CoreStage::NeuronUpdate]);
    EXPECT_GE(core.busyCycles, stages[CoreStage::AxonWalk]);
    // Sums leave beside what comes before the spikes.
    EXPECT_GE(core.busyCycles +
                  cyclesOf(core.counters[Counter::PartialSum],
                           made.mapping.chip.timing.outputAxonCycles),
              stages[CoreStage::Setup] + stages[CoreStage::AxonWalk]);
    EXPECT_GE(core.busyCycles, stages[CoreStage::SynapseMemory]);
    EXPECT_LE(core.busyCycles, run.timing.cycles);
    EXPECT_LE(core.peakInputQueue, core.packetsReceived);
    EXPECT_EQ(core.packetsReceived > 0, core.peakInputQueue > 0);
    EXPECT_FALSE(core.stages.empty());
    EXPECT_GT(core.demand.accumulators, 0);
  }
  EXPECT_EQ(sent, run.total[Counter::SpikeSent]);
  for (const LinkRun &link : run.links) {
    EXPECT_GT(link.peakUtilisation, 0);
    EXPECT_LE(link.peakUtilisation, 1);
  }
}

TEST_P(PlacementTest, LinksThatNeverFillHaveNoPeak) {
  const synfire::Run run = drive(program(), prompt, 1, "ideal").run;
  EXPECT_FALSE(run.links.empty());
  for (const LinkRun &link : run.links)
    EXPECT_EQ(link.peakUtilisation, 0);
}

TEST_P(PlacementTest, TimesAddUp) {
  const Program made = program();
  const Driven driven = drive(made, prompt, 3);
  const TimingRun &timing = driven.run.timing;
  EXPECT_EQ(timing.steps, timing.stepCycles.size());
  EXPECT_EQ(timing.cycles,
            std::accumulate(timing.stepCycles.begin(), timing.stepCycles.end(),
                            std::uint64_t(0)));
  EXPECT_EQ(timing.steps, timing.computeBoundSteps + timing.linkBoundSteps +
                              timing.barrierBoundSteps);
  EXPECT_EQ(std::accumulate(timing.causeSteps.values.begin(),
                            timing.causeSteps.values.end(), std::uint64_t(0)),
            timing.steps);
  EXPECT_EQ(std::accumulate(timing.causeCycles.values.begin(),
                            timing.causeCycles.values.end(), std::uint64_t(0)),
            timing.cycles);
  ASSERT_EQ(timing.stepCauses.size(), timing.steps);
  EXPECT_EQ(std::count(timing.stepCauses.begin(), timing.stepCauses.end(),
                       StepCause::Barrier),
            static_cast<std::ptrdiff_t>(timing.barrierBoundSteps));
  ASSERT_EQ(timing.tokenCycles.size(), 2u);
  EXPECT_EQ(timing.cycles, timing.prefillCycles + timing.tokenCycles[0] +
                               timing.tokenCycles[1]);

  // Windows by program.md, P9: a frame of the prompt a window, then token by
  // token.
  const Schedule &schedule = made.mapping.schedule;
  std::vector<int> expected;
  auto window = [&](int newest, int oldest) {
    int steps = 1;
    for (int level = newest; level <= oldest; ++level)
      if (level >= 0 && level < schedule.levels())
        steps = std::max(steps,
                         schedule.levelSteps[static_cast<std::size_t>(level)]);
    expected.push_back(steps);
  };
  auto windows = [&](int frames) {
    for (int w = 0; w < frames - 1 + schedule.levels(); ++w)
      window(w - frames + 1, w);
  };
  windows(static_cast<int>(prompt.size()) * made.frames);
  for (int decoded = 0; decoded < 2; ++decoded)
    windows(made.frames);
  EXPECT_EQ(driven.windowSteps, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Mappings, PlacementTest,
    testing::Values(
        PlacementCase{ProductForm::Stored, 99, 99, 1, 1, false},
        PlacementCase{ProductForm::Stored, 1, 5, 2, 2, false},
        PlacementCase{ProductForm::Stored, 2, 3, 3, 1, true},
        PlacementCase{ProductForm::Concurrent, 1, 4, 1, 3, false},
        PlacementCase{ProductForm::Concurrent, 1, 1, 2, 1, true},
        PlacementCase{ProductForm::Concurrent, 9, 9, 2, 1, false, 3},
        PlacementCase{ProductForm::Concurrent, 1, 3, 2, 2, true, 4},
        PlacementCase{ProductForm::Concurrent, 1, 5, 1, 2, false, 3, true},
        PlacementCase{ProductForm::Stored, 2, 9, 2, 2, false, 1, false, 4},
        PlacementCase{ProductForm::Concurrent, 2, 9, 2, 2, true, 3, true, 2},
        PlacementCase{ProductForm::Stored, 2, 3, 3, 1, true, 1, false, 1,
                      Multicast::Tree},
        PlacementCase{ProductForm::Concurrent, 1, 4, 2, 2, false, 1, false, 1,
                      Multicast::Tree},
        PlacementCase{ProductForm::Concurrent, 1, 3, 2, 2, true, 4, false, 2,
                      Multicast::Tree}));

} // namespace
