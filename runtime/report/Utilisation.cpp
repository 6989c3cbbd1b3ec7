//===- Utilisation.cpp - how much of the used cores works -----------------===//
#include "runtime/report/Utilisation.h"

#include <algorithm>

namespace synfire {

namespace {

std::vector<Utilisation::Resource> memoryOf(const Run &run) {
  const CoreCapacity &core = run.chip.core;
  const struct {
    const char *name;
    std::int64_t TileDemand::*demand;
    std::int64_t held;
  } resources[] = {
      {"neurons", &TileDemand::neurons, core.neurons},
      {"input_axons", &TileDemand::inputAxons, core.inputAxons},
      {"output_axons", &TileDemand::outputAxons, core.outputAxons},
      {"synapse_bytes", &TileDemand::synapseBytes, core.synapseBytes},
      {"accumulators", &TileDemand::accumulators, core.accumulators},
      {"lookup_bytes", &TileDemand::lookupBytes, core.lookupBytes}};
  std::vector<Utilisation::Resource> shares;
  for (const auto &resource : resources) {
    if (resource.held <= 0)
      continue;
    double demand = 0;
    for (const CoreRun &used : run.cores)
      demand += static_cast<double>(used.demand.*resource.demand);
    shares.push_back(
        {resource.name, demand / (static_cast<double>(resource.held) *
                                  static_cast<double>(run.cores.size()))});
  }
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
