//===- Utilisation.cpp - how much of the used cores works -----------------===//
#include "runtime/report/Utilisation.h"

#include <algorithm>

namespace synfire {

std::optional<Utilisation> utilisation(const Run &run) {
  if (run.timing.cycles == 0 || run.cores.empty())
    return std::nullopt;
  const auto elapsed = static_cast<double>(run.timing.cycles);
  Utilisation used;
  for (const CoreRun &core : run.cores) {
    const double busy = static_cast<double>(core.busyCycles) / elapsed;
    used.busy += busy / static_cast<double>(run.cores.size());
    used.busiest = std::max(used.busiest, busy);
  }
  const std::int64_t held = run.chip.coresPerChip() * run.usedChips;
  if (held > 0)
    used.coresOfChips = run.usedCores / static_cast<double>(held);
  return used;
}

} // namespace synfire
