//===- AxonCells.h - neurons of a tile with the same listeners --*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_AXONCELLS_H
#define SYNFIRE_SIMULATOR_MACHINE_AXONCELLS_H

#include "simulator/machine/AxonTables.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// A tile cut along the borders of all blocks that listen to it: the neurons of
/// a cell share their listeners, so a step counts its events once a cell and
/// knows what goes to every destination.
class AxonCells {
public:
  /// `groupWidth`: of the tile's stage.
  AxonCells(const Tile &tile, int groupWidth,
            const std::vector<AxonDestination> &axons);

  std::size_t count() const {
    return (groupBorders.size() - 1) * (columnBorders.size() - 1);
  }
  /// `block` is that of a listener: it holds all of a cell or nothing of it.
  bool hears(const NeuronBlock &block, std::size_t cell) const;
  /// events[c]: how many of the neurons (numbers of the stage) lie in cell c.
  void countEvents(const std::vector<std::int32_t> &neurons,
                   std::vector<std::uint64_t> &events) const;

private:
  int width;
  std::vector<int> groupBorders, columnBorders; ///< ascending
  /// First cell of each group of the tile, and what each column adds to it.
  std::vector<std::uint32_t> cellOfGroup, cellOfColumn;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_AXONCELLS_H
