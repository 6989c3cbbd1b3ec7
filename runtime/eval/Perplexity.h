//===- Perplexity.h - how well logits predict a text ------------*- C++ -*-===//
//
// The token ids of the whole text are cut into consecutive non-overlapping
// windows; every input of a window predicts the next id of the text; the mean
// is over all predictions. The last input of a window predicts the first id of
// the next one.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_EVAL_PERPLEXITY_H
#define SYNFIRE_RUNTIME_EVAL_PERPLEXITY_H

#include "runtime/eval/Logits.h"
#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace synfire {

/// Starts a new sequence of these tokens and gives one row of logits for each.
/// The view needs to stay valid until the next call.
using WindowFunction =
    std::function<Result<LogitsView>(const int *tokens, std::size_t count)>;

struct PerplexityOptions {
  std::size_t window = 128;    ///< inputs of a window
  std::size_t predictions = 0; ///< the first so many; 0: all of the text
  /// Called after each window with the predictions made and wanted.
  std::function<void(std::size_t done, std::size_t wanted)> progress;
};

struct PerplexityResult {
  double nats = 0; ///< mean negative log probability of the next id
  double perplexity = 0;
  std::size_t predictions = 0;
  double seconds = 0; ///< inside the window function
};

/// Fails on a text without predictions and when the window function fails or
/// gives logits of another shape.
Result<PerplexityResult>
measurePerplexity(const std::vector<int> &ids, const WindowFunction &logitsOf,
                  const PerplexityOptions &options = {});

} // namespace synfire

#endif // SYNFIRE_RUNTIME_EVAL_PERPLEXITY_H
