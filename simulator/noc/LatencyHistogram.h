//===- LatencyHistogram.h - how many packets took how long ------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_LATENCYHISTOGRAM_H
#define SYNFIRE_SIMULATOR_NOC_LATENCYHISTOGRAM_H

#include "runtime/support/DivideUp.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace synfire {

/// Exact, whatever the latency: short ones are counted in place, the few long
/// ones in a map.
class LatencyHistogram {
public:
  void add(std::uint64_t latency) {
    ++packets;
    if (latency >= mostInPlace) {
      ++longer[latency];
      return;
    }
    if (latency >= counts.size())
      counts.resize(latency + 1 + latency / 2);
    ++counts[latency];
  }

  /// The least latency that at least `percent` of the packets do not exceed
  /// (nearest rank); 0 without packets. `percent` in 1 to 100; up to 2^57
  /// packets.
  std::uint64_t percentile(unsigned percent) const {
    const std::uint64_t wanted =
        divideUp<std::uint64_t>(packets * percent, 100);
    std::uint64_t seen = 0;
    for (std::size_t latency = 0; latency < counts.size(); ++latency)
      if (seen += counts[latency]; seen > 0 && seen >= wanted)
        return latency;
    for (const auto &[latency, count] : longer)
      if (seen += count; seen >= wanted)
        return latency;
    return longer.empty() ? 0 : longer.rbegin()->first;
  }

  void clear() {
    packets = 0;
    counts.assign(counts.size(), 0);
    longer.clear();
  }

private:
  static constexpr std::uint64_t mostInPlace = 1 << 16;

  std::uint64_t packets = 0;
  std::vector<std::uint64_t> counts;
  std::map<std::uint64_t, std::uint64_t> longer;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_LATENCYHISTOGRAM_H
