//===- StreamUnit.cpp - picks the fastest exact form of a stream unit -----===//
#include "runtime/neuron/StreamForms.h"

namespace synfire {

std::ptrdiff_t ownColumnOf(const StreamBatch &batch, std::size_t row) {
  if (batch.ownColumn < 0)
    return -1;
  return batch.ownColumn + static_cast<std::ptrdiff_t>(row * batch.growth);
}

void finishRow(const StreamBatch &batch, std::size_t row, std::uint64_t digest,
               const StreamSums &sums) {
  if (batch.keys)
    batch.digests[row] += digest;
  if (!batch.sums)
    return;
  StreamSums &total = batch.sums[row];
  total.spikes += sums.spikes;
  total.hiddenMultiplies += sums.hiddenMultiplies;
  total.ownSpikes += sums.ownSpikes;
  total.ownHiddenMultiplies += sums.ownHiddenMultiplies;
}

void finishBatch(const StreamBatch &batch, int steps, const RowCounts &all,
                 RowCounts &counts) {
  const int parts = steps / batch.frames;
  for (int t = 0; t < steps; ++t) {
    const std::uint64_t spikes = all.byStep[static_cast<std::size_t>(t)];
    counts.byStep[static_cast<std::size_t>(t)] += spikes;
    counts.spikes += spikes;
    if (batch.spikesByFrame)
      batch.spikesByFrame[t / parts] += spikes;
  }
  counts.hiddenMultiplies += all.hiddenMultiplies;
}

std::unique_ptr<StreamUnit> makeStreamUnit(const NeuronConfig &config) {
  if (config.input != InputMode::Streamed)
    return nullptr;
  if (auto lanes = makeLaneStream(config))
    return lanes;
  return std::make_unique<UnitStream>(config);
}

} // namespace synfire
