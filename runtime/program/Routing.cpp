//===- Routing.cpp - the way of every packet ------------------------------===//
#include "runtime/program/Routing.h"

namespace synfire {

Result<Routing> Routing::create(const ChipModel &chip, int chipsX, int chipsY) {
  if (!chip.faults.empty())
    return makeError("not supported: faults", "chip " + chip.name);
  return Routing(Mesh(chip.mesh, chipsX, chipsY));
}

bool Routing::usable(int core) const {
  return core >= 0 && core < grid.cores();
}

} // namespace synfire
