//===- FrameUnit.cpp - trains that come in frames -------------------------===//
#include "runtime/engine/FrameUnit.h"

#include "runtime/engine/Elementwise.h"
#include "runtime/neuron/LookupOctaves.h"
#include "runtime/neuron/TrainBits.h"
#include "runtime/program/Digest.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <vector>

namespace synfire {
namespace {

/// P13: the digest of what the frames deliver is that of the cumulative codes,
/// frame by frame less the one before.
void addDigest(const FrameBatch &batch, int frames) {
  if (!batch.keys)
    return;
  for (std::size_t t = 0; t < batch.tokens; ++t) {
    std::uint64_t before = 0;
    for (int f = 0; f < frames; ++f) {
      const std::uint64_t sum =
          digestValues(batch.keys, batch.codesOf(t, f), batch.countOf(t));
      batch.digests[t] +=
          frameKey(static_cast<std::uint64_t>(f)) * (sum - before);
      before = sum;
    }
  }
}

std::int32_t codeBefore(const FrameBatch &batch, std::size_t token, int frame,
                        std::size_t neuron) {
  return frame > 0 ? batch.codesOf(token, frame - 1)[neuron] : 0;
}

/// Counts the differences that are not 0 as events; those of a digital stage
/// are numbers and belong to no step.
void countNumbers(const FrameBatch &batch, int frames, RowCounts &counts) {
  for (std::size_t t = 0; t < batch.tokens; ++t) {
    std::uint64_t numbers = 0, own = 0;
    for (int f = 0; f < frames; ++f) {
      numbers += countDifferences(f > 0 ? batch.codesOf(t, f - 1) : nullptr,
                                  batch.codesOf(t, f), batch.countOf(t));
      if (batch.ownColumn >= 0)
        own += batch.codesOf(t, f)[batch.ownColumnOf(t)] !=
               codeBefore(batch, t, f, batch.ownColumnOf(t));
    }
    counts.spikes += numbers;
    if (batch.sums) {
      batch.sums[t].spikes += numbers;
      batch.sums[t].ownSpikes += own;
    }
  }
}

class NumberFrames final : public FrameUnit {
public:
  NumberFrames(const Program &program, const Stage &stage)
      : frames(program.frames), accumulated(stage.accumulatedOutput),
        limit(static_cast<std::int32_t>(
            std::min<std::int64_t>(numberLimit(program, stage), INT32_MAX))) {}

  void run(const FrameBatch &batch, RowCounts &counts) const override {
    for (std::size_t t = 0; t < batch.tokens; ++t)
      for (int f = 0; f < frames; ++f)
        limitCodes(batch.membranesOf(t, f), batch.countOf(t), limit,
                   accumulated ? f + 1 : 1, batch.codesOf(t, f));
    countNumbers(batch, frames, counts);
    addDigest(batch, frames);
  }

private:
  int frames;
  bool accumulated;
  std::int32_t limit;
};

/// Reads the table in every frame.
class LookupFrames : public FrameUnit {
protected:
  LookupFrames(int frameCount, const LookupTable &given)
      : frames(frameCount), octaves(given), entries(given.entries) {}

  void read(const std::int32_t *membranes, std::size_t count,
            std::int32_t *codes) const {
    std::uint32_t rows[rowBlock];
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      octaves.findRows(membranes + start, n, rows);
      for (std::size_t i = 0; i < n; ++i)
        codes[start + i] = entries[rows[i]];
    }
  }

  int frames;

private:
  LookupOctaves octaves;
  std::vector<std::int32_t> entries;
};

class NumberLookupFrames final : public LookupFrames {
public:
  NumberLookupFrames(int frameCount, const LookupTable &table, bool multiplies)
      : LookupFrames(frameCount, table), accumulated(multiplies) {}

  void run(const FrameBatch &batch, RowCounts &counts) const override {
    for (std::size_t t = 0; t < batch.tokens; ++t)
      for (int f = 0; f < frames; ++f) {
        std::int32_t *codes = batch.codesOf(t, f);
        const std::size_t count = batch.countOf(t);
        read(batch.membranesOf(t, f), count, codes);
        if (accumulated && f > 0)
          for (std::size_t i = 0; i < count; ++i)
            codes[i] *= f + 1;
      }
    countNumbers(batch, frames, counts);
    addDigest(batch, frames);
  }

private:
  bool accumulated;
};

class SpikingLookupFrames final : public LookupFrames {
public:
  SpikingLookupFrames(int frameCount, int stepsOfAFrame,
                      const LookupTable &table)
      : LookupFrames(frameCount, table), steps(stepsOfAFrame) {}

  void run(const FrameBatch &batch, RowCounts &counts) const override {
    RowCounts frameCounts;
    for (int f = 0; f < frames; ++f) {
      {
        BitTrains trains(steps, frameCounts);
        for (std::size_t t = 0; t < batch.tokens; ++t)
          runFrame(batch, t, f, trains);
      }
      for (int step = 0; step < steps; ++step) {
        std::uint64_t &spikes =
            frameCounts.byStep[static_cast<std::size_t>(step)];
        if (batch.spikesByStep)
          batch.spikesByStep[f * steps + step] += spikes;
        spikes = 0;
      }
    }
    counts.spikes += frameCounts.spikes;
    addDigest(batch, frames);
    if (batch.sums)
      for (std::size_t t = 0; t < batch.tokens; ++t)
        addSums(batch, t);
  }

private:
  void addSums(const FrameBatch &batch, std::size_t token) const {
    StreamSums &sums = batch.sums[token];
    auto spikesOf = [&](std::size_t neuron) {
      std::uint64_t spikes = 0;
      for (int f = 0; f < frames; ++f) {
        const std::int32_t before = codeBefore(batch, token, f, neuron);
        std::uint32_t bits;
        differenceBits(&before, batch.codesOf(token, f) + neuron, 1, &bits);
        spikes += static_cast<std::uint64_t>(__builtin_popcount(bits));
      }
      return spikes;
    };
    if (batch.ownColumn >= 0)
      sums.ownSpikes += spikesOf(batch.ownColumnOf(token));
    else
      for (std::size_t i = 0; i < batch.countOf(token); ++i)
        sums.spikes += spikesOf(i);
  }

  void runFrame(const FrameBatch &batch, std::size_t token, int frame,
                BitTrains &trains) const {
    const std::size_t count = batch.countOf(token);
    std::int32_t *codes = batch.codesOf(token, frame);
    const std::int32_t *before =
        frame > 0 ? batch.codesOf(token, frame - 1) : nullptr;
    read(batch.membranesOf(token, frame), count, codes);
    for (std::size_t start = 0; start < count; start += rowBlock) {
      const std::size_t n = std::min(rowBlock, count - start);
      differenceBits(before ? before + start : nullptr, codes + start, n,
                     trains.append(n));
    }
  }

  int steps;
};

class StreamedFrames final : public FrameUnit {
public:
  StreamedFrames(int frameCount, const NeuronConfig &config)
      : frames(frameCount), unit(makeStreamUnit(config)) {}

  void run(const FrameBatch &batch, RowCounts &counts) const override {
    StreamBatch rows;
    rows.membranes = batch.membranes;
    rows.membraneStride = batch.membraneTokenStride;
    rows.membraneFrameStride = batch.membraneStride;
    rows.codes = batch.codes;
    rows.codeStride = batch.codeTokenStride;
    rows.codeFrameStride = batch.codeStride;
    rows.rows = batch.tokens;
    rows.count = batch.count;
    rows.growth = batch.growth;
    rows.frames = frames;
    rows.keys = batch.keys;
    rows.digests = batch.digests;
    rows.sums = batch.sums;
    rows.ownColumn = batch.ownColumn;
    unit->run(rows, counts);
  }

private:
  int frames;
  std::unique_ptr<StreamUnit> unit;
};

} // namespace

std::unique_ptr<FrameUnit> makeFrameUnit(const Program &program,
                                         const Stage &stage) {
  const auto unit = static_cast<std::size_t>(std::max(stage.unit, 0));
  switch (stage.fire) {
  case FireKind::Number:
    return std::make_unique<NumberFrames>(program, stage);
  case FireKind::Lookup:
    if (stage.digital)
      return std::make_unique<NumberLookupFrames>(
          program.frames, program.lookupTables[unit], stage.accumulatedOutput);
    return std::make_unique<SpikingLookupFrames>(
        program.frames, frameSteps(program, stage), program.lookupTables[unit]);
  case FireKind::Neuron:
    return std::make_unique<StreamedFrames>(program.frames,
                                            program.neurons[unit]);
  case FireKind::Output:
    break;
  }
  return nullptr;
}

} // namespace synfire
