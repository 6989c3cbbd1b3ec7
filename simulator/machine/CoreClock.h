//===- CoreClock.h - what the work of a step takes on a core ----*- C++ -*-===//
//
// From counts to cycles, for every simulator of cores. A core has two pipelines
// that overlap: the output side updates neurons and walks the output axons of
// those that fired; the input side looks up arriving packets, fetches their
// synapse rows and accumulates. Cycles count from the start of the step; every
// constant is a field of CoreTiming. Formulas: docs/spec/machine.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_CORECLOCK_H
#define SYNFIRE_SIMULATOR_MACHINE_CORECLOCK_H

#include "hw-models/CoreCycles.h"

#include <algorithm>
#include <cstdint>

namespace synfire {

/// The part of a step in which packets leave a core.
struct Departures {
  std::uint64_t first = 0, last = 0;
};

/// When the packets of a burst reach one of its destinations.
struct BurstArrival {
  std::uint64_t first = 0, last = 0;
  std::uint64_t latency = 0; ///< of a packet over an empty network
};

/// Updates populations one after another. The output axon walk follows the
/// updates: those that fire are taken as evenly spread over their population,
/// and the slower of update and walk sets the pace.
class OutputClock {
public:
  /// `begin`: the core has its membranes. `walked`: cycles from the start of
  /// the step on in which the axons are walked for something else.
  OutputClock(const CoreTiming &core, std::uint64_t begin,
              std::uint64_t walked = 0)
      : timing(&core), updateEnd(begin), walkEnd(std::max(begin, walked)),
        walkTotal(walked) {}

  /// `updates` neurons are updated, `fired` of them fire and send `packets`.
  /// The interval is that of all these packets and meaningless without one.
  Departures update(std::uint64_t updates, std::uint64_t fired,
                    std::uint64_t packets) {
    const std::uint64_t begin = updateEnd;
    const std::uint64_t cycles = synfire::updateCycles(*timing, updates, fired);
    updateEnd += cycles;
    updateTotal += cycles;
    if (packets == 0)
      return {};
    const std::uint64_t senders =
        std::max<std::uint64_t>(1, std::min(fired, packets));
    const std::uint64_t walk = synfire::walkCycles(*timing, packets);
    const std::uint64_t walkBegin =
        std::max(walkEnd, begin + divideUp(cycles, senders));
    walkEnd = std::max(walkBegin + walk,
                       updateEnd + cyclesOf(divideUp(packets, senders),
                                            timing->outputAxonCycles));
    walkTotal += walk;
    return {walkBegin + cyclesOf(1, timing->outputAxonCycles), walkEnd};
  }

  /// All neurons so far are updated.
  std::uint64_t updated() const { return updateEnd; }
  /// All packets so far have left as well.
  std::uint64_t sent() const { return std::max(updateEnd, walkEnd); }
  std::uint64_t updateCycles() const { return updateTotal; }
  /// `walked` included.
  std::uint64_t walkCycles() const { return walkTotal; }

private:
  const CoreTiming *timing;
  std::uint64_t updateEnd, walkEnd;
  std::uint64_t updateTotal = 0, walkTotal;
};

/// What a burst asks of the input side.
struct InputWork {
  std::uint64_t packets = 0;    ///< looked up in the input axon table
  std::uint64_t rows = 0;       ///< synapse rows opened
  std::uint64_t words = 0;      ///< memory words read and written
  std::uint64_t operations = 0; ///< additions

  bool operator==(const InputWork &other) const {
    return packets == other.packets && rows == other.rows &&
           words == other.words && operations == other.operations;
  }
};

/// Cycles of a burst at the stages of the input side, and those of its mean
/// packet, rounded up.
struct InputCycles {
  std::uint64_t lookup = 0, memory = 0, accumulation = 0;
  std::uint64_t packetLookup = 0, packetMemory = 0, packetAccumulation = 0;

  /// How many cycles apart the core can take the burst's packets.
  std::uint64_t perPacket() const {
    return std::max({packetLookup, packetMemory, packetAccumulation});
  }
  std::uint64_t onePacket() const {
    return packetLookup + packetMemory + packetAccumulation;
  }
};

inline InputCycles inputCycles(const CoreTiming &timing,
                               const InputWork &work) {
  InputCycles cycles;
  const StageCycles<std::uint64_t> of =
      stageCycles(timing, work.packets, work.rows, work.words, work.operations);
  cycles.lookup = of.lookup;
  cycles.memory = of.memory;
  cycles.accumulation = of.accumulation;
  const std::uint64_t packets = std::max<std::uint64_t>(1, work.packets);
  cycles.packetLookup = cyclesOf(work.packets > 0, timing.axonLookupCycles);
  cycles.packetMemory = divideUp(cycles.memory, packets);
  cycles.packetAccumulation = divideUp(cycles.accumulation, packets);
  return cycles;
}

/// The longest input queue of a core, `known` before this burst: its last
/// packet is done `cycles` after its arrival, so as many packets are before it
/// as the core takes in until its turn has come, of the `received` of the step
/// at most.
inline std::uint64_t longestQueue(const InputCycles &burst,
                                  std::uint64_t cycles, std::uint64_t received,
                                  std::uint64_t known) {
  const std::uint64_t pace = burst.perPacket();
  const std::uint64_t wait = cycles - burst.onePacket();
  if (pace == 0 || wait + pace <= known * pace)
    return known;
  return std::max(known, std::min(received, (wait + pace) / pace));
}

/// Takes bursts in, to be called in the order of (first arrival, source core).
/// A stage is held by a burst for its cycles and free for the next one while
/// packets of the first are still on their way; no burst ends before its last
/// packet has passed all stages.
class InputClock {
public:
  /// The cycle at which the burst is done.
  std::uint64_t take(const InputCycles &burst, std::uint64_t firstArrival,
                     std::uint64_t lastArrival) {
    const std::uint64_t looked = lookup.hold(firstArrival, burst.lookup,
                                             lastArrival + burst.packetLookup);
    const std::uint64_t fetched =
        memory.hold(lookup.begin + burst.packetLookup, burst.memory,
                    looked + burst.packetMemory);
    return accumulation.hold(memory.begin + burst.packetMemory,
                             burst.accumulation,
                             fetched + burst.packetAccumulation);
  }

  /// All bursts so far are done.
  std::uint64_t end() const { return accumulation.end; }
  std::uint64_t lookupCycles() const { return lookup.busy; }
  std::uint64_t memoryCycles() const { return memory.busy; }
  std::uint64_t accumulationCycles() const { return accumulation.busy; }
  /// end() = lookupCycles() + these three: cycles without a packet to look up,
  /// and those by which memory and accumulation end later than the stage before
  /// them.
  std::uint64_t packetStall() const { return lookup.end - lookup.busy; }
  std::uint64_t memoryStall() const { return memory.end - lookup.end; }
  std::uint64_t accumulationStall() const {
    return accumulation.end - memory.end;
  }
  /// From when on each stage is free for another burst.
  std::uint64_t lookupFree() const { return lookup.free; }
  std::uint64_t memoryFree() const { return memory.free; }
  std::uint64_t accumulationFree() const { return accumulation.free; }

private:
  struct Stage {
    std::uint64_t begin = 0; ///< of the burst at hand
    std::uint64_t free = 0, end = 0, busy = 0;

    std::uint64_t hold(std::uint64_t from, std::uint64_t cycles,
                       std::uint64_t noEarlierThan) {
      begin = std::max(from, free);
      free = begin + cycles;
      busy += cycles;
      const std::uint64_t done = std::max(free, noEarlierThan);
      end = std::max(end, done);
      return done;
    }
  };

  Stage lookup, memory, accumulation;
};

/// The cycles that no order and no network can beat: the input side has to do
/// all its work after the earliest possible arrival, and every last packet has
/// to pass all stages. Max-affine in the manner of "A Compute and Communication
/// Runtime Model for Loihi 2" (arXiv 2601.10035).
class InputBound {
public:
  /// `before`: what the input side has been doing from the start of the step.
  explicit InputBound(const InputClock &before = {})
      : lookup{before.lookupFree()}, memory{before.memoryFree()},
        accumulation{before.accumulationFree()} {}

  /// Arrivals are those over an empty network.
  void add(const InputCycles &burst, std::uint64_t firstArrival,
           std::uint64_t lastArrival) {
    lookup.add(firstArrival, burst.lookup,
               burst.packetMemory + burst.packetAccumulation);
    memory.add(firstArrival + burst.packetLookup, burst.memory,
               burst.packetAccumulation);
    accumulation.add(firstArrival + burst.packetLookup + burst.packetMemory,
                     burst.accumulation, 0);
    lastPacket = std::max(lastPacket, lastArrival + burst.onePacket());
  }

  std::uint64_t ofLookup() const { return lookup.value(); }
  std::uint64_t ofMemory() const { return memory.value(); }
  std::uint64_t ofAccumulation() const { return accumulation.value(); }
  /// That of the packet which is done last.
  std::uint64_t ofLastPacket() const { return lastPacket; }
  /// Of the bursts.
  std::uint64_t lookupCycles() const { return lookup.busy; }
  std::uint64_t memoryCycles() const { return memory.busy; }
  std::uint64_t accumulationCycles() const { return accumulation.busy; }

private:
  struct Stage {
    std::uint64_t free;
    std::uint64_t earliest = UINT64_MAX, after = UINT64_MAX, busy = 0;

    void add(std::uint64_t from, std::uint64_t cycles, std::uint64_t rest) {
      earliest = std::min(earliest, from);
      after = std::min(after, rest);
      busy += cycles;
    }
    std::uint64_t value() const {
      return earliest == UINT64_MAX ? free
                                    : std::max(free, earliest) + busy + after;
    }
  };

  Stage lookup, memory, accumulation;
  std::uint64_t lastPacket = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_CORECLOCK_H
