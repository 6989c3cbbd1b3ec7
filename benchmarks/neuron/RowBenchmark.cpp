//===- RowBenchmark.cpp - row units against the plain unit ----------------===//
//
// Times every row form, checks its answers against the neuron unit first, and
// reports `ratio`: processor time of the plain unit / that of the row.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/Row.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

namespace {

using namespace synfire;

constexpr std::size_t rowWidth = 4096;

/// Of this process alone, so that a busy machine does not blur the ratio.
double processorSeconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

struct Inputs {
  std::vector<std::int32_t> membranes;
  std::vector<std::uint64_t> keys;
};

/// Laplace-like magnitudes, as activations have: mostly small, few large.
Inputs makeInputs(double scale) {
  std::mt19937_64 random(7);
  std::exponential_distribution<double> magnitude(1.0);
  Inputs inputs;
  for (std::size_t i = 0; i < rowWidth; ++i) {
    const double value = std::min(magnitude(random) * scale, 2147483647.0);
    const auto m = static_cast<std::int32_t>(value);
    inputs.membranes.push_back(random() & 1 ? m : -m);
    inputs.keys.push_back(random() | 1);
  }
  return inputs;
}

/// One or two MT banks; levels 1 is the phase code.
NeuronConfig makeConfig(int steps, int levels, int outlierShift, int guard) {
  NeuronConfig config;
  config.steps = steps;
  config.levels = levels;
  config.sign = SignMode::Magnitude;
  config.offset = std::int64_t(levels) << (guard - 1);
  config.guardBits = guard;
  const std::int64_t border = std::int64_t(levels) << (steps + guard);
  const int banks = outlierShift > 0 ? 2 : 1;
  for (int b = 0; b < banks; ++b) {
    NeuronBank bank{b == 0 ? 0 : border,
                    b + 1 == banks ? std::int64_t(1) << 40 : border,
                    {}};
    for (int t = 0; t < steps; ++t)
      for (int level = 0; level < levels; ++level) {
        const std::int64_t code = std::int64_t(levels + level)
                                  << (steps - 1 - t + b * outlierShift);
        bank.table.threshold.push_back(code << guard);
        bank.table.decrement.push_back(code << guard);
        bank.table.payload.push_back(static_cast<std::int32_t>(code));
      }
    config.banks.push_back(bank);
  }
  return config;
}

std::uint64_t runPlain(const NeuronConfig &config, const Inputs &inputs,
                       std::vector<std::int32_t> &codes, RowCounts &counts) {
  std::uint64_t digest = 0;
  for (std::size_t i = 0; i < inputs.membranes.size(); ++i) {
    NeuronState state;
    begin(config, state, inputs.membranes[i]);
    std::int64_t code = 0;
    std::uint64_t word = 0;
    for (int t = 0; t < config.steps; ++t) {
      const Spike spike = step(config, state, t);
      if (spike.level == 0)
        continue;
      code += payload(config, t, spike);
      word += digestTerm(config, t, spike);
      ++counts.spikes;
      ++counts.byStep[static_cast<std::size_t>(t)];
    }
    codes[i] = static_cast<std::int32_t>(code);
    digest += inputs.keys[i] * word;
  }
  return digest;
}

std::uint64_t runPlain(const LookupTable &table, const Inputs &inputs,
                       std::vector<std::int32_t> &codes, RowCounts &counts) {
  std::uint64_t digest = 0;
  for (std::size_t i = 0; i < inputs.membranes.size(); ++i) {
    codes[i] = lookup(table, inputs.membranes[i]);
    const std::int64_t magnitude = std::abs(std::int64_t(codes[i]));
    for (int t = 0; t < table.steps; ++t)
      if (magnitude >> (table.steps - 1 - t) & 1) {
        ++counts.spikes;
        ++counts.byStep[static_cast<std::size_t>(t)];
      }
    digest += inputs.keys[i] * static_cast<std::uint64_t>(codes[i]);
  }
  return digest;
}

template <typename Unit>
void measure(benchmark::State &state, const Unit &unit, const Inputs &inputs,
             bool spikesPerNeuron) {
  const std::unique_ptr<RowUnit> row = makeRowUnit(unit);
  std::vector<std::int32_t> codes(rowWidth), expected(rowWidth);
  std::vector<std::uint8_t> spikes(rowWidth);
  RowCounts counts, expectedCounts;
  const std::uint64_t digest =
      row->run(inputs.membranes.data(), rowWidth, inputs.keys.data(),
               codes.data(), nullptr, counts);
  const double plainBegin = processorSeconds();
  const std::uint64_t expectedDigest =
      runPlain(unit, inputs, expected, expectedCounts);
  const double plain = processorSeconds() - plainBegin;
  if (codes != expected || digest != expectedDigest ||
      counts.byStep != expectedCounts.byStep) {
    state.SkipWithError("the row differs from the plain unit");
    return;
  }
  const double rowBegin = processorSeconds();
  for (auto _ : state) {
    RowCounts sums;
    benchmark::DoNotOptimize(row->run(
        inputs.membranes.data(), rowWidth, inputs.keys.data(), codes.data(),
        spikesPerNeuron ? spikes.data() : nullptr, sums));
    benchmark::DoNotOptimize(sums);
  }
  const double perRow =
      (processorSeconds() - rowBegin) / double(state.iterations());
  state.counters["ns_per_neuron"] = perRow / rowWidth * 1e9;
  state.counters["ratio"] = plain / perRow;
}

void neuronRow(benchmark::State &state) {
  const int steps = static_cast<int>(state.range(0));
  const int levels = static_cast<int>(state.range(1));
  const int outlierShift = static_cast<int>(state.range(2));
  const int guard = 6;
  const NeuronConfig config = makeConfig(steps, levels, outlierShift, guard);
  if (const Status status = verify(config); !status.ok()) {
    state.SkipWithError(status.error().message().c_str());
    return;
  }
  const Inputs inputs = makeInputs(double(levels) * (1 << (steps + guard - 2)));
  measure(state, config, inputs, state.range(3) != 0);
}
BENCHMARK(neuronRow)
    ->ArgNames({"steps", "levels", "outlier_shift", "spikes_per_neuron"})
    ->Args({8, 1, 0, 0})
    ->Args({16, 1, 0, 0})
    ->Args({16, 1, 4, 0})
    ->Args({16, 1, 4, 1})
    ->Args({20, 1, 0, 0})
    ->Args({8, 4, 4, 0})
    ->Args({16, 4, 4, 0})
    ->Args({16, 4, 4, 1});

/// A capped phase code: no closed form.
void cappedRow(benchmark::State &state) {
  NeuronConfig config = makeConfig(16, 1, 0, 6);
  config.cap = 2;
  measure(state, config, makeInputs(1 << 20), false);
}
BENCHMARK(cappedRow);

/// Gated one-level banks as FS nonlinearities have them.
void gatedRow(benchmark::State &state) {
  NeuronConfig config = makeConfig(16, 1, 0, 6);
  const FiringTable table = config.banks[0].table;
  config.sign = SignMode::None;
  config.banks.clear();
  const std::int64_t width = 1 << 17;
  const std::int64_t banks = state.range(0);
  for (std::int64_t b = 0; b < banks; ++b)
    config.banks.push_back(
        {(b - banks / 2) * width, (b - banks / 2 + 1) * width, table});
  measure(state, config, makeInputs(1 << 20), false);
}
BENCHMARK(gatedRow)->ArgName("banks")->Arg(1)->Arg(32)->Arg(128);

/// A tracer: the row runs the unit itself.
void tracedRow(benchmark::State &state) {
  NeuronConfig config = makeConfig(16, 1, 0, 6);
  config.tracerOn = true;
  config.tracerMaximum = 5;
  measure(state, config, makeInputs(1 << 20), false);
}
BENCHMARK(tracedRow);

void lookupRow(benchmark::State &state) {
  LookupTable table;
  table.function = "square";
  table.steps = 16;
  table.limit = (1 << 24) - 1;
  std::mt19937 random(3);
  for (std::size_t octave = 0; octave < 64; ++octave) {
    const int bits = static_cast<int>(octave % 32);
    if (bits > 24)
      continue;
    const int rows = std::min(bits == 0 ? 0 : bits - 1, 7);
    table.base[octave] = static_cast<std::int32_t>(table.entries.size());
    table.shift[octave] =
        static_cast<std::uint8_t>(bits == 0 ? 0 : bits - 1 - rows);
    for (int row = 0; row < 1 << rows; ++row)
      table.entries.push_back(static_cast<std::int32_t>(random() % 65536) *
                              (octave < 32 ? 1 : -1));
  }
  if (const Status status = verify(table); !status.ok()) {
    state.SkipWithError(status.error().message().c_str());
    return;
  }
  measure(state, table, makeInputs(1 << 20), state.range(0) != 0);
}
BENCHMARK(lookupRow)->ArgName("spikes_per_neuron")->Arg(0)->Arg(1);

} // namespace

BENCHMARK_MAIN();
