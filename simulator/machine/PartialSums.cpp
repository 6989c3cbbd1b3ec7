//===- PartialSums.cpp - sums of split inputs, brought together -----------===//
#include "simulator/machine/PartialSums.h"

#include <tuple>

namespace synfire {

void PartialSums::move(
    const std::vector<std::size_t> &stages,
    const std::vector<std::vector<std::size_t>> &tilesOfStage,
    const WindowPlan &plan) {
  underWay.clear();
  sent.clear();
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
        const auto [place, isNew] = ways.try_emplace({from, to});
        Way &way = place->second;
        if (isNew)
          way = wayBetweenCores(noc, routing, from, to);
        Counters &counters = other.counters();
        counters[Counter::PartialSum] += packets;
        counters[Counter::HopEastWest] +=
            cyclesOf(packets, way.route.eastWestHops);
        counters[Counter::HopNorthSouth] +=
            cyclesOf(packets, way.route.northSouthHops);
        counters[Counter::ChipCrossing] +=
            cyclesOf(packets, way.route.chipCrossings);
        owner.counters()[Counter::AxonRead] += packets;
        std::uint64_t &before = sent[from];
        underWay.push_back({from,
                            to,
                            packets,
                            {walkCycles(timing, before + 1),
                             walkCycles(timing, before + packets)},
                            &way});
        before += packets;
      }
    }
  std::sort(underWay.begin(), underWay.end(),
            [](const Transfer &a, const Transfer &b) {
              return std::tie(a.from, a.departures.last, a.to, a.packets) <
                     std::tie(b.from, b.departures.last, b.to, b.packets);
            });
}

} // namespace synfire
