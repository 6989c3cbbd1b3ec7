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
      if (spike.silent())
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

/// Levels l * theta with payloads l; the streamed neurons are all made of them.
NeuronConfig makeStreamed(int steps, int levels) {
  const std::int64_t theta = 1 << 12;
  NeuronConfig config;
  config.input = InputMode::Streamed;
  config.steps = steps;
  config.levels = levels;
  config.offset = theta / 2;
  NeuronBank bank{0, 1, {}};
  for (int t = 0; t < steps; ++t)
    for (int level = 1; level <= levels; ++level) {
      bank.table.threshold.push_back(level * theta);
      bank.table.decrement.push_back(level * theta);
      bank.table.payload.push_back(level);
    }
  config.banks = {bank};
  return config;
}

/// Dual-IS: delivers s - alpha with alpha = half the levels.
NeuronConfig makeIntegerSpiking(int steps, int levels) {
  NeuronConfig config = makeStreamed(steps, levels);
  FiringTable &table = config.banks[0].table;
  for (std::int32_t &entry : table.payload)
    entry -= levels / 2;
  table.rest = -levels / 2;
  config.bias.assign(static_cast<std::size_t>(steps),
                     levels / 2 * table.threshold[0]);
  return config;
}

/// Events of one neuron after the other, as StreamUnit is defined.
std::uint64_t runPlain(const NeuronConfig &config, const StreamBatch &batch,
                       RowCounts &counts) {
  std::uint64_t digest = 0;
  std::vector<std::int64_t> currents(static_cast<std::size_t>(config.steps));
  for (std::size_t i = 0; i < batch.count; ++i) {
    std::int64_t before = 0;
    for (int f = 0; f < batch.frames; ++f) {
      const std::int64_t now = batch.membranes[f * batch.membraneFrameStride +
                                               static_cast<std::ptrdiff_t>(i)];
      currents[static_cast<std::size_t>(f)] = now - before;
      before = now;
    }
    NeuronState state;
    begin(config, state, 0);
    rehearse(config, state, currents.data());
    std::int64_t code = 0;
    std::uint64_t word = 0;
    for (int t = 0; t < config.steps; ++t) {
      const Spike spike =
          step(config, state, t, currents[static_cast<std::size_t>(t)]);
      if (!spike.silent()) {
        code += payload(config, t, spike);
        word += digestTerm(config, t, spike);
        ++counts.byStep[static_cast<std::size_t>(t)];
      }
      batch.codes[t * batch.codeFrameStride + static_cast<std::ptrdiff_t>(i)] =
          static_cast<std::int32_t>(code);
    }
    digest += batch.keys[i] * word;
  }
  return digest;
}

/// One row of `width` neurons, a step a frame.
void measureStream(benchmark::State &state, const NeuronConfig &config,
                   std::size_t width) {
  if (const Status status = verify(config); !status.ok()) {
    state.SkipWithError(status.error().message().c_str());
    return;
  }
  const auto frames = static_cast<std::size_t>(config.steps);
  std::mt19937_64 random(9);
  std::normal_distribution<double> current(0, 3000.0 * config.levels);
  std::vector<std::int32_t> membranes(frames * width);
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < membranes.size(); ++i)
    membranes[i] = static_cast<std::int32_t>(current(random)) +
                   (i < width ? 0 : membranes[i - width]);
  for (std::size_t i = 0; i < width; ++i)
    keys.push_back(random() | 1);

  std::vector<std::int32_t> codes(membranes.size()), expected(codes);
  std::uint64_t digest = 0;
  StreamSums sums;
  StreamBatch batch;
  batch.membranes = membranes.data();
  batch.codes = expected.data();
  batch.membraneFrameStride = batch.codeFrameStride =
      static_cast<std::ptrdiff_t>(width);
  batch.count = width;
  batch.frames = config.steps;
  batch.keys = keys.data();
  batch.digests = &digest;
  batch.sums = &sums;
  RowCounts counts, expectedCounts;
  const double plainBegin = processorSeconds();
  const std::uint64_t expectedDigest = runPlain(config, batch, expectedCounts);
  const double plain = processorSeconds() - plainBegin;
  const std::unique_ptr<StreamUnit> unit = makeStreamUnit(config);
  batch.codes = codes.data();
  unit->run(batch, counts);
  if (codes != expected || digest != expectedDigest ||
      counts.byStep != expectedCounts.byStep) {
    state.SkipWithError("the stream differs from the plain unit");
    return;
  }
  const double begin = processorSeconds();
  for (auto _ : state) {
    unit->run(batch, counts);
    benchmark::DoNotOptimize(counts);
  }
  const double perRow =
      (processorSeconds() - begin) / double(state.iterations());
  state.counters["ns_per_neuron_step"] = perRow / double(width * frames) * 1e9;
  state.counters["ratio"] = plain / perRow;
}

void integerSpikingStream(benchmark::State &state) {
  measureStream(state,
                makeIntegerSpiking(static_cast<int>(state.range(0)),
                                   static_cast<int>(state.range(1))),
                static_cast<std::size_t>(state.range(2)));
}
BENCHMARK(integerSpikingStream)
    ->ArgNames({"steps", "levels", "width"})
    ->Args({4, 2, 4096})
    ->Args({4, 4, 4096})
    ->Args({4, 8, 4096})
    ->Args({4, 16, 4096})
    ->Args({4, 64, 4096})
    ->Args({4, 4, 64})
    ->Args({32, 1, 4096});

void oneLevelStream(benchmark::State &state) {
  NeuronConfig config = makeStreamed(16, 1);
  if (state.range(0) != 0) {
    config.sign = SignMode::Bipolar;
    config.offset = 0;
  }
  measureStream(state, config, 4096);
}
BENCHMARK(oneLevelStream)->ArgName("two_sided")->Arg(0)->Arg(1);

void stBifStream(benchmark::State &state) {
  NeuronConfig config = makeStreamed(32, 1);
  config.negative = NegativeRule::BelowZero;
  config.tracerOn = true;
  config.tracerMinimum = -8;
  config.tracerMaximum = 7;
  measureStream(state, config, 4096);
}
BENCHMARK(stBifStream);

void ecmtStream(benchmark::State &state) {
  NeuronConfig config = makeStreamed(8, 8);
  config.sign = SignMode::Bipolar;
  config.offset = 0;
  FiringTable &table = config.banks[0].table;
  for (std::size_t i = 0; i < table.threshold.size(); ++i) {
    table.payload[i] = 1 << (i % 8);
    table.decrement[i] = std::int64_t(table.payload[i]) << 10;
    table.threshold[i] = table.decrement[i] - (1 << 9);
  }
  measureStream(state, config, 4096);
}
BENCHMARK(ecmtStream);

void staStream(benchmark::State &state) {
  NeuronConfig config = makeStreamed(32, 4);
  config.offset = 0;
  config.negative = NegativeRule::FromTracer;
  measureStream(state, config, 4096);
}
BENCHMARK(staStream);

void rehearsedStream(benchmark::State &state) {
  NeuronConfig config = makeStreamed(16, 1);
  config.rehearsal =
      state.range(0) != 0 ? Rehearsal::OptimalShift : Rehearsal::ResidualMask;
  config.rehearsalSteps = 8;
  config.rehearsalMargin = 4;
  measureStream(state, config, 4096);
}
BENCHMARK(rehearsedStream)->ArgName("shift")->Arg(0)->Arg(1);

} // namespace

BENCHMARK_MAIN();
