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
#include <map>
#include <utility>
#include <vector>

namespace synfire {

/// The sums that come to one core, in cycles of the window's first step.
struct IncomingSums {
  std::uint64_t packets = 0;
  std::uint64_t best = 0;    ///< the last is there, over an empty network
  std::uint64_t arrival = 0; ///< and over the network as it is
  const Way *way = nullptr;  ///< of the last
  std::uint64_t delay() const { return arrival - std::min(arrival, best); }
};

class PartialSums {
public:
  /// `all`: by mapping index, in the order of P15.
  PartialSums(const ChipModel &chip, const Routing &routes,
              const Fanout::Tiles &all)
      : timing(chip.timing), noc(chip.noc), routing(routes), tiles(all) {}

  /// The sums of one tile, on their way to another core. Each core sends its
  /// packets one behind another from the start of the window on.
  struct Transfer {
    int from = 0, to = 0; ///< cores
    std::uint64_t packets = 0;
    Departures departures;
    const Way *way = nullptr;
  };

  /// Moves the sums of the stages' tiles and counts their packets. Before the
  /// cores prepare. `tilesOfStage`: mapping indices of the tiles with neurons.
  void move(const std::vector<std::size_t> &stages,
            const std::vector<std::vector<std::size_t>> &tilesOfStage,
            const WindowPlan &plan);
  /// Those of the step at hand, ascending senders.
  const std::vector<Transfer> &transfers() const { return underWay; }
  void endStep() { underWay.clear(); }

  /// visit(core number, packets) of the last move, ascending cores.
  template <typename Visit> void forEachSender(Visit &&visit) const {
    for (const auto &[core, packets] : sent)
      visit(core, packets);
  }
  /// visit(core number, IncomingSums), ascending cores. `arrivals`: one for
  /// each transfer.
  template <typename Visit>
  void forEachReceiver(const std::vector<BurstArrival> &arrivals,
                       Visit &&visit) const {
    std::map<int, IncomingSums> received;
    for (std::size_t i = 0; i < underWay.size(); ++i) {
      const Transfer &transfer = underWay[i];
      IncomingSums &sums = received[transfer.to];
      sums.packets += transfer.packets;
      sums.best =
          std::max(sums.best, transfer.departures.last + transfer.way->latency);
      if (!sums.way || arrivals[i].last > sums.arrival)
        sums.way = transfer.way;
      sums.arrival = std::max(sums.arrival, arrivals[i].last);
    }
    for (const auto &[core, sums] : received)
      visit(core, sums);
  }

private:
  CoreTiming timing;
  NocTiming noc;
  const Routing &routing;
  const Fanout::Tiles &tiles;
  std::map<std::pair<int, int>, Way> ways; ///< by sender and receiver
  std::vector<Transfer> underWay;
  std::map<int, std::uint64_t> sent; ///< packets of the last move, by core
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_PARTIALSUMS_H
