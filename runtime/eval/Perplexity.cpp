//===- Perplexity.cpp - how well logits predict a text --------------------===//
#include "runtime/eval/Perplexity.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace synfire {

Result<PerplexityResult> measurePerplexity(const std::vector<int> &ids,
                                           const WindowFunction &logitsOf,
                                           const PerplexityOptions &options) {
  if (options.window == 0)
    return makeError("a window of 0 inputs predicts nothing");
  if (ids.size() < 2)
    return makeError(
        fmt::format("a text of {} tokens holds no prediction", ids.size()));
  std::size_t wanted = ids.size() - 1;
  if (options.predictions != 0)
    wanted = std::min(wanted, options.predictions);

  PerplexityResult result;
  double sum = 0;
  for (std::size_t begin = 0; begin < wanted; begin += options.window) {
    const std::size_t inputs = std::min(options.window, wanted - begin);
    const auto start = std::chrono::steady_clock::now();
    SYNFIRE_ASSIGN(const LogitsView logits,
                   logitsOf(ids.data() + begin, inputs));
    result.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    if (logits.rows != static_cast<std::int64_t>(inputs))
      return makeError(
          fmt::format("{} rows of logits for {} inputs", logits.rows, inputs));
    for (std::size_t i = 0; i < inputs; ++i) {
      const int next = ids[begin + i + 1];
      if (next < 0 || next >= logits.vocabulary)
        return makeError(fmt::format("token {} at position {} of the text is "
                                     "not in the vocabulary of {}",
                                     next, begin + i + 1, logits.vocabulary),
                         {}, "use the tokenizer of the model");
      const auto row = static_cast<std::int64_t>(i);
      sum += logSumExp(logits, row) - logits.at(row, next);
    }
    result.predictions += inputs;
    if (options.progress)
      options.progress(result.predictions, wanted);
  }
  result.nats = sum / static_cast<double>(result.predictions);
  result.perplexity = std::exp(result.nats);
  return result;
}

} // namespace synfire
