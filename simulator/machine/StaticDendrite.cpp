//===- StaticDendrite.cpp - rows of weights -------------------------------===//
#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/RowKernels.h"

#include <iterator>

namespace synfire {
namespace {

/// Columns of a memory row are padded to a whole number of these.
constexpr std::size_t rowAlignment = 16;

/// The tile's columns of a weight block, one element a weight; 4-bit weights
/// are unpacked. A tile that spans several groups still is one run of columns
/// per group, so a row is the concatenation of those runs.
template <typename Weight> class StaticDendrite final : public DendriteUnit {
public:
  StaticDendrite(const Program &compiled, const Tile &tile,
                 const Dendrite &synapses)
      : DendriteUnit(compiled, tile, synapses),
        columns(static_cast<std::size_t>(shape.neurons())),
        stride((columns + rowAlignment - 1) / rowAlignment * rowAlignment),
        sum(stride) {
    const WeightBlock &block =
        program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
    bits = block.bits;
    rowWords = memoryWords(columns, block.bits);
    memory.resize(static_cast<std::size_t>(block.rows) * stride);
    for (std::int64_t row = 0; row < block.rows; ++row)
      for (std::int32_t j = 0; j < shape.neurons(); ++j)
        memory[static_cast<std::size_t>(row) * stride +
               static_cast<std::size_t>(j)] =
            static_cast<Weight>(weightAt(program.weights, dendrite.weights, row,
                                         shape.neuron(j)));
  }

  Work accept(const Feed &feed, Counters &counters) override {
    const StepEvents &events = *feed.events;
    if (events.digital)
      return acceptNumbers(feed, counters);
    at = feed.at;
    classes = events.classes;
    opened.resize(events.classCount());
    std::uint64_t spikes = 0, hidden = 0;
    for (std::size_t c = 0; c < events.classCount(); ++c) {
      const auto first = events.neurons.begin() + events.begin[c];
      const auto last = events.neurons.begin() + events.begin[c + 1];
      const std::size_t before = opened[c].size();
      if (feed.whole)
        opened[c].insert(opened[c].end(), first, last);
      else
        std::copy_if(first, last, std::back_inserter(opened[c]),
                     [&](std::int32_t n) { return feed.hears(n); });
      const std::uint64_t count = opened[c].size() - before;
      spikes += count;
      hidden += classes[c].hidesMultiply ? count : 0;
    }
    counters[Counter::SopLinear] += spikes * columns;
    counters[Counter::HiddenMultiply] += hidden * columns;
    return readRows(spikes, feed, counters);
  }

  void endStep() override {
    for (std::size_t pair = 0; pair + 1 < opened.size(); pair += 2)
      addPair(opened[pair], opened[pair + 1], classes[pair].payload);
    for (std::vector<std::int32_t> &rows : opened)
      rows.clear();
  }

private:
  using Sum = typename RowSum<Weight>::Type;

  /// Numbers share no payload that rows could be summed under.
  Work acceptNumbers(const Feed &feed, Counters &counters) {
    numberRows.clear();
    numbers.clear();
    forEachEvent(feed, [&](const SpikeClass &number, std::int32_t neuron) {
      numberRows.push_back(neuron);
      numbers.push_back(number.payload);
    });
    addScaledRows(memory.data(), stride, numberRows.data(), numbers.data(),
                  numbers.size(), columns, accumulators(feed.at));
    counters[Counter::DigitalMac] += numbers.size() * columns;
    return readRows(numbers.size(), feed, counters);
  }

  Work readRows(std::uint64_t rows, const Feed &feed,
                Counters &counters) const {
    const std::uint64_t operations = rows * columns;
    counters[Counter::WeightRead] += operations;
    counters[Counter::WeightReadBits] += operations * bits;
    return {rows * static_cast<unsigned>(feed.packetsPerEvent), operations,
            rows * rowWords};
  }

  void addPair(const std::vector<std::int32_t> &plus,
               const std::vector<std::int32_t> &minus, std::int32_t payload) {
    std::size_t p = 0, m = 0;
    while (p < plus.size() || m < minus.size()) {
      const std::size_t add =
          std::min(plus.size() - p, RowSum<Weight>::mostRows);
      const std::size_t subtract =
          std::min(minus.size() - m, RowSum<Weight>::mostRows - add);
      addRows(memory.data(), stride, plus.data() + p, add, columns, sum.data());
      subtractRows(memory.data(), stride, minus.data() + m, subtract, columns,
                   sum.data());
      flush(sum.data(), columns, payload, accumulators(at));
      p += add;
      m += subtract;
    }
  }

  std::size_t columns, stride;
  std::uint64_t bits = 0, rowWords = 0;
  std::vector<Weight> memory;
  std::vector<Sum> sum;
  TokenFrame at;
  const SpikeClass *classes = nullptr;
  std::vector<std::vector<std::int32_t>> opened; ///< rows of this step by class
  std::vector<std::int32_t> numberRows, numbers; ///< of the feed at hand
};

} // namespace

std::unique_ptr<DendriteUnit> makeStaticDendrite(const Program &program,
                                                 const Tile &tile,
                                                 const Dendrite &dendrite) {
  const int bits =
      program.weights.blocks[static_cast<std::size_t>(dendrite.weights)].bits;
  if (bits <= 8)
    return std::make_unique<StaticDendrite<std::int8_t>>(program, tile,
                                                         dendrite);
  if (bits == 16)
    return std::make_unique<StaticDendrite<std::int16_t>>(program, tile,
                                                          dendrite);
  return std::make_unique<StaticDendrite<std::int32_t>>(program, tile,
                                                        dendrite);
}

} // namespace synfire
