//===- AxonTables.cpp - where a tile's spikes go --------------------------===//
#include "simulator/machine/AxonTables.h"

#include <algorithm>

namespace synfire {
namespace {

NeuronBlock intersect(const NeuronBlock &block, const Tile &tile) {
  return {std::max(block.groupBegin, tile.groupBegin),
          std::min(block.groupEnd, tile.groupEnd),
          std::max(block.columnBegin, tile.columnBegin),
          std::min(block.columnEnd, tile.columnEnd)};
}

void addListener(std::vector<AxonDestination> &table, int core,
                 const Listener &listener) {
  auto place = std::lower_bound(
      table.begin(), table.end(), core,
      [](const AxonDestination &entry, int key) { return entry.core < key; });
  if (place == table.end() || place->core != core)
    place = table.insert(place, AxonDestination{core, {}});
  place->listeners.push_back(listener);
}

} // namespace

std::vector<std::vector<AxonDestination>>
buildAxonTables(const Program &program) {
  const std::vector<Tile> &tiles = program.mapping.tiles;
  std::vector<std::vector<int>> tilesOfStage(program.stages.size());
  for (std::size_t i = 0; i < tiles.size(); ++i)
    if (tiles[i].hasNeurons())
      tilesOfStage[static_cast<std::size_t>(tiles[i].stage)].push_back(
          static_cast<int>(i));

  std::vector<std::vector<AxonDestination>> tables(tiles.size());
  for (std::size_t to = 0; to < tiles.size(); ++to) {
    const auto &dendrites =
        program.stages[static_cast<std::size_t>(tiles[to].stage)].dendrites;
    for (std::size_t d = 0; d < dendrites.size(); ++d)
      for (Operand operand : {Operand::Driver, Operand::Stored}) {
        const int stage = operand == Operand::Driver ? dendrites[d].driver
                                                     : dendrites[d].stored;
        if (stage < 0)
          continue;
        const NeuronBlock needed =
            requiredInputs(program, tiles[to], dendrites[d], operand);
        for (int from : tilesOfStage[static_cast<std::size_t>(stage)]) {
          const Tile &source = tiles[static_cast<std::size_t>(from)];
          Listener listener;
          listener.tile = static_cast<int>(to);
          listener.dendrite = static_cast<int>(d);
          listener.operand = operand;
          listener.block = intersect(needed, source);
          if (listener.block.empty())
            continue;
          listener.whole = listener.block.size() == source.neurons();
          addListener(tables[static_cast<std::size_t>(from)], tiles[to].core,
                      listener);
        }
      }
  }
  return tables;
}

} // namespace synfire
