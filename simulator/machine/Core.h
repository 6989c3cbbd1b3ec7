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

#include "simulator/machine/CoreBound.h"
#include "simulator/machine/CoreClock.h"
#include "simulator/machine/Fanout.h"
#include "simulator/machine/PartialSums.h"

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
  std::uint64_t sumsDelay = 0; ///< of its core, as in CoreStep
};

class Core;
/// What one core may send to another in a window.
struct Inbound {
  const Core *source = nullptr;
  std::size_t group = 0; ///< of the source's fan-out
  const Outgoing *content = nullptr;
};

/// Cycles of one step on one core, from the start of the step.
struct CoreStep {
  std::uint64_t updated = 0; ///< all neurons
  std::uint64_t sent = 0;    ///< updated and all spikes sent
  Departures departures;     ///< of all its packets, if it has any
  std::uint64_t firstArrival = 0;
  std::uint64_t received = 0; ///< last burst processed
  std::uint64_t finish = 0;   ///< and everything sent
  std::uint64_t busy = 0;     ///< of the busier side, without waiting
  std::uint64_t packetsSent = 0, packetsReceived = 0;
  std::uint64_t operations = 0; ///< as the counters have them
  /// By which the output side begins later than over an empty network, for
  /// sums of split inputs that take this way.
  std::uint64_t sumsDelay = 0;
  const Way *sumsWay = nullptr;
  /// Largest part of `sent`, without that.
  StepCause outputCause = StepCause::NeuronUpdate;
  CoreBound bound;
  /// Of the input side: the stage with the most cycles, and those.
  StepCause inputCause = StepCause::AxonLookup;
  std::uint64_t inputCycles = 0;
  /// Of the burst that was done last: its core, and how much later than over
  /// an empty network its last packet came.
  int lastSource = -1;
  std::uint64_t lastDelay = 0;
};

/// A step of the run.
struct StepNumber {
  int ofWindow = 0;
  std::uint64_t ofRun = 0;
};

class alignas(64) Core {
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
  /// Sums of split inputs that leave before the first step's packets, and those
  /// that come and are added up before maxima are joined.
  void sendSums(std::uint64_t packets) { sumsSent = packets; }
  void receiveSums(const IncomingSums &incomingSums) { sums = incomingSums; }
  /// The last of them is there.
  std::uint64_t sumsArrival() const { return sums.arrival; }
  /// In the first step, whose own packets have kept the last of the sums so
  /// long: all that the output side does is later. Before the step is closed.
  void waitForSums(std::uint64_t cycles);
  /// What this core sends to whom in the window; after prepare().
  const std::vector<OutgoingGroup> &groups() const { return fanout.groups(); }
  /// `jointMaxima`: by stage, of its groups.
  void fire(StepNumber step,
            const std::vector<std::vector<std::int32_t>> &jointMaxima);
  /// Whether anything happens on this core at the start of the step.
  bool firesAt(int step) const { return step == 0 || step < lastStep; }

  /// Of the last fire(), ascending sets of destinations.
  const std::vector<OutgoingBurst> &bursts() const { return sent; }

  /// Opens the rows that the bursts of the step address; bursts of one source
  /// count as one. `inbound`: ascending sources.
  void receive(StepNumber step, const std::vector<Inbound> &inbound);
  /// The cycles of the input side. `arrivals`: one for each source that has
  /// sent something, ascending sources.
  void timeArrivals(const std::vector<BurstArrival> &arrivals);

  /// The links to a core that hears one of this core's tiles.
  const std::vector<LinkOnWay> &linksTo(int core) const {
    return fanout.linksTo(core);
  }
  /// Cycles apart at which the core takes in the packets that it has from
  /// `source` in the last receive(); 0 without any.
  std::uint32_t paceFrom(int source) const;

  /// Of the last step in which the core has fired or received. The bound is
  /// complete when the arrivals have been timed.
  const CoreStep &step() const { return current; }
  /// Cycles and packets so far; counters, tables and demand are not filled in.
  CoreRun totals() const;

private:
  /// A burst that comes in, or several of one source.
  struct Incoming {
    const Outgoing *content = nullptr;
    int sourceCore = 0;
    std::uint64_t packets = 0;
    Departures departures; ///< as if sums had come over an empty network
    InputCycles cycles;
  };
  struct FiringTile {
    std::size_t number; ///< of the fan-out
    TileUnit *unit;
  };

  void enterStep(std::uint64_t number);
  void addStep(CoreRun &sum) const;
  void send(const FiringTile &tile, OutputClock &output);
  /// Before the updates of a step, in cycles.
  struct Before {
    std::uint64_t entered = 0, setup = 0;
    std::uint64_t sums = 0, sumsWork = 0; ///< of them, adding up
    std::uint64_t sumsSent = 0;           ///< beside the others
    std::uint64_t maxima = 0;
    std::uint64_t end() const { return entered + setup + sums + maxima; }
  };
  void closeOutput(const OutputClock &output, const Before &before);
  InputWork process(const Outgoing &content);
  const InputCycles &cyclesOfBurst(const Incoming &burst);

  int self;
  CoreTiming timing;
  const Tiles &allTiles;
  Fanout fanout;
  std::vector<TileUnit *> ownTiles;

  std::vector<FiringTile> firingTiles;
  int lastStep = 0;
  InputCycles entering; ///< of the token itself, in the first step
  std::uint64_t enteringOperations = 0;
  std::uint64_t setupCycles = 0, exchangeWait = 0;
  std::uint64_t sumsSent = 0;
  IncomingSums sums;

  std::vector<OutgoingBurst> sent, burstOfGroup;
  std::vector<Incoming> incoming; ///< in the step at hand
  std::vector<unsigned> order;    ///< in which they arrive
  std::vector<TileUnit *> touched;
  InputWork lastWork;
  InputCycles lastCycles; ///< of lastWork
  InputClock input;
  std::uint64_t stepNumber = 0; ///< of the run, of `current`
  CoreStep current;
  CoreRun total; ///< of the steps before
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_CORE_H
