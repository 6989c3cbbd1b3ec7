//===- CoreBound.h - when a core could be done at best ----------*- C++ -*-===//
//
// The lower bound of a core's step and what makes it so, for every simulator of
// cores. Formulas: docs/spec/machine.md, "Lower bound".
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_COREBOUND_H
#define SYNFIRE_SIMULATOR_MACHINE_COREBOUND_H

#include "runtime/program/Run.h"
#include "simulator/machine/CoreClock.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

/// A packet that a core has to wait for, even over an empty network.
struct AwaitedPacket {
  int sourceCore = -1; ///< as the simulator numbers its cores
  std::uint64_t departure = 0, latency = 0;
  std::uint64_t arrival() const { return departure + latency; }
};

/// A lower bound of a core's end of step.
struct CoreBound {
  std::uint64_t cycles = 0;
  StepCause cause = StepCause::NeuronUpdate;
  /// More than half of `cycles` pass until this packet has come: the cause is
  /// its source's or that of its way. No core: the cause is this core's.
  AwaitedPacket awaited;
};

/// Of the stages of an input side the one with the most cycles.
inline StepCause slowestStage(std::uint64_t lookup, std::uint64_t memory,
                              std::uint64_t accumulation) {
  if (memory >= lookup && memory >= accumulation)
    return StepCause::SynapseMemory;
  return accumulation >= lookup ? StepCause::Accumulation
                                : StepCause::AxonLookup;
}
inline StepCause slowestStage(const InputClock &input) {
  return slowestStage(input.lookupCycles(), input.memoryCycles(),
                      input.accumulationCycles());
}

/// The largest bound of an input side, of the bursts of a step.
class InputBoundSearch {
public:
  /// `before`: what the input side has been doing from the start of the step.
  explicit InputBoundSearch(const InputClock &before = {}) : bound(before) {}

  /// The first and the last packet of a burst.
  void add(const InputCycles &burst, const AwaitedPacket &first,
           const AwaitedPacket &last) {
    const std::uint64_t latestEnd = bound.ofLastPacket();
    bound.add(burst, first.arrival(), last.arrival());
    if (earliest.sourceCore < 0 || first.arrival() < earliest.arrival())
      earliest = first;
    if (latest.sourceCore < 0 || bound.ofLastPacket() > latestEnd) {
      latest = last;
      lastLookup = burst.packetLookup;
      lastMemory = burst.packetMemory;
      lastAccumulation = burst.packetAccumulation;
    }
  }

  /// What was added, where it takes longer than `other`. Several stages have
  /// the same bound if one packet bounds all of them: then the one with the
  /// most cycles of its own is the cause.
  CoreBound orElse(const CoreBound &other) const {
    if (earliest.sourceCore < 0)
      return other;
    CoreBound largest;
    std::uint64_t ownCycles = 0;
    auto offer = [&](std::uint64_t cycles, std::uint64_t own, StepCause cause,
                     const AwaitedPacket &awaited) {
      if (cycles < largest.cycles ||
          (cycles == largest.cycles && own <= ownCycles))
        return;
      ownCycles = own;
      largest = {cycles, cause,
                 2 * awaited.arrival() > cycles ? awaited : AwaitedPacket{}};
    };
    offer(bound.ofMemory(), bound.memoryCycles(), StepCause::SynapseMemory,
          earliest);
    offer(bound.ofAccumulation(), bound.accumulationCycles(),
          StepCause::Accumulation, earliest);
    offer(bound.ofLookup(), bound.lookupCycles(), StepCause::AxonLookup,
          earliest);
    offer(bound.ofLastPacket(),
          std::max({lastLookup, lastMemory, lastAccumulation}),
          slowestStage(lastLookup, lastMemory, lastAccumulation), latest);
    return largest.cycles > other.cycles ? largest : other;
  }

private:
  InputBound bound;
  AwaitedPacket earliest, latest;
  /// Cycles of the latest.
  std::uint64_t lastLookup = 0, lastMemory = 0, lastAccumulation = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_COREBOUND_H
