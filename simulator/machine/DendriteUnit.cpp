//===- DendriteUnit.cpp - one dendrite of one tile ------------------------===//
#include "simulator/machine/DendriteUnit.h"

#include <functional>

namespace synfire {

DendriteUnit::DendriteUnit(const Program &compiled, const Tile &tile,
                           const Dendrite &synapses)
    : program(compiled), dendrite(synapses),
      shape(tile, program.stages[static_cast<std::size_t>(tile.stage)]),
      slots(
          program.mapping.schedule.slots[static_cast<std::size_t>(tile.stage)]),
      memoryWordBits(static_cast<std::uint64_t>(
          program.mapping.chip.timing.synapseWordBits)),
      values(static_cast<std::size_t>(slots) *
             static_cast<std::size_t>(shape.neurons())),
      totals(streams() ? static_cast<std::size_t>(shape.neurons()) : 0) {}

DendriteUnit::~DendriteUnit() = default;

Work DendriteUnit::enterToken(int, TokenFrame, Counters &) { return {}; }

const std::int64_t *DendriteUnit::collect(TokenFrame at) {
  settle(at);
  const std::int64_t *own = accumulators(at);
  if (!streams())
    return own;
  if (at.frame == 0)
    std::copy_n(own, totals.size(), totals.begin());
  else
    std::transform(totals.begin(), totals.end(), own, totals.begin(),
                   std::plus<std::int64_t>());
  return totals.data();
}

void DendriteUnit::clear(TokenFrame at) {
  std::fill_n(accumulators(at), shape.neurons(), 0);
}

void DendriteUnit::takeSums(TokenFrame at, DendriteUnit &part) {
  part.collect(at);
  std::int64_t *own = accumulators(at);
  std::transform(own, own + shape.neurons(), part.accumulators(at), own,
                 std::plus<std::int64_t>());
  part.clear(at);
}

void DendriteUnit::countReads(const Feed &feed, Counter spikes,
                              std::uint64_t operations, std::uint64_t hidden,
                              Counters &counters) const {
  counters[operationsOf(feed, spikes)] += operations;
  counters[Counter::HiddenMultiply] += hidden;
  counters[Counter::StoredRead] += operations;
  counters[Counter::StoredReadBits] += operations * dendrite.storedBits;
}

void DendriteUnit::countWrites(std::uint64_t words, Counters &counters) const {
  counters[Counter::StoredWrite] += words;
  counters[Counter::StoredWriteBits] += words * dendrite.storedBits;
}

std::unique_ptr<DendriteUnit> makeDendriteUnit(const Program &program,
                                               const Tile &tile,
                                               const Dendrite &dendrite,
                                               SynapseMemory &memory) {
  switch (dendrite.kind) {
  case DendriteKind::Static:
    return makeStaticDendrite(program, tile, dendrite, memory);
  case DendriteKind::Embed:
  case DendriteKind::Identity:
  case DendriteKind::Sum:
  case DendriteKind::Rotary:
  case DendriteKind::Hadamard:
    return makeElementDendrite(program, tile, dendrite);
  case DendriteKind::Product:
    return makeProductDendrite(program, tile, dendrite);
  case DendriteKind::Scores:
    return makeScoresDendrite(program, tile, dendrite);
  case DendriteKind::Mix:
    return makeMixDendrite(program, tile, dendrite);
  }
  return nullptr;
}

} // namespace synfire
