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

/// All packets of a step from one core to another are a burst. The bursts are
/// built and carried while other threads receive the same spikes, which is why
/// they lie on cache lines of their own.
class alignas(64) StepBursts {
public:
  /// Of one burst; the times are in traffic().
  struct Content {
    InputWork work;
    std::uint32_t source = 0;  ///< index of NeuronPlacement::cores
    std::uint64_t latency = 0; ///< over an empty network
  };

  /// Of what the cores have fired. `paces`: says how fast the cores take
  /// packets in, for the network that stops them at full ones.
  void build(const SpikingState &state, const std::vector<SpikingCore> &cores,
             bool paces);

  /// A destination record for each burst, of the same number.
  StepTraffic &traffic() { return sent; }
  const StepTraffic &traffic() const { return sent; }
  const Content &content(std::uint32_t burst) const { return contents[burst]; }
  /// Bursts to a core, ascending sources.
  const std::vector<std::uint32_t> &arriving(std::size_t core) const {
    return toCore[core];
  }

private:
  StepTraffic sent;
  std::vector<Content> contents;
  std::vector<std::vector<std::uint32_t>> toCore;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_STEPBURSTS_H
