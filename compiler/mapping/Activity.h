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

#include <map>
#include <string>
#include <vector>

namespace synfire {

/// Of the steps in which a neuron could fire it fires in this share: 7.8 and
/// 8.0 events a neuron over trains of 16 and 20 steps were measured for las on
/// llama-wiki-1.3M and stories260K (24 tokens each, mean over stages).
constexpr double assumedFiringShare = 0.45;
/// Of the bits of a look-up unit's code, those that are set: 6.6 and 6.9 events
/// in the same runs.
constexpr double assumedSetBits = 0.4;

/// Events per active neuron and token by the stage's name, all frames together.
using MeasuredActivity = std::map<std::string, double>;

/// Of one stage and one token.
struct StageActivity {
  double eventsPerNeuron = 0; ///< of an active neuron, all frames together
  /// Mean number of active columns over the positions of the context; the
  /// stage's groupWidth unless it is perKey.
  double activeColumns = 0;
  int steps = 1; ///< over which the events spread: those of all its frames
  int packetsPerEvent = 1;
};

/// Stages that `measured` does not name are as assumed. The chip is that of
/// program.mapping.
std::vector<StageActivity> expectedActivity(const Program &program,
                                            const MeasuredActivity &measured);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_ACTIVITY_H
