//===- ChipModel.h - a machine as data --------------------------*- C++ -*-===//
//
// The plain-value form of one hw-models/*.textproto file. Compiler, simulator
// and report know chips only through it. Zero means zero, never "unlimited";
// the loader refuses contradictory or missing numbers by field name.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_HW_MODELS_CHIPMODEL_H
#define SYNFIRE_HW_MODELS_CHIPMODEL_H

#include "runtime/support/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// Routers per chip and chips per system. Router (x, y) of the system counts
/// over all chips; cores are numbered router-major:
/// core = (y * routers of a row + x) * coresPerRouter + slot.
struct MeshShape {
  int chipWidth = 0;      ///< routers per chip, east-west
  int chipHeight = 0;     ///< routers per chip, north-south
  int coresPerRouter = 0; ///< neuron cores at one router
  int maxChipsX = 0;      ///< largest system the model describes
  int maxChipsY = 0;
};

/// What one core holds.
struct CoreCapacity {
  std::int64_t neurons = 0;      ///< firing units
  std::int64_t inputAxons = 0;   ///< rows of the input axon table
  std::int64_t outputAxons = 0;  ///< (neuron, destination core) entries
  std::int64_t synapseBytes = 0; ///< static weights and dynamic (SAA, KV) rows
  std::int64_t accumulators =
      0; ///< dendrite accumulators, every pipeline slot counted
  std::int64_t lookupBytes = 0; ///< look-up unit rows and neuron tables
  int weightBits = 32;          ///< of the widest static weight
  /// Spikes write synapse words: products, keys and values live there.
  bool writesSynapses = true;
};

/// Core and mesh timing, in cycles of `clockHz` (an asynchronous chip states an
/// equivalent clock and rounds its ns to it).
struct CoreTiming {
  double clockHz = 0;
  int axonLookupCycles = 0;   ///< per arriving spike event
  int rowFetchCycles = 0;     ///< per synapse row opened by an event
  int synapseWordBits = 0;    ///< width of the synapse memory
  int synapseWordCycles = 0;  ///< per word of it read or written
  int accumulateLanes = 0;    ///< synaptic operations in parallel
  int accumulateCycles = 0;   ///< of one operation on its lane
  int neuronUpdateCycles = 0; ///< per active neuron and step
  int neuronSpikeCycles = 0;  ///< per fired neuron, beside its update
  int neuronLanes = 0;        ///< neurons updated in parallel
  int lookupCycles = 0;       ///< per look-up unit read
  int multiplyCycles = 0;     ///< per digital multiply (requantisation)
  int outputAxonCycles = 0;   ///< per packet sent
  /// Packets that can wait at the core; more stay in the network, where they
  /// block others (`ideal` does not know this).
  int inputQueuePackets = 0;
};

/// An input-buffered virtual-channel router, in network cycles. Links inside a
/// chip move one flit a cycle.
struct RouterTiming {
  int virtualChannels = 0;
  int bufferFlits = 0;            ///< of each virtual channel of an input port
  int routingCycles = 0;          ///< route computation of a head flit
  int vcAllocationCycles = 0;     ///< of a head flit
  int switchAllocationCycles = 0; ///< of every flit
  /// Head flits ask for the switch while they ask for a virtual channel.
  bool speculativeSwitchAllocation = false;
  int switchTraversalCycles = 0;
  int linkCyclesEastWest = 0;
  int linkCyclesNorthSouth = 0;
  int creditCycles = 0; ///< of a credit that has come back over the link

  /// From the moment at which a head flit has entered an input buffer to that
  /// at which it has left the switch, nothing in its way.
  int pipelineCycles() const {
    const int allocation = speculativeSwitchAllocation && vcAllocationCycles > 0
                               ? (vcAllocationCycles > switchAllocationCycles
                                      ? vcAllocationCycles
                                      : switchAllocationCycles)
                               : vcAllocationCycles + switchAllocationCycles;
    return routingCycles + allocation + switchTraversalCycles;
  }
};

enum class Multicast {
  Unicast, ///< one packet for every destination core
  Tree     ///< one packet for all of them, copied where their routes part
};

/// Network cycles unless stated; one lasts `periodCycles` cycles of
/// CoreTiming::clockHz.
struct NocTiming {
  /// Network cycles between a core and its router, there and back.
  static constexpr int injectionCycles = 2, ejectionCycles = 1;

  int periodCycles = 0;
  RouterTiming router;
  Multicast multicast = Multicast::Unicast;
  int flitsPerPacket = 0;        ///< a packet carries one spike
  int chipLinkCyclesPerFlit = 0; ///< a link between chips moves a flit in these
  int chipHopCycles = 0;         ///< extra latency of crossing a chip border
  int barrierBaseCycles = 0;     ///< core cycles
  /// Core cycles x (width + height of the used mesh).
  int barrierCyclesPerRouterDiameter = 0;

  /// Core cycles from one input buffer to the next for a head flit that nothing
  /// blocks.
  std::int64_t hopCycles(bool eastWest, bool betweenChips) const {
    const std::int64_t cycles =
        std::int64_t(router.pipelineCycles()) +
        (eastWest ? router.linkCyclesEastWest : router.linkCyclesNorthSouth) +
        (betweenChips ? chipHopCycles : 0);
    return cycles * periodCycles;
  }
  /// Network cycles between the flits of a packet that nothing blocks, in
  /// buffers that hold what is under way; with a link between chips on its way
  /// if `border`.
  std::int64_t flitInterval(bool border) const {
    const int inside =
        router.switchAllocationCycles > 1 ? router.switchAllocationCycles : 1;
    return border && chipLinkCyclesPerFlit > inside ? chipLinkCyclesPerFlit
                                                    : inside;
  }
  /// Core cycles from a packet's departure to the arrival of its last flit over
  /// a route of these hops, `chipCrossings` of them between chips, when nothing
  /// is in its way; the interfaces of both cores and all routers included.
  /// Packets of several flits: as if links between chips came last.
  std::int64_t latencyCycles(int eastWestHops, int northSouthHops,
                             int chipCrossings) const {
    const std::int64_t ends =
        injectionCycles + ejectionCycles + router.pipelineCycles() +
        std::int64_t(flitsPerPacket - 1) * flitInterval(chipCrossings > 0) +
        std::int64_t(chipCrossings) * chipHopCycles;
    return ends * periodCycles + eastWestHops * hopCycles(true, false) +
           northSouthHops * hopCycles(false, false);
  }
  /// Core cycles for which a packet's flits hold a link.
  std::int64_t linkCycles(bool betweenChips) const {
    return std::int64_t(flitsPerPacket) *
           (betweenChips ? chipLinkCyclesPerFlit : 1) * periodCycles;
  }

  /// Core cycles of a barrier over a rectangle of width x height routers.
  std::int64_t barrierCycles(int width, int height) const {
    return barrierBaseCycles +
           std::int64_t(barrierCyclesPerRouterDiameter) * (width + height);
  }
};

/// What does not work. Coordinates count over the whole system from its
/// north-west corner.
struct ChipFaults {
  struct Core {
    int routerX = 0, routerY = 0, slot = 0;
  };
  /// Both directions between router (x, y) and the neighbour to its east
  /// (x + 1) or south (y + 1).
  struct Link {
    int routerX = 0, routerY = 0;
    bool south = false;
  };
  /// Its routers forward nothing.
  struct Chip {
    int x = 0, y = 0;
  };
  std::vector<Core> deadCores;
  std::vector<Link> deadLinks;
  std::vector<Chip> disabledChips;
  bool empty() const {
    return deadCores.empty() && deadLinks.empty() && disabledChips.empty();
  }
};

/// Dynamic energy per event in pJ and static power, by the chip's own figures;
/// zero where the source gives none (the report then says so).
struct ChipEnergy {
  bool published =
      false; ///< false: the chip has no published per-event figures
  double synapticOperation = 0;
  double neuronUpdate = 0;         ///< of a neuron that fires in the step
  double neuronUpdateInactive = 0; ///< of one that does not
  double spikeFired = 0;           ///< per spike, beside the neuron's update
  double messageReceived = 0;      ///< per packet that reaches a core
  double spikeWithinRouter = 0;
  double hopEastWest = 0;
  double hopNorthSouth = 0;
  double staticWattsPerChip = 0;
};

struct ChipModel {
  std::string name;
  std::string description;
  bool binarySpikes =
      false; ///< true: a graded spike travels as several binary ones
  MeshShape mesh;
  CoreCapacity core;
  CoreTiming timing;
  NocTiming noc;
  ChipEnergy energy;
  ChipFaults faults;
  std::string text; ///< the textproto that it was read from, kept in a Program

  std::int64_t coresPerChip() const {
    return std::int64_t(mesh.chipWidth) * mesh.chipHeight * mesh.coresPerRouter;
  }
};

/// Parses and checks a textproto; errors name `where` and the field.
Result<ChipModel> parseChipModel(const std::string &text,
                                 const std::string &where);
/// A built-in name ("loihi2"), looked up beside the executable and in the
/// source tree, or a path to a .textproto file.
Result<ChipModel> loadChipModel(const std::string &nameOrPath);
/// Names of the built-in models, sorted.
std::vector<std::string> builtinChipModels();

} // namespace synfire

#endif // SYNFIRE_HW_MODELS_CHIPMODEL_H
