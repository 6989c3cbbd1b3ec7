//===- Logits.h - rows of logits, float or integer --------------*- C++ -*-===//
//
// The float reference yields floats, the executors yield integers with one
// scale. Everything that judges logits takes either.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_EVAL_LOGITS_H
#define SYNFIRE_RUNTIME_EVAL_LOGITS_H

#include <cstdint>

namespace synfire {

/// Row-major [rows][vocabulary]; does not own. Exactly one of `real` and
/// `integer` is set; a logit is real[i], or integer[i] * scale.
struct LogitsView {
  const float *real = nullptr;
  const std::int32_t *integer = nullptr;
  double scale = 1; ///< of integer logits; positive
  std::int64_t rows = 0;
  std::int64_t vocabulary = 0;

  static LogitsView ofReal(const float *data, std::int64_t rows,
                           std::int64_t vocabulary);
  static LogitsView ofInteger(const std::int32_t *data, double scale,
                              std::int64_t rows, std::int64_t vocabulary);
  double at(std::int64_t row, std::int64_t token) const {
    const std::int64_t i = row * vocabulary + token;
    return real ? static_cast<double>(real[i])
                : static_cast<double>(integer[i]) * scale;
  }
};

/// The greedy token: the smallest index of the maximum.
int argmax(const LogitsView &logits, std::int64_t row);

/// log(sum over tokens of exp(logit / temperature)), in double, shifted by the
/// maximum.
double logSumExp(const LogitsView &logits, std::int64_t row,
                 double temperature = 1);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_EVAL_LOGITS_H
