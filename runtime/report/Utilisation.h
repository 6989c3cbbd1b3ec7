//===- Utilisation.h - how much of the used cores works ---------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_UTILISATION_H
#define SYNFIRE_RUNTIME_REPORT_UTILISATION_H

#include "runtime/program/Run.h"

#include <optional>
#include <vector>

namespace synfire {

/// Shares from 0 to 1; what static power is paid for.
struct Utilisation {
  // Empty without timing.
  std::optional<double> busy;    ///< of all cycles, mean over the used cores
  std::optional<double> busiest; ///< of the core that is busy longest
  /// Of what the used cores hold of a resource, the share that tiles take.
  struct Resource {
    const char *name; ///< "synapse_bytes", as JSON uses it
    double used;
  };
  std::vector<Resource> memory;
  double coresOfChips = 0; ///< used cores of all cores of the used chips
};

/// Empty without cores: the engine's runs.
std::optional<Utilisation> utilisation(const Run &run);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_UTILISATION_H
