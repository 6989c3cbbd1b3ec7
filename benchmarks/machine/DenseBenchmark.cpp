//===- DenseBenchmark.cpp - synaptic operations per second ----------------===//
//
// One core of the host. Rows, in this order:
//   Limit      the row kernel alone on the same weights, once for every event;
//              the machine reads a row once for all events of a frame
//   Scalar     one multiply-add a synapse and event, not vectorised
//   Machine    1024x1024 8-bit weights on 8 cores, NoC "burst", no SystemC
//   Dense5     the five-layer network on 40 cores, likewise
//   Simulate   the same call that `synfire simulate` makes, SystemC included;
//              runs once, since SystemC elaborates once in a process
// `period` k: neuron n fires in every step iff n mod k = 0. Every row checks
// its answer and fails on a wrong one.
//
//===----------------------------------------------------------------------===//
#include "benchmarks/ScalarLoop.h"
#include "simulator/machine/RowKernels.h"
#include "simulator/sysc/Delivery.h"
#include "simulator/sysc/Simulation.h"
#include "tests/unit/simulator/DenseNetwork.h"

#include <benchmark/benchmark.h>

#include <algorithm>

using namespace synfire;
using namespace synfire::tests;

namespace {

void report(benchmark::State &state, std::uint64_t operations) {
  state.counters["SOP/s"] = benchmark::Counter(static_cast<double>(operations),
                                               benchmark::Counter::kIsRate);
}

/// A single dense layer whose logits show its sums.
Program oneLayer(int period, int context) {
  Program program = denseNetwork(1, period, context);
  Dendrite &dendrite = program.stages.back().dendrites.front();
  dendrite = Dendrite();
  dendrite.driver = 0;
  dendrite.weights = 0;
  dendrite.accumulatorBits = 31;
  program.mapping.schedule = shortestSchedule(program.stages, {denseSteps, 1});
  return program;
}

bool logitsAreRight(const std::vector<std::int32_t> &logits, int period) {
  for (int j = 0; j < denseWidth; ++j) {
    std::int64_t sum = 0;
    for (int i = 0; i < denseWidth; i += period)
      sum += denseWeight(i, j) * std::int64_t((1 << denseSteps) - 1);
    if (logits.size() != denseWidth ||
        logits[static_cast<std::size_t>(j)] != sum)
      return false;
  }
  return true;
}

std::vector<std::int32_t> firingRows(int period) {
  std::vector<std::int32_t> rows;
  for (int n = 0; n < denseWidth; n += period)
    rows.push_back(n);
  return rows;
}

void limit(benchmark::State &state) {
  const Program program = oneLayer(1, 1);
  const auto *weights =
      reinterpret_cast<const std::int8_t *>(program.weights.data(0));
  const auto rows = firingRows(static_cast<int>(state.range(0)));
  std::vector<std::int16_t> sum(denseWidth);
  std::vector<std::int64_t> values(denseWidth);
  std::uint64_t operations = 0;
  for (auto _ : state) {
    std::fill(values.begin(), values.end(), 0);
    for (int step = 0; step < denseSteps; ++step)
      for (std::size_t first = 0; first < rows.size(); first += 255) {
        addRows(weights, denseWidth, rows.data() + first,
                std::min<std::size_t>(255, rows.size() - first), denseWidth,
                sum.data());
        flush(sum.data(), denseWidth, 1 << step, values.data());
      }
    operations += denseSteps * rows.size() * denseWidth;
  }
  if (!logitsAreRight({values.begin(), values.end()},
                      static_cast<int>(state.range(0))))
    state.SkipWithError("wrong sums");
  report(state, operations);
}
BENCHMARK(limit)->Name("Limit")->ArgName("period")->Arg(1)->Arg(4);

SYNFIRE_SCALAR void addScalar(const std::int8_t *row, std::int64_t payload,
                              std::int64_t *values) {
  SYNFIRE_SCALAR_LOOP
  for (int j = 0; j < denseWidth; ++j)
    values[j] += payload * row[j];
}

void scalar(benchmark::State &state) {
  const Program program = oneLayer(1, 1);
  const auto *weights =
      reinterpret_cast<const std::int8_t *>(program.weights.data(0));
  const auto rows = firingRows(static_cast<int>(state.range(0)));
  std::vector<std::int64_t> values(denseWidth);
  std::uint64_t operations = 0;
  for (auto _ : state) {
    std::fill(values.begin(), values.end(), 0);
    for (int step = 0; step < denseSteps; ++step)
      for (std::int32_t row : rows)
        addScalar(weights + std::ptrdiff_t(row) * denseWidth, 1 << step,
                  values.data());
    operations += denseSteps * rows.size() * denseWidth;
  }
  if (!logitsAreRight({values.begin(), values.end()},
                      static_cast<int>(state.range(0))))
    state.SkipWithError("wrong sums");
  report(state, operations);
}
BENCHMARK(scalar)->Name("Scalar")->ArgName("period")->Arg(1)->Arg(4);

/// Runs the phases of Machine.h for `tokens` prompt tokens.
std::uint64_t execute(const Program &program, int tokens,
                      std::vector<std::int32_t> &logits) {
  auto machine = Machine::create(program, false, nullptr);
  auto network =
      makeNetwork("burst", program.mapping.chip, (*machine)->routing());
  Machine &m = **machine;
  Delivery delivery(m, **network);
  WorkCrew crew(1);
  Pipeline pipeline(
      program, std::vector<int>(static_cast<std::size_t>(tokens), 0), 0, {});
  while (!pipeline.window().empty()) {
    m.beginWindow(pipeline.window());
    for (std::size_t core : m.firingCores())
      m.cores()[core]->prepare(m.windowPlan());
    delivery.joinTiles();
    for (int step = 0; step < m.windowSteps(); ++step) {
      for (std::size_t core : m.firingCores())
        if (m.cores()[core]->firesAt(step))
          m.fire(core, step);
      for (std::size_t core : delivery.deliver(step, crew))
        m.timeArrivals(core);
      m.endStep();
    }
    m.endWindow();
    if (!pipeline.advance(0, m.logits()))
      return 0;
  }
  logits = m.logits();
  return m.run().total[Counter::SopLinear];
}

void machineDense(benchmark::State &state) {
  const int period = static_cast<int>(state.range(0)), tokens = 64;
  const Program program = oneLayer(period, tokens);
  std::uint64_t operations = 0;
  std::vector<std::int32_t> logits;
  for (auto _ : state)
    operations += execute(program, tokens, logits);
  if (!logitsAreRight(logits, period))
    state.SkipWithError("wrong logits");
  report(state, operations);
}
BENCHMARK(machineDense)
    ->Name("Machine")
    ->ArgName("period")
    ->Arg(1)
    ->Arg(4)
    ->Arg(16)
    ->Unit(benchmark::kMillisecond);

void machineDense5(benchmark::State &state) {
  const int period = static_cast<int>(state.range(0)), tokens = 32;
  const Program program = denseNetwork(5, period, tokens);
  std::uint64_t operations = 0;
  std::vector<std::int32_t> logits;
  for (auto _ : state)
    operations += execute(program, tokens, logits);
  const std::uint64_t expected =
      std::uint64_t(tokens) *
      (denseSteps * std::uint64_t(4194304) / period + 2 * denseWidth);
  if (operations != expected * state.iterations())
    state.SkipWithError("wrong number of operations");
  report(state, operations);
}
BENCHMARK(machineDense5)
    ->Name("Dense5")
    ->ArgName("period")
    ->Arg(1)
    ->Arg(8)
    ->Unit(benchmark::kMillisecond);

void simulateDense(benchmark::State &state) {
  const int tokens = 256;
  const Program program = oneLayer(4, tokens);
  std::uint64_t operations = 0;
  for (auto _ : state) {
    std::vector<std::int32_t> logits;
    SimulationOptions options;
    options.sampler = [&](const std::vector<std::int32_t> &last, double) {
      logits = last;
      return 0;
    };
    auto run = simulate(program, std::vector<int>(tokens, 0), 1, options);
    if (!run.ok())
      state.SkipWithError(run.error().message().c_str());
    else if (!logitsAreRight(logits, 4))
      state.SkipWithError("wrong logits");
    else
      operations += run->total[Counter::SopLinear];
  }
  report(state, operations);
}
BENCHMARK(simulateDense)
    ->Name("Simulate/period:4")
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
