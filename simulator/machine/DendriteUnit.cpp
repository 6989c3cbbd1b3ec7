//===- DendriteUnit.cpp - one dendrite of one tile ------------------------===//
#include "simulator/machine/DendriteUnit.h"

namespace synfire {

DendriteUnit::DendriteUnit(const Program &compiled, const Tile &tile,
                           const Dendrite &synapses)
    : program(compiled), dendrite(synapses),
      shape(tile, program.stages[static_cast<std::size_t>(tile.stage)]),
      slots(
          program.mapping.schedule.slots[static_cast<std::size_t>(tile.stage)]),
      values(static_cast<std::size_t>(slots) *
             static_cast<std::size_t>(shape.neurons())) {}

DendriteUnit::~DendriteUnit() = default;

Work DendriteUnit::enterToken(int, int, Counters &) { return {}; }

void DendriteUnit::clear(int position) {
  std::fill_n(accumulators(position), shape.neurons(), 0);
}

std::unique_ptr<DendriteUnit> makeDendriteUnit(const Program &program,
                                               const Tile &tile,
                                               const Dendrite &dendrite) {
  switch (dendrite.kind) {
  case DendriteKind::Static:
    return makeStaticDendrite(program, tile, dendrite);
  case DendriteKind::Embed:
  case DendriteKind::Identity:
  case DendriteKind::Sum:
  case DendriteKind::Rotary:
    return makeElementDendrite(program, tile, dendrite);
  case DendriteKind::Product:
    return makeProductDendrite(program, tile, dendrite);
  case DendriteKind::Scores:
  case DendriteKind::Mix:
    return makeAttentionDendrite(program, tile, dendrite);
  }
  return nullptr;
}

} // namespace synfire
