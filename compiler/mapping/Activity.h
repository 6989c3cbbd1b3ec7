//===- Activity.h - how many events to expect -------------------*- C++ -*-===//
//
// The mapper weighs traffic and work by expected events. They are measured
// ones, from an earlier run, where the caller has them, and else this file's
// assumptions; nothing else in the mapper assumes anything about data.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_ACTIVITY_H
#define SYNFIRE_COMPILER_MAPPING_ACTIVITY_H

#include "runtime/program/Program.h"

#include <vector>

namespace synfire {

/// Of the steps in which a neuron could fire it fires in this share. Measured
/// shares of whole networks of this project's methods lie between 0.03 and 0.3
/// (`synfire report` prints the rate of each stage).
constexpr double assumedFiringShare = 0.15;
/// Of the bits of a look-up unit's code, those that are set.
constexpr double assumedSetBits = 0.3;

/// Of one stage and one token.
struct StageActivity {
  double eventsPerNeuron = 0; ///< of an active neuron, all frames together
  /// Mean number of active columns over the positions of the context; the
  /// stage's groupWidth unless it is perKey.
  double activeColumns = 0;
  int steps = 1; ///< over which the events spread: those of all its frames
  int packetsPerEvent = 1;
};

/// `measured`: events per active neuron and token by stage, negative where
/// unknown; may be empty. The chip is that of program.mapping.
std::vector<StageActivity>
expectedActivity(const Program &program, const std::vector<double> &measured);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_ACTIVITY_H
