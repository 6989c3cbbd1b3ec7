//===- TraceTest.cpp - trace files read back ------------------------------===//
#include "simulator/trace/PerfettoTrace.h"
#include "simulator/trace/Tracer.h"
#include "simulator/trace/ValueChangeDump.h"

#include "runtime/support/Files.h"
#include "tests/unit/simulator/DenseNetwork.h"
#include "tests/unit/trace/TraceFiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

using namespace synfire;
using namespace synfire::tests;
using testing::HasSubstr;
namespace fs = std::filesystem;

namespace {

constexpr int layers = 3, windows = 7, stepsAWindow = 3;

/// What a made-up run has shown, to hold against the files.
struct Shown {
  std::uint64_t cycles = 0, steps = 0, operations = 0;
  std::map<int, std::uint64_t> coreCycles; ///< with something going on
  std::map<std::string, std::uint64_t> linkCycles;
};

class Trace : public testing::Test {
protected:
  void SetUp() override {
    const auto *test = testing::UnitTest::GetInstance()->current_test_info();
    folder = fs::path(testing::TempDir()) /
             (std::string("synfire_trace_") + test->name());
    fs::remove_all(folder);
    fs::create_directories(folder);
    program = denseNetwork(layers, 8, 8);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string path(const char *name) const { return (folder / name).string(); }

  void open(const TraceWindows &chosen) {
    auto made = Tracer::create(program, chosen);
    ASSERT_TRUE(made.ok()) << made.error().message();
    tracer = std::move(*made);
    auto slices = makePerfettoTrace(program, path("run.json"));
    ASSERT_TRUE(slices.ok()) << slices.error().message();
    tracer->add(std::move(*slices));
    auto signals = makeValueChangeDump(program, path("run.vcd"));
    ASSERT_TRUE(signals.ok()) << signals.error().message();
    tracer->add(std::move(*signals));
  }

  /// Bursts between neighbouring layers, steps of odd lengths.
  Shown play(const TraceWindows &counted = {}) {
    std::mt19937 random(3);
    Shown shown;
    std::uint64_t cycle = 0, number = 0;
    for (std::uint64_t w = 0; w < windows; ++w) {
      std::vector<WindowToken> tokens;
      for (int level = std::min(static_cast<int>(w), layers); level >= 0;
           --level)
        tokens.push_back({{static_cast<int>(w) - level, 0}, 5, level});
      tracer->onWindow(tokens);
      const bool counts = w >= counted.begin && w < counted.end;
      for (int s = 0; s < stepsAWindow; ++s) {
        const std::uint64_t begin = cycle, length = 60 + random() % 50;
        const int source = static_cast<int>(random() % 8);
        const int target = 8 + static_cast<int>(random() % 8);
        BurstTimeline burst;
        burst.sourceCore = source;
        burst.destinationCore = target;
        burst.packets = 3;
        burst.departures = {begin + 5, begin + 9};
        burst.arrivals = {begin + 15, begin + 22};
        tracer->onBurst(burst);
        CoreTimeline first, second;
        first.core = source;
        first.update = {begin, begin + 6};
        first.send = {begin + 5, begin + 9};
        tracer->onCore(first);
        second.core = target;
        // To the very end of the step: the next one may go on at once.
        second.update = {begin, begin + 2};
        second.receive = {begin + 15, begin + length};
        tracer->onCore(second);
        const Mesh mesh(program.mapping.chip.mesh, 1, 1);
        auto routing = Routing::create(program.mapping.chip, 1, 1);
        routing->forEachLink(
            mesh.routerNumber(mesh.routerOfCore(source)),
            mesh.routerNumber(mesh.routerOfCore(target)),
            [&](const MeshLink &link) {
              LinkTimeline busy;
              busy.number = link.number;
              busy.fromRouter = linkSource(link.number);
              busy.toRouter = linkTarget(mesh, link.number);
              busy.packets = busy.busyCycles = 3;
              tracer->onLink(busy);
              if (counts)
                shown.linkCycles["router_" + std::to_string(busy.fromRouter) +
                                 "_to_" + std::to_string(busy.toRouter)] += 3;
            });
        StepTimeline step;
        step.number = number++;
        step.cycles = {begin, begin + length};
        step.barrierCycles = 4;
        step.boundCycles = length - 10;
        step.cause = s % 2 ? StepCause::Accumulation : StepCause::Barrier;
        step.place = s % 2 ? target : -1;
        step.operations = 100 + random() % 10;
        tracer->onStep(step);
        cycle = begin + length;
        if (!counts)
          continue;
        shown.cycles += length;
        ++shown.steps;
        shown.operations += step.operations;
        shown.coreCycles[source] += 9;
        shown.coreCycles[target] += 2 + length - 15;
      }
    }
    return shown;
  }

  fs::path folder;
  Program program;
  std::unique_ptr<Tracer> tracer;
};

TEST_F(Trace, SlicesOfATrackDoNotOverlapAndAddUpToTheRun) {
  open({});
  const Shown shown = play();
  ASSERT_TRUE(tracer->finish().ok());
  const SliceFile file = readSlices(path("run.json"));
  // A cycle lasts a nanosecond here.
  expectNoOverlap(file, shown.cycles);
  EXPECT_EQ(file.tracks.at("machine/steps").slices.size(), shown.steps);
  EXPECT_EQ(file.tracks.at("machine/steps").length(), shown.cycles);
  EXPECT_EQ(file.tracks.at("machine/windows").length(), shown.cycles);
  EXPECT_EQ(file.tracks.at("machine/windows").slices.size(),
            std::size_t(windows));
  EXPECT_EQ(file.tracks.at("machine/barrier").length(), 4 * shown.steps);
  std::uint64_t links = 0, expected = 0;
  for (const auto &[name, track] : file.tracks)
    if (name.rfind("links/", 0) == 0)
      links += track.length();
  for (const auto &[name, cycles] : shown.linkCycles)
    expected += cycles;
  EXPECT_EQ(links, expected);
  std::uint64_t operations = 0;
  for (const auto &[time, value] : file.counters.at("synaptic operations"))
    operations += static_cast<std::uint64_t>(value);
  EXPECT_EQ(operations, shown.operations);
  for (const auto &[time, value] : file.counters.at("packets in flight"))
    EXPECT_TRUE(value == 0 || value == 3) << value;
  EXPECT_EQ(file.counters.at("packets in flight").back().second, 0);
}

TEST_F(Trace, NamesSayWhatAndWhere) {
  program.stages[1].name = "odd \"name\" \xff";
  open({});
  play();
  ASSERT_TRUE(tracer->finish().ok());
  const SliceFile file = readSlices(path("run.json"));
  const auto &seen = file.tracks.at("machine/windows").slices;
  EXPECT_EQ(seen[0].name, "window 0: token 0, level 0");
  EXPECT_EQ(seen[2].name, "window 2: token 0 to 2, level 2 to 0");
  EXPECT_EQ(seen[2].arguments["in_flight"].size(), 3u);
  EXPECT_EQ(seen[2].arguments["in_flight"][0]["position"], 0);
  EXPECT_EQ(seen[2].arguments["in_flight"][0]["level"], 2);
  const auto &steps = file.tracks.at("machine/steps").slices;
  EXPECT_EQ(steps[1].name, "step 1");
  EXPECT_EQ(steps[1].arguments["cause"], toString(StepCause::Accumulation));
  EXPECT_TRUE(steps[1].arguments.contains("core"));
  EXPECT_EQ(steps[0].arguments["cause"], toString(StepCause::Barrier));
  EXPECT_FALSE(steps[0].arguments.contains("core"));
  EXPECT_EQ(steps[4].arguments["number"], 4);
  EXPECT_GT(steps[4].arguments["bound_cycles"], 0);
  // Core 8 and its neighbours hold layer 1, whose name is not UTF-8.
  bool found = false;
  for (const auto &[name, track] : file.tracks)
    if (name.find("odd \"name\" \xEF\xBF\xBD") != std::string::npos)
      for (const Slice &slice : track.slices)
        found = found || slice.name == "odd \"name\" \xEF\xBF\xBD";
  EXPECT_TRUE(found);
  EXPECT_EQ(file.other["clock_hz"], 1e9);
}

TEST_F(Trace, SignalsAreBusyAsLongAsWhatTheyShow) {
  open({});
  const Shown shown = play();
  ASSERT_TRUE(tracer->finish().ok());
  const SignalFile file = readSignals(path("run.vcd"));
  EXPECT_EQ(file.timescale, "1 ps");
  EXPECT_EQ(file.end, 1000 * shown.cycles);
  for (const auto &[core, cycles] : shown.coreCycles)
    EXPECT_EQ(file.busy.at("machine.cores.core_" + std::to_string(core)),
              1000 * cycles)
        << core;
  for (const auto &[link, cycles] : shown.linkCycles)
    EXPECT_EQ(file.busy.at("machine.links." + link), 1000 * cycles) << link;
  EXPECT_EQ(file.last.at("machine.step"), shown.steps - 1);
  EXPECT_EQ(file.last.at("machine.window"), std::uint64_t(windows - 1));
}

TEST_F(Trace, WindowsBoundBothFiles) {
  const TraceWindows chosen = {2, 4};
  open(chosen);
  const Shown shown = play(chosen);
  ASSERT_TRUE(tracer->finish().ok());
  const SliceFile slices = readSlices(path("run.json"));
  EXPECT_EQ(slices.tracks.at("machine/steps").slices.size(), 2u * stepsAWindow);
  EXPECT_EQ(slices.tracks.at("machine/steps").length(), shown.cycles);
  EXPECT_EQ(slices.tracks.at("machine/windows").slices.size(), 2u);
  EXPECT_EQ(slices.tracks.at("machine/windows").slices[0].name.substr(0, 9),
            "window 2:");
  const SignalFile signals = readSignals(path("run.vcd"));
  for (const auto &[core, cycles] : shown.coreCycles)
    EXPECT_EQ(signals.busy.at("machine.cores.core_" + std::to_string(core)),
              1000 * cycles);
  EXPECT_EQ(signals.last.at("machine.window"), 3u);
}

TEST_F(Trace, WindowsThatNeverComeAreAnErrorAndLeaveNoFile) {
  open({1000, 2000});
  play();
  const Status finished = tracer->finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_THAT(finished.error().message(),
              HasSubstr("it begins with window 1000, and the run had " +
                        std::to_string(windows)));
  tracer.reset();
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Trace, NothingIsLeftBehindWithoutFinish) {
  open({});
  play();
  tracer.reset();
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Trace, AFasterClockThanTheUnitKeepsSlicesApart) {
  program.mapping.chip.timing.clockHz = 3e9;
  open({});
  const Shown shown = play();
  ASSERT_TRUE(tracer->finish().ok());
  const SliceFile file = readSlices(path("run.json"));
  expectNoOverlap(file, shown.cycles / 3 + 1);
  std::uint64_t cycles = 0;
  for (const Slice &slice : file.tracks.at("machine/steps").slices)
    cycles += slice.arguments["cycles"].get<std::uint64_t>();
  EXPECT_EQ(cycles, shown.cycles);
}

TEST(TraceWindowsText, IsARangeWithAnEnd) {
  auto both = parseTraceWindows("3:7");
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->begin, 3u);
  EXPECT_EQ(both->end, 7u);
  auto open = parseTraceWindows("3:");
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(open->end, TraceWindows().end);
  ASSERT_TRUE(parseTraceWindows(":2").ok());
  for (const char *wrong : {"", "3", "a:b", "3:3", "4:3", "1:2:3", "-1:4"})
    EXPECT_FALSE(parseTraceWindows(wrong).ok()) << wrong;
  EXPECT_THAT(parseTraceWindows("x:3").error().message(),
              HasSubstr("'x' is no window number"));
}

TEST_F(Trace, aStepBoundByPacketsThatTookNoLinkNamesNone) {
  auto slices = makePerfettoTrace(program, path("run.json"));
  ASSERT_TRUE(slices.ok());
  StepRecord record;
  record.stepOfWindow = 0;
  record.step.cycles = {0, 10};
  record.step.cause = StepCause::Link;
  ASSERT_TRUE((*slices)->write(record).ok());
  ASSERT_TRUE((*slices)->finish().ok());
  EXPECT_THAT(*readFile(path("run.json")),
              HasSubstr("\"cause\":\"link\",\"bound_cycles\""));
}

} // namespace
