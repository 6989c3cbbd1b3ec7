//===- TileUnit.h - one tile of a stage, executed ---------------*- C++ -*-===//
//
// The neurons of one tile: their dendrites, membranes and trains. A window in
// which the stage fires runs prepare, then (with the joint maxima of groups
// that several tiles share) startFrame, then fire for each step.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TILEUNIT_H
#define SYNFIRE_SIMULATOR_MACHINE_TILEUNIT_H

#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/TileTrains.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

/// What happens in a tile before the first step of a window, in units that the
/// timing prices.
struct Setup {
  Work entering; ///< of the token itself
  std::uint64_t multiplies = 0, lookups = 0;
  std::uint64_t updates = 0; ///< neuron x step of rehearsals
};

class TileUnit {
public:
  /// `unit` is shared by all tiles of the stage, `memory` by all tiles; both
  /// outlive them.
  TileUnit(const Program &program, const Tile &tile, const FiringUnit &unit,
           SynapseMemory &memory);

  const Tile &tile() const { return where; }
  const Stage &stage() const { return population; }
  const TileShape &shape() const { return extent; }
  const FiringUnit &unit() const { return firing; }
  Counters &counters() { return counted; }
  const Counters &counters() const { return counted; }
  /// Active neurons, summed over the tokens so far.
  std::uint64_t values() const { return activeTotal; }
  const std::vector<std::uint64_t> &spikesByStep() const {
    return trains.spikesByStep();
  }

  Work accept(int dendrite, const Feed &feed);
  void endStep();

  /// Adds the frame's sums of a tile that holds another part of this one's
  /// inputs (P15), for all frames at the first if the unit rehearses. Before
  /// prepare. Returns the number of sums.
  std::uint64_t takeSums(TokenFrame at, TileUnit &part);

  /// Takes the token in (Embed) and turns the frame's accumulators into
  /// membranes; frees its slot. A unit that rehearses does so for all frames of
  /// the token at its first, an Output for its last alone.
  Setup prepare(int token, TokenFrame at);
  /// Frames whose membranes the last prepare has computed.
  int preparedFrames() const { return prepared; }

  /// Largest membrane over the active columns: [prepared frame][group of the
  /// tile]; lowest() where none is active.
  static constexpr std::int32_t lowest() { return INT32_MIN; }
  const std::vector<std::int32_t> &groupMaxima() const { return maxima; }
  /// `jointMaxima`: [prepared frame][group of the stage]; read only if the
  /// stage subtracts them. Latches the units, reads the look-up tables.
  void startFrame(const std::int32_t *jointMaxima);

  /// Fires the events of one step; none once the frame has had its steps.
  void fire(int step) { trains.fire(step, counted); }
  const StepEvents &events() const { return trains.events(); }

  std::uint64_t activeNeurons() const { return active.count(); }
  std::int32_t activeColumnCount() const { return active.columns; }
  /// Membranes of this frame: groups x columns, of which the active ones count.
  const std::int32_t *membranes() const;

  /// Sum of neuronKey x word over what this frame fires (or its logits), and of
  /// neuronKey x membrane.
  std::uint64_t frameDigest() const { return trains.frameDigest(); }
  std::uint64_t membraneDigest() const {
    return trains.digestOf(active, membranes());
  }

private:
  Work enterToken(int token, TokenFrame at);
  std::uint64_t computeMembranes(TokenFrame at, int row);
  void integrate(DendriteUnit &unit, const Dendrite &dendrite, TokenFrame at);
  std::int32_t *membraneRow(int row) {
    return membrane.data() + static_cast<std::size_t>(row) * sums.size();
  }

  Tile where;
  const Stage &population;
  TileShape extent;
  const FiringUnit &firing;
  /// In a tile without neurons (P15), Static ones alone; the rest are null.
  std::vector<std::unique_ptr<DendriteUnit>> dendrites;
  TileTrains trains;
  std::vector<std::int32_t> numbers; ///< of each neuron in the stage
  std::vector<std::int64_t> sums;    ///< before saturation
  /// [frame][neuron] where the unit rehearses, else those of the frame at hand.
  std::vector<std::int32_t> membrane;
  std::vector<std::int32_t> maxima;
  std::uint64_t comparisons = 0; ///< of the running maximum, a neuron and frame

  TokenFrame now;
  int prepared = 0;
  ActiveNeurons active;
  std::uint64_t activeTotal = 0;
  Counters counted;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TILEUNIT_H
