//===- SimulatedTraceTest.cpp - traces of whole simulations ---------------===//
#include "simulator/sysc/Simulation.h"
#include "simulator/trace/PerfettoTrace.h"
#include "simulator/trace/Tracer.h"
#include "simulator/trace/ValueChangeDump.h"

#include "tests/unit/simulator/Spread.h"
#include "tests/unit/trace/TraceFiles.h"

#include <gtest/gtest.h>

#include <filesystem>

using namespace synfire;
using namespace synfire::tests;

namespace {

/// Time at which anything happens on a core, from what the machine shows.
class CoreTimes : public TimelineObserver {
public:
  explicit CoreTimes(Tracer &next) : tracer(next) {}
  void onWindow(const std::vector<WindowToken> &tokens) override {
    tracer.onWindow(tokens);
  }
  void onBurst(const BurstTimeline &burst) override {
    packets += burst.packets;
    tracer.onBurst(burst);
  }
  void onCore(const CoreTimeline &core) override {
    for (const CycleInterval &part : {core.update, core.send, core.receive})
      active[core.core] += part.end - part.begin;
    tracer.onCore(core);
  }
  void onLink(const LinkTimeline &link) override { tracer.onLink(link); }
  void onStep(const StepTimeline &step) override { tracer.onStep(step); }

  std::map<int, std::uint64_t> active; ///< overlaps counted twice
  std::uint64_t packets = 0;

private:
  Tracer &tracer;
};

/// One simulation a process: each test is one.
void expectTraceOfRun(const Program &program, const std::string &noc,
                      const std::string &name) {
  const std::string base = testing::TempDir() + "synfire_" + name;
  auto tracer = Tracer::create(program, {});
  ASSERT_TRUE(tracer.ok()) << tracer.error().message();
  auto slices = makePerfettoTrace(program, base + ".json");
  auto signals = makeValueChangeDump(program, base + ".vcd");
  ASSERT_TRUE(slices.ok() && signals.ok());
  (*tracer)->add(std::move(*slices));
  (*tracer)->add(std::move(*signals));
  CoreTimes times(**tracer);
  SimulationOptions options;
  options.noc = noc;
  options.timeline = &times;
  auto run = simulate(program, {1, 2, 3}, 2, options);
  ASSERT_TRUE(run.ok()) << run.error().message();
  ASSERT_TRUE((*tracer)->finish().ok());

  const SliceFile file = readSlices(base + ".json");
  // A cycle lasts a nanosecond.
  const TimingRun &timing = run->timing;
  expectNoOverlap(file, timing.cycles);
  EXPECT_EQ(file.tracks.at("machine/steps").length(), timing.cycles);
  EXPECT_EQ(file.tracks.at("machine/steps").slices.size(), timing.steps);
  EXPECT_EQ(file.tracks.at("machine/barrier").length(), timing.barrierCycles);
  EXPECT_EQ(file.tracks.at("machine/windows").length(), timing.cycles);
  std::uint64_t operations = 0, bounds = 0;
  for (const Slice &step : file.tracks.at("machine/steps").slices) {
    operations += step.arguments["synaptic_operations"].get<std::uint64_t>();
    bounds += step.arguments["bound_cycles"].get<std::uint64_t>();
  }
  EXPECT_EQ(bounds, timing.boundCycles);
  EXPECT_EQ(operations, run->total[Counter::SopLinear] +
                            run->total[Counter::SopAttention] +
                            run->total[Counter::SopOther] +
                            run->total[Counter::DigitalMac]);
  EXPECT_EQ(times.packets, run->total[Counter::SpikeSent]);

  const SignalFile dump = readSignals(base + ".vcd");
  EXPECT_EQ(dump.end, 1000 * timing.cycles);
  EXPECT_EQ(dump.last.at("machine.step"), timing.steps - 1);
  ASSERT_EQ(run->cores.size(), program.mapping.tiles.size());
  for (const CoreRun &core : run->cores) {
    const std::uint64_t busy =
        dump.busyTime("machine.cores.core_" + std::to_string(core.core));
    // The signal shows waiting for packets, too.
    EXPECT_GE(busy, 1000 * core.busyCycles) << core.core;
    EXPECT_LE(busy, 1000 * times.active[core.core]) << core.core;
  }
  ASSERT_FALSE(run->links.empty());
  for (const LinkRun &link : run->links)
    EXPECT_EQ(dump.busyTime("machine.links.router_" +
                            std::to_string(link.fromRouter) + "_to_" +
                            std::to_string(link.toRouter)),
              1000 * link.busyCycles);
  std::filesystem::remove(base + ".json");
  std::filesystem::remove(base + ".vcd");
}

TEST(SimulatedTrace, AgreesWithTheRun) {
  expectTraceOfRun(buildTinyProgram(TinyOptions()), "burst", "agrees");
}

TEST(SimulatedTrace, OfSmallTilesAgreesWithTheRun) {
  TinyOptions options;
  options.tileNeurons = 5;
  options.layers = 2;
  expectTraceOfRun(buildTinyProgram(options), "burst", "agrees_small");
}

} // namespace
