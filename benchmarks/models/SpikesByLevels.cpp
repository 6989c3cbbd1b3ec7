//===- SpikesByLevels.cpp - what H saves on a real model ------------------===//
//
// Spikes of the H-level (MT) coded sites relative to H = 1, beside the ratio
// for a Gaussian and the energy ratio that LAS publishes (arXiv 2505.09659).
//
//===----------------------------------------------------------------------===//
#include "benchmarks/models/BenchmarkModels.h"

#include "runtime/session/Session.h"

#include <fmt/format.h>

using namespace synfire;

namespace {

struct PublishedRow {
  int levels;
  double gaussian; ///< N(0,1), full scale 10, T = 16
  double paper;    ///< LAS, energy relative to H = 1
};
constexpr PublishedRow rows[] = {
    {1, 1.0, 1.0},     {3, 0.608, 0.61},  {5, 0.512, 0.47}, {7, 0.467, 0.49},
    {10, 0.428, 0.40}, {12, 0.415, 0.42}, {15, 0.395, 0.38}};
constexpr int tokens = 128;

/// Mean spikes of a value over the sites that an MT neuron codes.
double spikesPerValue(const BenchmarkModel &model, int levels) {
  ConversionOptions conversion;
  conversion.levels = levels;
  auto program = compiled(model, conversion);
  GenerationOptions generation;
  generation.tokens = 0;
  const std::vector<int> prompt(model.evaluation.begin(),
                                model.evaluation.begin() + tokens);
  const Run run = require(generate(program, prompt, generation));
  double spikes = 0, values = 0;
  for (std::size_t i = 0; i < run.stages.size(); ++i) {
    const Stage &stage = program->stages[i];
    if (stage.fire != FireKind::Neuron ||
        program->neurons[stage.unit].steps != conversion.steps)
      continue;
    spikes += static_cast<double>(run.stages[i].counters[Counter::Spike]);
    values += static_cast<double>(run.stages[i].values);
  }
  return spikes / values;
}

} // namespace

int main() {
  for (const BenchmarkModel &model :
       loadModels({"stories260K", "llama-wiki-1.3M"}, {})) {
    fmt::print("\n{}: LAS T=16, sites coded by MT neurons\n", model.name);
    fmt::print("{:>4} {:>14} {:>8} {:>10} {:>16}\n", "H", "spikes/value",
               "ratio", "Gaussian", "paper's energy");
    double first = 0;
    for (const PublishedRow &row : rows) {
      const double spikes = spikesPerValue(model, row.levels);
      if (row.levels == 1)
        first = spikes;
      fmt::print("{:>4} {:>14.3f} {:>8.3f} {:>10.3f} {:>16.2f}\n", row.levels,
                 spikes, spikes / first, row.gaussian, row.paper);
    }
  }
  return 0;
}
