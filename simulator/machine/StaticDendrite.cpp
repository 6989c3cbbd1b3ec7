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
    memory.resize(static_cast<std::size_t>(block.rows) * stride);
    for (std::int64_t row = 0; row < block.rows; ++row)
      for (std::int32_t j = 0; j < shape.neurons(); ++j)
        memory[static_cast<std::size_t>(row) * stride +
               static_cast<std::size_t>(j)] =
            static_cast<Weight>(weightAt(program.weights, dendrite.weights, row,
                                         shape.neuron(j)));
  }

  Work accept(const Feed &feed, Counters &counters) override {
    position = feed.position;
    const StepEvents &events = *feed.events;
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
    const std::uint64_t operations = spikes * columns;
    counters[Counter::SopLinear] += operations;
    counters[Counter::HiddenMultiply] += hidden * columns;
    counters[Counter::WeightRead] += operations;
    counters[Counter::WeightReadBits] += operations * bits;
    return {spikes * feed.packetsPerSpike, operations};
  }

  void endStep() override {
    for (std::size_t pair = 0; pair + 1 < opened.size(); pair += 2)
      addPair(opened[pair], opened[pair + 1], classes[pair].payload);
    for (std::vector<std::int32_t> &rows : opened)
      rows.clear();
  }

private:
  using Sum = typename RowSum<Weight>::Type;

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
      flush(sum.data(), columns, payload, accumulators(position));
      p += add;
      m += subtract;
    }
  }

  std::size_t columns, stride;
  std::uint64_t bits = 0;
  std::vector<Weight> memory;
  std::vector<Sum> sum;
  int position = 0;
  const SpikeClass *classes = nullptr;
  std::vector<std::vector<std::int32_t>> opened; ///< rows of this step by class
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
