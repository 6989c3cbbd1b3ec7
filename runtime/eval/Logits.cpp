//===- Logits.cpp - rows of logits, float or integer ----------------------===//
#include "runtime/eval/Logits.h"

#include "runtime/support/Simd.h"

#include <cmath>
#include <cstring>

namespace synfire {

namespace {

/// exp(x) for x <= 0 by 2^n * p(r), |r| <= ln2/2, with the Taylor polynomial of
/// degree 12; relative error below 1e-15. Below -700 the value is that at -700.
inline __attribute__((always_inline)) double exponential(double x) {
  x = x < -700.0 ? -700.0 : x;
  const auto n = static_cast<std::int32_t>(x * 1.4426950408889634 - 0.5);
  const double whole = n;
  const double r = (x - whole * 0.693147180369123816490) -
                   whole * 1.90821492927058770002e-10;
  double p = 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const std::int64_t bits = (static_cast<std::int64_t>(n) + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

} // namespace

namespace eval {

SYNFIRE_MULTIVERSION
double sumOfExponentials(const float *values, std::int64_t count, double shift,
                         double factor) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < count; ++i)
    sum += exponential((static_cast<double>(values[i]) - shift) * factor);
  return sum;
}

SYNFIRE_MULTIVERSION
double sumOfIntegerExponentials(const std::int32_t *values, std::int64_t count,
                                double shift, double factor) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < count; ++i)
    sum += exponential((static_cast<double>(values[i]) - shift) * factor);
  return sum;
}

} // namespace eval

namespace {

template <typename T> int argmaxOf(const T *values, std::int64_t count) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < count; ++i)
    if (values[i] > values[best])
      best = i;
  return static_cast<int>(best);
}

} // namespace

LogitsView LogitsView::ofReal(const float *data, std::int64_t rows,
                              std::int64_t vocabulary) {
  LogitsView view;
  view.real = data;
  view.rows = rows;
  view.vocabulary = vocabulary;
  return view;
}

LogitsView LogitsView::ofInteger(const std::int32_t *data, double scale,
                                 std::int64_t rows, std::int64_t vocabulary) {
  LogitsView view;
  view.integer = data;
  view.scale = scale;
  view.rows = rows;
  view.vocabulary = vocabulary;
  return view;
}

int argmax(const LogitsView &logits, std::int64_t row) {
  const std::int64_t begin = row * logits.vocabulary;
  return logits.real ? argmaxOf(logits.real + begin, logits.vocabulary)
                     : argmaxOf(logits.integer + begin, logits.vocabulary);
}

double logSumExp(const LogitsView &logits, std::int64_t row,
                 double temperature) {
  const std::int64_t begin = row * logits.vocabulary;
  const int best = argmax(logits, row);
  const double largest = logits.at(row, best);
  const double sum =
      logits.real
          ? eval::sumOfExponentials(logits.real + begin, logits.vocabulary,
                                    largest, 1 / temperature)
          : eval::sumOfIntegerExponentials(
                logits.integer + begin, logits.vocabulary,
                logits.integer[begin + best], logits.scale / temperature);
  return largest / temperature + std::log(sum);
}

} // namespace synfire
