//===- Compare.cpp - two models' logits side by side ----------------------===//
#include "runtime/eval/Compare.h"

#include <cmath>
#include <fmt/format.h>

namespace synfire {

double klDivergence(const LogitsView &p, std::int64_t pRow, const LogitsView &q,
                    std::int64_t qRow) {
  const double pNorm = logSumExp(p, pRow), qNorm = logSumExp(q, qRow);
  double sum = 0;
  for (std::int64_t token = 0; token < p.vocabulary; ++token) {
    const double logP = p.at(pRow, token) - pNorm;
    const double logQ = q.at(qRow, token) - qNorm;
    sum += std::exp(logP) * (logP - logQ);
  }
  return sum;
}

Status LogitComparison::add(const LogitsView &reference,
                            const LogitsView &other) {
  if (reference.rows != other.rows || reference.vocabulary != other.vocabulary)
    return makeError(fmt::format(
        "logits of shape [{}, {}] cannot be compared with [{}, {}]",
        reference.rows, reference.vocabulary, other.rows, other.vocabulary));
  for (std::int64_t row = 0; row < reference.rows; ++row) {
    ++rows;
    sameGreedyToken += argmax(reference, row) == argmax(other, row);
    divergence += klDivergence(reference, row, other, row);
  }
  return Status::success();
}

} // namespace synfire
