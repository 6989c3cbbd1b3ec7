//===- Wiring.h - axons and synapse memory of all cores ---------*- C++ -*-===//
//
// What a network becomes on the cores of a chip. A spike travels as one packet
// to every core on which it has synapses and opens rows of that core's memory:
// rows of dense blocks, one byte a synapse, and sparse rows, three bytes a
// synapse (target neuron of 16 bits, weight of 8). The neurons of a slice share
// the list of their dense axons; sparse axons are listed neuron by neuron.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_WIRING_H
#define SYNFIRE_SIMULATOR_SPIKING_WIRING_H

#include "runtime/program/Connectivity.h"
#include "runtime/program/Routing.h"
#include "simulator/spiking/NeuronPlacement.h"
#include "simulator/spiking/SpikingNetwork.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

constexpr int sparseSynapseBytes = 3;
constexpr int denseSynapseBytes = 1;

/// Every packet of one slice to one core.
struct AxonBundle {
  std::uint32_t slice = 0;       ///< source
  std::uint32_t destination = 0; ///< index into NeuronPlacement::cores
  std::uint32_t firstEvent = 0;  ///< place of its events on the source core
  /// What one spike opens over dense axons, all zero without one.
  std::uint32_t denseRows = 0, denseOperations = 0, denseWords = 0;
  Route route;
};

/// Where the chip copies packets on their way: all neurons of a slice that go
/// to the same destination cores.
struct AxonTree {
  std::uint32_t slice = 0;
  std::uint32_t firstBranch = 0, branches = 0; ///< in Wiring::branches
  Route route; ///< every link of the routes to them once
};

/// A run of synapses in CoreMemory::sparse: at three bytes each, first all
/// targets (local neurons, low byte first), then all weights. All targets lie
/// in one slice.
struct SparseRow {
  std::uint32_t begin = 0; ///< in synapses
  std::uint32_t synapses = 0;
};

/// One neuron to one core: opens a sparse row there.
struct SparseAxon {
  std::uint32_t bundle = 0; ///< index into Wiring::bundles; with or without
                            ///< ownPacket
  SparseRow row;
};
/// Set in SparseAxon::bundle if no other axon of the neuron goes to that core.
constexpr std::uint32_t ownPacket = std::uint32_t(1) << 31;

/// All neurons of a population onto consecutive neurons of the core.
struct DenseBlock {
  int population = 0; ///< source; its neurons are the rows
  int slice = 0;      ///< target
  std::int32_t firstLocal = 0, columns = 0;
  std::size_t offset = 0; ///< into Wiring::dense
};

struct CoreMemory {
  std::vector<DenseBlock> blocks; ///< in the order of the connections
  std::vector<std::uint8_t> sparse;
  std::uint32_t sparseRows = 0;
};

struct CoreAxons {
  std::uint32_t firstBundle = 0, bundles = 0; ///< by (destination, slice)
  std::uint32_t events = 0;                   ///< places for sparse events
  /// Axons of local neuron n: axonBegin[n] to axonBegin[n + 1]; both empty
  /// without sparse axons.
  std::vector<std::uint32_t> axonBegin;
  std::vector<SparseAxon> axons;
  // Only where the chip copies packets.
  std::uint32_t firstTree = 0, trees = 0; ///< by slice
  /// Of local neurons: a number of Wiring::trees, or noTree without synapses.
  std::vector<std::uint32_t> treeOfNeuron;
};
constexpr std::uint32_t noTree = UINT32_MAX;

struct Wiring {
  std::vector<CoreAxons> axons;   ///< by index of NeuronPlacement::cores
  std::vector<CoreMemory> memory; ///< likewise
  std::vector<std::int8_t> dense; ///< weights of all blocks
  /// Likewise; an accumulator for each neuron.
  std::vector<TileDemand> demands;
  std::vector<AxonBundle> bundles; ///< by (source core, destination, slice)
  /// Bundles that every spike of a slice takes, ascending destinations.
  std::vector<std::vector<std::uint32_t>> denseBundles;
  std::vector<AxonTree> trees; ///< by (source core, slice)
  /// Bundles to the destinations of a tree, ascending.
  std::vector<std::uint32_t> branches;
  std::uint64_t sparseSynapses = 0;

  std::uint64_t denseSynapses() const { return dense.size(); }
};

/// Errors: a formula without value, a target or weight out of range, a core
/// that cannot hold its rows, synapses or axons.
Result<Wiring> wire(const SpikingNetwork &network,
                    const NeuronPlacement &placement, const ChipModel &chip,
                    const Routing &routing);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_WIRING_H
