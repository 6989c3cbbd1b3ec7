//===- RouteTable.h - next hops, looked up once -----------------*- C++ -*-===//
//
// Routing answers per packet and router; a network asks the same question
// millions of times. The table remembers the answers of meshes small enough,
// and asks again where it would grow beyond the caches.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_ROUTETABLE_H
#define SYNFIRE_SIMULATOR_NOC_ROUTETABLE_H

#include "runtime/program/Routing.h"

#include <cstdint>
#include <vector>

namespace synfire {

class RouteTable {
public:
  /// `ways` has to outlive the table.
  explicit RouteTable(const Routing &ways)
      : routing(ways), routers(static_cast<std::size_t>(ways.mesh().routers())),
        states(routers <= largestMesh ? rememberedStates : 0),
        steps(states * routers * routers, unknown) {}

  Routing::Step next(int router, int destination, std::uint8_t state) {
    const std::size_t at =
        (state * routers + static_cast<std::size_t>(router)) * routers +
        static_cast<std::size_t>(destination);
    if (state < states && steps[at] != unknown)
      return {static_cast<Direction>(steps[at] >> stateBits),
              static_cast<std::uint8_t>(steps[at] & stateMask)};
    const Routing::Step step = routing.next(router, destination, state);
    if (state < states && step.state <= stateMask)
      steps[at] = static_cast<std::uint8_t>(
          static_cast<unsigned>(step.direction) << stateBits | step.state);
    return step;
  }

  /// The direction of a step without states, if it is known already: else a
  /// number that is none.
  static constexpr unsigned noDirection = 0xff >> 5;
  unsigned knownDirection(std::uint32_t router,
                          std::uint32_t destination) const {
    return states == 0 ? noDirection
                       : steps[router * routers + destination] >> stateBits;
  }

  /// Routing::virtualChannels().
  std::uint64_t virtualChannels(const Routing::Step &step) const {
    return routing.virtualChannels(step);
  }

private:
  static constexpr int stateBits = 5;
  static constexpr std::uint8_t stateMask = (1 << stateBits) - 1;
  static constexpr std::uint8_t unknown = 0xff; ///< no direction is 7
  /// 4 states of 512 routers take 1 MB.
  static constexpr std::size_t largestMesh = 512, rememberedStates = 4;

  const Routing &routing;
  std::size_t routers, states;
  std::vector<std::uint8_t> steps; ///< by state, router, destination
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_ROUTETABLE_H
