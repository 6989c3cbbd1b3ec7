//===- HgErrorTable.cpp - nonlinearities: ours beside LAS's shipped -------===//
//
// Prints largest and mean absolute errors of our look-up tables and FS banks on
// the intervals for which CONVERSION.md 3.4 lists the errors of the FS tables
// that LAS ships, with what each costs in rows or banks. Fails if one of ours
// is not the better one.
//
//===----------------------------------------------------------------------===//
#include "compiler/convert/FsFitter.h"
#include "compiler/convert/LookupBuilder.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

namespace {

using namespace synfire;

constexpr int steps = 16;
constexpr int inputBits = 20;

struct Row {
  const char *name;
  Nonlinearity function;
  double low, high;
  double outputMaximum;
  double factor; ///< of the named function over `function`
  double shippedWorst, shippedMean;
};

// exp above 0 is a factor times exp below 0.
const Row rows[] = {
    {"exp [-10, 0]", Nonlinearity::Exp, -10, 0, 1, 1, 0.090, 0.0088},
    {"exp [0, 3]", Nonlinearity::Exp, -3, 0, 1, 20.0855, 0.97, 0.116},
    {"exp [3, 5]", Nonlinearity::Exp, -2, 0, 1, 148.413, 6.2, 1.28},
    {"1/x [0.5, 1]", Nonlinearity::Reciprocal, 0.5, 1, 2.01, 1, 0.163, 0.053},
    {"1/x [1, 4]", Nonlinearity::Reciprocal, 1, 4, 1.01, 1, 0.041, 0.0076},
    {"1/x [4, 10]", Nonlinearity::Reciprocal, 4, 10, 0.251, 1, 0.005, 0.0009},
    {"x^2 [0, 3]", Nonlinearity::Square, 0, 3, 9.01, 1, 0.226, 0.046}};

struct Errors {
  double worst = 0;
  double mean = 0;
};

/// `code` gives the output code of a membrane.
Errors measure(const Row &row, double inputScale, double outputScale,
               const std::function<std::int64_t(std::int32_t)> &code) {
  Errors errors;
  const int samples = 20000;
  for (int i = 0; i <= samples; ++i) {
    const double x = row.low + (row.high - row.low) * i / samples;
    const auto membrane =
        static_cast<std::int32_t>(std::nearbyint(x / inputScale));
    const double error =
        std::abs(double(code(membrane)) * outputScale -
                 evaluate(row.function, membrane * inputScale)) *
        row.factor;
    errors.worst = std::max(errors.worst, error);
    errors.mean += error / (samples + 1);
  }
  return errors;
}

std::int64_t runBanks(const NeuronConfig &config, std::int32_t membrane) {
  NeuronState state;
  begin(config, state, membrane);
  std::int64_t code = 0;
  for (int t = 0; t < config.steps; ++t)
    code += payload(config, t, step(config, state, t));
  return code;
}

bool printLine(const Row &row, const char *unit, int size,
               const Errors &errors) {
  std::printf("| %-12s | %-14s | %5d | %.2e | %.2e | %5.0fx | %5.0fx |\n",
              row.name, unit, size, errors.worst, errors.mean,
              row.shippedWorst / errors.worst, row.shippedMean / errors.mean);
  return errors.worst < row.shippedWorst && errors.mean < row.shippedMean;
}

bool compare(const Row &row) {
  const double inputScale = std::ldexp(1.0, -inputBits);
  const double outputScale = std::ldexp(row.outputMaximum, -steps);
  std::printf("| %-12s | %-14s | %5s | %.2e | %.2e | %6s | %6s |\n", row.name,
              "LAS, shipped", "1", row.shippedWorst, row.shippedMean, "", "");
  bool better = true;
  for (const int banks : {8, 32, 128}) {
    const Result<NeuronConfig> config = fitFsBanks(
        row.function, inputScale, outputScale, steps, row.low, row.high, banks);
    if (!config.ok()) {
      std::fprintf(stderr, "%s\n", config.error().message().c_str());
      return false;
    }
    const Errors errors =
        measure(row, inputScale, outputScale,
                [&](std::int32_t m) { return runBanks(*config, m); });
    better &= printLine(row, "FS banks", int(config->banks.size()), errors);
  }
  for (const int budget : {1024, 8192}) {
    const Result<LookupTable> table =
        buildLookup(row.function, inputScale, outputScale, steps,
                    std::max(-row.low, row.high), budget);
    if (!table.ok()) {
      std::fprintf(stderr, "%s\n", table.error().message().c_str());
      return false;
    }
    const Errors errors =
        measure(row, inputScale, outputScale,
                [&](std::int32_t m) { return lookup(*table, m); });
    better &=
        printLine(row, "look-up rows", int(table->entries.size()), errors);
  }
  return better;
}

} // namespace

int main() {
  std::printf("T = %d, membrane unit 2^-%d\n\n", steps, inputBits);
  std::printf("| function     | unit           |  size | worst    | mean     | "
              "worst  | mean   |\n");
  std::printf("|---|---|---|---|---|---|---|\n");
  bool better = true;
  for (const Row &row : rows)
    better &= compare(row);
  if (!better)
    std::fprintf(stderr, "a table of ours is worse than the shipped one\n");
  return better ? 0 : 1;
}
