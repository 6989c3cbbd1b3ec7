//===- Fanout.h - what a core sends to whom in a window ---------*- C++ -*-===//
//
// Planned once a window from the axon tables; a step only counts events.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_FANOUT_H
#define SYNFIRE_SIMULATOR_MACHINE_FANOUT_H

#include "runtime/program/Routing.h"
#include "simulator/machine/AxonCells.h"
#include "simulator/machine/LinkBound.h"
#include "simulator/machine/TileUnit.h"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace synfire {

/// What fires in a window.
struct WindowPlan {
  std::vector<TokenFrame> at; ///< by stage, what it fires; position -1: silent
  std::vector<int> token;     ///< by stage, where it fires
  int steps = 0;
};

/// From one core to another.
struct Way {
  Route route;
  std::uint64_t latency = 0; ///< core cycles of a packet, nothing in its way
  std::vector<LinkOnWay> links;
};
Way wayBetweenCores(const NocTiming &noc, const Routing &routing, int from,
                    int to);

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
  const Way *way = nullptr;
  /// Core cycles apart at which the core took in the last packets that it had
  /// from this one. Its timeArrivals() writes it.
  std::uint32_t *pace = nullptr;
  std::vector<OutgoingTile> tiles;
};

/// Packets that go to the same destination cores: one core, or a set of them
/// where the chip copies packets on their way.
struct OutgoingGroup {
  std::vector<const Outgoing *> destinations; ///< ascending cores
  Route route;                                ///< every link of the ways once
};

class Fanout {
public:
  using Tiles = std::vector<std::unique_ptr<TileUnit>>; ///< by mapping index

  /// `all` and `ways` outlive the fan-out.
  Fanout(int core, const ChipModel &chip, const Routing &ways,
         const Tiles &all);
  /// Of this core; numbered in the order of the calls.
  void addTile(TileUnit &tile, const std::vector<AxonDestination> &axons);

  void plan(const WindowPlan &window);
  /// Ascending sets of destination cores.
  const std::vector<OutgoingGroup> &groups() const { return grouped; }

  struct Share {
    std::uint32_t group = 0;
    std::uint64_t packets = 0; ///< at least 1
  };
  /// The packets of a tile's events of this step, ascending groups.
  const std::vector<Share> &countPackets(std::size_t tile);

  int packetsPerEvent(const TileUnit &tile) const;
  /// To a core that hears one of the tiles.
  const std::vector<LinkOnWay> &linksTo(int core) const {
    return ways.at(core).links;
  }

private:
  struct PlannedShare {
    std::uint32_t group = 0;
    std::vector<std::uint32_t> cells; ///< empty: all of them
  };
  struct OwnTile {
    TileUnit *unit;
    const std::vector<AxonDestination> *axons;
    AxonCells cells;
    std::vector<const Listener *> choosy; ///< that do not hear every token
    std::vector<PlannedShare> shares;
  };
  /// Sets of destination cores, each with the cells of one tile that it hears.
  using CellsOfSet = std::map<std::vector<int>, std::vector<std::uint32_t>>;

  bool hears(const Listener &listener, int position) const;
  bool samePlanAsBefore(const WindowPlan &window);
  CellsOfSet planTile(OwnTile &own, TokenFrame at);
  std::vector<std::uint32_t> cellsHeard(const OwnTile &own,
                                        const OutgoingTile &out) const;
  Outgoing &outgoingTo(int core);
  OutgoingGroup makeGroup(const std::vector<int> &cores) const;

  int self;
  bool binarySpikes;
  NocTiming noc;
  const Routing &routing;
  const Tiles &allTiles;
  std::vector<OwnTile> ownTiles;
  std::map<int, Way> ways;            ///< by destination core
  std::map<int, std::uint32_t> paces; ///< Outgoing::pace

  std::vector<bool> signature, lastSignature;
  std::vector<Outgoing> outgoing; ///< ascending destinations
  std::vector<OutgoingGroup> grouped;
  std::vector<std::uint64_t> cellEvents;
  std::vector<Share> counted;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_FANOUT_H
