//===- Worker.h - one thread's share of a batch -----------------*- C++ -*-===//
//
// Runs all stages over a run of consecutive tokens. Other threads are met only
// where a stage reads keys or values of other tokens.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_WORKER_H
#define SYNFIRE_RUNTIME_ENGINE_WORKER_H

#include "runtime/engine/Accumulators.h"
#include "runtime/engine/AlignedBuffer.h"
#include "runtime/engine/Counting.h"
#include "runtime/engine/Plan.h"
#include "runtime/engine/StoredOperand.h"
#include "runtime/engine/ThreadTeam.h"

#include <mutex>
#include <vector>

namespace synfire {

/// What the threads of an engine share while they run.
struct SharedState {
  std::vector<StoredOperand> stored;
  Barrier barrier;
  StageObserver *observer = nullptr;
  std::mutex observing;
  bool measuring = false;
};

/// Consecutive tokens of one thread.
struct TokenRows {
  const int *tokens = nullptr;
  std::size_t count = 0;
  std::size_t firstPosition = 0;
  std::int32_t *logits = nullptr; ///< of row firstLogitRow and all after it
  std::size_t firstLogitRow = 0;
};

class Worker {
public:
  Worker(const Plan &plan, SharedState &shared);
  void run(const TokenRows &rows);
  void clearCounts();

  const std::vector<StageTotals> &stageTotals() const { return totals; }
  const std::vector<StageTimes> &stageTimes() const { return times; }

private:
  /// A block of a perKey stage: one group, all frames of a few tokens.
  struct KeyBlock {
    std::size_t group, firstRow, rows;
    std::size_t keys;   ///< of the last row
    std::size_t stride; ///< keys, in whole panels: from row to row
  };

  void runDense(std::size_t index);
  void runPerKey(std::size_t index);
  void requantiseDense(const StagePlan &stage, std::size_t dendrite,
                       const Accumulators &acc);
  void requantiseKeys(const StagePlan &stage, std::size_t dendrite,
                      const Accumulators &acc, const KeyBlock &block);
  bool averages(const StagePlan &stage) const {
    return stage.source->averagedInput > 0 && plan.frames > 1 &&
           !stage.output();
  }
  /// Membranes of a row whose dendrites are all added up (P13).
  void finishAveraged(const StagePlan &stage, std::size_t row,
                      std::size_t count, const Bias &bias, std::int64_t *sum,
                      std::int32_t *membranes) const;

  Accumulators accumulate(const StagePlan &stage, const DendritePlan &part);
  void embed(const StagePlan &stage, const DendritePlan &part);
  void sum(const StagePlan &stage, const DendritePlan &part);
  void product(const StagePlan &stage, const DendritePlan &part);
  template <typename Scalar>
  void mix(const StagePlan &stage, const DendritePlan &part);
  Accumulators accumulateKeys(const StagePlan &stage, const DendritePlan &part,
                              const KeyBlock &block);
  template <typename Scalar>
  void scores(const DendritePlan &part, const KeyBlock &block);
  void productKeys(const StagePlan &stage, const DendritePlan &part,
                   const KeyBlock &block);

  void fireDense(std::size_t index);
  void fireTokenByToken(const StagePlan &stage, FrameBatch tokens,
                        RowCounts &counts);
  void fireOutput(const StagePlan &stage);
  static void fire(const StagePlan &stage, const FrameBatch &tokens,
                   RowCounts &counts);
  void fireKeys(std::size_t index, const KeyBlock &block);
  void finishDigests(std::size_t index);
  void storeCodes(const StagePlan &stage);
  void observeDense(std::size_t index);
  void observePerKey(std::size_t index);

  std::int32_t *codes(const StagePlan &stage, std::size_t row) {
    return arena.as<std::int32_t>() + stage.codeOffset * plan.rowsPerThread +
           row * stage.codeWidth;
  }
  const std::int32_t *codes(int stage, std::size_t row) {
    return codes(plan.stages[static_cast<std::size_t>(stage)], row);
  }
  /// Rows that a stage computes: every frame of every token; of an Output the
  /// last frame alone.
  std::size_t rowCount(const StagePlan &stage) const {
    return stage.output() ? batch.count : batch.count * plan.frames;
  }
  /// The row that row `row` of a stage reads of its operands.
  std::size_t operandRow(const StagePlan &stage, std::size_t row) const {
    return stage.output() ? (row + 1) * plan.frames - 1 : row;
  }
  /// From one row of a stage to the next in its operands.
  std::size_t operandStep(const StagePlan &stage) const {
    return stage.output() ? plan.frames : 1;
  }
  bool isLastFrame(std::size_t row) const {
    return (row + 1) % plan.frames == 0;
  }
  std::size_t position(std::size_t row) const {
    return batch.firstPosition + row / plan.frames;
  }
  std::size_t activeKeys(std::size_t row) const { return position(row) + 1; }

  const Plan &plan;
  SharedState &shared;
  TokenRows batch;
  AlignedBuffer arena, accumulators, sums, membraneRows, operand;
  StaticScratch scratch;
  std::vector<std::int32_t> tokenRow;
  std::vector<std::uint64_t> rowSums, membraneSums; ///< by token
  std::vector<StreamSums> tokenSums; ///< of the stage at hand, where wanted
  std::vector<std::int32_t> observedMembranes, observedCodes;
  std::vector<StageTotals> totals;
  std::vector<StageTimes> times;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_WORKER_H
