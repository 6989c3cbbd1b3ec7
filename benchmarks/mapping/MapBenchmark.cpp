//===- MapBenchmark.cpp - how long a large model takes to map -------------===//
//
// One thread. Each row maps a LLaMA by shapes alone onto loihi2 and checks the
// mapping; counters are those of the mapping and its prediction. Peak memory is
// that of the process so far: run one row for a figure of its own.
//
//===----------------------------------------------------------------------===//
#include "compiler/mapping/Problem.h"
#include "runtime/program/Verify.h"
#include "tests/unit/mapping/LlamaShapes.h"

#include <benchmark/benchmark.h>

#include <set>

#include <sys/resource.h>

using namespace synfire;
using namespace synfire::tests;

namespace {

void map(benchmark::State &state, const LlamaShape &shape,
         const MappingOptions &options) {
  Program program = buildLlamaShapes(shape);
  auto chip = loadChipModel("loihi2");
  if (!chip.ok())
    return state.SkipWithError(chip.error().message().c_str());
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

const LlamaShape tinyLlama = {22, 2048, 32, 4, 5632, 32000, 512};

#define ROW(name, shape, ...)                                                  \
  BENCHMARK_CAPTURE(map, name, shape, with(__VA_ARGS__))                       \
      ->Unit(benchmark::kSecond)                                               \
      ->Iterations(1)

ROW(1B_hilbert, tinyLlama, "hilbert", Objective::Cores, 0);
ROW(1B_row_major, tinyLlama, "row-major", Objective::Cores, 0);
ROW(1B_cores, tinyLlama, "optimised", Objective::Cores, 1);
ROW(1B_time, tinyLlama, "optimised", Objective::Time, 1);
ROW(7B_hilbert, llama7B(512), "hilbert", Objective::Cores, 0);
ROW(7B_row_major, llama7B(512), "row-major", Objective::Cores, 0);
ROW(7B_cores, llama7B(512), "optimised", Objective::Cores, 1);
ROW(7B_time, llama7B(512), "optimised", Objective::Time, 1);

} // namespace

BENCHMARK_MAIN();
