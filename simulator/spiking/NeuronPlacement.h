//===- NeuronPlacement.h - which core holds which neurons -------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_NEURONPLACEMENT_H
#define SYNFIRE_SIMULATOR_SPIKING_NEURONPLACEMENT_H

#include "hw-models/ChipModel.h"
#include "simulator/spiking/SpikingNetwork.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// Consecutive neurons of one population on one core.
struct NeuronSlice {
  int population = 0;
  std::int32_t first = 0, neurons = 0;
  int core = 0;                ///< index into NeuronPlacement::cores
  std::int32_t firstLocal = 0; ///< number of neuron `first` on its core
};

struct PlacedCore {
  int core = 0; ///< as the chip counts
  int firstSlice = 0, slices = 0;
  std::int32_t neurons = 0;
};

struct NeuronPlacement {
  int chipsX = 1, chipsY = 1;      ///< smallest system that was large enough
  std::vector<PlacedCore> cores;   ///< ascending
  std::vector<NeuronSlice> slices; ///< by core, on one as they were placed
  /// Slices of every population, ascending neurons.
  std::vector<std::vector<int>> slicesOfPopulation;

  const NeuronSlice &sliceOf(int population, std::int32_t neuron) const;
};

/// Follows the network's placements; cores that do not work are passed over.
/// Errors: a neuron without place or with two, a core that is no core or holds
/// too many neurons, more cores than the largest system has.
Result<NeuronPlacement> placeNeurons(const SpikingNetwork &network,
                                     const ChipModel &chip);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_NEURONPLACEMENT_H
