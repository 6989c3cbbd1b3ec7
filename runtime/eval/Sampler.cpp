//===- Sampler.cpp - the next token from logits ---------------------------===//
#include "runtime/eval/Sampler.h"

#include <cmath>

namespace synfire {

int Sampler::next(const LogitsView &logits, std::int64_t row) {
  if (!(temperature > 0))
    return argmax(logits, row);
  const double norm = logSumExp(logits, row, temperature);
  // The distributions of <random> differ between libraries; 53 bits do not.
  double left = static_cast<double>(generator() >> 11) * 0x1p-53;
  int last = 0;
  for (std::int64_t token = 0; token < logits.vocabulary; ++token) {
    const double probability =
        std::exp(logits.at(row, token) / temperature - norm);
    if (probability <= 0)
      continue;
    last = static_cast<int>(token);
    left -= probability;
    if (left < 0)
      return last;
  }
  return last;
}

} // namespace synfire
