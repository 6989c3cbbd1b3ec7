//===- NetworkLimits.h - what packets wait for ------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_NETWORKLIMITS_H
#define SYNFIRE_SIMULATOR_NOC_NETWORKLIMITS_H

namespace synfire {

/// What a network lets packets wait for.
struct NetworkLimits {
  bool linksFill = true;  ///< links, which move one packet at a time
  bool coresFill = false; ///< cores, which take packets in at their pace
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_NETWORKLIMITS_H
