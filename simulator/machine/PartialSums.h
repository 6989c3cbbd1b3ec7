//===- PartialSums.h - sums of split inputs, brought together ---*- C++ -*-===//
//
// Where the inputs of a stage are split (program.md, P15), the tiles that have
// no neurons send their sums to the one that has, at the start of a window in
// which the stage fires.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H
#define SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H

#include "simulator/machine/CoreClock.h"
#include "simulator/machine/Fanout.h"

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace synfire {

class PartialSums {
public:
  /// `all`: by mapping index, in the order of P15.
  PartialSums(const ChipModel &chip, const Fanout::Tiles &all)
      : timing(chip.timing), tiles(all) {}

  /// Moves the sums of the stages' tiles and counts their packets. Before the
  /// cores prepare. `tilesOfStage`: mapping indices of the tiles with neurons.
  void move(const std::vector<std::size_t> &stages,
            const std::vector<std::vector<std::size_t>> &tilesOfStage,
            const WindowPlan &plan);

  /// Cycles of a packet from one core to another.
  using Latency = std::function<std::uint64_t(int from, int to)>;
  /// wait(core number, cycles): when the core has added up what the last move
  /// sent it. Each core sends its packets one behind another and adds those
  /// that come in after the last has come.
  template <typename Wait>
  void forEachWait(const Latency &latency, Wait &&wait) const {
    for (const Transfer &transfer : transfers)
      wait(transfer.to,
           walkCycles(timing, transfer.sentBefore + transfer.packets) +
               latency(transfer.from, transfer.to) +
               sumsCycles(timing, packetsTo(transfer.to)));
  }

private:
  struct Transfer {
    int from = 0, to = 0; ///< cores
    std::uint64_t packets = 0;
    std::uint64_t sentBefore = 0; ///< packets of the same core
  };
  std::uint64_t packetsTo(int core) const { return received.at(core); }

  CoreTiming timing;
  const Fanout::Tiles &tiles;
  // Of the last move, the maps by core.
  std::vector<Transfer> transfers;
  std::map<int, std::uint64_t> sent, received; ///< packets
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H
