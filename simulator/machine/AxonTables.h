//===- AxonTables.h - where a tile's spikes go ------------------*- C++ -*-===//
//
// Output axon tables of the source tiles, joined with the input axon tables of
// the cores that they name. Built once, from Connectivity.h alone.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_AXONTABLES_H
#define SYNFIRE_SIMULATOR_MACHINE_AXONTABLES_H

#include "runtime/program/Connectivity.h"

#include <vector>

namespace synfire {

/// An operand of a dendrite of a tile, as one source tile reaches it.
struct Listener {
  int tile = 0; ///< index into Mapping::tiles
  int dendrite = 0;
  Operand operand = Operand::Driver;
  NeuronBlock block;  ///< of the source stage, within the source tile
  bool whole = false; ///< all neurons of the source tile
};

/// The listeners on one core.
struct AxonDestination {
  int core = 0;
  std::vector<Listener> listeners;
};

/// By tile of the mapping; destinations ascend with the core.
std::vector<std::vector<AxonDestination>>
buildAxonTables(const Program &program);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_AXONTABLES_H
