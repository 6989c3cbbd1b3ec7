//===- OutputAxons.cpp - the mapper's count of destinations ---------------===//
#include "compiler/mapping/OutputAxons.h"

#include "compiler/mapping/Listeners.h"

namespace synfire {

std::vector<std::int64_t> countOutputAxons(const Program &program) {
  std::vector<std::int64_t> pairs(program.mapping.tiles.size(), 0);
  for (const ListenerGroup &group : listenerGroups(program))
    for (const ListenerGroup::Source &source : group.sources)
      pairs[static_cast<std::size_t>(source.tile)] +=
          source.neurons * static_cast<std::int64_t>(group.cores.size());
  for (std::size_t t = 0; t < pairs.size(); ++t)
    if (const Tile &tile = program.mapping.tiles[t]; !tile.hasNeurons())
      pairs[t] = sumsOfInputPart(program, tile);
  return pairs;
}

} // namespace synfire
