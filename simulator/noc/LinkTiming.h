//===- LinkTiming.h - delays between two routers ----------------*- C++ -*-===//
//
// What RouterTiming and NocTiming say of one link, in network cycles. One
// place for the packet network and for the models that stand in for it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_LINKTIMING_H
#define SYNFIRE_SIMULATOR_NOC_LINKTIMING_H

#include "runtime/program/Routing.h"
#include "runtime/support/DivideUp.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

struct LinkTiming {
  /// Of a link from a router; Direction::Local: to a core.
  LinkTiming(const NocTiming &timing, Direction direction, bool betweenChips)
      : transferCycles(LinkTiming::transfer(timing, direction, betweenChips)),
        creditCycles(1 + wire(timing, direction, betweenChips) +
                     timing.router.creditCycles),
        flitCycles(betweenChips ? timing.chipLinkCyclesPerFlit : 1),
        bufferFlits(timing.router.bufferFlits) {
    // A link between chips is deep enough to be kept busy: models give the
    // depth of the routers' own buffers only.
    if (betweenChips)
      bufferFlits = static_cast<std::int32_t>(std::max<std::int64_t>(
          bufferFlits, divideUp(roundTripCycles(timing), flitCycles)));
  }

  /// From the grant of the switch to the moment at which the next buffer has
  /// the flit.
  std::int64_t transferCycles = 0;
  /// From a buffer being freed to the moment at which the router behind knows.
  std::int64_t creditCycles = 0;
  std::int64_t flitCycles = 1;  ///< of each flit on the link
  std::int32_t bufferFlits = 0; ///< of a VC at the end of the link

  /// From a grant of the switch to the next that the freed buffer allows.
  std::int64_t roundTripCycles(const NocTiming &timing) const {
    return transferCycles + allocationCycles(timing.router) - 1 +
           timing.router.routingCycles + creditCycles;
  }

  /// Cycles of a head flit between route computation and switch traversal.
  static int allocationCycles(const RouterTiming &router) {
    return router.pipelineCycles() - router.routingCycles -
           router.switchTraversalCycles;
  }
  /// Cycles between the flits of a packet that nothing blocks, in buffers that
  /// hold what is under way; with a link between chips on its way if `border`.
  static std::int64_t flitInterval(const NocTiming &timing, bool border) {
    return timing.flitInterval(border);
  }
  static std::int64_t wire(const NocTiming &timing, Direction direction,
                           bool betweenChips) {
    if (direction == Direction::Local)
      return 1;
    const bool eastWest =
        direction == Direction::East || direction == Direction::West;
    return (eastWest ? timing.router.linkCyclesEastWest
                     : timing.router.linkCyclesNorthSouth) +
           std::int64_t(betweenChips ? timing.chipHopCycles : 0);
  }
  static std::int64_t transfer(const NocTiming &timing, Direction direction,
                               bool betweenChips) {
    // The switch is granted in the last cycle of the allocation, if that has
    // any.
    return timing.router.switchTraversalCycles +
           wire(timing, direction, betweenChips) +
           (allocationCycles(timing.router) > 0 ? 1 : 0);
  }
  static std::int64_t longestDelay(const NocTiming &timing) {
    const RouterTiming &router = timing.router;
    const std::int64_t wire =
        std::max<std::int64_t>(1, std::max(router.linkCyclesEastWest,
                                           router.linkCyclesNorthSouth)) +
        timing.chipHopCycles;
    return std::max<std::int64_t>(
        {wire + router.switchTraversalCycles + 1,
         wire + router.creditCycles + 1, router.routingCycles + 1,
         timing.chipLinkCyclesPerFlit,
         std::max(router.vcAllocationCycles, router.switchAllocationCycles)});
  }
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_LINKTIMING_H
