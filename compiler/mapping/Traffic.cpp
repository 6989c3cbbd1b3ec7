//===- Traffic.cpp - expected packets between cores -----------------------===//
#include "compiler/mapping/Traffic.h"

#include <algorithm>
#include <utility>

namespace synfire {

std::vector<TrafficNet>
trafficNets(const Program &program,
            const std::vector<StageActivity> &activity) {
  std::vector<ListenerGroup> groups = listenerGroups(program);
  if (program.mapping.chip.noc.multicast == Multicast::Tree)
    groups = multicastGroups(program, groups);
  std::vector<TrafficNet> nets;
  nets.reserve(groups.size());
  for (const ListenerGroup &group : groups) {
    const StageActivity &of = activity[static_cast<std::size_t>(group.stage)];
    const double packetsPerNeuron = of.eventsPerNeuron * of.packetsPerEvent;
    TrafficNet net;
    net.stage = group.stage;
    net.readers = group.cores;
    net.sources.reserve(group.sources.size());
    for (const ListenerGroup::Source &source : group.sources)
      net.sources.push_back(
          {program.mapping.tiles[static_cast<std::size_t>(source.tile)].core,
           source.activeNeurons * packetsPerNeuron});
    std::sort(net.sources.begin(), net.sources.end(),
              [](const auto &a, const auto &b) { return a.core < b.core; });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < net.sources.size(); ++i)
      if (net.sources[i].core == net.sources[kept].core)
        net.sources[kept].packets += net.sources[i].packets;
      else
        net.sources[++kept] = net.sources[i];
    net.sources.resize(kept + 1);
    nets.push_back(std::move(net));
  }
  const std::vector<Tile> &tiles = program.mapping.tiles;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    if (tiles[t].hasNeurons())
      continue;
    const Tile &owner = tiles[t - static_cast<std::size_t>(tiles[t].inputPart)];
    if (owner.core == tiles[t].core)
      continue;
    TrafficNet net;
    net.stage = tiles[t].stage;
    net.sums = true;
    net.readers = {owner.core};
    net.sources = {{tiles[t].core,
                    static_cast<double>(sumsOfInputPart(program, tiles[t])) *
                        program.frames}};
    nets.push_back(std::move(net));
  }
  return nets;
}

} // namespace synfire
