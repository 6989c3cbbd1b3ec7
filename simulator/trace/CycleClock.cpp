//===- CycleClock.cpp - cycles as time ------------------------------------===//
#include "simulator/trace/CycleClock.h"

#include <cmath>

namespace synfire {

std::uint64_t CycleClock::timeOf(std::uint64_t cycle) const {
  // A whole number of units a cycle has to stay whole.
  const double time = static_cast<double>(cycle) * unitsPerCycle;
  return static_cast<std::uint64_t>(std::floor(time + 1e-6));
}

} // namespace synfire
