//===- Sampler.h - the next token from logits -------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_EVAL_SAMPLER_H
#define SYNFIRE_RUNTIME_EVAL_SAMPLER_H

#include "runtime/eval/Logits.h"

#include <cstdint>
#include <random>

namespace synfire {

/// Greedy at temperature 0, otherwise draws from softmax(logits / temperature).
/// Equal seeds draw equal tokens on every machine.
class Sampler {
public:
  explicit Sampler(double samplingTemperature = 0, std::uint64_t seed = 0)
      : temperature(samplingTemperature), generator(seed) {}

  int next(const LogitsView &logits, std::int64_t row);

private:
  double temperature;
  std::mt19937_64 generator;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_EVAL_SAMPLER_H
