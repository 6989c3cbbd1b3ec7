//===- MixDendrite.cpp - the value cache ----------------------------------===//
#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/RowKernels.h"
#include "simulator/machine/TwoSided.h"

namespace synfire {
namespace {

std::int64_t stageWidth(const Program &program, int stage) {
  return program.stages[static_cast<std::size_t>(stage)].width();
}

/// Value rows: for every position, one word per value neuron that the tile
/// needs. An event of head h at column j reads the row of position j. Where the
/// operands of a token stream together, its own row is a two-sided product: a
/// value event first reads what the weights of that row have summed so far.
class MixDendrite final : public DendriteUnit {
public:
  MixDendrite(const Program &compiled, const Tile &tile,
              const Dendrite &synapses)
      : DendriteUnit(compiled, tile, synapses), headWidth(dendrite.headWidth),
        concurrent(dendrite.form == ProductForm::Concurrent),
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
    if (concurrent)
      ownWeights.resize(static_cast<std::size_t>(driver.groups));
    presetPrefix();
  }

  Work accept(const Feed &feed, Counters &counters) override {
    if (concurrent)
      ownWeights.follow(feed.at.position);
    return feed.operand == Operand::Stored ? takeValues(feed, counters)
                                           : takeWeights(feed, counters);
  }

  void endStep() override {
    for (const WaitingEvent &event : waiting) {
      const std::int32_t head = event.neuron / keysPerHead;
      const std::int32_t key = event.neuron % keysPerHead;
      readRow(key, neuronsOf(head), event.payload, waitingAt);
      if (key == waitingAt.position)
        ownWeights[head] += event.payload;
    }
    waiting.clear();
  }

private:
  /// P14: rows of the prefix hold constants from the start.
  void presetPrefix() {
    for (int position = 0; position < program.prefix; ++position)
      for (std::size_t neuron = 0; neuron < wordOf.size(); ++neuron)
        if (wordOf[neuron] >= 0)
          row(position)[wordOf[neuron]] =
              weightAt(program.weights, dendrite.prefixCodes, position,
                       static_cast<std::int64_t>(neuron));
  }
  /// The value neuron that the tile's neuron k weighs.
  std::int32_t valueNeuron(std::int32_t k) const {
    const std::int32_t neuron = shape.neuron(k);
    return neuron / headWidth / dendrite.queryPerKey * headWidth +
           neuron % headWidth;
  }
  LocalRange neuronsOf(std::int64_t head) const {
    return shape.range(head * headWidth, (head + 1) * headWidth);
  }
  std::int32_t *row(std::int32_t position) {
    return words.data() + static_cast<std::size_t>(position) *
                              static_cast<std::size_t>(rowLength);
  }

  Work takeValues(const Feed &feed, Counters &counters) {
    std::int32_t *to = row(feed.at.position);
    std::uint64_t events = 0, operations = 0, hidden = 0, written = 0;
    std::uint64_t accesses = 0;
    forEachEvent(feed, [&](const SpikeClass &event, std::int32_t neuron) {
      ++events;
      const std::int32_t word = wordOf[static_cast<std::size_t>(neuron)];
      if (word < 0)
        return;
      if (concurrent) {
        const std::uint64_t readers =
            meetWeights(feed.at, neuron, event.payload);
        operations += readers;
        accesses += readers * storedRow(1);
        hidden += event.hidesMultiply ? readers : 0;
      }
      accesses += storedUpdate();
      addWrapping(to[word], event.payload);
      const std::int64_t firstReader =
          std::int64_t(neuron / headWidth) * dendrite.queryPerKey * headWidth +
          neuron % headWidth;
      written += shape.contains(firstReader);
    });
    countReads(feed, Counter::SopAttention, operations, hidden, counters);
    countWrites(written, counters);
    const std::uint64_t axons = concurrent ? 2 : 1;
    return {axons * events * static_cast<unsigned>(feed.packetsPerEvent),
            operations, accesses};
  }

  /// What the value event adds under the weights that have come for the token's
  /// own key; returns the number of neurons.
  std::uint64_t meetWeights(TokenFrame at, std::int32_t neuron,
                            std::int64_t payload) {
    std::int64_t *to = accumulators(at);
    const std::int32_t firstHead = neuron / headWidth * dendrite.queryPerKey;
    std::uint64_t readers = 0;
    for (std::int32_t head = firstHead; head < firstHead + dendrite.queryPerKey;
         ++head) {
      const std::int64_t target =
          std::int64_t(head) * headWidth + neuron % headWidth;
      const LocalRange range = shape.range(target, target + 1);
      if (range.size() == 0)
        continue;
      to[range.begin] += payload * ownWeights[head];
      ++readers;
    }
    return readers;
  }

  Work takeWeights(const Feed &feed, Counters &counters) {
    keysPerHead = feed.sourceGroupWidth;
    waitingAt = feed.at;
    std::uint64_t events = 0, operations = 0, hidden = 0, own = 0, written = 0;
    std::uint64_t accesses = 0;
    forEachEvent(feed, [&](const SpikeClass &event, std::int32_t neuron) {
      ++events;
      const std::int32_t head = neuron / keysPerHead;
      const std::int32_t key = neuron % keysPerHead;
      const bool sums = concurrent && key == feed.at.position;
      own += sums;
      const LocalRange range = neuronsOf(head);
      if (range.size() == 0)
        return;
      if (concurrent)
        waiting.push_back({neuron, event.payload});
      else
        readRow(key, range, event.payload, feed.at);
      operations += range.size();
      accesses += storedRow(static_cast<std::uint64_t>(range.size())) +
                  (sums ? storedUpdate() : 0);
      hidden += event.hidesMultiply ? range.size() : 0;
      written += sums && shape.contains(std::int64_t(head) * headWidth);
    });
    countReads(feed, Counter::SopAttention, operations, hidden, counters);
    countWrites(written, counters);
    return {(events + own) * static_cast<unsigned>(feed.packetsPerEvent),
            operations, accesses};
  }

  /// Run by run of words that lie side by side: one run for a whole head unless
  /// the tile cuts heads in an unusual way.
  void readRow(std::int32_t key, LocalRange range, std::int32_t payload,
               TokenFrame at) {
    const std::int32_t *from = row(key);
    std::int64_t *to = accumulators(at);
    for (std::int32_t k = range.begin; k < range.end;) {
      const auto i = static_cast<std::size_t>(k);
      const std::int32_t end = std::min(runEnd[i], range.end);
      addScaled(from + reads[i], static_cast<std::size_t>(end - k), payload,
                to + k);
      k = end;
    }
  }

  std::int32_t headWidth, rowLength = 0, keysPerHead = 1;
  bool concurrent;
  std::vector<std::int32_t> wordOf; ///< word of a value neuron, -1: not needed
  std::vector<std::int32_t> reads;  ///< word that each neuron of the tile reads
  std::vector<std::int32_t> runEnd; ///< first neuron after k's run of words
  std::vector<std::int32_t> words;  ///< [position][word]
  DriverSums ownWeights;            ///< of the token's own key, by head
  TokenFrame waitingAt;
  std::vector<WaitingEvent> waiting;
};

} // namespace

std::unique_ptr<DendriteUnit> makeMixDendrite(const Program &program,
                                              const Tile &tile,
                                              const Dendrite &dendrite) {
  return std::make_unique<MixDendrite>(program, tile, dendrite);
}

} // namespace synfire
