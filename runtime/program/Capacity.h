//===- Capacity.h - demands against one core's capacities -------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_CAPACITY_H
#define SYNFIRE_RUNTIME_PROGRAM_CAPACITY_H

#include "hw-models/ChipModel.h"
#include "runtime/program/Connectivity.h"

#include <array>

namespace synfire {

/// One resource of a core and how much of it is wanted.
struct ResourceUse {
  const char *name;  ///< in sentences
  const char *field; ///< of core in a hw-model, and in reports
  std::int64_t needed;
  std::int64_t held;
  bool fits() const { return needed <= held; }
};

inline std::array<ResourceUse, 6> resourceUses(const TileDemand &demand,
                                               const CoreCapacity &core) {
  return {
      {{"neurons", "neurons", demand.neurons, core.neurons},
       {"input axons", "input_axons", demand.inputAxons, core.inputAxons},
       {"output axons", "output_axons", demand.outputAxons, core.outputAxons},
       {"synapse bytes", "synapse_bytes", demand.synapseBytes,
        core.synapseBytes},
       {"accumulators", "accumulators", demand.accumulators, core.accumulators},
       {"look-up bytes", "lookup_bytes", demand.lookupBytes,
        core.lookupBytes}}};
}

inline bool fits(const TileDemand &demand, const CoreCapacity &core) {
  for (const ResourceUse &use : resourceUses(demand, core))
    if (!use.fits())
      return false;
  return true;
}

inline TileDemand operator+(const TileDemand &a, const TileDemand &b) {
  return {a.neurons + b.neurons,           a.inputAxons + b.inputAxons,
          a.outputAxons + b.outputAxons,   a.synapseBytes + b.synapseBytes,
          a.accumulators + b.accumulators, a.lookupBytes + b.lookupBytes};
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_CAPACITY_H
