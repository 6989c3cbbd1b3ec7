//===- PrefillRatio.cpp - exact spikes against float32, in time -----------===//
//
// The engine's prefill (LAS, T = 16, all counters and the digest) against the
// float32 reference on the same windows, alternating within one run, one
// thread. Absolute times of shared machines prove nothing; the ratio of medians
// does.
//
//===----------------------------------------------------------------------===//
#include "benchmarks/models/BenchmarkModels.h"

#include "runtime/engine/Engine.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <functional>

using namespace synfire;

namespace {

constexpr std::size_t window = 128;
constexpr int rounds = 101;

double processorSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

double secondsOf(const std::function<Status()> &work) {
  const double start = processorSeconds();
  if (Status done = work(); !done.ok())
    give(done.error());
  return processorSeconds() - start;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

void compare(const BenchmarkModel &model, int weightBits, bool digest) {
  ConversionOptions conversion;
  conversion.weightBits = weightBits;
  EngineOptions engineOptions;
  engineOptions.digest = digest;
  auto engine =
      require(Engine::create(compiled(model, conversion), engineOptions));
  auto reference = require(FloatModel::create(*model.checkpoint));
  const std::vector<int> tokens(model.evaluation.begin(),
                                model.evaluation.begin() + window);
  std::vector<double> spiking, floating;
  for (int round = 0; round < rounds; ++round) {
    floating.push_back(secondsOf([&] {
      reference->reset();
      return reference->prefill(tokens, LogitRows::All);
    }));
    spiking.push_back(secondsOf([&]() -> Status {
      engine->reset();
      return engine->prefill(tokens, LogitsWanted::All);
    }));
  }
  const double perToken = 1e6 / window;
  fmt::print("{:<18} {:>3} {:>7} {:>14.1f} {:>14.1f} {:>8.2f}\n", model.name,
             weightBits, digest ? "yes" : "no", median(floating) * perToken,
             median(spiking) * perToken, median(spiking) / median(floating));
}

} // namespace

int main() {
  const auto models = loadModels({"stories260K", "llama-wiki-1.3M"}, {});
  fmt::print("{:<18} {:>3} {:>7} {:>14} {:>14} {:>8}\n", "model", "w", "digest",
             "float us/token", "spikes us/token", "ratio");
  for (const BenchmarkModel &model : models)
    for (int bits : {8, 16})
      for (bool digest : {true, false})
        compare(model, bits, digest);
  return 0;
}
