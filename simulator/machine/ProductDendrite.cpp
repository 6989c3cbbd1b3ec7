//===- ProductDendrite.cpp - products of two trains -----------------------===//
#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/TwoSided.h"

namespace synfire {
namespace {

/// One side of the product as this tile sees it: a running sum (the stored
/// word) for each operand neuron that one of the tile's neurons multiplies.
class RunningSums {
public:
  RunningSums(const TileShape &shape, std::int64_t operandWidth,
              std::int64_t stageWidth, int slots)
      : broadcast(stageWidth / operandWidth) {
    for (std::int32_t k = 0; k < shape.neurons(); ++k)
      index.push_back(shape.neuron(k) / broadcast);
    first = index.front();
    count = index.back() - first + 1;
    for (std::int64_t &i : index)
      i -= first;
    words.resize(static_cast<std::size_t>(slots) *
                 static_cast<std::size_t>(count));
  }

  /// The tile's neurons that the operand's neuron multiplies.
  LocalRange readers(const TileShape &shape, std::int32_t neuron) const {
    return shape.range(neuron * broadcast, (neuron + 1) * broadcast);
  }
  /// Whether the word is counted at this tile and not at another that keeps a
  /// copy.
  bool counts(const TileShape &shape, std::int32_t neuron) const {
    return shape.contains(neuron * broadcast);
  }
  std::int64_t &word(std::size_t slot, std::int32_t neuron) {
    return words[slot * static_cast<std::size_t>(count) +
                 static_cast<std::size_t>(neuron - first)];
  }
  std::int64_t read(std::size_t slot, std::int32_t local) const {
    return words[slot * static_cast<std::size_t>(count) +
                 static_cast<std::size_t>(
                     index[static_cast<std::size_t>(local)])];
  }
  void clear(std::size_t slot) {
    std::fill_n(words.begin() + static_cast<std::ptrdiff_t>(
                                    slot * static_cast<std::size_t>(count)),
                count, 0);
  }

private:
  std::int64_t broadcast, first = 0, count = 0;
  std::vector<std::int64_t> index; ///< of the word of each neuron of the tile
  std::vector<std::int64_t> words; ///< [slot][word]
};

/// Stored: Y writes, X reads one window later. Concurrent: the two-term sum
/// O(t) = SA(t-1) B(t) + A(t) SB(t), where A is the driver's and B the stored
/// operand's train. B's events read SA at once, before any event of A's in this
/// step has been added to it; A's wait until SB(t) is complete. Where a token
/// streams, its sums stay over its frames, and only one token streams at a
/// time.
class ProductDendrite final : public DendriteUnit {
public:
  ProductDendrite(const Program &compiled, const Tile &tile,
                  const Dendrite &synapses)
      : DendriteUnit(compiled, tile, synapses),
        driver(shape, widthOf(program, dendrite.driver),
               widthOf(program, tile.stage), streams() ? 1 : slots),
        stored(shape, widthOf(program, dendrite.stored),
               widthOf(program, tile.stage), streams() ? 1 : slots),
        concurrent(dendrite.form == ProductForm::Concurrent) {}

  Work accept(const Feed &feed, Counters &counters) override {
    const bool isDriver = feed.operand == Operand::Driver;
    const bool reads = isDriver || concurrent;
    const bool writes = !isDriver || concurrent;
    const RunningSums &own = isDriver ? driver : stored;
    if (streams() && feed.at.position != streaming) {
      streaming = feed.at.position;
      clearSums(0);
    }
    std::uint64_t spikes = 0, operations = 0, hidden = 0, written = 0;
    std::uint64_t accesses = 0;
    forEachEvent(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const LocalRange range = own.readers(shape, neuron);
      if (range.size() == 0)
        return;
      if (reads) {
        operations += range.size();
        accesses += storedRow(static_cast<std::uint64_t>(range.size()));
        hidden += spike.hidesMultiply ? range.size() : 0;
      }
      written += writes && own.counts(shape, neuron);
      accesses += writes ? storedUpdate() : 0;
      if (isDriver && concurrent)
        waiting.push_back({neuron, spike.payload});
      else if (isDriver)
        multiply(feed.at, range, spike.payload, stored);
      else
        writeStored(feed.at, neuron, range, spike.payload);
    });
    // In prefill the two operands of one step may belong to different tokens.
    if (isDriver)
      waitingAt = feed.at;
    countReads(feed, Counter::SopOther, operations, hidden, counters);
    countWrites(written, counters);
    const std::uint64_t axons = reads && writes ? 2 : 1;
    return {axons * spikes * feed.packetsPerEvent, operations, accesses};
  }

  void endStep() override {
    for (const WaitingEvent &spike : waiting) {
      multiply(waitingAt, driver.readers(shape, spike.neuron), spike.payload,
               stored);
      driver.word(sumSlot(waitingAt), spike.neuron) += spike.payload;
    }
    waiting.clear();
  }

  void clear(TokenFrame at) override {
    DendriteUnit::clear(at);
    if (!streams())
      clearSums(slot(at));
  }

private:
  static std::int64_t widthOf(const Program &program, int stage) {
    return program.stages[static_cast<std::size_t>(stage)].width();
  }

  std::size_t sumSlot(TokenFrame at) const { return streams() ? 0 : slot(at); }
  void clearSums(std::size_t slotOfSums) {
    driver.clear(slotOfSums);
    stored.clear(slotOfSums);
  }

  void multiply(TokenFrame at, LocalRange range, std::int64_t payload,
                const RunningSums &partner) {
    std::int64_t *to = accumulators(at);
    for (std::int32_t k = range.begin; k < range.end; ++k)
      to[k] += payload * partner.read(sumSlot(at), k);
  }

  void writeStored(TokenFrame at, std::int32_t neuron, LocalRange range,
                   std::int32_t payload) {
    if (concurrent)
      multiply(at, range, payload, driver);
    stored.word(sumSlot(at), neuron) += payload;
  }

  RunningSums driver, stored;
  bool concurrent;
  TokenFrame waitingAt;
  std::vector<WaitingEvent> waiting; ///< the driver's events of this step
  int streaming = -1;                ///< position whose frames the sums hold
};

} // namespace

std::unique_ptr<DendriteUnit> makeProductDendrite(const Program &program,
                                                  const Tile &tile,
                                                  const Dendrite &dendrite) {
  return std::make_unique<ProductDendrite>(program, tile, dendrite);
}

} // namespace synfire
