//===- TileShape.h - numbering of one tile's neurons ------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TILESHAPE_H
#define SYNFIRE_SIMULATOR_MACHINE_TILESHAPE_H

#include "runtime/program/Program.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

/// Half-open range of a tile's own neuron numbers.
struct LocalRange {
  std::int32_t begin = 0, end = 0;
  std::int32_t size() const { return end - begin; }
};

/// A tile's rectangle; its own numbers run through the groups, columns
/// innermost, hence ascend with the stage's neuron numbers.
struct TileShape {
  std::int32_t groupBegin = 0, groupEnd = 0, columnBegin = 0, columnEnd = 0;
  std::int32_t groupWidth = 1;

  TileShape() = default;
  TileShape(const Tile &tile, const Stage &stage)
      : groupBegin(tile.groupBegin), groupEnd(tile.groupEnd),
        columnBegin(tile.columnBegin), columnEnd(tile.columnEnd),
        groupWidth(stage.groupWidth) {}

  std::int32_t groups() const { return groupEnd - groupBegin; }
  std::int32_t columns() const { return columnEnd - columnBegin; }
  std::int32_t neurons() const { return groups() * columns(); }

  std::int32_t neuron(std::int32_t local) const {
    return (groupBegin + local / columns()) * groupWidth + columnBegin +
           local % columns();
  }
  /// How many of the tile's neurons have a smaller number in the stage.
  std::int32_t countBelow(std::int64_t neuron) const {
    const auto group = static_cast<std::int32_t>(neuron / groupWidth);
    const auto column = static_cast<std::int32_t>(neuron % groupWidth);
    std::int32_t count =
        std::clamp(group - groupBegin, 0, groups()) * columns();
    if (group >= groupBegin && group < groupEnd)
      count += std::clamp(column - columnBegin, 0, columns());
    return count;
  }
  /// The tile's neurons among the stage's neurons [begin, end).
  LocalRange range(std::int64_t begin, std::int64_t end) const {
    return {countBelow(begin), countBelow(end)};
  }
  bool contains(std::int64_t neuron) const {
    return range(neuron, neuron + 1).size() == 1;
  }
};

/// The neurons of a tile that take part: the first columns of every group.
struct ActiveNeurons {
  std::int32_t groups = 0, groupColumns = 0, columns = 0;

  std::uint64_t count() const {
    return static_cast<std::uint64_t>(groups) *
           static_cast<std::uint64_t>(columns);
  }
  /// visit(number in the tile), ascending.
  template <typename Visit> void forEach(Visit &&visit) const {
    for (std::int32_t g = 0; g < groups; ++g)
      for (std::int32_t c = 0; c < columns; ++c)
        visit(static_cast<std::size_t>(g) * groupColumns +
              static_cast<std::size_t>(c));
  }
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TILESHAPE_H
