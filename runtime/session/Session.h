//===- Session.h - text in, text and counts out -----------------*- C++ -*-===//
//
// What `synfire run` and `synfire eval` do with a Program: tokenise, execute on
// the engine, sample, score.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_SESSION_SESSION_H
#define SYNFIRE_RUNTIME_SESSION_SESSION_H

#include "runtime/eval/Perplexity.h"
#include "runtime/program/Program.h"
#include "runtime/program/Run.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

struct GenerationOptions {
  int tokens = 32; ///< most tokens to generate; an end token ends it earlier
  double temperature = 0; ///< 0: greedy
  std::uint64_t seed = 1;
  int threads = 1;
  bool membraneDigest = false;
  /// Called with each piece of text as soon as it is settled.
  std::function<void(const std::string &)> onText;
};

/// The ids of a prompt by the Program's own tokenizer; an empty prompt starts
/// with the model's first token, any other does not if the prefix ends with it.
Result<std::vector<int>> promptTokens(const Program &program,
                                      const std::string &prompt);
/// The text that generated ids add to that of the prompt.
Result<std::string> continuation(const Program &program,
                                 const std::vector<int> &prompt,
                                 const std::vector<int> &generated);

/// True for a token that ends a text; it is not part of the output.
bool endsText(const Program &program, int token);

/// Generates on the engine. Fails before it starts if prefix, prompt and tokens
/// exceed the context; the last token is not executed and needs no place in it.
Result<Run> generate(const std::shared_ptr<const Program> &program,
                     const std::vector<int> &prompt,
                     const GenerationOptions &options);

/// Perplexity of the spiking model on ids (docs: runtime/eval/Perplexity.h),
/// each window behind the Program's prefix.
Result<PerplexityResult>
spikingPerplexity(const std::shared_ptr<const Program> &program,
                  const std::vector<int> &ids, const PerplexityOptions &options,
                  int threads);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_SESSION_SESSION_H
