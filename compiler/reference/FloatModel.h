//===- FloatModel.h - the float32 reference of a checkpoint -----*- C++ -*-===//
//
// Runs a trained transformer as its authors meant it: the yardstick of every
// accuracy figure, the source of calibration statistics and the baseline of
// every speed claim. One sequence at a time, with a key/value cache.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_REFERENCE_FLOATMODEL_H
#define SYNFIRE_COMPILER_REFERENCE_FLOATMODEL_H

#include "compiler/import/Checkpoint.h"
#include "compiler/reference/Plan.h"
#include "compiler/reference/Samples.h"
#include "compiler/reference/SiteObserver.h"
#include "compiler/reference/Statistics.h"
#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

struct FloatModelOptions {
  int threads = 1; ///< of the matrix products; a setting of the whole process
  std::int64_t chunk = 128; ///< tokens of one matrix product in prefill
  std::int64_t context = 0; ///< positions to hold; 0: all that the model has
};

enum class LogitRows : std::uint8_t {
  All, ///< one row a token
  Last ///< the last token's row only
};

class FloatModel {
public:
  using Options = FloatModelOptions;

  /// The LLaMA of the checkpoint.
  static Result<std::unique_ptr<FloatModel>>
  create(const Checkpoint &checkpoint, const Options &options = {});
  /// Any plan over the checkpoint's tensors.
  static Result<std::unique_ptr<FloatModel>>
  create(const ReferencePlan &plan, const Checkpoint &checkpoint,
         const Options &options = {});
  ~FloatModel();
  FloatModel(const FloatModel &) = delete;
  FloatModel &operator=(const FloatModel &) = delete;

  /// Forgets the sequence.
  void reset();
  /// Appends tokens to the sequence. Fails, leaving the sequence as it was, on
  /// a token that the vocabulary does not have and beyond the context.
  Status prefill(const int *tokens, std::size_t count, LogitRows rows);
  Status prefill(const std::vector<int> &tokens, LogitRows rows);
  /// Appends one token.
  Status decode(int token);

  /// Row-major [logitRows()][vocabulary()] of the last call.
  const float *logits() const;
  std::int64_t logitRows() const;
  std::int64_t vocabulary() const;
  std::int64_t position() const; ///< tokens in the sequence
  std::int64_t context() const;

  /// From now on adds the values of every site to the map; nullptr: stops. The
  /// map must live as long as it is set. Slower.
  void collectStatistics(StatisticsMap *statistics);
  /// The same for samples of every site.
  void collectSamples(SampleMap *samples);
  /// Shows the values of every site from now on; an empty function stops.
  void observe(SiteObserver observer);

private:
  struct State;
  explicit FloatModel(std::unique_ptr<State> parts);
  std::unique_ptr<State> state;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_REFERENCE_FLOATMODEL_H
