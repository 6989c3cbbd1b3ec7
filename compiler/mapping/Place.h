//===- Place.h - abstract cores to cores of a mesh --------------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_PLACE_H
#define SYNFIRE_COMPILER_MAPPING_PLACE_H

#include "compiler/mapping/Problem.h"

#include <vector>

namespace synfire {

/// Of MappingOptions::effort.
constexpr int mostEffort = 3;
/// Up to so many cores time is spent freely on every candidate.
constexpr int fewCores = 4096;

/// "optimised", "hilbert", "row-major" or "random:SEED" with a decimal seed.
Status checkPlacement(const std::string &placement);

/// Chooses the smallest system, nearly square, and replaces the abstract core
/// of every tile by one that can be used, and predicts what that costs.
/// `effort` is one of MappingOptions.
Status place(MappingProblem &problem, int effort);

/// Routers of a width x height rectangle (row-major numbers) along a
/// space-filling curve: neighbours in the order are neighbours in the mesh, but
/// for one diagonal step where both sides' parities force it.
std::vector<int> hilbertOrder(int width, int height);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_PLACE_H
