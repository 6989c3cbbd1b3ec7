//===- Compare.h - two models' logits side by side --------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_EVAL_COMPARE_H
#define SYNFIRE_RUNTIME_EVAL_COMPARE_H

#include "runtime/eval/Logits.h"
#include "runtime/support/Status.h"

#include <cstdint>

namespace synfire {

/// Kullback-Leibler divergence D(p || q) in nats of the distributions that two
/// rows of logits stand for. Both views have the same vocabulary.
double klDivergence(const LogitsView &p, std::int64_t pRow, const LogitsView &q,
                    std::int64_t qRow);

/// Sums over the rows of two models' logits for the same inputs.
struct LogitComparison {
  std::uint64_t rows = 0;
  std::uint64_t sameGreedyToken = 0;
  double divergence = 0; ///< sum of D(reference || other), nats

  double agreement() const {
    return rows == 0 ? 0 : static_cast<double>(sameGreedyToken) / rows;
  }
  double meanDivergence() const { return rows == 0 ? 0 : divergence / rows; }

  /// Adds all rows; fails if the shapes differ.
  Status add(const LogitsView &reference, const LogitsView &other);
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_EVAL_COMPARE_H
