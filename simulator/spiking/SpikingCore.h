//===- SpikingCore.h - neurons and synapses of one core ---------*- C++ -*-===//
//
// The work of one core in one step: fire() updates its neurons and hands their
// spikes to bundles, receive() opens the rows that the spikes of all cores
// address, finish() turns counts into cycles. The same phase of different cores
// may run at the same time, and what the network does beside receive().
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_SPIKINGCORE_H
#define SYNFIRE_SIMULATOR_SPIKING_SPIKINGCORE_H

#include "simulator/machine/CoreBound.h"
#include "simulator/machine/CoreClock.h"
#include "simulator/spiking/StepBursts.h"
#include "simulator/spiking/Wiring.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace synfire {

/// What the neurons of a slice did; sums over steps are of the same form.
struct SliceCounts {
  std::uint64_t updates = 0, spikes = 0;
  std::uint64_t delivered = 0; ///< packets that reach a core
  std::uint64_t packets = 0;   ///< sent, as the three below
  std::uint64_t hopsEastWest = 0, hopsNorthSouth = 0, chipCrossings = 0;
  std::uint64_t rows = 0; ///< opened for its neurons, as the two below
  std::uint64_t denseOperations = 0, sparseOperations = 0;

  std::uint64_t operations() const {
    return denseOperations + sparseOperations;
  }
  SliceCounts &operator+=(const SliceCounts &other);
};

/// What a slice has fired in the step at hand.
struct SliceStep {
  SliceCounts counts;
  std::uint32_t firstFired = 0, fired = 0; ///< in SpikingCore::firedNeurons()
  Departures departures;
  std::uint64_t spikeSum = 0; ///< of the row digest of its spikes
};

/// What it has received. Not beside SliceStep: the network's thread reads that
/// while cores receive, and would wait for every cache line they write.
struct SliceInput {
  SliceCounts counts;
  std::uint64_t accumulatorSum = 0; ///< of their row digest, if asked for
};

/// A bundle in the step at hand.
struct BundleStep {
  std::uint32_t packets = 0;
  std::uint32_t eventEnd = 0; ///< its events begin at AxonBundle::firstEvent
  /// Places of its packets among those of the slice.
  std::uint32_t firstPacket = 0, lastPacket = 0;
  std::uint32_t sparseOperations = 0, sparseWords = 0; ///< of its events
};

/// An AxonTree in the step at hand.
struct TreeStep {
  std::uint32_t packets = 0;
  std::uint32_t firstPacket = 0, lastPacket = 0; ///< as in BundleStep
};

/// The input side of a core whose step took longer than its bound.
struct InputContention {
  int source = -1; ///< core of the burst that was done last, as the chip counts
  /// How much later than over an empty network its last packet came.
  std::uint64_t delay = 0;
  /// The stage with the most cycles, and those.
  StepCause cause = StepCause::AxonLookup;
  std::uint64_t cycles = 0;
};

/// What all cores of a machine share.
struct SpikingState {
  std::vector<Population> populations;
  ChipModel chip;
  NeuronPlacement placement;
  Wiring wiring;
  std::vector<SliceStep> slices;   ///< by slice; written by its core
  std::vector<BundleStep> bundles; ///< by bundle; written by its source
  std::vector<TreeStep> trees;     ///< by tree; likewise
  /// By population: its neurons that fire, ascending; empty where no dense
  /// block asks for them.
  std::vector<std::vector<std::int32_t>> fired;
  std::vector<std::uint64_t> latency; ///< of a bundle, over an empty network
  /// By thread and destination core: bundles that open sparse rows there, from
  /// cores that the thread has fired.
  std::vector<std::vector<std::vector<std::uint32_t>>> opening;
};

class alignas(64) SpikingCore {
public:
  SpikingCore(SpikingState &state, std::size_t core);

  /// `thread`: an index of SpikingState::opening.
  void fire(std::uint64_t step, std::size_t thread);
  /// `cores`: all of the machine, in the order of the placement.
  void receive(const std::vector<SpikingCore> &cores, bool digest);
  /// Needs the arrivals of the step; may run beside receive().
  void finish(const StepBursts &bursts);

  /// Local neurons that fire, by slice.
  const std::vector<std::int32_t> &firedNeurons() const { return fired; }
  /// Of the core's slices, after receive().
  const std::vector<SliceInput> &inputs() const { return received; }
  /// Bundles with packets in the step, ascending.
  const std::vector<std::uint32_t> &sentBundles() const { return active; }
  /// Likewise trees, where the chip copies packets.
  const std::vector<std::uint32_t> &sentTrees() const { return activeTrees; }
  /// Largest number of links that a packet sent in the step takes, those of its
  /// tree where the chip copies packets.
  int mostHops() const { return mostHopsOfPacket; }
  /// Cycles from the start of the step to the end of all its work.
  std::uint64_t finished() const { return finishCycle; }
  /// Packets come from indices of NeuronPlacement::cores.
  const CoreBound &bound() const { return lowerBound; }
  /// After finish(), whose work it does once more.
  InputContention contention() const;
  int number() const { return placed.core; } ///< as the chip counts
  /// Larger part of the output side's cycles.
  StepCause outputCause() const;
  /// Over all steps: number, cycles, packets and the input queue.
  const CoreRun &totals() const { return total; }
  const std::vector<std::int32_t> &accumulators() const { return sums; }
  const std::vector<std::int32_t> &membranes() const { return membrane; }

private:
  struct Arrival {
    std::uint64_t last = 0;
    std::uint32_t source = 0; ///< index of NeuronPlacement::cores
    std::uint64_t latency = 0;
    Departures departures;
    InputWork work;
  };
  void emptyBundle(std::uint32_t bundle);
  void updateNeurons(std::size_t slice, std::uint64_t step);
  void send(std::size_t slice);
  void sendTrees(std::size_t slice);
  void countWay(std::uint32_t slice, std::uint64_t packets, const Route &route);
  void addDense();
  void addSparse(const std::vector<SpikingCore> &cores,
                 const std::vector<std::uint32_t> &opening);
  SliceCounts &countsOf(std::uint32_t local);
  void digestAccumulators();
  void gatherArrivals(const StepBursts &bursts);

  SpikingState *shared;
  std::size_t index; ///< of NeuronPlacement::cores
  const CoreMemory *memory;
  const CoreAxons *axons;
  PlacedCore placed;
  std::vector<std::int32_t> sums; ///< accumulators of the local neurons
  std::vector<std::int32_t> membrane;
  std::vector<std::uint8_t> waiting; ///< refractory steps left
  std::vector<std::uint8_t> flags;
  std::vector<std::int32_t> fired;
  std::vector<std::uint32_t> active, activeTrees;
  std::vector<SliceInput> received;
  std::vector<SparseRow> events; ///< rows to open, by bundle
  std::vector<std::int16_t> rowSum;
  std::vector<std::uint32_t> wordsOfRow; ///< by synapses of a sparse row
  OutputClock output;
  int mostHopsOfPacket = 0;
  // What finish() writes, perhaps while another thread receives.
  alignas(64) std::vector<Arrival> arrivals; ///< ascending sources
  /// (first cycle, place among them), ascending.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  std::uint64_t packetsArriving = 0;
  std::uint64_t finishCycle = 0;
  CoreBound lowerBound;
  CoreRun total;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_SPIKINGCORE_H
