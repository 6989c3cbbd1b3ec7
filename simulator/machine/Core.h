//===- Core.h - one neuron core ---------------------------------*- C++ -*-===//
//
// A core runs its tiles: it prepares a window, fires step by step, and takes in
// the bursts that reach it. It touches no state of another core except to read
// the events that tiles have fired, so cores of one phase may run in parallel.
// Cycle formulas: docs/spec/machine.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_CORE_H
#define SYNFIRE_SIMULATOR_MACHINE_CORE_H

#include "runtime/program/Routing.h"
#include "simulator/machine/AxonTables.h"
#include "simulator/machine/TileUnit.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

/// What fires in a window.
struct WindowPlan {
  std::vector<TokenFrame> at; ///< by stage, what it fires; position -1: silent
  std::vector<int> token;     ///< by stage, where it fires
  int steps = 0;
};

/// What one firing tile has for one destination core in this window.
struct OutgoingTile {
  struct Target {
    TileUnit *tile;
    const Listener *listener;
  };
  TileUnit *source = nullptr;
  TokenFrame at;
  std::vector<Target> targets;
  bool whole = false; ///< some target hears every neuron
};

/// Everything that a core sends to one destination core in this window.
struct Outgoing {
  int destination = 0;
  Route route;
  std::vector<OutgoingTile> tiles;
};

/// The packets of one step for one destination core.
struct OutgoingBurst {
  int sourceCore = 0;
  const Outgoing *content = nullptr;
  std::uint64_t packets = 0;
  std::uint64_t departure = 0; ///< cycle at which the last packet is sent
};

/// A burst that has come in.
struct Arrival {
  const Outgoing *content = nullptr;
  int sourceCore = 0;
  std::uint64_t cycle = 0;
};

/// Cycles of one step on one core, from the start of the step.
struct CoreStep {
  std::uint64_t sent = 0;   ///< neurons updated and all spikes sent
  std::uint64_t busy = 0;   ///< cycles of work, without waiting
  std::uint64_t finish = 0; ///< last burst processed
};

class Core {
public:
  using Tiles = std::vector<std::unique_ptr<TileUnit>>; ///< by mapping index

  Core(int number, const ChipModel &chip, const Routing &ways,
       const Tiles &all);
  void addTile(int tile, const std::vector<AxonDestination> &axons);

  int number() const { return self; }
  const std::vector<TileUnit *> &tiles() const { return ownTiles; }

  /// Membranes of the tiles that fire in this window, and whom they reach.
  void prepare(const WindowPlan &plan);
  /// Tiles that fire in this window.
  const std::vector<TileUnit *> &firing() const { return firingTiles; }
  /// The first step waits this long for maxima that other cores join.
  void waitForMaxima(std::uint64_t cycles) {
    exchangeWait = std::max(exchangeWait, cycles);
  }
  /// `jointMaxima`: by stage, of its groups.
  void fire(int step,
            const std::vector<std::vector<std::int32_t>> &jointMaxima);
  /// Whether anything happens on this core at the start of the step.
  bool firesAt(int step) const { return step == 0 || step < lastStep; }

  /// Of the last fire(), ascending destinations.
  const std::vector<OutgoingBurst> &bursts() const { return sent; }

  void arrive(const Arrival &arrival) { arrivals.push_back(arrival); }
  void receive();

  const CoreStep &step() const { return current; }
  /// Adds this step to the core's total and forgets it.
  void endStep();
  std::uint64_t busyCycles() const { return busyTotal; }

private:
  void planOutgoing(const WindowPlan &plan);
  std::uint64_t send(const Outgoing &outgoing);
  std::uint64_t process(const Outgoing &content);
  std::uint64_t workCycles(const Work &work) const;
  int packetsPerEvent(const TileUnit &tile) const;

  int self;
  CoreTiming timing;
  bool binarySpikes;
  const Routing &routing;
  const Tiles &allTiles;
  std::vector<TileUnit *> ownTiles;
  std::vector<const std::vector<AxonDestination> *> axonsOfTile;

  std::vector<TileUnit *> firingTiles;
  int lastStep = 0;
  std::uint64_t setupCycles = 0, exchangeWait = 0;
  std::vector<Outgoing> outgoing;

  std::vector<OutgoingBurst> sent;
  std::vector<Arrival> arrivals;
  std::vector<TileUnit *> touched;
  CoreStep current;
  std::uint64_t busyTotal = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_CORE_H
