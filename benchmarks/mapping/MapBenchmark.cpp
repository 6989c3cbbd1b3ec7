//===- MapBenchmark.cpp - how long a large model takes to map -------------===//
//
// One thread. Each row maps a LLaMA by shapes alone onto loihi2 and checks the
// mapping; counters are those of the mapping and its prediction. Peak memory is
// that of the process so far: run one row for a figure of its own.
//
//===----------------------------------------------------------------------===//
#include "compiler/mapping/Problem.h"
#include "exploration/ShapesProgram.h"
#include "runtime/program/Verify.h"

#include <benchmark/benchmark.h>

#include <set>

#include <sys/resource.h>

using namespace synfire;

namespace {

ModelShape tinyLlama() {
  ModelShape shape;
  shape.name = "tinyllama-1.1b";
  shape.hidden = 2048;
  shape.intermediate = 5632;
  shape.layers = 22;
  shape.heads = 32;
  shape.keyValueHeads = 4;
  shape.headWidth = 64;
  shape.vocabulary = 32000;
  shape.source = "config.json of TinyLlama/TinyLlama-1.1B-Chat-v1.0";
  return shape;
}

void map(benchmark::State &state, const ModelShape &shape,
         const MappingOptions &options) {
  auto chip = loadChipModel("loihi2");
  auto built = shapesProgram(shape, {});
  if (!built.ok() || !chip.ok())
    return state.SkipWithError("no such shape or chip");
  Program program = std::move(*built);
  for (auto iteration : state) {
    auto mapping = mapProgram(program, *chip, options);
    if (!mapping.ok())
      return state.SkipWithError(mapping.error().message().c_str());
    program.mapping = *mapping;
  }
  if (Status valid = verifyMapping(program); !valid.ok())
    return state.SkipWithError(valid.error().message().c_str());
  const Mapping &mapping = program.mapping;
  std::set<int> cores;
  for (const Tile &tile : mapping.tiles)
    cores.insert(tile.core);
  auto count = [](double value) { return benchmark::Counter(value); };
  state.counters["tiles"] = count(static_cast<double>(mapping.tiles.size()));
  state.counters["cores"] = count(static_cast<double>(cores.size()));
  state.counters["chips"] =
      count(static_cast<double>(mapping.chipsX) * mapping.chipsY);
  state.counters["hops"] = count(mapping.prediction.eastWestHops +
                                 mapping.prediction.northSouthHops);
  state.counters["crossings"] = count(mapping.prediction.chipCrossings);
  state.counters["cycles"] = count(mapping.prediction.tokenCycles);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] =
      count(static_cast<double>(usage.ru_maxrss) / 1024);
}

MappingOptions with(const char *placement, Objective objective, int effort) {
  MappingOptions options;
  options.placement = placement;
  options.objective = objective;
  options.effort = effort;
  return options;
}

#define ROW(name, shape, ...)                                                  \
  BENCHMARK_CAPTURE(map, name, shape, with(__VA_ARGS__))                       \
      ->Unit(benchmark::kSecond)                                               \
      ->Iterations(1)

ROW(1B_hilbert, tinyLlama(), "hilbert", Objective::Cores, 0);
ROW(1B_row_major, tinyLlama(), "row-major", Objective::Cores, 0);
ROW(1B_cores, tinyLlama(), "optimised", Objective::Cores, 1);
ROW(1B_time, tinyLlama(), "optimised", Objective::Time, 1);
ROW(7B_hilbert, *builtinShape("llama-2-7b"), "hilbert", Objective::Cores, 0);
ROW(7B_row_major, *builtinShape("llama-2-7b"), "row-major", Objective::Cores,
    0);
ROW(7B_cores, *builtinShape("llama-2-7b"), "optimised", Objective::Cores, 1);
ROW(7B_time, *builtinShape("llama-2-7b"), "optimised", Objective::Time, 1);

} // namespace

BENCHMARK_MAIN();
