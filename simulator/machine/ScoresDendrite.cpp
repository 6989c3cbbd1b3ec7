//===- ScoresDendrite.cpp - the key cache ---------------------------------===//
#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/RowKernels.h"
#include "simulator/machine/TwoSided.h"

namespace synfire {
namespace {

/// Key rows: for every input dimension of every key head, one word per key
/// position among the tile's columns. A key event writes one word; a query
/// event reads the row up to its own position. Where query and key of a token
/// stream together, the token's own column is a two-sided product: a key event
/// first reads what the queries of the heads that share it have summed so far.
class ScoresDendrite final : public DendriteUnit {
public:
  ScoresDendrite(const Program &compiled, const Tile &tile,
                 const Dendrite &synapses)
      : DendriteUnit(compiled, tile, synapses), headWidth(dendrite.headWidth),
        firstKeyHead(tile.groupBegin / dendrite.queryPerKey),
        keyHeads((tile.groupEnd - 1) / dendrite.queryPerKey - firstKeyHead + 1),
        concurrent(dendrite.form == ProductForm::Concurrent),
        words(static_cast<std::size_t>(keyHeads) *
              static_cast<std::size_t>(headWidth) *
              static_cast<std::size_t>(shape.columns())) {
    if (concurrent)
      queries.resize(static_cast<std::size_t>(shape.groups()) *
                     static_cast<std::size_t>(headWidth));
    presetPrefix();
  }

  Work accept(const Feed &feed, Counters &counters) override {
    if (concurrent)
      queries.follow(feed.at.position);
    return feed.operand == Operand::Stored ? takeKeys(feed, counters)
                                           : takeQueries(feed, counters);
  }

  void endStep() override {
    for (const WaitingEvent &event : waiting) {
      read(waitingAt, event.neuron, event.payload);
      if (holdsColumn(waitingAt.position))
        querySum(event.neuron / headWidth, event.neuron % headWidth) +=
            event.payload;
    }
    waiting.clear();
  }

private:
  /// P14: columns of the prefix hold constants from the start.
  void presetPrefix() {
    const int end = std::min(program.prefix, shape.columnEnd);
    for (int position = shape.columnBegin; position < end; ++position)
      for (std::int32_t head = firstKeyHead; head < firstKeyHead + keyHeads;
           ++head)
        for (std::int32_t i = 0; i < headWidth; ++i)
          row(head, i)[position - shape.columnBegin] =
              weightAt(program.weights, dendrite.prefixCodes, position,
                       std::int64_t(head) * headWidth + i);
  }

  std::int32_t *row(std::int32_t keyHead, std::int32_t dimension) {
    return words.data() +
           (static_cast<std::size_t>(keyHead - firstKeyHead) * headWidth +
            static_cast<std::size_t>(dimension)) *
               static_cast<std::size_t>(shape.columns());
  }
  std::int64_t &querySum(std::int32_t head, std::int32_t dimension) {
    return queries[std::int64_t(head - shape.groupBegin) * headWidth +
                   dimension];
  }
  bool holdsColumn(int position) const {
    return position >= shape.columnBegin && position < shape.columnEnd;
  }
  bool holdsHead(std::int32_t head) const {
    return head >= shape.groupBegin && head < shape.groupEnd;
  }

  Work takeKeys(const Feed &feed, Counters &counters) {
    const std::int32_t column = feed.at.position - shape.columnBegin;
    std::uint64_t events = 0, operations = 0, hidden = 0, written = 0;
    std::uint64_t accesses = 0;
    forEachEvent(feed, [&](const SpikeClass &event, std::int32_t neuron) {
      ++events;
      const std::int32_t keyHead = neuron / headWidth;
      if (keyHead < firstKeyHead || keyHead >= firstKeyHead + keyHeads ||
          !holdsColumn(feed.at.position))
        return;
      if (concurrent) {
        const std::uint64_t readers =
            meetQueries(feed.at, neuron, event.payload);
        operations += readers;
        accesses += readers * storedRow(1);
        hidden += event.hidesMultiply ? readers : 0;
      }
      accesses += storedUpdate();
      addWrapping(row(keyHead, neuron % headWidth)[column], event.payload);
      written += holdsHead(keyHead * dendrite.queryPerKey);
    });
    countReads(feed, Counter::SopAttention, operations, hidden, counters);
    countWrites(written, counters);
    const std::uint64_t axons = concurrent ? 2 : 1;
    return {axons * events * static_cast<unsigned>(feed.packetsPerEvent),
            operations, accesses};
  }

  /// The token's own scores gain what the key event adds to the queries that
  /// have come; returns the number of heads.
  std::uint64_t meetQueries(TokenFrame at, std::int32_t neuron,
                            std::int64_t payload) {
    std::int64_t *to = accumulators(at) + (at.position - shape.columnBegin);
    const std::int32_t firstHead = neuron / headWidth * dendrite.queryPerKey;
    std::uint64_t heads = 0;
    for (std::int32_t head = firstHead; head < firstHead + dendrite.queryPerKey;
         ++head) {
      if (!holdsHead(head))
        continue;
      to[std::int64_t(head - shape.groupBegin) * shape.columns()] +=
          payload * querySum(head, neuron % headWidth);
      ++heads;
    }
    return heads;
  }

  Work takeQueries(const Feed &feed, Counters &counters) {
    const bool sums = concurrent && holdsColumn(feed.at.position);
    std::uint64_t events = 0, reads = 0, hidden = 0;
    forEachEvent(feed, [&](const SpikeClass &event, std::int32_t neuron) {
      ++events;
      if (!holdsHead(neuron / headWidth))
        return;
      if (concurrent)
        waiting.push_back({neuron, event.payload});
      else
        read(feed.at, neuron, event.payload);
      ++reads;
      hidden += event.hidesMultiply;
    });
    waitingAt = feed.at;
    const auto length =
        static_cast<std::uint64_t>(visibleColumns(feed.at.position));
    countReads(feed, Counter::SopAttention, reads * length, hidden * length,
               counters);
    countWrites(sums ? reads : 0, counters);
    const std::uint64_t axons = sums ? 2 : 1;
    return {axons * events * static_cast<unsigned>(feed.packetsPerEvent),
            reads * length,
            reads * (storedRow(length) + (sums ? storedUpdate() : 0))};
  }

  std::int32_t visibleColumns(int position) const {
    return std::clamp(position + 1 - shape.columnBegin, 0, shape.columns());
  }

  void read(TokenFrame at, std::int32_t neuron, std::int32_t payload) {
    const std::int32_t head = neuron / headWidth;
    addScaled(row(head / dendrite.queryPerKey, neuron % headWidth),
              static_cast<std::size_t>(visibleColumns(at.position)), payload,
              accumulators(at) +
                  std::int64_t(head - shape.groupBegin) * shape.columns());
  }

  std::int32_t headWidth, firstKeyHead, keyHeads;
  bool concurrent;
  std::vector<std::int32_t> words; ///< [key head][dimension][column]
  DriverSums queries;              ///< [head][dimension]
  TokenFrame waitingAt;
  std::vector<WaitingEvent> waiting;
};

} // namespace

std::unique_ptr<DendriteUnit> makeScoresDendrite(const Program &program,
                                                 const Tile &tile,
                                                 const Dendrite &dendrite) {
  return std::make_unique<ScoresDendrite>(program, tile, dendrite);
}

} // namespace synfire
