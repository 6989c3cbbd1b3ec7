//===- ElementDendrites.cpp - Embed, Identity, Sum, Rotary, Hadamard ------===//
#include "simulator/machine/DendriteUnit.h"

namespace synfire {
namespace {

class EmbedDendrite final : public DendriteUnit {
public:
  using DendriteUnit::DendriteUnit;

  Work accept(const Feed &, Counters &) override { return {}; }

  Work enterToken(int token, TokenFrame at, Counters &counters) override {
    if (at.frame > 0 && !dendrite.everyFrame)
      return {};
    std::int64_t *to = accumulators(at);
    for (std::int32_t j = 0; j < shape.neurons(); ++j)
      to[j] +=
          weightAt(program.weights, dendrite.weights, token, shape.neuron(j));
    const auto operations = static_cast<std::uint64_t>(shape.neurons());
    const WeightBlock &block =
        program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
    counters[Counter::SopLinear] += operations;
    counters[Counter::WeightRead] += operations;
    counters[Counter::WeightReadBits] += operations * block.bits;
    return {1, operations, memoryWords(operations, block.bits)};
  }
};

/// Each spike opens a row of one synapse of weight one: Identity to the neuron
/// of the same number, Sum to the neuron that stands for its group.
class UnitWeightDendrite final : public DendriteUnit {
public:
  using DendriteUnit::DendriteUnit;

  Work accept(const Feed &feed, Counters &counters) override {
    std::int64_t *to = accumulators(feed.at);
    const bool sums = dendrite.kind == DendriteKind::Sum;
    std::uint64_t spikes = 0, operations = 0, hidden = 0;
    forEachEvent(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::int32_t target =
          sums ? neuron / feed.sourceGroupWidth : neuron;
      const LocalRange range = shape.range(target, std::int64_t(target) + 1);
      if (range.size() == 0)
        return;
      to[range.begin] += spike.payload;
      ++operations;
      hidden += spike.hidesMultiply;
    });
    counters[operationsOf(feed, Counter::SopOther)] += operations;
    counters[Counter::HiddenMultiply] += hidden;
    return {spikes * feed.packetsPerEvent, operations};
  }
};

/// Each spike opens a row of two synapses, the coefficients of its pair at the
/// token's position.
class RotaryDendrite final : public DendriteUnit {
public:
  using DendriteUnit::DendriteUnit;

  Work accept(const Feed &feed, Counters &counters) override {
    std::int64_t *to = accumulators(feed.at);
    const std::int32_t half = dendrite.headWidth / 2;
    const WeightBlock &block =
        program.weights.blocks[static_cast<std::size_t>(dendrite.weights)];
    std::uint64_t spikes = 0, operations = 0, hidden = 0, words = 0;
    forEachEvent(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::uint64_t before = operations;
      const std::int32_t inHead = neuron % dendrite.headWidth;
      const bool upper = inHead >= half;
      const std::int32_t pair = upper ? inHead - half : inHead;
      const std::int32_t partner = upper ? neuron - half : neuron + half;
      auto add = [&](std::int32_t target, std::int64_t column, int sign) {
        const LocalRange range = shape.range(target, std::int64_t(target) + 1);
        if (range.size() == 0)
          return;
        to[range.begin] += std::int64_t(sign) * spike.payload *
                           weightAt(program.weights, dendrite.weights,
                                    feed.at.position, column);
        ++operations;
        hidden += spike.hidesMultiply;
      };
      add(neuron, pair, 1);
      add(partner, half + pair, upper ? -1 : 1);
      words += memoryWords(operations - before, block.bits);
    });
    counters[operationsOf(feed, Counter::SopOther)] += operations;
    counters[Counter::HiddenMultiply] += hidden;
    counters[Counter::WeightRead] += operations;
    counters[Counter::WeightReadBits] += operations * block.bits;
    return {spikes * feed.packetsPerEvent, operations, words};
  }
};

/// Each spike opens a row of synapses of weight one to its block, whose signs
/// follow from the two indices: nothing is read but the accumulators.
class HadamardDendrite final : public DendriteUnit {
public:
  using DendriteUnit::DendriteUnit;

  Work accept(const Feed &feed, Counters &counters) override {
    std::int64_t *to = accumulators(feed.at);
    const std::int32_t block = dendrite.headWidth;
    std::uint64_t spikes = 0, operations = 0, hidden = 0;
    forEachEvent(feed, [&](const SpikeClass &spike, std::int32_t neuron) {
      ++spikes;
      const std::int32_t source = neuron % block, first = neuron - source;
      const LocalRange range = shape.range(first, std::int64_t(first) + block);
      for (std::int32_t local = range.begin; local < range.end; ++local) {
        const auto common =
            static_cast<unsigned>(source & (shape.neuron(local) - first));
        to[local] += __builtin_parity(common) ? -spike.payload : spike.payload;
      }
      const auto targets = static_cast<std::uint64_t>(range.size());
      operations += targets;
      hidden += spike.hidesMultiply ? targets : 0;
    });
    counters[operationsOf(feed, Counter::SopOther)] += operations;
    counters[Counter::HiddenMultiply] += hidden;
    return {spikes * feed.packetsPerEvent, operations};
  }
};

} // namespace

std::unique_ptr<DendriteUnit> makeElementDendrite(const Program &program,
                                                  const Tile &tile,
                                                  const Dendrite &dendrite) {
  if (dendrite.kind == DendriteKind::Embed)
    return std::make_unique<EmbedDendrite>(program, tile, dendrite);
  if (dendrite.kind == DendriteKind::Rotary)
    return std::make_unique<RotaryDendrite>(program, tile, dendrite);
  if (dendrite.kind == DendriteKind::Hadamard)
    return std::make_unique<HadamardDendrite>(program, tile, dendrite);
  return std::make_unique<UnitWeightDendrite>(program, tile, dendrite);
}

} // namespace synfire
