//===- Spread.cpp - tiles over all of a number of cores -------------------===//
#include "compiler/mapping/Spread.h"

#include "runtime/program/Capacity.h"

namespace synfire {

Spread::Spread(int count, const CoreCapacity &coreCapacity,
               const PaceLimit &paceLimit, double paceTimes)
    : capacity(coreCapacity), limit(paceLimit), times(paceTimes),
      cores(static_cast<std::size_t>(count)) {
  for (int core = 0; core < count; ++core)
    order.insert(order.end(), {0.0, core});
}

int Spread::add(const Tile &tile, const TileDemand &demand) {
  const CoreLoads &load = limit.loadOfTile(tile);
  auto host = order.begin();
  CoreLoads both;
  for (; host != order.end(); ++host) {
    const Core &core = cores[static_cast<std::size_t>(host->second)];
    if (!fits(core.used + demand, capacity))
      continue;
    both = core.loads + load;
    if (limit.keepsPace(both, times))
      break;
  }
  int number = static_cast<int>(cores.size());
  if (host != order.end()) {
    number = host->second;
    order.erase(host);
  } else {
    cores.emplace_back();
    both = load;
  }
  Core &core = cores[static_cast<std::size_t>(number)];
  core.used = core.used + demand;
  core.loads = std::move(both);
  order.insert({everyLevelCycles(core.loads), number});
  return number;
}

} // namespace synfire
