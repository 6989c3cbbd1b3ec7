//===- Utilisation.cpp - how much of the used cores works -----------------===//
#include "runtime/report/Utilisation.h"

#include "runtime/program/Capacity.h"

#include <algorithm>

namespace synfire {

namespace {

std::vector<Utilisation::Resource> memoryOf(const Run &run) {
  TileDemand demand;
  for (const CoreRun &used : run.cores)
    demand = demand + used.demand;
  std::vector<Utilisation::Resource> shares;
  for (const ResourceUse &use : resourceUses(demand, run.chip.core))
    if (use.held > 0)
      shares.push_back(
          {use.field, static_cast<double>(use.needed) /
                          (static_cast<double>(use.held) *
                           static_cast<double>(run.cores.size()))});
  return shares;
}

} // namespace

std::optional<Utilisation> utilisation(const Run &run) {
  if (run.cores.empty())
    return std::nullopt;
  Utilisation used;
  if (run.timing.cycles > 0) {
    const auto elapsed = static_cast<double>(run.timing.cycles);
    double mean = 0, most = 0;
    for (const CoreRun &core : run.cores) {
      const double busy = static_cast<double>(core.busyCycles) / elapsed;
      mean += busy / static_cast<double>(run.cores.size());
      most = std::max(most, busy);
    }
    used.busy = mean;
    used.busiest = most;
  }
  used.memory = memoryOf(run);
  const std::int64_t held = run.chip.coresPerChip() * run.usedChips;
  if (held > 0)
    used.coresOfChips = run.usedCores / static_cast<double>(held);
  return used;
}

} // namespace synfire
