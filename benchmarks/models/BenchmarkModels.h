//===- BenchmarkModels.h - the models that tables are made of ---*- C++ -*-===//
#ifndef SYNFIRE_BENCHMARKS_MODELS_BENCHMARKMODELS_H
#define SYNFIRE_BENCHMARKS_MODELS_BENCHMARKMODELS_H

#include "compiler/import/Checkpoint.h"
#include "compiler/pipelines/Compile.h"
#include "compiler/reference/FloatModel.h"
#include "runtime/eval/Perplexity.h"

#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// A checkpoint with text to calibrate on and other text to evaluate on.
struct BenchmarkModel {
  std::string name;
  std::shared_ptr<Checkpoint> checkpoint;
  Calibration calibration;
  std::vector<int> evaluation; ///< ids
};

struct BenchmarkOptions {
  int calibrationTokens = 4096;
  std::size_t predictions = 4096;
};

/// The shipped model and, where they are present, the shared ones whose names
/// are listed ("stories260K"). Prints a line for each one that is absent.
std::vector<BenchmarkModel> loadModels(const std::vector<std::string> &shared,
                                       const BenchmarkOptions &options);

/// Perplexity and speed of the float model.
PerplexityResult referenceOf(const BenchmarkModel &model,
                             std::size_t predictions);
/// Compiles and evaluates; ends the program with a message on an error.
PerplexityResult spikingOf(const BenchmarkModel &model,
                           const ConversionOptions &conversion,
                           std::size_t predictions);
std::shared_ptr<const Program> compiled(const BenchmarkModel &model,
                                        const ConversionOptions &conversion);

/// The value of a Result, or the end of the benchmark with its message.
template <typename T> T require(Result<T> result);
[[noreturn]] void give(const Error &error);
template <typename T> T require(Result<T> result) {
  if (!result)
    give(result.error());
  return std::move(*result);
}

} // namespace synfire

#endif // SYNFIRE_BENCHMARKS_MODELS_BENCHMARKMODELS_H
