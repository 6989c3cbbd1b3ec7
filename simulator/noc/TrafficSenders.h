//===- TrafficSenders.h - which cores send, and where to --------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_TRAFFICSENDERS_H
#define SYNFIRE_SIMULATOR_NOC_TRAFFICSENDERS_H

#include "simulator/noc/Traffic.h"

#include <cstddef>
#include <vector>

namespace synfire {

class TrafficSenders {
public:
  /// The errors of trafficSetup.
  static Result<TrafficSenders> create(const Routing &ways,
                                       const TrafficOptions &options);

  /// Ascending; at least one.
  const std::vector<int> &cores() const { return senders; }
  int unusableCores() const { return unusable; }
  /// They work, but the destination of their pattern does not.
  int coresWithoutDestination() const { return withoutDestination; }

  /// `random()` is even over (0, 1].
  template <typename Random>
  int destination(int sender, Random &&random) const {
    if (share > 0 && random() <= share)
      return oneOf(hot, random());
    return usable.empty() ? fixedDestination(sender) : oneOf(usable, random());
  }

  /// Every core to which `sender` may send, all of the pattern's alike, and all
  /// hot ones alike.
  double hotspotShare() const { return share; }
  const std::vector<int> &hotspotCores() const { return hot; }
  /// Empty: there is one, fixedDestination.
  const std::vector<int> &anyDestination() const { return usable; }
  int fixedDestination(int sender) const {
    return routers[static_cast<std::size_t>(sender / coresPerRouter)] *
               coresPerRouter +
           sender % coresPerRouter;
  }

private:
  static int oneOf(const std::vector<int> &cores, double random) {
    return cores[static_cast<std::size_t>(static_cast<double>(cores.size()) *
                                          (1 - random))];
  }

  std::vector<int> senders;
  std::vector<int> usable;  ///< destinations of `uniform`
  std::vector<int> routers; ///< of any other pattern, by source router
  std::vector<int> hot;
  double share = 0;
  int coresPerRouter = 1, unusable = 0, withoutDestination = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_TRAFFICSENDERS_H
