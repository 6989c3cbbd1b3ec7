//===- Core.h - one neuron core ---------------------------------*- C++ -*-===//
//
// A core runs its tiles: it prepares a window, fires step by step, and takes in
// the bursts that reach it. It touches no state of another core except to read
// the events that tiles have fired, so cores of one phase may run in parallel.
// What a burst does to the tiles does not depend on when it arrives: receive()
// may run before the times are known, timeArrivals() needs both.
// Cycle formulas: CoreClock.h and docs/spec/machine.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_CORE_H
#define SYNFIRE_SIMULATOR_MACHINE_CORE_H

#include "simulator/machine/CoreClock.h"
#include "simulator/machine/Fanout.h"

#include <array>
#include <cstdint>
#include <vector>

namespace synfire {

/// The packets of one step for one set of destination cores.
struct OutgoingBurst {
  int sourceCore = 0;
  const OutgoingGroup *group = nullptr;
  std::uint64_t packets = 0;
  Departures departures;
};

/// What one core has sent to another in a step.
struct Incoming {
  const Outgoing *content = nullptr;
  int sourceCore = 0;
  std::uint64_t packets = 0;
  Departures departures;
};

/// When the packets of a burst reach one of its destinations.
struct BurstArrival {
  std::uint64_t first = 0, last = 0;
  std::uint64_t latency = 0; ///< of a packet over an empty network
};

/// A packet that a core has to wait for, even over an empty network.
struct AwaitedPacket {
  int sourceCore = -1;
  std::uint64_t departure = 0, latency = 0;
  std::uint64_t arrival() const { return departure + latency; }
};

/// A lower bound of a core's end of step.
struct CoreBound {
  std::uint64_t cycles = 0;
  StepCause cause = StepCause::NeuronUpdate;
  /// More than half of `cycles` pass until this packet has come: the cause is
  /// its source's or that of its way. No core: the cause is this core's.
  AwaitedPacket awaited;
};

/// Cycles of one step on one core, from the start of the step.
struct CoreStep {
  std::uint64_t membranes = 0; ///< ready to be updated
  std::uint64_t updated = 0;   ///< all neurons
  std::uint64_t sent = 0;      ///< updated and all spikes sent
  Departures departures;       ///< of all its packets, if it has any
  std::uint64_t firstArrival = 0;
  std::uint64_t received = 0; ///< last burst processed
  std::uint64_t finish = 0;   ///< and everything sent
  std::uint64_t busy = 0;     ///< of the busier side, without waiting
  std::uint64_t packetsSent = 0, packetsReceived = 0;
  std::uint64_t operations = 0; ///< as the counters have them
  StepCause outputCause = StepCause::NeuronUpdate; ///< largest part of `sent`
  CoreBound bound;
};

class Core {
public:
  using Tiles = Fanout::Tiles;

  Core(int number, const ChipModel &chip, const Routing &ways,
       const Tiles &all);
  void addTile(int tile, const std::vector<AxonDestination> &axons);

  int number() const { return self; }
  const std::vector<TileUnit *> &tiles() const { return ownTiles; }

  /// Membranes of the tiles that fire in this window, and whom they reach.
  void prepare(const WindowPlan &plan);
  /// The first step waits this long for maxima that other cores join.
  void waitForMaxima(std::uint64_t cycles) {
    exchangeWait = std::max(exchangeWait, cycles);
  }
  /// And before that for sums of split inputs.
  void waitForSums(std::uint64_t cycles) {
    sumsWait = std::max(sumsWait, cycles);
  }
  /// `jointMaxima`: by stage, of its groups.
  void fire(int step,
            const std::vector<std::vector<std::int32_t>> &jointMaxima);
  /// Whether anything happens on this core at the start of the step.
  bool firesAt(int step) const { return step == 0 || step < lastStep; }

  /// Of the last fire(), ascending sets of destinations.
  const std::vector<OutgoingBurst> &bursts() const { return sent; }

  /// A burst is under way. Those of one source come one behind another and
  /// count as one; returns its place.
  std::uint32_t expect(const Incoming &burst);
  /// Opens the rows that the expected bursts address.
  void receive();
  /// A burst of this place arrives. May run beside receive().
  void arrive(std::uint32_t place, const BurstArrival &arrival);
  /// The cycles of the input side, when everything has arrived.
  void timeArrivals();

  /// The bound is complete when everything has been received.
  const CoreStep &step() const { return current; }
  /// Adds this step to the core's totals and forgets it.
  void endStep();
  /// Cycles and packets so far; counters, tables and demand are not filled in.
  const CoreRun &totals() const { return total; }

private:
  struct FiringTile {
    std::size_t number; ///< of the fan-out
    TileUnit *unit;
  };

  void send(const FiringTile &tile, OutputClock &output);
  void closeOutput(const OutputClock &output, std::uint64_t entered,
                   std::uint64_t setup, std::uint64_t wait);
  InputWork process(const Outgoing &content);
  const InputCycles &cyclesOfBurst(const Incoming &burst);
  void noteQueue(const InputCycles &burst, std::uint64_t cycles);
  void offerBound(std::uint64_t cycles, StepCause cause,
                  const AwaitedPacket &awaited);

  int self;
  CoreTiming timing;
  const Tiles &allTiles;
  Fanout fanout;
  std::vector<TileUnit *> ownTiles;

  std::vector<FiringTile> firingTiles;
  int lastStep = 0;
  InputCycles entering; ///< of the token itself, in the first step
  std::uint64_t enteringOperations = 0;
  std::uint64_t setupCycles = 0, exchangeWait = 0, sumsWait = 0;

  std::vector<OutgoingBurst> sent, burstOfGroup;
  // By place: bursts of the step, what they ask of the core, when they arrive.
  std::vector<Incoming> incoming;
  std::vector<InputCycles> asked;
  std::vector<BurstArrival> arrivals;
  std::vector<unsigned> order; ///< of the arrivals
  std::vector<TileUnit *> touched;
  InputWork lastWork;
  InputCycles lastCycles; ///< of lastWork
  InputClock input;
  CoreStep current;
  CoreRun total;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_CORE_H
