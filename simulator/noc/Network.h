//===- Network.h - when the spikes of a step arrive -------------*- C++ -*-===//
//
// Timing models of the mesh. They see what one step sends, as bursts, and say
// when each burst has arrived; they never see or change a spike. The models are
// defined in docs/spec/noc.md. On an idle mesh they agree to the cycle.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_NETWORK_H
#define SYNFIRE_SIMULATOR_NOC_NETWORK_H

#include "runtime/program/Routing.h"
#include "runtime/program/Run.h"
#include "runtime/support/DivideUp.h"
#include "runtime/support/Status.h"
#include "simulator/noc/MulticastForest.h"
#include "simulator/noc/NetworkLimits.h"
#include "simulator/noc/UnloadedWay.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// Packets of one step that one core sends to the same destination cores: one
/// of them, or several where the chip copies packets on their way. They enter
/// the network evenly spaced from the first to the last departure. Cycles are
/// those of the core clock, from the start of the step.
struct Burst {
  int sourceCore = 0;
  std::uint32_t firstDestination = 0; ///< index into StepTraffic::destinations
  std::uint32_t destinations = 0;     ///< at least 1
  std::uint64_t packets = 0;          ///< at least 1
  std::uint64_t firstDeparture = 0;   ///< the first packet leaves the core
  std::uint64_t lastDeparture = 0; ///< the last one does; not before the first
};

/// A burst at one of its destination cores.
struct BurstDestination {
  int core = 0;
  std::uint64_t firstArrival = 0; ///< set by the network: its first packet
  std::uint64_t lastArrival = 0;  ///< and its last are at the core
  /// Core cycles that the core is busy with each of them, as far as is known
  /// (PacesAsked). Packets stay in the network while its input queue is full.
  std::uint32_t cyclesPerPacket = 0;
};

struct StepTraffic {
  std::vector<Burst> bursts; ///< ascending source cores
  std::vector<BurstDestination> destinations;

  void clear() {
    bursts.clear();
    destinations.clear();
  }
};

struct LinkLoad {
  std::uint64_t packets = 0;
  std::uint64_t busyCycles = 0; ///< core cycles
};

/// Which BurstDestination::cyclesPerPacket a model asks for.
enum class PacesAsked {
  None,
  OfLastTime, ///< that the core had packets of this source; 0 for the first
  OfThisStep, ///< so nothing can be delivered before all have been taken in
};

class Network {
public:
  Network(const ChipModel &chip, const Routing &ways);
  virtual ~Network();
  Network(const Network &) = delete;
  Network &operator=(const Network &) = delete;

  /// Sets the arrivals of one step. The mesh is empty before and after it.
  virtual void deliver(StepTraffic &traffic) = 0;
  /// The same for packets that come again in a later deliver(): the links'
  /// loads stay as they are.
  void deliverUncounted(StepTraffic &traffic);

  /// Whether a link moves one packet at a time.
  virtual bool linksFill() const { return true; }
  virtual PacesAsked pacesAsked() const { return PacesAsked::None; }
  /// Whether packets wait in the network for cores that take them in slowly.
  bool coresFill() const { return pacesAsked() != PacesAsked::None; }
  NetworkLimits limits() const { return {linksFill(), coresFill()}; }

  /// Core cycles from a packet's departure to the arrival of its last flit when
  /// nothing is in its way, the interfaces of both cores and their routers
  /// included. Looked up where the mesh is small enough to remember all pairs
  /// of routers.
  std::uint64_t latency(int fromCore, int toCore);
  /// By link number of the mesh, over all steps so far: packets, and cycles in
  /// which their flits held the link.
  const std::vector<LinkLoad> &loads() const { return linkLoads; }
  /// The links that have carried a packet, ascending numbers.
  std::vector<LinkRun> usedLinks() const;

protected:
  /// The first network cycle, in core cycles, from `coreCycle` on.
  std::uint64_t entering(std::uint64_t coreCycle) const {
    if (timing.periodCycles == 1)
      return coreCycle;
    const auto period = static_cast<std::uint64_t>(timing.periodCycles);
    return divideUp(coreCycle, period) * period;
  }
  void countLink(int link, std::uint64_t packets) {
    LinkLoad &load = linkLoads[static_cast<std::size_t>(link)];
    load.packets += packets;
    load.busyCycles += packets * busyCycles[betweenChips(link) ? 1 : 0];
  }
  bool betweenChips(int link) const {
    return borders[static_cast<std::size_t>(link)] != 0;
  }
  int routerOfCore(int core) const { return core / coresPerRouter; }
  /// Whether the burst travels as a tree; false for one destination.
  bool isTree(const Burst &burst) const {
    return burst.destinations > 1 && timing.multicast == Multicast::Tree;
  }
  /// The tree of a burst, whose leaves' tags number StepTraffic::destinations.
  std::uint32_t addTree(const StepTraffic &traffic, const Burst &burst);
  /// Counts the packets of a tree on its links.
  void countTree(std::uint32_t root, std::uint64_t packets);
  /// visit(int link) for the links of a route, in order.
  template <typename Visit>
  void forEachLinkBetween(int fromCore, int toCore, Visit &&visit) {
    const int to = routerOfCore(toCore);
    std::uint8_t state = 0;
    for (int at = routerOfCore(fromCore); at != to;) {
      const Routing::Step step = routes.next(at, to, state);
      visit(linkNumber(at, step.direction));
      at = neighbour(routing.mesh(), at, step.direction);
      state = step.state;
    }
  }

  /// A packet on an idle mesh, in network cycles: crossed(int link, bool
  /// betweenChips, cycle in which its head gets the switch) for each link.
  template <typename Crossed>
  UnloadedWay::Times unloadedBetween(int fromCore, int toCore,
                                     Crossed &&crossed) {
    unloaded.start();
    forEachLinkBetween(fromCore, toCore, [&](int link) {
      const bool border = betweenChips(link);
      crossed(link, border, unloaded.cross(link % 4, border));
    });
    return unloaded.finish();
  }

  NocTiming timing;
  const Routing &routing;
  int coresPerRouter;
  MulticastForest forest; ///< of the step at hand
  UnloadedWay unloaded;

private:
  RouteTable routes;
  std::vector<char> borders; ///< by link: it joins two chips
  /// Core cycles of a packet on a link, within and between chips.
  std::uint64_t busyCycles[2];
  std::vector<LinkLoad> linkLoads, uncountedLoads;
  std::vector<std::uint64_t> latencies; ///< by pair of routers; 0: unknown
};

/// "ideal", "burst" or "packet". An error, too, for chips of trees whose
/// packets are longer than a buffer.
Result<std::unique_ptr<Network>> makeNetwork(const std::string &name,
                                             const ChipModel &chip,
                                             const Routing &routing);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_NETWORK_H
