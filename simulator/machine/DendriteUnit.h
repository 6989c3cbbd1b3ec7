//===- DendriteUnit.h - one dendrite of one tile ----------------*- C++ -*-===//
//
// The synapse memory and accumulators that a tile keeps for one dendrite of its
// stage. Spikes open rows of that memory: static rows hold weights, dynamic
// rows hold what other spikes wrote. Every event is counted here, where it
// happens.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_DENDRITEUNIT_H
#define SYNFIRE_SIMULATOR_MACHINE_DENDRITEUNIT_H

#include "runtime/program/Run.h"
#include "simulator/machine/SpikeTrain.h"
#include "simulator/machine/TileShape.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

/// What a spike batch costs its receiver, in units that the timing prices.
struct Work {
  std::uint64_t entries = 0;    ///< input axon table entries, hence rows opened
  std::uint64_t operations = 0; ///< synaptic operations
};

class DendriteUnit {
public:
  DendriteUnit(const Program &compiled, const Tile &tile,
               const Dendrite &synapses);
  virtual ~DendriteUnit();
  DendriteUnit(const DendriteUnit &) = delete;
  DendriteUnit &operator=(const DendriteUnit &) = delete;

  /// Takes the events of one step from one source tile. What the arithmetic of
  /// a step orders (program.md, P3) may wait for endStep.
  virtual Work accept(const Feed &feed, Counters &counters) = 0;
  virtual void endStep() {}
  /// The token itself enters (Embed only).
  virtual Work enterToken(int token, int position, Counters &counters);

  const std::int64_t *accumulators(int position) const {
    return values.data() + slotOffset(position);
  }
  /// Frees the token's slot: accumulators and the words stored for it.
  virtual void clear(int position);

protected:
  std::int64_t *accumulators(int position) {
    return values.data() + slotOffset(position);
  }
  std::size_t slot(int position) const {
    return static_cast<std::size_t>(position % slots);
  }
  std::size_t slotOffset(int position) const {
    return slot(position) * static_cast<std::size_t>(shape.neurons());
  }

  const Program &program;
  const Dendrite &dendrite;
  TileShape shape;
  int slots;
  std::vector<std::int64_t> values; ///< [slot][neuron of the tile]
};

/// The unit of the dendrite's kind.
std::unique_ptr<DendriteUnit> makeDendriteUnit(const Program &program,
                                               const Tile &tile,
                                               const Dendrite &dendrite);

std::unique_ptr<DendriteUnit> makeStaticDendrite(const Program &program,
                                                 const Tile &tile,
                                                 const Dendrite &dendrite);
/// Embed, Identity, Sum, Rotary.
std::unique_ptr<DendriteUnit> makeElementDendrite(const Program &program,
                                                  const Tile &tile,
                                                  const Dendrite &dendrite);
std::unique_ptr<DendriteUnit> makeProductDendrite(const Program &program,
                                                  const Tile &tile,
                                                  const Dendrite &dendrite);
/// Scores and Mix.
std::unique_ptr<DendriteUnit> makeAttentionDendrite(const Program &program,
                                                    const Tile &tile,
                                                    const Dendrite &dendrite);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_DENDRITEUNIT_H
