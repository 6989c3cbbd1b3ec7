//===- Search.h - the mapping of least cost ---------------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_SEARCH_H
#define SYNFIRE_COMPILER_MAPPING_SEARCH_H

#include "compiler/mapping/Problem.h"

namespace synfire {

/// What the objective minimises, of a predicted cost.
double objectiveOf(Objective objective, const CostPrediction &cost);

/// Partition and placement of a scheduled problem, with their prediction. For
/// time and energy several partitions, from the fewest cores to the balanced
/// one, are placed and the best is kept.
Status searchMapping(MappingProblem &problem);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_SEARCH_H
