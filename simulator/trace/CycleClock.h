//===- CycleClock.h - cycles as time ----------------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_TRACE_CYCLECLOCK_H
#define SYNFIRE_SIMULATOR_TRACE_CYCLECLOCK_H

#include <cstdint>

namespace synfire {

/// Rounds each cycle's time down to whole units, so that what does not overlap
/// in cycles does not overlap in time.
class CycleClock {
public:
  CycleClock(double clockHz, double unitsPerSecond)
      : unitsPerCycle(unitsPerSecond / clockHz) {}

  std::uint64_t timeOf(std::uint64_t cycle) const;

private:
  double unitsPerCycle;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_TRACE_CYCLECLOCK_H
