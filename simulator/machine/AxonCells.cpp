//===- AxonCells.cpp - neurons of a tile with the same listeners ----------===//
#include "simulator/machine/AxonCells.h"

#include <algorithm>

namespace synfire {
namespace {

void sortBorders(std::vector<int> &borders) {
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
}

/// For each place between the first and the last border, the strip that holds
/// it, times `scale`.
std::vector<std::uint32_t> stripsOf(const std::vector<int> &borders,
                                    std::size_t scale) {
  std::vector<std::uint32_t> strips;
  strips.reserve(static_cast<std::size_t>(borders.back() - borders.front()));
  for (std::size_t strip = 0; strip + 1 < borders.size(); ++strip)
    strips.insert(strips.end(),
                  static_cast<std::size_t>(borders[strip + 1] - borders[strip]),
                  static_cast<std::uint32_t>(strip * scale));
  return strips;
}

} // namespace

AxonCells::AxonCells(const Tile &tile, int groupWidth,
                     const std::vector<AxonDestination> &axons)
    : width(groupWidth), groupBorders{tile.groupBegin, tile.groupEnd},
      columnBorders{tile.columnBegin, tile.columnEnd} {
  for (const AxonDestination &destination : axons)
    for (const Listener &listener : destination.listeners) {
      const NeuronBlock &block = listener.block;
      groupBorders.insert(groupBorders.end(),
                          {block.groupBegin, block.groupEnd});
      columnBorders.insert(columnBorders.end(),
                           {block.columnBegin, block.columnEnd});
    }
  sortBorders(groupBorders);
  sortBorders(columnBorders);
  cellOfGroup = stripsOf(groupBorders, columnBorders.size() - 1);
  cellOfColumn = stripsOf(columnBorders, 1);
}

bool AxonCells::hears(const NeuronBlock &block, std::size_t cell) const {
  const std::size_t columns = columnBorders.size() - 1;
  return block.contains(groupBorders[cell / columns],
                        columnBorders[cell % columns]);
}

void AxonCells::countEvents(const std::vector<std::int32_t> &neurons,
                            std::vector<std::uint64_t> &events) const {
  if (count() == 1) {
    events.assign(1, neurons.size());
    return;
  }
  events.assign(count(), 0);
  const int firstGroup = groupBorders.front(),
            firstColumn = columnBorders.front();
  for (std::int32_t neuron : neurons)
    ++events
        [cellOfGroup[static_cast<std::size_t>(neuron / width - firstGroup)] +
         cellOfColumn[static_cast<std::size_t>(neuron % width - firstColumn)]];
}

} // namespace synfire
