//===- Plan.h - a Program prepared for the engine ---------------*- C++ -*-===//
//
// Everything that does not change from token to token: kernels, row units,
// where a stage's codes lie, which caches it feeds.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_PLAN_H
#define SYNFIRE_RUNTIME_ENGINE_PLAN_H

#include "runtime/engine/Elementwise.h"
#include "runtime/engine/Engine.h"
#include "runtime/engine/FrameUnit.h"
#include "runtime/engine/StaticWeights.h"
#include "runtime/neuron/Row.h"
#include "runtime/program/Program.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

/// Rows of a perKey stage's group that are handled together, or those of one
/// token if it has more frames.
constexpr std::size_t keyBlockRows = 24;

struct DendritePlan {
  const Dendrite *source = nullptr;
  std::unique_ptr<StaticWeights> weights; ///< Static
  const std::int32_t *rotary = nullptr;   ///< Rotary: [position][headWidth]
  int stored = -1;        ///< Scores, Mix: index of the stored operand
  bool inDoubles = false; ///< Scores, Mix: form of the product

  /// Of the neurons from `neuron` on.
  Requantisation requantisation(std::size_t neuron) const {
    const bool perNeuron = source->multiplier.size() > 1;
    return {source->multiplier.data() + (perNeuron ? neuron : 0), perNeuron,
            source->shift};
  }
};

struct StagePlan {
  const Stage *source = nullptr;
  std::size_t width = 0, groups = 0, groupWidth = 0;
  /// One of them fires; neither: Output.
  const RowUnit *unit = nullptr;
  std::unique_ptr<FrameUnit> frameUnit;
  std::vector<DendritePlan> dendrites;
  std::vector<int> feeds; ///< stored operands that keep its codes
  bool drivesScores = false;
  /// Its events at the token's own key are counted apart: it drives a Mix in a
  /// Program of several frames.
  bool countsOwnKey = false;
  /// It reads codes of other tokens that no earlier stage waited for.
  bool waits = false;
  std::size_t codeOffset = 0;  ///< words of the arena, per row of a batch
  std::size_t codeWidth = 0;   ///< words of a row
  std::size_t groupStride = 0; ///< words of a group within it
  std::ptrdiff_t accStride = 0;

  bool perKey() const { return source->perKey; }
  bool output() const { return source->fire == FireKind::Output; }
  Bias bias(std::size_t neuron) const {
    const auto &values = source->bias;
    if (values.empty())
      return {};
    const bool perNeuron = values.size() > 1;
    return {values.data() + (perNeuron ? neuron : 0), perNeuron};
  }
};

struct StoredShape {
  bool isKey = false, inDoubles = false;
  std::ptrdiff_t heads = 0, headWidth = 0;
};

struct Plan {
  std::shared_ptr<const Program> program;
  EngineOptions options;
  std::size_t context = 0;
  std::size_t frames = 1;
  std::size_t prefix = 0;
  std::vector<StagePlan> stages;
  std::vector<StoredShape> stored;
  std::vector<std::uint64_t> keys; ///< neuronKey(i)
  std::size_t tokensPerThread = 0; ///< that a thread takes at a time
  /// Rows of a batch are the frames of its tokens, token by token.
  std::size_t rowsPerThread = 0;
  std::size_t keyRows = 0;       ///< keyBlockRows in whole tokens
  std::size_t arenaWidth = 0;    ///< words of codes per row
  std::size_t accWords = 0;      ///< 8-byte words of accumulators
  std::size_t membraneWords = 0; ///< words of membranes

  std::vector<std::unique_ptr<RowUnit>> neuronUnits, lookupUnits; ///< 1 frame
  std::vector<std::vector<std::int32_t>> rotaryTables; ///< by weight block
};

Result<std::unique_ptr<Plan>> makePlan(std::shared_ptr<const Program> program,
                                       const EngineOptions &options);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_PLAN_H
