//===- Demand.cpp - sums of demands over cores ----------------------------===//
#include "runtime/program/Demand.h"

#include "runtime/program/Capacity.h"

#include <algorithm>
#include <map>

namespace synfire {
namespace {

/// A rectangle of a source stage that one core listens to.
struct Listener {
  int core = 0;
  NeuronBlock block;
};

NeuronBlock intersection(const NeuronBlock &a, const NeuronBlock &b) {
  return {std::max(a.groupBegin, b.groupBegin),
          std::min(a.groupEnd, b.groupEnd),
          std::max(a.columnBegin, b.columnBegin),
          std::min(a.columnEnd, b.columnEnd)};
}

/// Neurons that lie in at least one of the blocks.
std::int64_t unionSize(const std::vector<NeuronBlock> &blocks) {
  if (blocks.size() == 1)
    return blocks.front().size();
  std::vector<int> borders;
  for (const NeuronBlock &block : blocks) {
    borders.push_back(block.groupBegin);
    borders.push_back(block.groupEnd);
  }
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  std::int64_t size = 0;
  std::vector<std::pair<int, int>> spans;
  for (std::size_t strip = 0; strip + 1 < borders.size(); ++strip) {
    spans.clear();
    for (const NeuronBlock &block : blocks)
      if (block.groupBegin <= borders[strip] && block.groupEnd > borders[strip])
        spans.emplace_back(block.columnBegin, block.columnEnd);
    std::sort(spans.begin(), spans.end());
    std::int64_t columns = 0;
    int reached = 0;
    for (const auto &[begin, end] : spans) {
      columns += std::max(0, end - std::max(begin, reached));
      reached = std::max(reached, end);
    }
    size += columns * (borders[strip + 1] - borders[strip]);
  }
  return size;
}

/// Per source stage the rectangles that other tiles need, sorted by core and
/// without repetition.
std::vector<std::vector<Listener>> listenersOfStages(const Program &program) {
  std::vector<std::vector<Listener>> listeners(program.stages.size());
  for (const Tile &tile : program.mapping.tiles) {
    const Stage &stage = program.stages[static_cast<std::size_t>(tile.stage)];
    for (const Dendrite &dendrite : stage.dendrites)
      for (Operand operand : {Operand::Driver, Operand::Stored}) {
        NeuronBlock block = requiredInputs(program, tile, dendrite, operand);
        int source =
            operand == Operand::Driver ? dendrite.driver : dendrite.stored;
        if (!block.empty())
          listeners[static_cast<std::size_t>(source)].push_back(
              {tile.core, block});
      }
  }
  auto key = [](const Listener &l) {
    return std::make_tuple(l.core, l.block.groupBegin, l.block.groupEnd,
                           l.block.columnBegin, l.block.columnEnd);
  };
  for (auto &list : listeners) {
    std::sort(
        list.begin(), list.end(),
        [&](const Listener &a, const Listener &b) { return key(a) < key(b); });
    list.erase(std::unique(list.begin(), list.end(),
                           [&](const Listener &a, const Listener &b) {
                             return key(a) == key(b);
                           }),
               list.end());
  }
  return listeners;
}

std::int64_t distinctPairs(const Tile &tile,
                           const std::vector<Listener> &listeners) {
  const NeuronBlock source = {tile.groupBegin, tile.groupEnd, tile.columnBegin,
                              tile.columnEnd};
  std::int64_t pairs = 0;
  std::vector<NeuronBlock> heard;
  for (std::size_t i = 0; i < listeners.size();) {
    heard.clear();
    int core = listeners[i].core;
    for (; i < listeners.size() && listeners[i].core == core; ++i) {
      NeuronBlock common = intersection(source, listeners[i].block);
      if (!common.empty())
        heard.push_back(common);
    }
    if (!heard.empty())
      pairs += unionSize(heard);
  }
  return pairs;
}

} // namespace

std::vector<std::int64_t> outputAxonsOfTiles(const Program &program) {
  auto listeners = listenersOfStages(program);
  std::vector<std::int64_t> pairs;
  pairs.reserve(program.mapping.tiles.size());
  for (const Tile &tile : program.mapping.tiles)
    pairs.push_back(
        tile.hasNeurons()
            ? distinctPairs(tile,
                            listeners[static_cast<std::size_t>(tile.stage)])
            : sumsOfInputPart(program, tile));
  return pairs;
}

std::vector<CoreDemand> coreDemands(const Program &program) {
  std::vector<std::int64_t> outputAxons = outputAxonsOfTiles(program);
  std::map<int, TileDemand> sums;
  for (std::size_t i = 0; i < outputAxons.size(); ++i) {
    const Tile &tile = program.mapping.tiles[i];
    TileDemand demand = tileDemand(program, tile);
    demand.outputAxons = outputAxons[i];
    TileDemand &sum = sums[tile.core];
    sum = sum + demand;
  }
  std::vector<CoreDemand> result;
  result.reserve(sums.size());
  for (const auto &[core, sum] : sums)
    result.push_back({core, sum});
  return result;
}

} // namespace synfire
