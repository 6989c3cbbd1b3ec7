//===- Timeline.h - who watches when things happen --------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TIMELINE_H
#define SYNFIRE_SIMULATOR_MACHINE_TIMELINE_H

#include "runtime/program/Run.h"

#include <cstdint>
#include <vector>

namespace synfire {

struct WindowToken;

/// Core cycles from the start of the run; empty where begin == end.
struct CycleInterval {
  std::uint64_t begin = 0, end = 0;
};

/// One core in one step.
struct CoreTimeline {
  int core = 0;
  CycleInterval update;  ///< output side: membranes, neuron updates
  CycleInterval send;    ///< first to last departure
  CycleInterval receive; ///< first arrival to the end of the last burst
};

/// What one core sends to another in one step: the packets of one set of
/// destinations, or the sums of one tile's part of split inputs.
struct BurstTimeline {
  int sourceCore = 0, destinationCore = 0;
  std::uint64_t packets = 0;
  CycleInterval departures, arrivals; ///< of the first and the last packet
};

struct LinkTimeline {
  int number = 0;                   ///< as in MeshLink
  int fromRouter = 0, toRouter = 0; ///< as in LinkRun
  std::uint64_t packets = 0;
  std::uint64_t busyCycles = 0; ///< at least, within this step
};

struct StepTimeline {
  std::uint64_t number = 0; ///< of the run, from 0
  CycleInterval cycles;     ///< of the step, barrier included
  std::uint64_t barrierCycles = 0;
  std::uint64_t boundCycles = 0; ///< docs/spec/machine.md, "Lower bound"
  StepCause cause = StepCause::Barrier;
  /// The core, or for Link the link's number (MeshLink); -1 for Barrier, and
  /// for Link where no packet took one (cores of one router).
  int place = -1;
  /// Synaptic operations and digital multiply-accumulates.
  std::uint64_t operations = 0;
};

/// Called from one thread. For each window: what is in flight, then its steps;
/// for each step: bursts in the order of their source cores, cores and links in
/// ascending order, then the step.
class TimelineObserver {
public:
  virtual ~TimelineObserver() = default;
  virtual void onWindow(const std::vector<WindowToken> &) {}
  virtual void onBurst(const BurstTimeline &) {}
  virtual void onCore(const CoreTimeline &) {}
  virtual void onLink(const LinkTimeline &) {}
  virtual void onStep(const StepTimeline &) {}
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TIMELINE_H
