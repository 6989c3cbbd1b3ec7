//===- Worker.cpp - one thread's share of a batch -------------------------===//
#include "runtime/engine/Worker.h"

#include "runtime/engine/Lap.h"

#include <algorithm>

namespace synfire {

Worker::Worker(const Plan &given, SharedState &state)
    : plan(given), shared(state) {
  arena.resize(plan.arenaWidth * plan.rowsPerThread * sizeof(std::int32_t));
  accumulators.resize(plan.accWords * sizeof(std::int64_t));
  sums.resize(plan.accWords * sizeof(std::int64_t));
  membraneRows.resize(plan.membraneWords * sizeof(std::int32_t));
  rowSums.resize(plan.tokensPerThread);
  membraneSums.resize(plan.tokensPerThread);
  clearCounts();
}

void Worker::clearCounts() {
  totals.clear();
  for (const StagePlan &stage : plan.stages)
    totals.emplace_back(*plan.program, *stage.source);
  times.assign(plan.stages.size(), {});
}

void Worker::run(const TokenRows &rows) {
  batch = rows;
  for (std::size_t s = 0; s < plan.stages.size(); ++s) {
    if (plan.stages[s].waits)
      shared.barrier.wait();
    std::fill_n(rowSums.begin(), batch.count, 0);
    std::fill_n(membraneSums.begin(), batch.count, 0);
    if (plan.stages[s].perKey())
      runPerKey(s);
    else
      runDense(s);
    finishDigests(s);
  }
}

void Worker::runDense(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  Lap lap(shared.measuring);
  for (std::size_t d = 0; d < stage.dendrites.size(); ++d) {
    const Accumulators acc = accumulate(stage, stage.dendrites[d]);
    lap.end(times[index].accumulate);
    requantiseDense(stage, d, acc);
    lap.end(times[index].requantise);
  }
  auto *membranes = membraneRows.as<std::int32_t>();
  if (averages(stage))
    for (std::size_t r = 0; r < rowCount(stage); ++r)
      finishAveraged(stage, r, stage.width, stage.bias(0),
                     sums.as<std::int64_t>() + r * stage.width,
                     membranes + r * stage.width);
  if (stage.source->subtractGroupMaximum)
    for (std::size_t g = 0; g < rowCount(stage) * stage.groups; ++g)
      subtractMaximum(membranes + g * stage.groupWidth, stage.groupWidth);
  lap.end(times[index].requantise);
  fireDense(index);
  lap.end(times[index].fire);
  storeCodes(stage);
  lap.end(times[index].store);
  if (shared.observer)
    observeDense(index);
}

void Worker::requantiseDense(const StagePlan &stage, std::size_t dendrite,
                             const Accumulators &acc) {
  const bool last = dendrite + 1 == stage.dendrites.size() && !averages(stage);
  const Requantisation how = stage.dendrites[dendrite].requantisation(0);
  const Bias bias = stage.bias(0);
  // Rows without gaps and without a neuron's own constants are one long run.
  const bool oneRun = acc.stride == static_cast<std::ptrdiff_t>(stage.width) &&
                      !how.perNeuron && !(last && bias.perNeuron);
  const std::size_t runs = oneRun ? 1 : rowCount(stage);
  const std::size_t length =
      oneRun ? rowCount(stage) * stage.width : stage.width;
  for (std::size_t r = 0; r < runs; ++r) {
    std::int64_t *rowSum = sums.as<std::int64_t>() + r * stage.width;
    if (last)
      finish(acc, r, length, how, dendrite > 0 ? rowSum : nullptr, bias,
             membraneRows.as<std::int32_t>() + r * stage.width);
    else
      addUp(acc, r, length, how, dendrite > 0, rowSum);
  }
}

void Worker::finishAveraged(const StagePlan &stage, std::size_t row,
                            std::size_t count, const Bias &bias,
                            std::int64_t *sum, std::int32_t *membranes) const {
  averageSums(sum, count, static_cast<int>(plan.frames),
              static_cast<int>(row % plan.frames), stage.source->averagedInput);
  const std::int32_t one = 1;
  finishMembranes(sum, count, {&one, false, 0}, nullptr, bias, membranes);
}

void Worker::runPerKey(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  if (shared.observer)
    observedMembranes.resize(batch.count * stage.codeWidth);
  const std::size_t rows = rowCount(stage);
  for (std::size_t g = 0; g < stage.groups; ++g)
    for (std::size_t r = 0; r < rows; r += plan.keyRows) {
      Lap lap(shared.measuring);
      KeyBlock block;
      block.group = g;
      block.firstRow = r;
      block.rows = std::min(plan.keyRows, rows - r);
      block.keys = activeKeys(r + block.rows - 1);
      block.stride = (block.keys + panelColumns - 1) / panelColumns *
                     std::size_t(panelColumns);
      for (std::size_t d = 0; d < stage.dendrites.size(); ++d) {
        const Accumulators acc =
            accumulateKeys(stage, stage.dendrites[d], block);
        lap.end(times[index].accumulate);
        requantiseKeys(stage, d, acc, block);
        lap.end(times[index].requantise);
      }
      fireKeys(index, block);
      lap.end(times[index].fire);
    }
  if (shared.observer)
    observePerKey(index);
}

void Worker::requantiseKeys(const StagePlan &stage, std::size_t dendrite,
                            const Accumulators &acc, const KeyBlock &block) {
  const std::size_t neuron = block.group * stage.groupWidth;
  const bool averaged = averages(stage);
  const bool closing = dendrite + 1 == stage.dendrites.size();
  const bool last = closing && !averaged;
  const Requantisation how = stage.dendrites[dendrite].requantisation(neuron);
  const Bias bias = stage.bias(neuron);
  // Scores have sums in the columns from a row's keys to its stride as well, so
  // rows without a neuron's own constants are one long run.
  const bool oneRun =
      stage.dendrites.size() == 1 && !averaged &&
      stage.dendrites[dendrite].source->kind == DendriteKind::Scores &&
      acc.stride == static_cast<std::ptrdiff_t>(block.stride) &&
      !how.perNeuron && !bias.perNeuron;
  const std::size_t runs = oneRun ? 1 : block.rows;
  for (std::size_t i = 0; i < runs; ++i) {
    const std::size_t length =
        oneRun ? block.rows * block.stride : activeKeys(block.firstRow + i);
    std::int64_t *rowSum = sums.as<std::int64_t>() + i * block.stride;
    std::int32_t *membranes =
        membraneRows.as<std::int32_t>() + i * block.stride;
    if (last)
      finish(acc, i, length, how, dendrite > 0 ? rowSum : nullptr, bias,
             membranes);
    else
      addUp(acc, i, length, how, dendrite > 0, rowSum);
    if (closing && averaged)
      finishAveraged(stage, block.firstRow + i, length, bias, rowSum,
                     membranes);
  }
}

void Worker::storeCodes(const StagePlan &stage) {
  for (int fed : stage.feeds)
    for (std::size_t t = 0; t < batch.count; ++t)
      shared.stored[static_cast<std::size_t>(fed)].store(
          static_cast<std::ptrdiff_t>(batch.firstPosition + t),
          codes(stage, (t + 1) * plan.frames - 1));
}

} // namespace synfire
