//===- LosslessTable.cpp - what spikes cost in perplexity -----------------===//
//
// LAS and the rounding phase code over T = 6..16 at 16- and 8-bit weights, the
// agreement of greedy decoding with the float model, and the ablation of
// outlier-aware neurons on a model with injected activation outliers.
//
//===----------------------------------------------------------------------===//
#include "benchmarks/models/BenchmarkModels.h"

#include "runtime/session/Session.h"

#include <algorithm>
#include <fmt/format.h>

using namespace synfire;

namespace {

constexpr int promptLength = 16;
constexpr int greedyTokens = 64;

ConversionOptions conversionOf(const std::string &method, int steps,
                               int weightBits) {
  ConversionOptions conversion;
  conversion.method = method;
  conversion.steps = steps;
  conversion.weightBits = weightBits;
  return conversion;
}

double excess(const PerplexityResult &spiking,
              const PerplexityResult &reference) {
  return 100 * (spiking.perplexity / reference.perplexity - 1);
}

void printSteps(const BenchmarkModel &model, const BenchmarkOptions &options) {
  const PerplexityResult reference = referenceOf(model, options.predictions);
  fmt::print("\n{}: float32 perplexity {:.4f} on {} predictions; excess in %\n",
             model.name, reference.perplexity, reference.predictions);
  fmt::print("{:>4} {:>12} {:>12} {:>12} {:>12}\n", "T", "las w16", "las w8",
             "phase w16", "phase w8");
  for (int steps = 6; steps <= 16; ++steps) {
    fmt::print("{:>4}", steps);
    for (const char *method : {"las", "phase"})
      for (int bits : {16, 8})
        fmt::print(" {:>+12.3f}",
                   excess(spikingOf(model, conversionOf(method, steps, bits),
                                    options.predictions),
                          reference));
    fmt::print("\n");
  }
}

std::vector<int> floatGreedy(const BenchmarkModel &model,
                             const std::vector<int> &prompt) {
  auto reference = require(FloatModel::create(*model.checkpoint));
  if (Status fed = reference->prefill(prompt, LogitRows::Last); !fed.ok())
    give(fed.error());
  std::vector<int> tokens;
  while (static_cast<int>(tokens.size()) < greedyTokens) {
    const float *logits = reference->logits();
    tokens.push_back(static_cast<int>(
        std::max_element(logits, logits + reference->vocabulary()) - logits));
    if (Status fed = reference->decode(tokens.back()); !fed.ok())
      give(fed.error());
  }
  return tokens;
}

void printGreedy(const BenchmarkModel &model) {
  std::vector<int> prompt(model.evaluation.begin(),
                          model.evaluation.begin() + promptLength);
  const std::vector<int> expected = floatGreedy(model, prompt);
  for (int bits : {16, 8}) {
    auto program = compiled(model, conversionOf("las", 16, bits));
    GenerationOptions generation;
    generation.tokens = greedyTokens;
    const Run run = require(generate(program, prompt, generation));
    const auto end = std::mismatch(run.outputTokens.begin(),
                                   run.outputTokens.end(), expected.begin());
    fmt::print("  greedy, las T=16 w{}: the first {} of {} tokens are those of "
               "the float model\n",
               bits, end.first - run.outputTokens.begin(), greedyTokens);
  }
}

void printOutliers(const BenchmarkModel &model,
                   const BenchmarkOptions &options) {
  const PerplexityResult reference = referenceOf(model, options.predictions);
  fmt::print("\n{}: outlier-aware neurons against one MT neuron a value "
             "(16-bit weights); float32 perplexity {:.4f}, excess in %\n",
             model.name, reference.perplexity);
  fmt::print("{:>4} {:>12} {:>12}\n", "T", "OAT", "single MT");
  for (int steps : {6, 7, 8, 10, 12, 14, 16}) {
    ConversionOptions aware = conversionOf("las", steps, 16);
    ConversionOptions single = aware;
    single.outlierAware = false;
    fmt::print(
        "{:>4} {:>+12.3f} {:>+12.3f}\n", steps,
        excess(spikingOf(model, aware, options.predictions), reference),
        excess(spikingOf(model, single, options.predictions), reference));
  }
}

} // namespace

int main() {
  const BenchmarkOptions options;
  for (const BenchmarkModel &model :
       loadModels({"stories260K", "llama-wiki-1.3M"}, options)) {
    printSteps(model, options);
    printGreedy(model);
  }
  for (const BenchmarkModel &model :
       loadModels({"stories260K-outlier"}, options))
    printOutliers(model, options);
  return 0;
}
