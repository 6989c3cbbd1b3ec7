//===- StaticDendrite.cpp - rows of weights -------------------------------===//
#include "simulator/machine/CodeProduct.h"
#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/RowKernels.h"
#include "simulator/machine/SynapseMemory.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace synfire {
namespace {

/// Columns [local, local + count) of a tile, which lie side by side in the
/// block from column `inBlock` on.
struct Run {
  std::int64_t inBlock = 0;
  std::size_t local = 0, count = 0;
};

/// Weights are little-endian in the file, as on every host.
template <typename Weight>
void copyRow(const std::uint8_t *row, int bits, const Run &run, Weight *to) {
  if constexpr (sizeof(Weight) == 1)
    if (bits == 4) {
      for (std::size_t j = 0; j < run.count; ++j) {
        const auto column = static_cast<std::size_t>(run.inBlock) + j;
        const unsigned nibble = row[column / 2] >> (column % 2 * 4) & 15u;
        to[j] = static_cast<Weight>(static_cast<int>(nibble ^ 8u) - 8);
      }
      return;
    }
  std::memcpy(to, row + static_cast<std::size_t>(run.inBlock) * sizeof(Weight),
              run.count * sizeof(Weight));
}

/// What a dendrite needs while it settles: one for each thread, not for each of
/// many thousands of dendrites.
RowCodes &workspace() {
  thread_local RowCodes own;
  return own;
}

/// The tile's columns of a weight block, one element a weight; 4-bit weights
/// are unpacked. Panel p holds the columns [p x panelColumns, ...) of all rows.
///
/// Events are counted as they come. Rows are read when the accumulators are
/// asked for, once for all events of a frame, with the sums of their payloads
/// that their sources keep (FrameCodes.h): the order changes no sum
/// (program.md, P3).
template <typename Weight> class StaticDendrite final : public DendriteUnit {
public:
  StaticDendrite(const Program &compiled, const Tile &tile,
                 const Dendrite &synapses, SynapseMemory &store)
      : DendriteUnit(compiled, tile, synapses),
        columns(static_cast<std::size_t>(shape.neurons())) {
    const WeightBlock &block =
        program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
    bits = static_cast<std::uint64_t>(block.bits);
    rowWords = memoryWords(columns, block.bits);
    const NeuronBlock heard =
        requiredInputs(program, tile, dendrite, Operand::Driver);
    const Stage &driver =
        program.stages[static_cast<std::size_t>(dendrite.driver)];
    firstRow = heard.groupBegin * driver.groupWidth + heard.columnBegin;
    rows = static_cast<std::size_t>((heard.groupEnd - 1) * driver.groupWidth +
                                    heard.columnEnd - firstRow);
    memory = reinterpret_cast<Weight *>(
        store.allocate(rows * columns * sizeof(Weight)));
    copyRows(block);
  }

  Work accept(const Feed &feed, Counters &counters) override {
    listenTo(feed);
    const StepEvents &events = *feed.events;
    if (events.digital)
      return acceptNumbers(feed, counters);
    std::uint64_t spikes = 0, hidden = 0;
    for (std::size_t c = 0; c < events.classCount(); ++c) {
      const std::uint64_t count = countHeard(feed, c);
      spikes += count;
      hidden += events.classes[c].hidesMultiply ? count : 0;
    }
    counters[Counter::SopLinear] += spikes * columns;
    counters[Counter::HiddenMultiply] += hidden * columns;
    return readRows(spikes, feed, counters);
  }

private:
  using Sum = typename RowSum<Weight>::Type;
  /// A tile that events have come from, and those of its neurons that are
  /// heard.
  struct Source {
    std::int64_t first; ///< neuron of the block, for the order
    const FrameCodes *sums;
    NeuronBlock block;
  };
  static constexpr std::size_t panelColumns = panelBytes / sizeof(Weight);

  void copyRows(const WeightBlock &block) {
    std::vector<Run> runs; // by panel and by group of the stage
    for (std::size_t j = 0; j < columns;) {
      const auto column = static_cast<std::size_t>(shape.columns());
      const std::size_t end =
          std::min({columns, (j / panelColumns + 1) * panelColumns,
                    (j / column + 1) * column});
      runs.push_back({shape.neuron(static_cast<std::int32_t>(j)), j, end - j});
      j = end;
    }
    const std::uint8_t *from =
        program.weights.data(dendrite.weights) +
        static_cast<std::size_t>(firstRow) * block.rowBytes();
    for (std::size_t row = 0; row < rows; ++row)
      for (const Run &run : runs) {
        const std::size_t panel = run.local / panelColumns;
        copyRow(from + row * block.rowBytes(), block.bits, run,
                panelAt(panel) + row * panelWidth(panel) +
                    run.local % panelColumns);
      }
  }

  std::size_t panels() const {
    return (columns + panelColumns - 1) / panelColumns;
  }
  std::size_t panelWidth(std::size_t panel) const {
    return std::min(panelColumns, columns - panel * panelColumns);
  }
  Weight *panelAt(std::size_t panel) const {
    return memory + panel * panelColumns * rows;
  }

  void listenTo(const Feed &feed) {
    const std::int64_t first =
        std::int64_t(feed.block.groupBegin) * feed.sourceGroupWidth +
        feed.block.columnBegin;
    const auto place =
        std::lower_bound(sources.begin(), sources.end(), first,
                         [](const Source &source, std::int64_t key) {
                           return source.first < key;
                         });
    if (place == sources.end() || place->first != first)
      sources.insert(place, {first, feed.events->sums, feed.block});
  }

  static std::uint64_t countHeard(const Feed &feed, std::size_t ofClass) {
    const StepEvents &events = *feed.events;
    const auto first = events.neurons.begin() + events.begin[ofClass],
               last = events.neurons.begin() + events.begin[ofClass + 1];
    return static_cast<std::uint64_t>(
        feed.whole ? last - first
                   : std::count_if(first, last, [&](std::int32_t neuron) {
                       return feed.hears(neuron);
                     }));
  }

  Work acceptNumbers(const Feed &feed, Counters &counters) {
    std::uint64_t count = 0;
    forEachEvent(feed, [&](const SpikeClass &, std::int32_t) { ++count; });
    counters[Counter::DigitalMac] += count * columns;
    return readRows(count, feed, counters);
  }

  Work readRows(std::uint64_t opened, const Feed &feed,
                Counters &counters) const {
    const std::uint64_t operations = opened * columns;
    counters[Counter::WeightRead] += operations;
    counters[Counter::WeightReadBits] += operations * bits;
    return {opened * static_cast<unsigned>(feed.packetsPerEvent), operations,
            opened * rowWords};
  }

  void settle(TokenFrame at) override {
    RowCodes &taken = workspace();
    taken.clear();
    for (const Source &source : sources)
      take(source, at, taken);
    if (taken.empty())
      return;
    taken.close(sizeof(Weight) == 1);
    for (std::size_t panel = 0; panel < panels(); ++panel) {
      std::int64_t *to = accumulators(at) + panel * panelColumns;
      if (taken.sharesMagnitude())
        addSums(taken, panel, to);
      else
        taken.addProducts(panelAt(panel), panelWidth(panel), panelWidth(panel),
                          to);
    }
  }

  void take(const Source &source, TokenFrame at, RowCodes &taken) const {
    const std::int64_t *codes = source.sums->codesOf(at);
    if (!codes)
      return;
    const TileShape &tile = source.sums->shape();
    const NeuronBlock &block = source.block;
    for (int g = block.groupBegin; g < block.groupEnd; ++g)
      taken.add(g * tile.groupWidth + block.columnBegin - firstRow,
                codes + std::ptrdiff_t(g - tile.groupBegin) * tile.columns() +
                    (block.columnBegin - tile.columnBegin),
                static_cast<std::size_t>(block.columnEnd - block.columnBegin));
  }

  /// Rows of one magnitude are added up before they are multiplied by it.
  void addSums(const RowCodes &taken, std::size_t panel, std::int64_t *to) {
    const std::vector<std::int32_t> &plus = taken.plusRows();
    const std::vector<std::int32_t> &minus = taken.minusRows();
    const std::size_t width = panelWidth(panel);
    Sum sum[panelColumns] = {};
    std::size_t p = 0, m = 0;
    while (p < plus.size() || m < minus.size()) {
      const std::size_t add =
          std::min(plus.size() - p, RowSum<Weight>::mostRows);
      const std::size_t subtract =
          std::min(minus.size() - m, RowSum<Weight>::mostRows - add);
      addRows(panelAt(panel), width, plus.data() + p, add, width, sum);
      subtractRows(panelAt(panel), width, minus.data() + m, subtract, width,
                   sum);
      flush(sum, width, taken.magnitude(), to);
      p += add;
      m += subtract;
    }
  }

  std::size_t columns, rows = 0; ///< those that the tile hears
  std::int32_t firstRow = 0;     ///< of the block
  std::uint64_t bits = 0, rowWords = 0;
  Weight *memory = nullptr;    ///< of the machine's SynapseMemory
  std::vector<Source> sources; ///< ascending
};

} // namespace

std::unique_ptr<DendriteUnit> makeStaticDendrite(const Program &program,
                                                 const Tile &tile,
                                                 const Dendrite &dendrite,
                                                 SynapseMemory &memory) {
  const int bits =
      program.weights.blocks[static_cast<std::size_t>(dendrite.weights)].bits;
  if (bits <= 8)
    return std::make_unique<StaticDendrite<std::int8_t>>(program, tile,
                                                         dendrite, memory);
  if (bits == 16)
    return std::make_unique<StaticDendrite<std::int16_t>>(program, tile,
                                                          dendrite, memory);
  return std::make_unique<StaticDendrite<std::int32_t>>(program, tile, dendrite,
                                                        memory);
}

} // namespace synfire
