//===- Demand.h - what a whole mapping takes from its cores -----*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_DEMAND_H
#define SYNFIRE_RUNTIME_PROGRAM_DEMAND_H

#include "runtime/program/Connectivity.h"

#include <vector>

namespace synfire {

/// Distinct (neuron, destination core) pairs of every tile, in the order of
/// program.mapping.tiles (program.md, P8); of a tile without neurons the sums
/// that it sends (P15). The tiles must be verified to name
/// stages and rectangles that exist.
std::vector<std::int64_t> outputAxonsOfTiles(const Program &program);

/// The sum of the demands of each used core, in ascending order of the core's
/// number.
struct CoreDemand {
  int core = 0;
  TileDemand sum;
};
std::vector<CoreDemand> coreDemands(const Program &program);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_DEMAND_H
