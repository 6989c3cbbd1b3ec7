//===- Pipeline.h - which token is at which level ---------------*- C++ -*-===//
//
// The frames of a token enter one a window and follow each other through the
// levels of the schedule, those of the next prompt token right behind them; a
// generated token enters when the logits of the one before it are known.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_PIPELINE_H
#define SYNFIRE_SIMULATOR_MACHINE_PIPELINE_H

#include "runtime/program/Run.h"
#include "runtime/support/Status.h"
#include "simulator/machine/TokenFrame.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace synfire {

/// Chooses the next token from the membranes of the output stage; `scale` is
/// the real value of one unit. A negative number ends the generation.
using TokenSampler =
    std::function<int(const std::vector<std::int32_t> &logits, double scale)>;

/// Smallest index of the largest logit.
int greedyToken(const std::vector<std::int32_t> &logits);

/// A frame of a token and the level at which its stages fire in the current
/// window.
struct WindowToken {
  TokenFrame at;
  int token = 0;
  int level = 0;
};

class Pipeline {
public:
  Pipeline(const Program &program, std::vector<int> prompt,
           int tokensToGenerate, TokenSampler sampler);

  /// Frames in flight; empty: the run is over.
  const std::vector<WindowToken> &window() const { return inFlight; }
  /// Ends the window at `cycle`. `logits` holds those of the token whose last
  /// frame is at the output level, if there is one.
  Status advance(std::uint64_t cycle, const std::vector<std::int32_t> &logits);

  int tokensDone() const { return finished; }
  int tokensExpected() const;
  const std::vector<int> &prompt() const { return promptTokens; }
  const std::vector<int> &output() const { return outputTokens; }
  std::uint64_t prefillCycles() const { return prefillEnd; }
  const std::vector<std::uint64_t> &tokenCycles() const { return latencies; }

private:
  Status finishToken(int position, std::uint64_t cycle,
                     const std::vector<std::int32_t> &logits);
  /// The token's first frame; the others follow in the next windows.
  void enter(int token);
  void enterNextFrame();

  std::vector<int> promptTokens, outputTokens;
  std::size_t wanted;
  TokenSampler sampler;
  int vocabulary, frames, prefix, lastLevel, logitsLevel;
  double logitScale;
  std::vector<WindowToken> inFlight; ///< ascending positions and frames
  int entered = 0, finished = 0;
  int enteringToken = -1, framesEntered = 0; ///< of the newest token
  int nextToken = -1;                        ///< generated and waiting to enter
  std::uint64_t prefillEnd = 0, entryCycle = 0;
  std::vector<std::uint64_t> latencies;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_PIPELINE_H
