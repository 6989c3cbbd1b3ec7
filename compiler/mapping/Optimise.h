//===- Optimise.h - the placement of least expected cost --------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_OPTIMISE_H
#define SYNFIRE_COMPILER_MAPPING_OPTIMISE_H

#include "compiler/mapping/Problem.h"
#include "runtime/program/Routing.h"

#include <vector>

namespace synfire {

/// Predictions this near to the best count as equal: fewer hops decide.
constexpr double placementTolerance = 1.005;

struct OptimisedPlacement {
  std::vector<int> routers; ///< of each abstract core
  CostPrediction prediction;
};

/// Of `cores` abstract cores. Placements near what talks,
/// annealed with an effort above 0 and relieved where links hold a level up,
/// are predicted together with the plain orders `others`; the best by the
/// problem's objective is taken.
Result<OptimisedPlacement>
optimisedPlacement(const MappingProblem &problem, const Routing &routing,
                   int cores, int effort,
                   const std::vector<std::vector<int>> &others);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_OPTIMISE_H
