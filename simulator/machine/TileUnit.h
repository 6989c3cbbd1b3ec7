//===- TileUnit.h - one tile of a stage, executed ---------------*- C++ -*-===//
//
// The neurons of one tile: their dendrites, membranes and firing state. A
// window in which the stage fires runs computeMembranes, then (with the joint
// maxima of groups that several tiles share) startTrain, then fire for each
// step.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TILEUNIT_H
#define SYNFIRE_SIMULATOR_MACHINE_TILEUNIT_H

#include "simulator/machine/DendriteUnit.h"
#include "simulator/machine/SpikeTrain.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

class TileUnit {
public:
  /// `unit` is shared by all tiles of the stage and outlives them.
  TileUnit(const Program &program, const Tile &tile, const FiringUnit &unit);

  const Tile &tile() const { return where; }
  const Stage &stage() const { return population; }
  const TileShape &shape() const { return extent; }
  const FiringUnit &unit() const { return firing; }
  Counters &counters() { return counted; }
  const Counters &counters() const { return counted; }
  /// Active neurons, summed over the tokens so far.
  std::uint64_t values() const { return activeTotal; }
  const std::vector<std::uint64_t> &spikesByStep() const { return stepSpikes; }

  /// Embed dendrites take the token in.
  Work enterToken(int token, int position);
  Work accept(int dendrite, const Feed &feed);
  void endStep();

  /// Accumulators of the token to membranes; frees its slot. Returns the number
  /// of digital multiplies.
  std::uint64_t computeMembranes(int position);
  /// Largest membrane of each of the tile's groups over its active columns;
  /// lowest() where none is active.
  static constexpr std::int32_t lowest() { return INT32_MIN; }
  const std::vector<std::int32_t> &groupMaxima() const { return maxima; }
  /// `jointMaxima`: by group of the stage; read only if the stage subtracts
  /// them. Latches the units, reads the look-up tables.
  void startTrain(const std::int32_t *jointMaxima);
  /// Fires the events of one step; none once the unit has run its steps.
  void fire(int step);
  const StepEvents &events() const { return fired; }

  std::int32_t activeNeurons() const { return activeColumns * extent.groups(); }
  /// Membranes of this token: groups x columns, of which `activeColumns` count.
  const std::vector<std::int32_t> &membranes() const { return membrane; }
  std::int32_t activeColumnCount() const { return activeColumns; }

  /// Sum of neuronKey x word over this token's train (or logits), and of
  /// neuronKey x membrane.
  std::uint64_t trainDigest() const { return digest; }
  std::uint64_t membraneDigest() const;

private:
  void integrate(const DendriteUnit &unit, const Dendrite &dendrite,
                 int position);
  template <typename Visit> void forEachActive(Visit &&visit) const;
  void fireNeurons(int step);
  void fireLookups(int step);
  void sortFired();

  Tile where;
  const Stage &population;
  TileShape extent;
  const FiringUnit &firing;
  std::vector<std::unique_ptr<DendriteUnit>> dendrites;
  std::vector<std::int32_t> numbers; ///< of each neuron in the stage
  std::vector<std::uint64_t> keys;   ///< neuronKey of each neuron
  std::vector<std::int64_t> sums;    ///< before saturation
  std::vector<std::int32_t> membrane, maxima, codes;
  std::vector<NeuronState> states;
  std::int32_t activeColumns = 0;
  std::uint64_t compareSteps = 0; ///< comparisons of the running maximum
  StepEvents fired;
  std::vector<std::int32_t> firedClass, firedNeuron; ///< before sorting
  std::uint64_t digest = 0, activeTotal = 0;
  std::vector<std::uint64_t> stepSpikes;
  Counters counted;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TILEUNIT_H
