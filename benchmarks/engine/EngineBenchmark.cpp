//===- EngineBenchmark.cpp - microseconds per token of the engine ---------===//
//
// Synthetic Programs with the shapes of two small models (random weights, T =
// 16, two banks, look-up units). Counters show where the time goes by kind of
// stage, and what bounds it: products of a dense executor and bytes of weights.
// Networks of several frames are timed against the same shapes in one frame,
// which they may cost once a frame at most ("frames" beside "ratio"). Every
// benchmark first holds its digest against another split of the text.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/Engine.h"
#include "tests/unit/engine/StreamedVariants.h"
#include "tests/unit/program/TinyProgram.h"

#include <benchmark/benchmark.h>
#include <ctime>
#include <map>
#include <random>
#include <string>

namespace synfire {
namespace {

enum Shape { Stories260K, Wiki1300K };

tests::TinyOptions optionsOf(Shape shape) {
  tests::TinyOptions options;
  options.steps = 16;
  options.wideSteps = 20;
  options.banks = true;
  if (shape == Stories260K) {
    options.layers = 5;
    options.width = 64;
    options.intermediate = 172;
    options.heads = 8;
    options.keyValueHeads = 4;
    options.vocabulary = 512;
    options.context = 512;
  } else {
    options.layers = 4;
    options.width = 128;
    options.intermediate = 352;
    options.heads = 4;
    options.keyValueHeads = 4;
    options.vocabulary = 2048;
    options.context = 512;
  }
  return options;
}

std::shared_ptr<const Program> makeProgram(Shape shape) {
  static std::map<Shape, std::shared_ptr<const Program>> made;
  auto &program = made[shape];
  if (!program)
    program = std::make_shared<const Program>(
        tests::buildTinyProgram(optionsOf(shape)));
  return program;
}

/// Integer-spiking neurons with numbers around them, as Dual-IS has it, or with
/// trains everywhere.
std::shared_ptr<const Program> makeStreamed(Shape shape, int frames,
                                            bool digital) {
  Program program = tests::buildTinyProgram(optionsOf(shape));
  tests::StreamChoice options;
  options.frames = frames;
  options.digitalLookups = options.numbers = digital;
  options.unit = [](const tests::UnitShape &unit) {
    // Codes of 8 bits where a site is not wide.
    tests::UnitShape narrow = unit;
    narrow.limit = unit.guardBits > 0 ? 127 : unit.limit;
    narrow.guardBits += unit.guardBits > 0 ? 9 : 0;
    return tests::integerSpiking(narrow, 14);
  };
  tests::stream(program, options);
  return std::make_shared<const Program>(std::move(program));
}

std::vector<int> makeTokens(int count, int vocabulary) {
  std::mt19937 random(1);
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i)
    tokens.push_back(static_cast<int>(random() % unsigned(vocabulary)));
  return tokens;
}

std::uint64_t digestOf(const Engine &engine) {
  Run run;
  engine.fillRun(run);
  return run.digest;
}

/// The engine at work must agree with itself token by token.
bool agrees(const std::shared_ptr<const Program> &program,
            const EngineOptions &options) {
  const auto tokens = makeTokens(40, program->model.vocabulary);
  EngineOptions checked = options;
  checked.digest = true;
  EngineOptions plain;
  plain.staticProduct = StaticProduct::Integers;
  auto fast = Engine::create(program, checked);
  auto slow = Engine::create(program, plain);
  if (!fast.ok() || !slow.ok() || !(*fast)->prefill(tokens).ok())
    return false;
  for (int token : tokens)
    if (!(*slow)->decode(token).ok())
      return false;
  return digestOf(**fast) == digestOf(**slow);
}

/// Products that a dense executor forms for a token at the mean position.
double productsPerToken(const Program &program, double meanKeys) {
  double products = 0;
  for (const Stage &stage : program.stages)
    for (const Dendrite &dendrite : stage.dendrites) {
      if (dendrite.kind == DendriteKind::Static)
        products +=
            double(stage.width()) *
            double(program.stages[std::size_t(dendrite.driver)].width());
      if (dendrite.kind == DendriteKind::Scores)
        products += meanKeys * stage.groups * dendrite.headWidth;
      if (dendrite.kind == DendriteKind::Mix)
        products += meanKeys * double(stage.width());
    }
  return products;
}

void reportTimes(benchmark::State &state, const Program &program,
                 const std::vector<StageTimes> &times, double tokens) {
  const double scale = 1e6 / tokens;
  std::map<std::string, double> account;
  for (std::size_t s = 0; s < times.size(); ++s) {
    const Stage &stage = program.stages[s];
    const StageTimes &t = times[s];
    account[std::string("acc_") + toString(stage.dendrites.front().kind)] +=
        t.accumulate;
    account[stage.perKey ? "requantise_keys" : "requantise"] += t.requantise;
    std::string fire = stage.fire == FireKind::Neuron   ? "fire_neuron"
                       : stage.fire == FireKind::Lookup ? "fire_lookup"
                       : stage.fire == FireKind::Number ? "fire_number"
                                                        : "fire_output";
    if (stage.perKey)
      fire += "_keys";
    else if (stage.width() <= 8)
      fire += "_narrow";
    account[fire] += t.fire;
    account["store"] += t.store;
  }
  for (const auto &[name, seconds] : account)
    state.counters[name] = seconds * scale;
}

void prefill(benchmark::State &state, Shape shape, EngineOptions options,
             bool breakdown) {
  const auto program = makeProgram(shape);
  const int count = static_cast<int>(state.range(0));
  const auto tokens = makeTokens(count, program->model.vocabulary);
  options.threads = static_cast<int>(state.range(1));
  auto engine = Engine::create(program, options);
  if (!engine.ok() || !agrees(program, options)) {
    state.SkipWithError("the engine disagrees with itself");
    return;
  }
  (*engine)->measure(breakdown);
  for (auto _ : state) {
    (*engine)->reset();
    if (!(*engine)->prefill(tokens).ok())
      state.SkipWithError("prefill failed");
    benchmark::DoNotOptimize((*engine)->greedyToken());
  }
  const double done = double(state.iterations()) * count;
  state.counters["time/token"] = benchmark::Counter(
      done, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["products/token"] =
      productsPerToken(*program, (count + 1) / 2.0);
  state.counters["weight_bytes"] = double(program->weights.size());
  if (breakdown) // times are those of the last round
    reportTimes(state, *program, (*engine)->times(), count);
}

void decode(benchmark::State &state, Shape shape) {
  const auto program = makeProgram(shape);
  const auto tokens = makeTokens(256, program->model.vocabulary);
  auto engine = Engine::create(program);
  if (!engine.ok() || !agrees(program, {})) {
    state.SkipWithError("the engine disagrees with itself");
    return;
  }
  for (auto _ : state) {
    (*engine)->reset();
    for (int token : tokens)
      if (!(*engine)->decode(token).ok())
        state.SkipWithError("decode failed");
  }
  state.counters["time/token"] = benchmark::Counter(
      double(state.iterations()) * double(tokens.size()),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Of the processor: a busy machine would blur a ratio of two durations.
double secondsOfPrefill(Engine &engine, const std::vector<int> &tokens) {
  const std::clock_t start = std::clock();
  engine.reset();
  const bool done = engine.prefill(tokens).ok();
  return done ? double(std::clock() - start) / CLOCKS_PER_SEC : -1;
}

/// Both networks take turns, so that what else the machine does meets both.
void streamedPrefill(benchmark::State &state, Shape shape, bool digital,
                     bool breakdown) {
  const auto frames = static_cast<int>(state.range(1));
  const auto whole = makeProgram(shape);
  const auto program = makeStreamed(shape, frames, digital);
  const auto tokens =
      makeTokens(static_cast<int>(state.range(0)), program->model.vocabulary);
  auto once = Engine::create(whole);
  auto streamed = Engine::create(program);
  if (!once.ok() || !streamed.ok() || !agrees(program, {})) {
    state.SkipWithError("the engine disagrees with itself");
    return;
  }
  (*streamed)->measure(breakdown);
  double oneFrame = 0, allFrames = 0;
  for (auto _ : state) {
    oneFrame += secondsOfPrefill(**once, tokens);
    const double seconds = secondsOfPrefill(**streamed, tokens);
    allFrames += seconds;
    state.SetIterationTime(seconds);
  }
  const double done = double(state.iterations()) * double(tokens.size());
  state.counters["frames"] = frames;
  state.counters["ratio"] = allFrames / oneFrame;
  state.counters["time/token"] = allFrames / done;
  if (breakdown)
    reportTimes(state, *program, (*streamed)->times(), double(tokens.size()));
}

EngineOptions with(StaticProduct product, bool digest = true) {
  EngineOptions options;
  options.staticProduct = product;
  options.digest = digest;
  return options;
}

#define SYNFIRE_PREFILL(shape)                                                 \
  BENCHMARK_CAPTURE(prefill, shape, shape, with(StaticProduct::Fastest),       \
                    false)                                                     \
      ->Args({128, 1})                                                         \
      ->Args({512, 1})                                                         \
      ->Args({512, 2})                                                         \
      ->UseRealTime();                                                         \
  BENCHMARK_CAPTURE(prefill, shape##_breakdown, shape,                         \
                    with(StaticProduct::Fastest), true)                        \
      ->Args({128, 1});                                                        \
  BENCHMARK_CAPTURE(prefill, shape##_withoutDigest, shape,                     \
                    with(StaticProduct::Fastest, false), false)                \
      ->Args({128, 1});                                                        \
  BENCHMARK_CAPTURE(prefill, shape##_doubles, shape,                           \
                    with(StaticProduct::Doubles), false)                       \
      ->Args({128, 1});                                                        \
  BENCHMARK_CAPTURE(prefill, shape##_integers, shape,                          \
                    with(StaticProduct::Integers), false)                      \
      ->Args({128, 1});                                                        \
  BENCHMARK_CAPTURE(decode, shape, shape)

SYNFIRE_PREFILL(Stories260K);
SYNFIRE_PREFILL(Wiki1300K);

#define SYNFIRE_STREAMED(shape)                                                \
  BENCHMARK_CAPTURE(streamedPrefill, shape##_numbers, shape, true, false)      \
      ->Args({128, 4})                                                         \
      ->Args({512, 4})                                                         \
      ->Args({128, 16})                                                        \
      ->UseManualTime();                                                       \
  BENCHMARK_CAPTURE(streamedPrefill, shape##_trains, shape, false, false)      \
      ->Args({128, 4})                                                         \
      ->UseManualTime();                                                       \
  BENCHMARK_CAPTURE(streamedPrefill, shape##_breakdown, shape, true, true)     \
      ->Args({128, 4})                                                         \
      ->UseManualTime()

SYNFIRE_STREAMED(Stories260K);
SYNFIRE_STREAMED(Wiki1300K);

} // namespace
} // namespace synfire

BENCHMARK_MAIN();
