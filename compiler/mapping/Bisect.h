//===- Bisect.h - first placement by recursive bisection --------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_BISECT_H
#define SYNFIRE_COMPILER_MAPPING_BISECT_H

#include "compiler/mapping/Region.h"
#include "compiler/mapping/Traffic.h"

#include <vector>

namespace synfire {

/// The router of each of `cores` abstract cores: the rectangle is halved again
/// and again, at a chip border where one is inside, and METIS cuts the cores
/// in two with little traffic between the halves. No router gets more cores
/// than it has usable ones. Nets name cores below `cores`, of which the
/// rectangle must hold enough. Deterministic.
Result<std::vector<int>> bisectPlacement(const std::vector<TrafficNet> &nets,
                                         int cores, const Routing &routing,
                                         const ChipModel &chip,
                                         const RouterRectangle &region);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_BISECT_H
