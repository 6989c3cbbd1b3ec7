//===- StepBursts.h - what the cores send each other in a step --*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_STEPBURSTS_H
#define SYNFIRE_SIMULATOR_SPIKING_STEPBURSTS_H

#include "simulator/machine/CoreClock.h"
#include "simulator/noc/Network.h"

#include <cstdint>
#include <vector>

namespace synfire {

class SpikingCore;
struct SpikingState;

/// All packets of a step from one core to another are a burst; where the chip
/// copies packets, those of a slice to the same cores are. The bursts are
/// built and carried while other threads receive the same spikes, which is why
/// they lie on cache lines of their own.
class alignas(64) StepBursts {
public:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// From one core to another; the times are in traffic().
  struct Content {
    InputWork work;
    std::uint32_t source = 0;        ///< index of NeuronPlacement::cores
    std::uint64_t latency = 0;       ///< over an empty network
    std::uint32_t lastRecord = none; ///< of its chain, where packets are copied
  };
  /// When the packets of a Content leave and arrive.
  struct Times {
    std::uint64_t firstArrival = 0, lastArrival = 0;
    Departures departures;
  };

  /// Of what the cores have fired. `paces`: says how fast the cores take
  /// packets in, for the network that stops them at full ones.
  void build(const SpikingState &state, const std::vector<SpikingCore> &cores,
             bool paces);

  /// Where packets are not copied, bursts, their destination records and
  /// contents have the same numbers.
  StepTraffic &traffic() { return sent; }
  const StepTraffic &traffic() const { return sent; }
  const Content &content(std::uint32_t number) const {
    return contents[number];
  }
  Times times(std::uint32_t content) const {
    if (copied.empty()) {
      const Burst &burst = sent.bursts[content];
      const BurstDestination &at = sent.destinations[content];
      return {at.firstArrival,
              at.lastArrival,
              {burst.firstDeparture, burst.lastDeparture}};
    }
    return timesOfChain(contents[content].lastRecord);
  }
  /// Contents that a core gets, ascending sources.
  const std::vector<std::uint32_t> &arriving(std::size_t core) const {
    return toCore[core];
  }

private:
  /// Of a destination record of a tree: its burst, and the record before it
  /// of the same content.
  struct CopyRecord {
    std::uint32_t burst = 0, before = none;
  };
  Times timesOfChain(std::uint32_t record) const;
  void addPackets(bool isNew, int source, int destination,
                  std::uint64_t packets, Departures departures);
  void addTree(const SpikingState &state, std::uint32_t tree, int source);
  void setPace(std::uint32_t content, const InputCycles &cycles);

  StepTraffic sent;
  std::vector<Content> contents;
  std::vector<CopyRecord> copied; ///< by destination record; empty without
  std::vector<std::uint32_t> contentOfBundle;
  std::vector<std::vector<std::uint32_t>> toCore;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_STEPBURSTS_H
