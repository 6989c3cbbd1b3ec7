//===- PartialSums.h - sums of split inputs, brought together ---*- C++ -*-===//
//
// Where the inputs of a stage are split (program.md, P15), the tiles that have
// no neurons send their sums to the one that has, at the start of a window in
// which the stage fires.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H
#define SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H

#include "runtime/program/Routing.h"
#include "simulator/machine/CoreClock.h"
#include "simulator/machine/Fanout.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace synfire {

class PartialSums {
public:
  /// `all`: by mapping index, in the order of P15.
  PartialSums(const ChipModel &chip, const Routing &ways,
              const Fanout::Tiles &all)
      : timing(chip.timing), routing(ways), tiles(all) {}

  /// The sums of one tile, on their way to another core.
  struct Transfer {
    int from = 0, to = 0; ///< cores
    std::uint64_t packets = 0;
    std::uint64_t sentBefore = 0; ///< packets of the same core
  };

  /// Moves the sums of the stages' tiles and counts their packets. Before the
  /// cores prepare. `tilesOfStage`: mapping indices of the tiles with neurons.
  void move(const std::vector<std::size_t> &stages,
            const std::vector<std::vector<std::size_t>> &tilesOfStage,
            const WindowPlan &plan);

  /// Cycles of a packet from one core to another.
  using Latency = std::function<std::uint64_t(int from, int to)>;
  /// Of the last move.
  const std::vector<Transfer> &transfers() const { return underWay; }
  /// visit(core number, packets) of the last move, ascending cores.
  template <typename Visit> void forEachSender(Visit &&visit) const {
    for (const auto &[core, packets] : sent)
      visit(core, packets);
  }
  /// visit(core number, packets, cycles until the last has come). Each core
  /// sends its packets one behind another from the start of the window on.
  template <typename Visit>
  void forEachReceiver(const Latency &latency, Visit &&visit) const {
    std::map<int, std::uint64_t> arrivals;
    for (const Transfer &transfer : underWay) {
      std::uint64_t &arrival = arrivals[transfer.to];
      arrival = std::max(
          arrival, walkCycles(timing, transfer.sentBefore + transfer.packets) +
                       latency(transfer.from, transfer.to));
    }
    for (const auto &[core, arrival] : arrivals)
      visit(core, received.at(core), arrival);
  }

private:
  CoreTiming timing;
  const Routing &routing;
  const Fanout::Tiles &tiles;
  // Of the last move, the maps by core.
  std::vector<Transfer> underWay;
  std::map<int, std::uint64_t> sent, received; ///< packets
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H
