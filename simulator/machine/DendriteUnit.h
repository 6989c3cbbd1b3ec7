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

class SynapseMemory;

/// What a spike batch costs its receiver, in units that the timing prices.
struct Work {
  std::uint64_t entries = 0;    ///< input axon table entries, hence rows opened
  std::uint64_t operations = 0; ///< synaptic operations
  /// Words of the synapse memory read and written, for one packet an event.
  std::uint64_t words = 0;

  Work &operator+=(const Work &other) {
    entries += other.entries;
    operations += other.operations;
    words += other.words;
    return *this;
  }
};

/// The counter of the operations that a feed's events cause: `spikes` unless
/// they are numbers.
inline Counter operationsOf(const Feed &feed, Counter spikes) {
  return feed.events->digital ? Counter::DigitalMac : spikes;
}

class DendriteUnit {
public:
  DendriteUnit(const Program &compiled, const Tile &tile,
               const Dendrite &synapses);
  virtual ~DendriteUnit();
  DendriteUnit(const DendriteUnit &) = delete;
  DendriteUnit &operator=(const DendriteUnit &) = delete;

  /// Takes the events of one step from one source tile. What the arithmetic of
  /// a step orders (program.md, P3) may wait for endStep, all of it for settle.
  virtual Work accept(const Feed &feed, Counters &counters) = 0;
  virtual void endStep() {}
  /// The token itself enters (Embed only).
  virtual Work enterToken(int token, TokenFrame at, Counters &counters);

  /// The accumulators after the frame (program.md, P10). Asked for once a
  /// frame, in order: the frame's own events are added to those before it.
  const std::int64_t *collect(TokenFrame at);
  /// Frees the frame's slot: accumulators and the words stored for it.
  virtual void clear(TokenFrame at);
  /// Adds what the frame's events add up to in another part of the same
  /// dendrite's inputs, and frees the part's slot. Before collect.
  void takeSums(TokenFrame at, DendriteUnit &part);

protected:
  /// Adds what accept() has put off for the frame to its accumulators.
  virtual void settle(TokenFrame) {}
  /// What the frame's own events add up to.
  std::int64_t *accumulators(TokenFrame at) {
    return values.data() + slot(at) * static_cast<std::size_t>(shape.neurons());
  }
  std::size_t slot(TokenFrame at) const {
    return static_cast<std::size_t>(
        (std::int64_t(at.position) * program.frames + at.frame) % slots);
  }
  bool streams() const { return program.frames > 1; }
  /// Operations that read one stored word each.
  void countReads(const Feed &feed, Counter spikes, std::uint64_t operations,
                  std::uint64_t hidden, Counters &counters) const;
  void countWrites(std::uint64_t words, Counters &counters) const;
  /// Memory words that hold so many elements side by side.
  std::uint64_t memoryWords(std::uint64_t elements, int bits) const {
    return (elements * static_cast<unsigned>(bits) + memoryWordBits - 1) /
           memoryWordBits;
  }
  std::uint64_t storedRow(std::uint64_t elements) const {
    return memoryWords(elements, dendrite.storedBits);
  }
  /// A stored element is read, added to and written back.
  std::uint64_t storedUpdate() const { return 2 * storedRow(1); }

  const Program &program;
  const Dendrite &dendrite;
  TileShape shape;
  int slots;
  std::uint64_t memoryWordBits;
  std::vector<std::int64_t> values; ///< [slot][neuron of the tile]
  std::vector<std::int64_t> totals; ///< over the frames of a token; by neuron
};

/// The unit of the dendrite's kind; `memory` outlives it.
std::unique_ptr<DendriteUnit> makeDendriteUnit(const Program &program,
                                               const Tile &tile,
                                               const Dendrite &dendrite,
                                               SynapseMemory &memory);

std::unique_ptr<DendriteUnit> makeStaticDendrite(const Program &program,
                                                 const Tile &tile,
                                                 const Dendrite &dendrite,
                                                 SynapseMemory &memory);
/// Embed, Identity, Sum, Rotary, Hadamard.
std::unique_ptr<DendriteUnit> makeElementDendrite(const Program &program,
                                                  const Tile &tile,
                                                  const Dendrite &dendrite);
std::unique_ptr<DendriteUnit> makeProductDendrite(const Program &program,
                                                  const Tile &tile,
                                                  const Dendrite &dendrite);
std::unique_ptr<DendriteUnit> makeScoresDendrite(const Program &program,
                                                 const Tile &tile,
                                                 const Dendrite &dendrite);
std::unique_ptr<DendriteUnit> makeMixDendrite(const Program &program,
                                              const Tile &tile,
                                              const Dendrite &dendrite);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_DENDRITEUNIT_H
