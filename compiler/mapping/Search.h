//===- Search.h - the mapping of least cost ---------------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_SEARCH_H
#define SYNFIRE_COMPILER_MAPPING_SEARCH_H

#include "compiler/mapping/Problem.h"

namespace synfire {

/// What the objective minimises, of a predicted cost.
double objectiveOf(Objective objective, const CostPrediction &cost);

/// The best of the costs that it is shown. Energies of at most 0.1 % above the
/// least of all count as equal, and the shortest time wins: many mappings cost
/// the same on chips whose static power or hops have no price.
class CostChoice {
public:
  explicit CostChoice(Objective what) : objective(what) {}

  /// True if this one is the best so far, which the first always is.
  bool take(const CostPrediction &cost);

private:
  /// Whether it counts as equal to the least.
  bool nearLeast(const CostPrediction &cost) const;

  Objective objective;
  bool empty = true;
  double least = 0;
  CostPrediction best;
};

/// Partition and placement of a scheduled problem, with their prediction. For
/// time and energy several partitions, from the fewest cores to the balanced
/// one, are placed and the best is kept.
Status searchMapping(MappingProblem &problem);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SEARCH_H
