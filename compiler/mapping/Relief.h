//===- Relief.h - fewer packets on the busiest links ------------*- C++ -*-===//
//
// Cores that talk lie together after annealing, and what one level sends then
// shares few links. Where that holds the level up, cores of its nets move apart
// again as far as it pays. A move costs time in the links that the nets of both
// cores take.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_RELIEF_H
#define SYNFIRE_COMPILER_MAPPING_RELIEF_H

#include "compiler/mapping/CostModel.h"
#include "compiler/mapping/Region.h"

#include <cstdint>
#include <vector>

namespace synfire {

struct ReliefOptions {
  /// Links that nets are walked over, proposed moves and their undoing
  /// together: what bounds the time that this takes.
  std::int64_t linkVisits = 0;
  std::uint64_t seed = 1;
};

/// Moves cores among the usable cores of the region. `routerOfCore` holds
/// routers inside it, none above its capacity; the model stands for their
/// traffic and stays as it is. Weighed are the expected cycles of a generated
/// token: for each level its busiest links, by a smooth stand-in, against its
/// cores; hops count little, to break ties.
void relieveLinks(const CostModel &model, const Program &program,
                  const Routing &routing, const RouterRectangle &region,
                  const ReliefOptions &options, std::vector<int> &routerOfCore);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_RELIEF_H
