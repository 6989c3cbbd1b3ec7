//===- OutputAxons.cpp - the mapper's count of destinations ---------------===//
#include "compiler/mapping/OutputAxons.h"

#include "runtime/program/Connectivity.h"

#include <algorithm>
#include <utility>

namespace synfire {
namespace {

/// Tiles of one stage: [first, last) of the mapping's tiles.
std::vector<std::pair<std::size_t, std::size_t>>
tileRanges(const Program &program) {
  std::vector<std::pair<std::size_t, std::size_t>> ranges(
      program.stages.size());
  const std::vector<Tile> &tiles = program.mapping.tiles;
  for (std::size_t first = 0; first < tiles.size();) {
    std::size_t last = first;
    while (last < tiles.size() && tiles[last].stage == tiles[first].stage)
      ++last;
    ranges[static_cast<std::size_t>(tiles[first].stage)] = {first, last};
    first = last;
  }
  return ranges;
}

std::int64_t commonNeurons(const Tile &tile, const NeuronBlock &block) {
  std::int64_t groups = std::min(tile.groupEnd, block.groupEnd) -
                        std::max(tile.groupBegin, block.groupBegin);
  std::int64_t columns = std::min(tile.columnEnd, block.columnEnd) -
                         std::max(tile.columnBegin, block.columnBegin);
  return groups > 0 && columns > 0 ? groups * columns : 0;
}

} // namespace

std::vector<std::int64_t> boundOutputAxons(const Program &program) {
  const std::vector<Tile> &tiles = program.mapping.tiles;
  auto ranges = tileRanges(program);
  std::vector<std::int64_t> pairs(tiles.size(), 0);
  // What the core at hand already wants of each source tile. Tiles are visited
  // core by core, so one number a source tile is enough.
  std::vector<std::int64_t> wanted(tiles.size(), 0);
  std::vector<std::size_t> touched;
  std::vector<std::size_t> order(tiles.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::make_pair(tiles[a].core, a) < std::make_pair(tiles[b].core, b);
  });
  auto closeCore = [&] {
    for (std::size_t source : touched) {
      pairs[source] += std::min(wanted[source], tiles[source].neurons());
      wanted[source] = 0;
    }
    touched.clear();
  };
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Tile &reader = tiles[order[i]];
    if (i > 0 && tiles[order[i - 1]].core != reader.core)
      closeCore();
    const Stage &stage = program.stages[static_cast<std::size_t>(reader.stage)];
    for (const Dendrite &dendrite : stage.dendrites)
      for (Operand operand : {Operand::Driver, Operand::Stored}) {
        NeuronBlock block = requiredInputs(program, reader, dendrite, operand);
        if (block.empty())
          continue;
        int source =
            operand == Operand::Driver ? dendrite.driver : dendrite.stored;
        auto [first, last] = ranges[static_cast<std::size_t>(source)];
        for (std::size_t t = first; t < last; ++t)
          if (std::int64_t common = commonNeurons(tiles[t], block)) {
            if (wanted[t] == 0)
              touched.push_back(t);
            wanted[t] += common;
          }
      }
  }
  closeCore();
  return pairs;
}

} // namespace synfire
