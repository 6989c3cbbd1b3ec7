//===- AttentionDendrites.cpp - Scores and Mix: the key/value cache -------===//
#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/RowKernels.h"

namespace synfire {
namespace {

/// Stored words are as wide as a code; a train may pass the limit on its way
/// there, so the sum wraps.
void addWrapping(std::int32_t &word, std::int32_t payload) {
  word = static_cast<std::int32_t>(static_cast<std::uint32_t>(word) +
                                   static_cast<std::uint32_t>(payload));
}

std::int64_t stageWidth(const Program &program, int stage) {
  return program.stages[static_cast<std::size_t>(stage)].width();
}

/// Key rows: for every input dimension of every key head, one word per key
/// position among the tile's columns. A key spike writes one word; a query
/// spike reads the row up to its own position.
class ScoresDendrite final : public DendriteUnit {
public:
  ScoresDendrite(const Program &compiled, const Tile &tile,
                 const Dendrite &synapses)
      : DendriteUnit(compiled, tile, synapses), headWidth(dendrite.headWidth),
        firstKeyHead(tile.groupBegin / dendrite.queryPerKey),
        keyHeads((tile.groupEnd - 1) / dendrite.queryPerKey - firstKeyHead + 1),
        words(static_cast<std::size_t>(keyHeads) *
              static_cast<std::size_t>(headWidth) *
              static_cast<std::size_t>(shape.columns())) {}

  Work accept(const Feed &feed, Counters &counters) override {
    return feed.operand == Operand::Stored ? write(feed, counters)
                                           : read(feed, counters);
  }

private:
  std::int32_t *row(std::int32_t keyHead, std::int32_t dimension) {
    return words.data() +
           (static_cast<std::size_t>(keyHead - firstKeyHead) * headWidth +
            static_cast<std::size_t>(dimension)) *
               static_cast<std::size_t>(shape.columns());
  }

  Work write(const Feed &feed, Counters &counters) {
    const std::int32_t column = feed.position - shape.columnBegin;
    std::uint64_t spikes = 0, written = 0;
    forEachSpike(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::int32_t keyHead = neuron / headWidth;
      if (keyHead < firstKeyHead || keyHead >= firstKeyHead + keyHeads ||
          column < 0 || column >= shape.columns())
        return;
      addWrapping(row(keyHead, neuron % headWidth)[column], spike.payload);
      const std::int32_t firstReader = keyHead * dendrite.queryPerKey;
      written +=
          firstReader >= shape.groupBegin && firstReader < shape.groupEnd;
    });
    counters[Counter::StoredWrite] += written;
    counters[Counter::StoredWriteBits] += written * dendrite.storedBits;
    return {spikes * feed.packetsPerSpike, 0};
  }

  Work read(const Feed &feed, Counters &counters) {
    const std::int32_t visible =
        std::clamp(feed.position + 1 - shape.columnBegin, 0, shape.columns());
    std::uint64_t spikes = 0, reads = 0, hidden = 0;
    std::int64_t *to = accumulators(feed.position);
    forEachSpike(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::int32_t head = neuron / headWidth;
      if (head < shape.groupBegin || head >= shape.groupEnd)
        return;
      addScaled(row(head / dendrite.queryPerKey, neuron % headWidth),
                static_cast<std::size_t>(visible), spike.payload,
                to + std::int64_t(head - shape.groupBegin) * shape.columns());
      ++reads;
      hidden += spike.hidesMultiply;
    });
    const std::uint64_t operations = reads * static_cast<unsigned>(visible);
    counters[Counter::SopAttention] += operations;
    counters[Counter::HiddenMultiply] +=
        hidden * static_cast<unsigned>(visible);
    counters[Counter::StoredRead] += operations;
    counters[Counter::StoredReadBits] += operations * dendrite.storedBits;
    return {spikes * feed.packetsPerSpike, operations};
  }

  std::int32_t headWidth, firstKeyHead, keyHeads;
  std::vector<std::int32_t> words; ///< [key head][dimension][column]
};

/// Value rows: for every position, one word per value neuron that the tile
/// needs. A spike of head h at column j reads the row of position j.
class MixDendrite final : public DendriteUnit {
public:
  MixDendrite(const Program &compiled, const Tile &tile,
              const Dendrite &synapses)
      : DendriteUnit(compiled, tile, synapses), headWidth(dendrite.headWidth),
        wordOf(static_cast<std::size_t>(stageWidth(program, dendrite.stored)),
               -1) {
    for (std::int32_t k = 0; k < shape.neurons(); ++k) {
      std::int32_t &word = wordOf[static_cast<std::size_t>(valueNeuron(k))];
      if (word < 0)
        word = rowLength++;
      reads.push_back(word);
    }
    runEnd.resize(reads.size());
    for (std::size_t k = reads.size(); k-- > 0;)
      runEnd[k] = k + 1 < reads.size() && reads[k + 1] == reads[k] + 1
                      ? runEnd[k + 1]
                      : static_cast<std::int32_t>(k) + 1;
    const Stage &driver =
        program.stages[static_cast<std::size_t>(dendrite.driver)];
    words.resize(static_cast<std::size_t>(driver.groupWidth) *
                 static_cast<std::size_t>(rowLength));
  }

  Work accept(const Feed &feed, Counters &counters) override {
    return feed.operand == Operand::Stored ? write(feed, counters)
                                           : read(feed, counters);
  }

private:
  /// The value neuron that the tile's neuron k weighs.
  std::int32_t valueNeuron(std::int32_t k) const {
    const std::int32_t neuron = shape.neuron(k);
    return neuron / headWidth / dendrite.queryPerKey * headWidth +
           neuron % headWidth;
  }
  std::int32_t *row(std::int32_t position) {
    return words.data() + static_cast<std::size_t>(position) *
                              static_cast<std::size_t>(rowLength);
  }

  Work write(const Feed &feed, Counters &counters) {
    std::int32_t *to = row(feed.position);
    std::uint64_t spikes = 0, written = 0;
    forEachSpike(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::int32_t word = wordOf[static_cast<std::size_t>(neuron)];
      if (word < 0)
        return;
      addWrapping(to[word], spike.payload);
      const std::int64_t firstReader =
          std::int64_t(neuron / headWidth) * dendrite.queryPerKey * headWidth +
          neuron % headWidth;
      written += shape.contains(firstReader);
    });
    counters[Counter::StoredWrite] += written;
    counters[Counter::StoredWriteBits] += written * dendrite.storedBits;
    return {spikes * feed.packetsPerSpike, 0};
  }

  Work read(const Feed &feed, Counters &counters) {
    std::uint64_t spikes = 0, operations = 0, hidden = 0;
    std::int64_t *to = accumulators(feed.position);
    forEachSpike(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::int64_t head = neuron / feed.sourceGroupWidth;
      const LocalRange range =
          shape.range(head * headWidth, (head + 1) * headWidth);
      if (range.size() == 0)
        return;
      readRow(row(neuron % feed.sourceGroupWidth), range, spike.payload, to);
      operations += range.size();
      hidden += spike.hidesMultiply ? range.size() : 0;
    });
    counters[Counter::SopAttention] += operations;
    counters[Counter::HiddenMultiply] += hidden;
    counters[Counter::StoredRead] += operations;
    counters[Counter::StoredReadBits] += operations * dendrite.storedBits;
    return {spikes * feed.packetsPerSpike, operations};
  }

  /// Run by run of words that lie side by side: one run for a whole head unless
  /// the tile cuts heads in an unusual way.
  void readRow(const std::int32_t *from, LocalRange range, std::int32_t payload,
               std::int64_t *to) const {
    for (std::int32_t k = range.begin; k < range.end;) {
      const auto i = static_cast<std::size_t>(k);
      const std::int32_t end = std::min(runEnd[i], range.end);
      addScaled(from + reads[i], static_cast<std::size_t>(end - k), payload,
                to + k);
      k = end;
    }
  }

  std::int32_t headWidth, rowLength = 0;
  std::vector<std::int32_t> wordOf; ///< word of a value neuron, -1: not needed
  std::vector<std::int32_t> reads;  ///< word that each neuron of the tile reads
  std::vector<std::int32_t> runEnd; ///< first neuron after k's run of words
  std::vector<std::int32_t> words;  ///< [position][word]
};

} // namespace

std::unique_ptr<DendriteUnit> makeAttentionDendrite(const Program &program,
                                                    const Tile &tile,
                                                    const Dendrite &dendrite) {
  if (dendrite.kind == DendriteKind::Scores)
    return std::make_unique<ScoresDendrite>(program, tile, dendrite);
  return std::make_unique<MixDendrite>(program, tile, dendrite);
}

} // namespace synfire
