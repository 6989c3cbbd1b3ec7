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
/// core = (y * systemWidth + x) * coresPerRouter + slot.
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
};

/// Core and mesh timing, in cycles of `clockHz` (an asynchronous chip states an
/// equivalent clock and rounds its ns to it).
struct CoreTiming {
  double clockHz = 0;
  int axonLookupCycles = 0;   ///< per arriving spike event
  int accumulateLanes = 0;    ///< synaptic operations per cycle
  int rowFetchCycles = 0;     ///< per synapse row opened by an event
  int neuronUpdateCycles = 0; ///< per active neuron and step
  int neuronLanes = 0;        ///< neurons updated in parallel
  int lookupCycles = 0;       ///< per look-up unit read
  int multiplyCycles = 0;     ///< per digital multiply (requantisation)
  int outputAxonCycles = 0;   ///< per (spike, destination core) sent
};

struct NocTiming {
  int routerCycles = 0; ///< per hop, head of a burst
  int linkSpikesPerCycle =
      0; ///< spikes a link inside a chip moves a cycle, >= 1
  int chipLinkCyclesPerSpike =
      0; ///< a chip-to-chip link moves one spike in this many cycles
  int chipHopCycles = 0; ///< extra latency of crossing chips
  int barrierBaseCycles = 0;
  int barrierCyclesPerRouterDiameter =
      0; ///< x (width + height of the used mesh)
};

/// Dynamic energy per event in pJ and static power, by the chip's own figures;
/// zero where the source gives none (the report then says so).
struct ChipEnergy {
  bool published =
      false; ///< false: the chip has no published per-event figures
  double synapticOperation = 0;
  double neuronUpdate = 0;
  double neuronUpdateInactive = 0;
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
  std::string text; ///< the textproto that it was read from, kept in a Program

  int systemWidth(int chipsX) const { return mesh.chipWidth * chipsX; }
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
