//===- UnitStream.cpp - any streamed configuration, neuron by neuron ------===//
#include "runtime/neuron/EqualShare.h"
#include "runtime/neuron/HiddenMultiply.h"
#include "runtime/neuron/StreamForms.h"

namespace synfire {

UnitStream::UnitStream(const NeuronConfig &given) : config(given) {
  const std::int64_t smallest = smallestPayload(config);
  Spike spike;
  spike.sign = 1;
  for (int t = 0; t < config.steps; ++t)
    for (int level = 0; level <= config.levels; ++level) {
      spike.level = static_cast<std::uint8_t>(level);
      const std::int64_t delivered = payload(config, t, spike);
      events.push_back({delivered, digestTerm(config, t, spike),
                        hidesMultiply(delivered, smallest)});
    }
}

UnitStream::Train UnitStream::runNeuron(const std::int32_t *membranes,
                                        std::ptrdiff_t membraneFrameStride,
                                        std::int32_t *codes,
                                        std::ptrdiff_t codeFrameStride,
                                        int frames, RowCounts &counts) const {
  std::int64_t currents[mostSteps];
  const int parts = config.steps / frames;
  std::int64_t before = 0;
  for (int frame = 0; frame < frames; ++frame) {
    const std::int64_t now = membranes[frame * membraneFrameStride];
    for (int part = 0; part < parts; ++part)
      currents[frame * parts + part] = equalShare(now - before, part, parts);
    before = now;
  }

  NeuronState state;
  begin(config, state, 0);
  rehearse(config, state, currents);
  Train train;
  std::int64_t code = 0;
  for (int t = 0; t < config.steps; ++t) {
    const Spike spike = step(config, state, t, currents[t]);
    if (!spike.silent()) {
      const Event &event =
          events[static_cast<std::size_t>(t) * (config.levels + 1) +
                 spike.level];
      code += spike.sign * event.payload;
      train.word += spike.sign < 0 ? 0 - event.digestTerm : event.digestTerm;
      train.hiddenMultiplies += event.hidesMultiply;
      ++train.spikes;
      ++counts.byStep[static_cast<std::size_t>(t)];
    }
    if ((t + 1) % parts == 0)
      codes[t / parts * codeFrameStride] = static_cast<std::int32_t>(code);
  }
  counts.hiddenMultiplies += train.hiddenMultiplies;
  return train;
}

void UnitStream::run(const StreamBatch &batch, RowCounts &counts) const {
  RowCounts all;
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const auto row = static_cast<std::ptrdiff_t>(r);
    const std::ptrdiff_t own = ownColumnOf(batch, r);
    const std::size_t count = batch.count + r * batch.growth;
    StreamSums sums;
    std::uint64_t digest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Train train = runNeuron(
          batch.membranes + row * batch.membraneStride + i,
          batch.membraneFrameStride, batch.codes + row * batch.codeStride + i,
          batch.codeFrameStride, batch.frames, all);
      sums.spikes += train.spikes;
      sums.hiddenMultiplies += train.hiddenMultiplies;
      if (static_cast<std::ptrdiff_t>(i) == own) {
        sums.ownSpikes += train.spikes;
        sums.ownHiddenMultiplies += train.hiddenMultiplies;
      }
      if (batch.keys)
        digest += batch.keys[i] * train.word;
    }
    finishRow(batch, r, digest, sums);
  }
  finishBatch(batch, config.steps, all, counts);
}

} // namespace synfire
