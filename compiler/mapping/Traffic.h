//===- Traffic.h - expected packets between cores ---------------*- C++ -*-===//
//
// A net is a set of source cores whose packets all go to the same reading
// cores. Where packets are copied on their way, a neuron's packet is in one net
// with all its readers.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_TRAFFIC_H
#define SYNFIRE_COMPILER_MAPPING_TRAFFIC_H

#include "compiler/mapping/Activity.h"
#include "compiler/mapping/Listeners.h"

#include <vector>

namespace synfire {

struct TrafficNet {
  struct Source {
    int core = 0;
    double packets = 0; ///< per token; unicast: to each reader
  };
  int stage = 0; ///< that fires
  /// Not spikes but sums of split inputs (P15), before the first step.
  bool sums = false;
  std::vector<Source> sources; ///< ascending cores
  std::vector<int> readers;    ///< ascending cores
};

std::vector<TrafficNet> trafficNets(const Program &program,
                                    const std::vector<StageActivity> &activity);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_TRAFFIC_H
