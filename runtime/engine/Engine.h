//===- Engine.h - executes a Program on the host ----------------*- C++ -*-===//
//
// The fast executor: whole trains instead of single events, batches of tokens
// instead of windows, and yet every membrane, code, logit, digest and counter
// of docs/spec/program.md (those of the placement stay 0). docs/spec/engine.md
// states which kernel runs when and why its sums are exact.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_ENGINE_H
#define SYNFIRE_RUNTIME_ENGINE_ENGINE_H

#include "runtime/program/Program.h"
#include "runtime/program/Run.h"
#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

/// How static weights are multiplied; all forms give the same integers.
enum class StaticProduct : std::uint8_t {
  Fastest,  ///< the first of the others that is proven exact and supported
  Bytes,    ///< 8-bit weights x digits of 8 bits of the code
  Words,    ///< 16-bit weights x two digits of the code
  Doubles,  ///< double precision, where every partial sum is below 2^53
  Integers, ///< 64-bit integers, always exact
};

struct EngineOptions {
  int threads = 1; ///< results do not depend on it
  bool digest = true;
  bool membraneDigest = false;
  bool countByStage = true; ///< false: a Run carries the total only
  /// A form that a dendrite does not allow falls back to Integers.
  StaticProduct staticProduct = StaticProduct::Fastest;
};

enum class LogitsWanted : std::uint8_t { Last, All };

/// Sees every stage of every token. Calls for different positions may come in
/// any order; they are never concurrent.
class StageObserver {
public:
  virtual ~StageObserver() = default;
  /// `active` membranes (after the group maximum) and codes; an Output stage
  /// has no codes (nullptr). A perKey stage shows groups x (position + 1)
  /// neurons, group by group. Of several frames the last is shown: what the
  /// token has come to.
  virtual void onStage(int stage, int position, const std::int32_t *membranes,
                       const std::int32_t *codes, std::size_t active) = 0;
};

/// Rows of output membranes, one per token that was asked for.
struct EngineLogits {
  const std::int32_t *data = nullptr;
  std::size_t rows = 0;
  std::size_t vocabulary = 0;

  const std::int32_t *row(std::size_t index) const {
    return data + index * vocabulary;
  }
};

/// Seconds that one stage took, by what was done; see Engine::measure.
struct StageTimes {
  double accumulate = 0; ///< dendrites: products and sums
  double requantise = 0; ///< accumulators to membranes
  double fire = 0;       ///< units, counts, digest
  double store = 0;      ///< key/value cache
};

class Engine {
public:
  /// `program` satisfies verify(), as every loaded Program does.
  static Result<std::unique_ptr<Engine>>
  create(std::shared_ptr<const Program> program,
         const EngineOptions &options = {});
  ~Engine();
  Engine(const Engine &) = delete;
  Engine &operator=(const Engine &) = delete;

  /// Appends tokens, all in one batch. On an error nothing has changed.
  Status prefill(const std::vector<int> &tokens,
                 LogitsWanted wanted = LogitsWanted::Last);
  /// Appends one token.
  Status decode(int token);

  /// Of the last prefill or decode; valid until the next one.
  EngineLogits logits() const;
  /// Real value of one unit of a logit.
  double logitScale() const;
  /// Smallest index of the largest logit of the last token; -1 before any.
  int greedyToken() const;

  /// The next token's: the positions that the prefix and the tokens take.
  int position() const;
  /// Forgets all tokens and all counts; the prefix stays.
  void reset();

  /// Everything that the engine knows about what it has executed since reset():
  /// executor, model, chip, stages, counters and digests. Tokens and text are
  /// the caller's.
  void fillRun(Run &run) const;

  /// nullptr: nobody watches.
  void setObserver(StageObserver *observer);
  /// Adds up times per stage from here on (summed over threads).
  void measure(bool enabled);
  std::vector<StageTimes> times() const;

private:
  class Implementation;
  explicit Engine(std::unique_ptr<Implementation> made);
  std::unique_ptr<Implementation> implementation;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_ENGINE_H
