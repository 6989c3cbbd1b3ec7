//===- Anneal.h - refinement of a placement ---------------------*- C++ -*-===//
//
// Simulated annealing over exchanges of two cores. A move costs time in the
// number of nets of the two cores, not in their size: for each large net the
// sum of distances from every column and row to its readers, and to its
// sources, is kept up to date.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_ANNEAL_H
#define SYNFIRE_COMPILER_MAPPING_ANNEAL_H

#include "compiler/mapping/Region.h"
#include "compiler/mapping/Traffic.h"

#include <cstdint>
#include <vector>

namespace synfire {

struct AnnealOptions {
  std::int64_t moves = 0; ///< proposed
  /// First temperature over the mean size of a change; low values keep a good
  /// start.
  double heat = 0.1;
  std::uint64_t seed = 1;
};

/// Moves cores among the usable cores of the region. `routerOfCore` holds
/// routers inside it, none above its capacity. The traffic, packets x hops with
/// a chip border as HopMetric counts it, never ends higher than it began;
/// returned is what it ends at. On a chip that copies packets on their way, a
/// link that several readers share counts once.
double anneal(const std::vector<TrafficNet> &nets, const Routing &routing,
              const ChipModel &chip, const RouterRectangle &region,
              const AnnealOptions &options, std::vector<int> &routerOfCore);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_ANNEAL_H
