//===- StepLinks.h - what the bursts of a step ask of links -----*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_STEPLINKS_H
#define SYNFIRE_SIMULATOR_SPIKING_STEPLINKS_H

#include "simulator/machine/LinkBound.h"
#include "simulator/noc/Network.h"
#include "simulator/noc/WayTable.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// The bound of the links (machine.md, "Lower bound"), of one step after
/// another. It may be followed while other threads time arrivals, which is why
/// it lies on cache lines of its own.
class alignas(64) StepLinks {
public:
  StepLinks(const ChipModel &chip, const Routing &routing);

  void follow(const StepTraffic &traffic);
  const LinkBound &bound() const { return loads; }
  /// Of the links between two cores.
  LinkTerm largestBetween(int fromCore, int toCore);
  /// Forgets the step, which has taken so many cycles.
  void endStep(std::uint64_t cycles) { loads.endStep(cycles); }

private:
  /// Bursts of one destination each between the same routers are one to the
  /// links, and those from one router come one after another.
  struct Joined {
    std::uint64_t packets = 0, firstDeparture = 0;
  };
  bool holds(int router, int core) const {
    const int firstCore = router * coresPerRouter;
    return core >= firstCore && core < firstCore + coresPerRouter;
  }
  using Ways = WayTableOf<LinkOnWay, std::uint64_t>;
  const Ways::Way &wayBetween(int fromRouter, int toRouter);
  void followWay(int fromRouter, int toRouter);
  void followJoined(int fromRouter);

  NocTiming timing;
  const Routing &routing;
  int coresPerRouter;
  Ways ways;                  ///< ends: cycles of the way
  std::vector<Joined> joined; ///< by destination router
  std::vector<int> joinedTo;
  LinkBound loads;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_STEPLINKS_H
