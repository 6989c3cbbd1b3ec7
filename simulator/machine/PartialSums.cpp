//===- PartialSums.cpp - sums of split inputs, brought together -----------===//
#include "simulator/machine/PartialSums.h"

namespace synfire {

void PartialSums::move(
    const std::vector<std::size_t> &stages,
    const std::vector<std::vector<std::size_t>> &tilesOfStage,
    const WindowPlan &plan) {
  underWay.clear();
  sent.clear();
  received.clear();
  for (std::size_t stage : stages)
    for (std::size_t first : tilesOfStage[stage]) {
      TileUnit &owner = *tiles[first];
      const int to = owner.tile().core;
      for (int part = 1; part < owner.tile().inputParts; ++part) {
        TileUnit &other = *tiles[first + static_cast<std::size_t>(part)];
        const int from = other.tile().core;
        const std::uint64_t packets = owner.takeSums(plan.at[stage], other);
        if (from == to || packets == 0)
          continue;
        const Route route = routing.routeBetweenCores(from, to);
        Counters &counters = other.counters();
        counters[Counter::PartialSum] += packets;
        counters[Counter::HopEastWest] += cyclesOf(packets, route.eastWestHops);
        counters[Counter::HopNorthSouth] +=
            cyclesOf(packets, route.northSouthHops);
        counters[Counter::ChipCrossing] +=
            cyclesOf(packets, route.chipCrossings);
        owner.counters()[Counter::AxonRead] += packets;
        underWay.push_back({from, to, packets, sent[from]});
        sent[from] += packets;
        received[to] += packets;
      }
    }
}

} // namespace synfire
