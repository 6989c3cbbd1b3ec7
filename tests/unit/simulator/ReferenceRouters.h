//===- ReferenceRouters.h - routers of the reference curves -----*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_REFERENCEROUTERS_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_REFERENCEROUTERS_H

#include "hw-models/ChipModel.h"

namespace synfire::tests {

// Virtual channels, buffer, routing, VC allocation, switch allocation,
// speculative, traversal, links (EW, NS), credit.
inline const RouterTiming routerF = {4, 8, 0, 1, 1, false, 1, 1, 1, 1};
inline const RouterTiming routerD = {1, 8, 0, 1, 1, true, 1, 1, 1, 1};

/// Routers with a core each.
inline ChipModel routersAlone(int width, int height, const RouterTiming &router,
                              int flits = 1) {
  ChipModel chip;
  chip.mesh = {width, height, 1, 1, 1};
  chip.noc.periodCycles = 1;
  chip.noc.flitsPerPacket = flits;
  chip.noc.chipLinkCyclesPerFlit = 1;
  chip.noc.router = router;
  return chip;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_REFERENCEROUTERS_H
