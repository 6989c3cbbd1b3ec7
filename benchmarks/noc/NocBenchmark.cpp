//===- NocBenchmark.cpp - cycles and messages per second ------------------===//
//
// One core of the host. Rows, in this order:
//   Limit     the mesh's events alone: an arrival and a credit a hop through
//   the
//             event wheel, no routers (the bound of this design)
//   Plain     the plain routers of the tests (tests/unit/simulator/PlainMesh.h)
//   Mesh      the routers of `packet`; plainTimes = its rate over Plain's
//   Burst     8x4 routers of 1 or 4 cores; every core sends 2 packets to each
//   of
//             all (as many messages as msg256 at 128 cores), one every `gap`
//             cycles, through `burst`; endOverPacket: the end of the step over
//             that of `packet`
//   Packet    the same through `packet`
// Mesh and Plain: 8x8, uniform traffic at load/1000 flits a core and cycle,
// routers F (4 virtual channels) or D (1, speculative) of docs/spec/noc.md;
// both see the same packets, and every row checks that what was sent has
// arrived.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/Network.h"
#include "simulator/noc/RouterMesh.h"
#include "tests/unit/simulator/PlainMesh.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <random>

using namespace synfire;
using namespace synfire::tests;

namespace {

ChipModel chipOf(bool speculative, int width, int height, int cores) {
  ChipModel chip;
  chip.mesh = {width, height, cores, 1, 1};
  chip.noc.periodCycles = 1;
  chip.noc.flitsPerPacket = 1;
  chip.noc.chipLinkCyclesPerFlit = 1;
  chip.noc.router = {speculative ? 1 : 4, 8, 0, 1, 1, speculative, 1, 1, 1, 1};
  return chip;
}

/// (cycle, from, to) of Bernoulli sources, ascending cycles.
struct Sent {
  std::uint64_t cycle;
  int from, to;
};

std::vector<Sent> uniformTraffic(int thousandths, std::uint64_t cycles) {
  std::mt19937 random(1);
  std::vector<Sent> all;
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle)
    for (int from = 0; from < 64; ++from)
      if (static_cast<int>(random() % 1000) < thousandths)
        all.push_back({cycle, from, static_cast<int>(random() % 64)});
  return all;
}

/// Runs the traffic until it has arrived; packets that have.
template <typename Mesh, typename Arrived>
std::size_t drive(Mesh &mesh, const std::vector<Sent> &traffic,
                  std::vector<Arrived> &arrived) {
  std::size_t next = 0, taken = 0;
  while (taken < traffic.size()) {
    for (; next < traffic.size() && traffic[next].cycle == mesh.now(); ++next)
      mesh.send(traffic[next].from, traffic[next].to, next);
    arrived.clear();
    mesh.step(arrived);
    taken += arrived.size();
  }
  return taken;
}

/// Of the processor, so that other processes do not count.
double seconds(std::clock_t since) {
  return static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC;
}

constexpr std::uint64_t meshCycles = 20000, plainCycles = 400;

/// Cycles per second of the plain routers, measured once in a run.
double plainRate(bool speculative, int thousandths) {
  static double known[2][1001] = {};
  double &rate = known[speculative][thousandths];
  if (rate == 0) {
    const ChipModel chip = chipOf(speculative, 8, 8, 1);
    const Routing routing = *Routing::create(chip, 1, 1);
    const auto traffic = uniformTraffic(thousandths, plainCycles);
    PlainMesh mesh(chip.noc, routing);
    std::vector<PlainMesh::Arrival> arrived;
    const std::clock_t start = std::clock();
    drive(mesh, traffic, arrived);
    rate = static_cast<double>(mesh.now()) / seconds(start);
  }
  return rate;
}

void limit(benchmark::State &state) {
  // Hops of uniform traffic: 5.25 a packet, and the core's own.
  const auto flits = static_cast<std::uint64_t>(
      64 * 6.25 * static_cast<double>(state.range(0)) / 1000);
  enum : std::size_t { Arrival, Credit, kinds };
  EventWheel<kinds> events(8);
  std::uint64_t cycle = 0, sum = 0;
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < flits; ++i) {
      events.add(Arrival, cycle + 3, i);
      events.add(Credit, cycle + 3, i);
    }
    for (const std::uint32_t value : events.at(Arrival, cycle))
      sum += value;
    for (const std::uint32_t value : events.at(Credit, cycle))
      sum += value;
    events.release(cycle);
    ++cycle;
  }
  benchmark::DoNotOptimize(sum);
  state.counters["cycles/s"] = benchmark::Counter(static_cast<double>(cycle),
                                                  benchmark::Counter::kIsRate);
}
BENCHMARK(limit)->Name("Limit")->ArgName("load")->Arg(100)->Arg(300);

void plain(benchmark::State &state) {
  double rate = 0;
  for (auto _ : state)
    rate = plainRate(state.range(0) == 'D', static_cast<int>(state.range(1)));
  state.counters["cycles/s"] = rate;
}
BENCHMARK(plain)
    ->Name("Plain")
    ->ArgNames({"router", "load"})
    ->Args({'F', 100})
    ->Args({'F', 300})
    ->Args({'D', 100})
    ->Iterations(1);

void mesh(benchmark::State &state) {
  const bool speculative = state.range(0) == 'D';
  const int load = static_cast<int>(state.range(1));
  const ChipModel chip = chipOf(speculative, 8, 8, 1);
  const Routing routing = *Routing::create(chip, 1, 1);
  const MulticastForest none(routing);
  RouterMesh routers = std::move(*RouterMesh::create(chip.noc, routing, none));
  const auto traffic = uniformTraffic(load, meshCycles);
  std::vector<RouterMesh::Delivery> arrived;
  std::uint64_t cycles = 0;
  const std::clock_t start = std::clock();
  for (auto _ : state) {
    routers.clear();
    if (drive(routers, traffic, arrived) != traffic.size())
      state.SkipWithError("packets are missing");
    cycles += routers.now();
  }
  const double rate = static_cast<double>(cycles) / seconds(start);
  state.counters["cycles/s"] = rate;
  state.counters["plainTimes"] = rate / plainRate(speculative, load);
}
BENCHMARK(mesh)
    ->Name("Mesh")
    ->ArgNames({"router", "load"})
    ->Args({'F', 100})
    ->Args({'F', 300})
    ->Args({'D', 100})
    ->Unit(benchmark::kMillisecond);

/// Every core to every core, 2 packets each, one packet every `gap` cycles.
StepTraffic everyoneToEveryone(int cores, std::uint64_t gap) {
  StepTraffic traffic;
  for (int from = 0; from < cores; ++from)
    for (int i = 0; i < cores; ++i) {
      const auto first = static_cast<std::uint64_t>(2 * i) * gap;
      traffic.bursts.push_back(
          {from, static_cast<std::uint32_t>(traffic.destinations.size()), 1, 2,
           first, first + gap});
      traffic.destinations.push_back({(from + 1 + i) % cores, 0, 0});
    }
  return traffic;
}

std::uint64_t endOf(const StepTraffic &traffic) {
  std::uint64_t end = 0;
  for (const BurstDestination &to : traffic.destinations)
    end = std::max(end, to.lastArrival);
  return end;
}

void messages(benchmark::State &state, const char *model) {
  const int cores = static_cast<int>(state.range(0));
  const ChipModel chip = chipOf(false, 8, 4, cores);
  const Routing routing = *Routing::create(chip, 1, 1);
  auto network = makeNetwork(model, chip, routing);
  StepTraffic traffic = everyoneToEveryone(
      32 * cores, static_cast<std::uint64_t>(state.range(1)));
  std::uint64_t sent = 0;
  for (auto _ : state) {
    (*network)->deliver(traffic);
    sent += 2 * traffic.bursts.size();
  }
  for (const BurstDestination &to : traffic.destinations)
    if (to.lastArrival < to.firstArrival || to.firstArrival == 0)
      state.SkipWithError("a burst has not arrived");
  state.counters["messages/s"] = benchmark::Counter(
      static_cast<double>(sent), benchmark::Counter::kIsRate);
  StepTraffic reference = traffic;
  (*makeNetwork("packet", chip, routing))->deliver(reference);
  state.counters["endOverPacket"] = static_cast<double>(endOf(traffic)) /
                                    static_cast<double>(endOf(reference));
}
void burst(benchmark::State &state) { messages(state, "burst"); }
void packet(benchmark::State &state) { messages(state, "packet"); }
void sizes(benchmark::internal::Benchmark *rows) {
  rows->ArgNames({"cores", "gap"})->Unit(benchmark::kMillisecond);
  for (const std::int64_t gap : {4, 16, 32})
    rows->Args({4, gap});
  for (const std::int64_t gap : {1, 4})
    rows->Args({1, gap});
}
BENCHMARK(burst)->Name("Burst")->Apply(sizes);
BENCHMARK(packet)->Name("Packet")->Apply(sizes);

} // namespace

BENCHMARK_MAIN();
