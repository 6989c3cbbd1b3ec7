//===- StepRecord.h - everything about one step -----------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_TRACE_STEPRECORD_H
#define SYNFIRE_SIMULATOR_TRACE_STEPRECORD_H

#include "simulator/machine/Pipeline.h"
#include "simulator/machine/Timeline.h"

#include <cstdint>
#include <vector>

namespace synfire {

/// The busy cycles of a link in one step, drawn as one piece: it begins with
/// the first departure of a burst that crosses the link and ends with the step
/// at the latest.
struct LinkPiece {
  int number = 0; ///< MeshLink
  int fromRouter = 0, toRouter = 0;
  std::uint64_t packets = 0, busyCycles = 0;
  CycleInterval cycles;
};

struct StepRecord {
  std::uint64_t window = 0; ///< of the run, from 0
  int stepOfWindow = 0;
  std::vector<WindowToken> tokens; ///< in flight in the window
  std::vector<BurstTimeline> bursts;
  std::vector<CoreTimeline> cores;
  std::vector<LinkPiece> links;
  StepTimeline step;
};

/// Writes steps to a file as they come; an implementation holds no more than
/// one of them.
class StepSink {
public:
  virtual ~StepSink() = default;
  virtual Status write(const StepRecord &record) = 0;
  /// Completes the file under its name. Without it nothing is left behind.
  virtual Status finish() = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_TRACE_STEPRECORD_H
