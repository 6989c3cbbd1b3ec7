//===- WorkerFire.cpp - membranes of a batch to codes and counts ----------===//
#include "runtime/engine/Worker.h"

#include "runtime/program/Digest.h"

#include <algorithm>

namespace synfire {

void Worker::fireDense(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  StageTotals &total = totals[index];
  const auto *membranes = membraneRows.as<std::int32_t>();
  total.active += batch.count * stage.width;
  if (stage.output())
    return fireOutput(stage);
  const auto width = static_cast<std::ptrdiff_t>(stage.width);
  const auto frames = static_cast<std::ptrdiff_t>(plan.frames);
  if (plan.options.membraneDigest)
    for (std::size_t r = 0; r < rowCount(stage); ++r)
      membraneSums[r / plan.frames] +=
          frameKey(r % plan.frames) * digestValues(plan.keys.data(),
                                                   membranes + r * stage.width,
                                                   stage.width);
  FrameBatch tokens;
  tokens.membranes = membranes;
  tokens.membraneStride = tokens.codeStride = width;
  tokens.membraneTokenStride = tokens.codeTokenStride = frames * width;
  tokens.codes = codes(stage, 0);
  tokens.tokens = batch.count;
  tokens.count = stage.width;
  tokens.keys = plan.options.digest ? plan.keys.data() : nullptr;
  tokens.digests = rowSums.data();
  tokens.spikesByStep = total.spikesByStep.data();
  if (!stage.drivesScores)
    return fire(stage, tokens, total.trains);
  // Its events count once for every key of their token.
  tokenSums.assign(batch.count, {});
  if (stage.frameUnit) {
    tokens.sums = tokenSums.data();
    fire(stage, tokens, total.trains);
  } else {
    fireTokenByToken(stage, tokens, total.trains);
  }
  for (std::size_t t = 0; t < batch.count; ++t) {
    const std::size_t keys = activeKeys(t * plan.frames);
    total.keyedSpikes += tokenSums[t].spikes * keys;
    total.keyedHiddenMultiplies += tokenSums[t].hiddenMultiplies * keys;
  }
}

/// Row units count all rows together, so each token's sums are differences.
void Worker::fireTokenByToken(const StagePlan &stage, FrameBatch tokens,
                              RowCounts &counts) {
  tokens.tokens = 1;
  for (std::size_t t = 0; t < batch.count; ++t) {
    const std::uint64_t spikes = counts.spikes;
    const std::uint64_t hidden = counts.hiddenMultiplies;
    fire(stage, tokens, counts);
    tokenSums[t].spikes = counts.spikes - spikes;
    tokenSums[t].hiddenMultiplies = counts.hiddenMultiplies - hidden;
    tokens.membranes += tokens.membraneTokenStride;
    tokens.codes += tokens.codeTokenStride;
    ++tokens.digests;
  }
}

void Worker::fire(const StagePlan &stage, const FrameBatch &tokens,
                  RowCounts &counts) {
  if (stage.frameUnit)
    return stage.frameUnit->run(tokens, counts);
  RowBatch rows;
  rows.membranes = tokens.membranes;
  rows.membraneStride = tokens.membraneTokenStride;
  rows.codes = tokens.codes;
  rows.codeStride = tokens.codeTokenStride;
  rows.rows = tokens.tokens;
  rows.count = tokens.count;
  rows.growth = tokens.growth;
  rows.keys = tokens.keys;
  rows.digests = tokens.digests;
  stage.unit->runRows(rows, counts);
}

void Worker::fireOutput(const StagePlan &stage) {
  const auto *membranes = membraneRows.as<std::int32_t>();
  if (plan.options.digest || plan.options.membraneDigest)
    for (std::size_t t = 0; t < batch.count; ++t) {
      const std::uint64_t sum = digestValues(
          plan.keys.data(), membranes + t * stage.width, stage.width);
      rowSums[t] = membraneSums[t] = sum;
    }
  if (batch.logits && batch.firstLogitRow < batch.count)
    std::copy(membranes + batch.firstLogitRow * stage.width,
              membranes + batch.count * stage.width, batch.logits);
}

void Worker::fireKeys(std::size_t index, const KeyBlock &block) {
  const StagePlan &stage = plan.stages[index];
  StageTotals &total = totals[index];
  const std::size_t neuron = block.group * stage.groupWidth;
  const std::size_t firstToken = block.firstRow / plan.frames;
  auto *membranes = membraneRows.as<std::int32_t>();
  for (std::size_t i = 0; i < block.rows; ++i) {
    const std::size_t row = block.firstRow + i;
    std::int32_t *rowMembranes = membranes + i * block.stride;
    const std::size_t active = activeKeys(row);
    if (stage.source->subtractGroupMaximum)
      subtractMaximum(rowMembranes, active);
    if (plan.options.membraneDigest)
      membraneSums[row / plan.frames] +=
          frameKey(row % plan.frames) *
          digestValues(plan.keys.data() + neuron, rowMembranes, active);
    if (!isLastFrame(row))
      continue;
    total.active += active;
    if (shared.observer)
      std::copy_n(rowMembranes, active,
                  observedMembranes.data() +
                      row / plan.frames * stage.codeWidth +
                      block.group * stage.groupStride);
  }
  const auto frames = static_cast<std::ptrdiff_t>(plan.frames);
  FrameBatch tokens;
  tokens.membranes = membranes;
  tokens.membraneStride = static_cast<std::ptrdiff_t>(block.stride);
  tokens.membraneTokenStride = frames * tokens.membraneStride;
  tokens.codes = codes(stage, block.firstRow) + block.group * stage.groupStride;
  tokens.codeStride = static_cast<std::ptrdiff_t>(stage.codeWidth);
  tokens.codeTokenStride = frames * tokens.codeStride;
  tokens.tokens = block.rows / plan.frames;
  tokens.count = activeKeys(block.firstRow);
  tokens.growth = 1;
  tokens.keys = plan.options.digest ? plan.keys.data() + neuron : nullptr;
  tokens.digests = rowSums.data() + firstToken;
  tokens.spikesByStep = total.spikesByStep.data();
  if (!stage.countsOwnKey)
    return fire(stage, tokens, total.trains);
  tokenSums.assign(tokens.tokens, {});
  tokens.sums = tokenSums.data();
  tokens.ownColumn = static_cast<std::ptrdiff_t>(tokens.count) - 1;
  fire(stage, tokens, total.trains);
  for (const StreamSums &own : tokenSums)
    total.ownKeyEvents += own.ownSpikes;
}

void Worker::finishDigests(std::size_t index) {
  if (plan.options.digest)
    totals[index].digest +=
        digestRows(index, batch.firstPosition, rowSums.data(), batch.count);
  if (plan.options.membraneDigest)
    totals[index].membraneDigest += digestRows(
        index, batch.firstPosition, membraneSums.data(), batch.count);
}

void Worker::observeDense(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  const auto *membranes = membraneRows.as<std::int32_t>();
  std::lock_guard<std::mutex> lock(shared.observing);
  for (std::size_t t = 0; t < batch.count; ++t) {
    const std::size_t lastRow = (t + 1) * plan.frames - 1;
    shared.observer->onStage(
        static_cast<int>(index), static_cast<int>(batch.firstPosition + t),
        membranes + (stage.output() ? t : lastRow) * stage.width,
        stage.output() ? nullptr : codes(stage, lastRow), stage.width);
  }
}

void Worker::observePerKey(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  std::lock_guard<std::mutex> lock(shared.observing);
  for (std::size_t t = 0; t < batch.count; ++t) {
    const std::size_t lastRow = (t + 1) * plan.frames - 1;
    const std::size_t active = activeKeys(lastRow);
    std::int32_t *row = observedMembranes.data() + t * stage.codeWidth;
    observedCodes.clear();
    for (std::size_t g = 0; g < stage.groups; ++g) {
      const std::int32_t *fired = codes(stage, lastRow) + g * stage.groupStride;
      observedCodes.insert(observedCodes.end(), fired, fired + active);
      std::copy_n(row + g * stage.groupStride, active, row + g * active);
    }
    shared.observer->onStage(static_cast<int>(index),
                             static_cast<int>(batch.firstPosition + t), row,
                             observedCodes.data(), observedCodes.size());
  }
}

} // namespace synfire
