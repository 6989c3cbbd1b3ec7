//===- Worker.cpp - one thread's share of a batch -------------------------===//
#include "runtime/engine/Worker.h"

#include "runtime/engine/Lap.h"

#include <algorithm>

namespace synfire {

Worker::Worker(const Plan &given, SharedState &state)
    : plan(given), shared(state), totals(given.stages.size()),
      times(given.stages.size()) {
  arena.resize(plan.arenaWidth * plan.rowsPerThread * sizeof(std::int32_t));
  accumulators.resize(plan.accWords * sizeof(std::int64_t));
  sums.resize(plan.accWords * sizeof(std::int64_t));
  membraneRows.resize(plan.membraneWords * sizeof(std::int32_t));
  rowSums.resize(plan.rowsPerThread);
  membraneSums.resize(plan.rowsPerThread);
}

void Worker::clearCounts() {
  totals.assign(totals.size(), {});
  times.assign(times.size(), {});
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
  auto *sum = sums.as<std::int64_t>();
  auto *membranes = membraneRows.as<std::int32_t>();
  for (std::size_t d = 0; d < stage.dendrites.size(); ++d) {
    const DendritePlan &part = stage.dendrites[d];
    const Accumulators acc = accumulate(stage, part);
    lap.end(times[index].accumulate);
    const bool last = d + 1 == stage.dendrites.size();
    const Requantisation how = part.requantisation(0);
    const Bias bias = stage.bias(0);
    // Rows without gaps and without a neuron's own constants are one long run.
    const bool oneRun =
        acc.stride == static_cast<std::ptrdiff_t>(stage.width) &&
        !how.perNeuron && !(last && bias.perNeuron);
    const std::size_t runs = oneRun ? 1 : batch.count;
    const std::size_t length = oneRun ? batch.count * stage.width : stage.width;
    for (std::size_t r = 0; r < runs; ++r) {
      std::int64_t *rowSum = sum + r * stage.width;
      if (last)
        finish(acc, r, length, how, d > 0 ? rowSum : nullptr, bias,
               membranes + r * stage.width);
      else
        addUp(acc, r, length, how, d > 0, rowSum);
    }
    lap.end(times[index].requantise);
  }
  if (stage.source->subtractGroupMaximum)
    for (std::size_t g = 0; g < batch.count * stage.groups; ++g)
      subtractMaximum(membranes + g * stage.groupWidth, stage.groupWidth);
  lap.end(times[index].requantise);
  fireDense(index);
  lap.end(times[index].fire);
  storeCodes(stage);
  lap.end(times[index].store);
  if (shared.observer)
    observeDense(index);
}

void Worker::fireDense(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  StageTotals &total = totals[index];
  const auto *membranes = membraneRows.as<std::int32_t>();
  total.active += batch.count * stage.width;
  if (plan.options.membraneDigest)
    for (std::size_t r = 0; r < batch.count; ++r)
      membraneSums[r] = digestValues(plan.keys.data(),
                                     membranes + r * stage.width, stage.width);
  if (!stage.unit) {
    if (plan.options.digest)
      for (std::size_t r = 0; r < batch.count; ++r)
        rowSums[r] = digestValues(plan.keys.data(), membranes + r * stage.width,
                                  stage.width);
    if (batch.logits && batch.firstLogitRow < batch.count)
      std::copy(membranes + batch.firstLogitRow * stage.width,
                membranes + batch.count * stage.width, batch.logits);
    return;
  }
  RowBatch rows;
  rows.membranes = membranes;
  rows.membraneStride = rows.codeStride =
      static_cast<std::ptrdiff_t>(stage.width);
  rows.codes = codes(stage, 0);
  rows.rows = batch.count;
  rows.count = stage.width;
  rows.keys = plan.options.digest ? plan.keys.data() : nullptr;
  rows.digests = rowSums.data();
  if (!stage.drivesScores)
    return stage.unit->runRows(rows, total.trains);
  // Its spikes count once for every key of their token.
  for (std::size_t r = 0; r < batch.count; ++r) {
    const std::uint64_t spikes = total.trains.spikes;
    const std::uint64_t hidden = total.trains.hiddenMultiplies;
    rows.membranes = membranes + r * stage.width;
    rows.codes = codes(stage, r);
    rows.rows = 1;
    rows.digests = rowSums.data() + r;
    stage.unit->runRows(rows, total.trains);
    total.keyedSpikes += (total.trains.spikes - spikes) * activeKeys(r);
    total.keyedHiddenMultiplies +=
        (total.trains.hiddenMultiplies - hidden) * activeKeys(r);
  }
}

void Worker::runPerKey(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  StageTotals &total = totals[index];
  auto *sum = sums.as<std::int64_t>();
  auto *membranes = membraneRows.as<std::int32_t>();
  if (shared.observer)
    observedMembranes.resize(batch.count * stage.codeWidth);
  for (std::size_t g = 0; g < stage.groups; ++g)
    for (std::size_t r = 0; r < batch.count; r += keyBlockRows) {
      Lap lap(shared.measuring);
      KeyBlock block;
      block.group = g;
      block.firstRow = r;
      block.rows = std::min<std::size_t>(keyBlockRows, batch.count - r);
      block.keys = activeKeys(r + block.rows - 1);
      block.stride = (block.keys + panelColumns - 1) / panelColumns *
                     std::size_t(panelColumns);
      const auto stride = static_cast<std::ptrdiff_t>(block.stride);
      const std::size_t neuron = g * stage.groupWidth;
      for (std::size_t d = 0; d < stage.dendrites.size(); ++d) {
        const DendritePlan &part = stage.dendrites[d];
        const Accumulators acc = accumulateKeys(stage, part, block);
        lap.end(times[index].accumulate);
        const bool last = d + 1 == stage.dendrites.size();
        const Requantisation how = part.requantisation(neuron);
        const Bias bias = stage.bias(neuron);
        // The columns from a row's keys to its stride have sums as well, so
        // rows without a neuron's own constants are one long run.
        const bool oneRun = stage.dendrites.size() == 1 &&
                            acc.stride == stride && !how.perNeuron &&
                            !bias.perNeuron;
        const std::size_t runs = oneRun ? 1 : block.rows;
        for (std::size_t i = 0; i < runs; ++i) {
          const std::size_t length =
              oneRun ? block.rows * block.stride : activeKeys(r + i);
          std::int64_t *rowSum = sum + i * block.stride;
          if (last)
            finish(acc, i, length, how, d > 0 ? rowSum : nullptr, bias,
                   membranes + i * block.stride);
          else
            addUp(acc, i, length, how, d > 0, rowSum);
        }
        lap.end(times[index].requantise);
      }
      for (std::size_t i = 0; i < block.rows; ++i) {
        std::int32_t *row = membranes + i * block.stride;
        const std::size_t active = activeKeys(r + i);
        if (stage.source->subtractGroupMaximum)
          subtractMaximum(row, active);
        if (plan.options.membraneDigest)
          membraneSums[r + i] +=
              digestValues(plan.keys.data() + neuron, row, active);
        total.active += active;
        if (shared.observer)
          std::copy_n(row, active,
                      observedMembranes.data() + (r + i) * stage.codeWidth +
                          g * stage.groupStride);
      }
      RowBatch rows;
      rows.membranes = membranes;
      rows.membraneStride = stride;
      rows.codes = codes(stage, r) + g * stage.groupStride;
      rows.codeStride = static_cast<std::ptrdiff_t>(stage.codeWidth);
      rows.rows = block.rows;
      rows.count = activeKeys(r);
      rows.growth = 1;
      rows.keys = plan.options.digest ? plan.keys.data() + neuron : nullptr;
      rows.digests = rowSums.data() + r;
      stage.unit->runRows(rows, total.trains);
      lap.end(times[index].fire);
    }
  if (shared.observer)
    observePerKey(index);
}

void Worker::finishDigests(std::size_t index) {
  if (plan.options.digest)
    totals[index].digest +=
        digestRows(index, batch.firstPosition, rowSums.data(), batch.count);
  if (plan.options.membraneDigest)
    totals[index].membraneDigest += digestRows(
        index, batch.firstPosition, membraneSums.data(), batch.count);
}

void Worker::storeCodes(const StagePlan &stage) {
  for (int fed : stage.feeds)
    for (std::size_t r = 0; r < batch.count; ++r)
      shared.stored[static_cast<std::size_t>(fed)].store(
          static_cast<std::ptrdiff_t>(batch.firstPosition + r),
          codes(stage, r));
}

void Worker::observeDense(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  const auto *membranes = membraneRows.as<std::int32_t>();
  std::lock_guard<std::mutex> lock(shared.observing);
  for (std::size_t r = 0; r < batch.count; ++r)
    shared.observer->onStage(
        static_cast<int>(index), static_cast<int>(batch.firstPosition + r),
        membranes + r * stage.width, stage.unit ? codes(stage, r) : nullptr,
        stage.width);
}

void Worker::observePerKey(std::size_t index) {
  const StagePlan &stage = plan.stages[index];
  std::lock_guard<std::mutex> lock(shared.observing);
  for (std::size_t r = 0; r < batch.count; ++r) {
    const std::size_t active = activeKeys(r);
    std::int32_t *row = observedMembranes.data() + r * stage.codeWidth;
    observedCodes.clear();
    for (std::size_t g = 0; g < stage.groups; ++g) {
      const std::int32_t *fired = codes(stage, r) + g * stage.groupStride;
      observedCodes.insert(observedCodes.end(), fired, fired + active);
      std::copy_n(row + g * stage.groupStride, active, row + g * active);
    }
    shared.observer->onStage(static_cast<int>(index),
                             static_cast<int>(batch.firstPosition + r), row,
                             observedCodes.data(), observedCodes.size());
  }
}

} // namespace synfire
