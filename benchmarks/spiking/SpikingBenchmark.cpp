//===- SpikingBenchmark.cpp - plain spiking networks per second -----------===//
//
// The golden networks (networks/*.textproto) on loihi1. Rows, in this order:
//   Memory    growth of the resident set while a machine is made and takes its
//             first steps, in a process of its own
//   Limit     the row kernel alone: the same rows of the same weights as a step
//             of dense5 opens, one core after another (the bound of the rest)
//   Plain     one addition a synapse, not vectorised, nothing counted: what a
//             functional simulator does
//   dense5_k1, dense5_k8, msg256: steps of the machine; "none" has all counters
//             and digests and no cycles, the others are NoC models
// The machine's rows check their counts, and their digests against the first
// row of the same network, and fail on a wrong one. Rates of one thread are per
// second of processor time, those of two per second of real time. best_us is
// the fastest step: on a machine with other work the only one in which two
// threads had two processors.
//
//===----------------------------------------------------------------------===//
#include "benchmarks/ScalarLoop.h"
#include "simulator/machine/RowKernels.h"
#include "simulator/spiking/SpikingMachine.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

using namespace synfire;

namespace {

constexpr int layers = 5, width = 1024, columns = 128;
constexpr int warmSteps = 3;

struct Golden {
  const char *name;
  std::uint64_t operations, packets, hops;
};
constexpr Golden goldens[] = {{"dense5_k1", 4194304, 32768, 81920},
                              {"dense5_k8", 524288, 4096, 10240},
                              {"msg256", 262144, 32768, 122880}};
constexpr const char *nocs[] = {"none", "ideal", "burst", "packet"};

std::uint64_t residentBytes() {
  unsigned long all = 0, resident = 0;
  if (std::FILE *file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &all, &resident) != 2)
      resident = 0;
    std::fclose(file);
  }
  return std::uint64_t(resident) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void rates(benchmark::State &state, std::uint64_t operations,
           std::uint64_t packets) {
  auto rate = [](std::uint64_t events) {
    return benchmark::Counter(static_cast<double>(events),
                              benchmark::Counter::kIsRate);
  };
  state.counters["SOP/s"] = rate(operations);
  if (packets > 0)
    state.counters["messages/s"] = rate(packets);
}

Result<std::unique_ptr<SpikingMachine>> make(const Golden &golden,
                                             const SpikingOptions &options) {
  SYNFIRE_ASSIGN(const ChipModel chip, loadChipModel("loihi1"));
  SYNFIRE_ASSIGN(SpikingNetwork network,
                 loadSpikingNetwork(std::string(SYNFIRE_SOURCE_DIR) +
                                    "/networks/" + golden.name + ".textproto"));
  return SpikingMachine::create(std::move(network), chip, options);
}

/// Runs a network of a few neurons, so that code and tables of the loader are
/// resident before anything is measured.
bool runSmall() {
  auto chip = loadChipModel("loihi1");
  auto network = parseSpikingNetwork(
      "name: \"small\" population { name: \"a\" neurons: 9 forced {} } "
      "connection { from: \"a\" to: \"a\" dense { weight: \"i mod 2\" } } "
      "connection { from: \"a\" to: \"a\" generated { target: \"i\" weight: "
      "\"1\" } }",
      "small", ".");
  if (!chip.ok() || !network.ok())
    return false;
  auto machine = SpikingMachine::create(std::move(*network), *chip, {});
  return machine.ok() && (*machine)->step().counters[Counter::Spike] == 9;
}

/// Bytes a synapse, measured in this process; negative on failure.
double measureMemory(const Golden &golden) {
  if (!runSmall())
    return -1;
  const std::uint64_t before = residentBytes();
  auto machine = make(golden, {});
  if (!machine.ok())
    return -1;
  for (int i = 0; i < warmSteps; ++i)
    (*machine)->step();
  const Wiring &wiring = (*machine)->wiring();
  return static_cast<double>(residentBytes() - before) /
         static_cast<double>(wiring.denseSynapses() + wiring.sparseSynapses);
}

/// The same in a child, whose heap holds nothing of other rows.
double bytesOfSynapse(const Golden &golden) {
  int ends[2];
  if (pipe(ends) != 0)
    return -1;
  const pid_t child = fork();
  double bytes = -1;
  if (child == 0) {
    bytes = measureMemory(golden);
    const bool written =
        write(ends[1], &bytes, sizeof(bytes)) == ssize_t(sizeof(bytes));
    _exit(written ? 0 : 1);
  }
  if (child < 0 ||
      read(ends[0], &bytes, sizeof(bytes)) != ssize_t(sizeof(bytes)))
    bytes = -1;
  close(ends[0]);
  close(ends[1]);
  if (child > 0)
    waitpid(child, nullptr, 0);
  return bytes;
}

void memory(benchmark::State &state) {
  const Golden &golden = goldens[state.range(0)];
  double bytes = 0;
  for (auto _ : state)
    bytes = bytesOfSynapse(golden);
  if (bytes <= 0)
    state.SkipWithError("cannot measure");
  state.counters["bytes/synapse"] = bytes;
  state.SetLabel(golden.name);
}
BENCHMARK(memory)
    ->Name("Memory")
    ->ArgName("network")
    ->Arg(0)
    ->Arg(2)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

std::vector<std::int8_t> weights() {
  std::vector<std::int8_t> made(std::size_t(layers - 1) * width * width);
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = static_cast<std::int8_t>((7 * (i / columns) + 13 * i) % 15) - 7;
  return made;
}

std::vector<std::int32_t> firingRows(std::int64_t period) {
  std::vector<std::int32_t> rows;
  for (std::int32_t n = 0; n < width; n += static_cast<std::int32_t>(period))
    rows.push_back(n);
  return rows;
}

/// The sums of all target neurons, to compare the two rows below.
std::int64_t sumOf(const std::vector<std::int32_t> &values) {
  std::int64_t sum = 0;
  for (std::int32_t value : values)
    sum = sum * 31 + value;
  return sum;
}
std::map<std::int64_t, std::int64_t> sumsOfPeriod;

void checkSums(benchmark::State &state,
               const std::vector<std::int32_t> &values) {
  const auto [known, first] =
      sumsOfPeriod.emplace(state.range(0), sumOf(values));
  if (!first && known->second != sumOf(values))
    state.SkipWithError("wrong sums");
}

void limit(benchmark::State &state) {
  const std::vector<std::int8_t> memory = weights();
  const std::vector<std::int32_t> rows = firingRows(state.range(0));
  std::vector<std::int16_t> sum(columns);
  std::vector<std::int32_t> values(std::size_t(layers - 1) * width);
  std::uint64_t operations = 0;
  for (auto _ : state) {
    std::fill(values.begin(), values.end(), 0);
    for (std::size_t core = 0; core * columns < values.size(); ++core)
      for (std::size_t first = 0; first < rows.size(); first += 255) {
        addRows(memory.data() + core * width * columns, columns,
                rows.data() + first,
                std::min<std::size_t>(255, rows.size() - first), columns,
                sum.data());
        flush(sum.data(), columns, values.data() + core * columns);
      }
    operations += rows.size() * values.size();
    benchmark::ClobberMemory();
  }
  checkSums(state, values);
  rates(state, operations, 0);
}
BENCHMARK(limit)->Name("Limit")->ArgName("period")->Arg(1)->Arg(8);

SYNFIRE_SCALAR void addScalar(const std::int8_t *row, std::int32_t *values) {
  SYNFIRE_SCALAR_LOOP
  for (int j = 0; j < columns; ++j)
    values[j] += row[j];
}

void plain(benchmark::State &state) {
  const std::vector<std::int8_t> memory = weights();
  const std::vector<std::int32_t> rows = firingRows(state.range(0));
  std::vector<std::int32_t> values(std::size_t(layers - 1) * width);
  std::uint64_t operations = 0;
  for (auto _ : state) {
    std::fill(values.begin(), values.end(), 0);
    for (std::size_t core = 0; core * columns < values.size(); ++core)
      for (std::int32_t row : rows)
        addScalar(memory.data() + (core * width + std::size_t(row)) * columns,
                  values.data() + core * columns);
    operations += rows.size() * values.size();
    benchmark::ClobberMemory();
  }
  checkSums(state, values);
  rates(state, operations, 0);
}
BENCHMARK(plain)->Name("Plain")->ArgName("period")->Arg(1)->Arg(8);

/// Digests after a number of steps that every row does.
struct Digests {
  std::uint64_t spikes = 0, accumulators = 0;
};
std::map<std::string, Digests> digestsOf;

void machine(benchmark::State &state) {
  const Golden &golden = goldens[state.range(0)];
  SpikingOptions options;
  options.noc = nocs[state.range(1)];
  options.threads = static_cast<int>(state.range(2));
  options.accumulatorDigest = state.range(3) != 0;
  auto made = make(golden, options);
  if (!made.ok()) {
    state.SkipWithError(made.error().message().c_str());
    return;
  }
  SpikingMachine &machine = **made;
  for (int i = 0; i < warmSteps; ++i)
    machine.step();
  const Run warm = machine.run();
  std::uint64_t operations = 0, packets = 0, cycles = 0;
  bool right = true;
  using Clock = std::chrono::steady_clock;
  Clock::duration best = Clock::duration::max();
  for (auto _ : state) {
    const Clock::time_point begin = Clock::now();
    const SpikingStep &step = machine.step();
    best = std::min(best, Clock::now() - begin);
    operations += step.counters[Counter::SopLinear];
    packets += step.counters[Counter::SpikeSent];
    cycles = step.cycles;
    right = right && step.counters[Counter::SopLinear] == golden.operations &&
            step.counters[Counter::SpikeSent] == golden.packets &&
            step.counters[Counter::HopEastWest] +
                    step.counters[Counter::HopNorthSouth] ==
                golden.hops;
  }
  if (!right)
    state.SkipWithError("wrong counts");
  const auto [known, first] = digestsOf.emplace(
      std::string(golden.name) + (options.accumulatorDigest ? " all" : ""),
      Digests{warm.digest, warm.membraneDigest});
  if (!first && (known->second.spikes != warm.digest ||
                 known->second.accumulators != warm.membraneDigest))
    state.SkipWithError("wrong digest");
  rates(state, operations, packets);
  state.counters["best_us"] =
      std::chrono::duration<double, std::micro>(best).count();
  state.counters["us/step_on_chip"] =
      static_cast<double>(cycles) / warm.timing.clockHz * 1e6;
  state.SetLabel(std::string(golden.name) + " " + options.noc);
}

/// One thread: (network, noc, threads, digest).
void oneThread(benchmark::internal::Benchmark *rows) {
  rows->ArgNames({"network", "noc", "threads", "digest"});
  for (int network = 0; network < 3; ++network) {
    rows->Args({network, 0, 1, 0});
    for (int noc = 0; noc < 4; ++noc)
      rows->Args({network, noc, 1, 1});
  }
}
void someThreads(benchmark::internal::Benchmark *rows) {
  rows->ArgNames({"network", "noc", "threads", "digest"});
  for (int network = 0; network < 3; ++network)
    for (int noc = 0; noc < 3; noc += 2)
      for (int threads = 1; threads <= 2; ++threads)
        rows->Args({network, noc, threads, 1});
}
BENCHMARK(machine)->Name("Machine")->Apply(oneThread)->Unit(
    benchmark::kMicrosecond);
BENCHMARK(machine)
    ->Name("Threads")
    ->Apply(someThreads)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

} // namespace

BENCHMARK_MAIN();
