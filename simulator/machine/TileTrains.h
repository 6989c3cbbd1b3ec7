//===- TileTrains.h - the trains that one tile fires ------------*- C++ -*-===//
//
// The firing half of a tile: the units of its neurons, their state over the
// frames of a token, and the events of the current step. The membranes come
// from TileUnit.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TILETRAINS_H
#define SYNFIRE_SIMULATOR_MACHINE_TILETRAINS_H

#include "runtime/program/Run.h"
#include "simulator/machine/SpikeTrain.h"
#include "simulator/machine/TileShape.h"

#include <cstdint>
#include <vector>

namespace synfire {

class TileTrains {
public:
  /// `unit` outlives the trains; `framesKept`: see FrameCodes.
  TileTrains(const Stage &stage, const TileShape &shape, const FiringUnit &unit,
             int framesKept);
  TileTrains(const TileTrains &) = delete;
  TileTrains &operator=(const TileTrains &) = delete;

  /// Begins a frame. `membranes` are those of the frame; those of all frames
  /// one behind another at frame 0 of a unit that rehearses.
  void startFrame(TokenFrame at, const ActiveNeurons &neurons,
                  const std::int32_t *membranes, Counters &counters);
  /// Fires the events of one step of the frame; none once it has had its steps.
  void fire(int step, Counters &counters);
  const StepEvents &events() const { return fired; }

  /// Sum of neuronKey x word over the frame's events; of the membranes, for an
  /// Output.
  std::uint64_t frameDigest() const { return digest; }
  /// Sum of neuronKey x value.
  std::uint64_t digestOf(const ActiveNeurons &neurons,
                         const std::int32_t *values) const;
  const std::vector<std::uint64_t> &spikesByStep() const { return stepSpikes; }

private:
  void startNeurons(const std::int32_t *membranes);
  void rehearseNeurons(const std::int32_t *membranes);
  void startNumbers(const std::int32_t *membranes);
  std::int64_t codeOf(std::int32_t membrane) const;
  template <typename Current> void fireNeurons(int trainStep, Current current);
  void fireBits(int step);
  void fireNumbers();
  void keep(std::size_t neuron, int ofClass) {
    firedNeuron[firedCount] = static_cast<std::int32_t>(neuron);
    firedClass[firedCount++] = ofClass;
  }
  void clearEvents();
  void sortFired();
  void count(int step, Counters &counters);

  const FiringUnit &unit;
  bool accumulated;
  std::vector<std::int32_t> numbers; ///< of each neuron in the stage
  std::vector<std::uint64_t> keys;   ///< neuronKey of each neuron

  int frame = 0;
  ActiveNeurons active;
  std::vector<NeuronState> states;
  std::vector<std::int32_t> before; ///< membranes of the frame before
  std::vector<std::int64_t> rise;   ///< what the frame added to the membrane
  std::vector<std::int64_t> codes;  ///< delivered with the frame
  std::vector<std::int64_t> parts;  ///< what of it the frame delivers

  StepEvents fired;
  FrameCodes sums;
  std::vector<SpikeClass> numberClasses;
  std::vector<std::int32_t> firedClass, firedNeuron; ///< before sorting
  std::size_t firedCount = 0;
  std::uint64_t digest = 0;
  std::vector<std::uint64_t> stepSpikes;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TILETRAINS_H
