//===- Network.h - when the spikes of a step arrive -------------*- C++ -*-===//
//
// Timing models of the mesh. They see what one step sends, as bursts, and say
// when each burst has arrived; they never see or change a spike. The models are
// defined in docs/spec/machine.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_NETWORK_H
#define SYNFIRE_SIMULATOR_NOC_NETWORK_H

#include "runtime/program/Routing.h"
#include "runtime/program/Run.h"
#include "runtime/support/Status.h"

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

class Network {
public:
  Network(const ChipModel &chip, const Routing &ways);
  virtual ~Network();
  Network(const Network &) = delete;
  Network &operator=(const Network &) = delete;

  /// Sets the arrivals of one step. The mesh is empty before and after it.
  virtual void deliver(StepTraffic &traffic) = 0;

  /// Whether a link moves one packet at a time.
  virtual bool linksFill() const { return true; }

  /// Core cycles that a packet needs over the route when nothing is in its way.
  std::uint64_t latency(const Route &route) const;
  /// By link number of the mesh, over all steps so far.
  const std::vector<LinkLoad> &loads() const { return linkLoads; }
  /// The links that have carried a packet, ascending numbers.
  std::vector<LinkRun> usedLinks() const;

protected:
  /// Core cycles that a burst keeps a link busy.
  std::uint64_t occupancy(const MeshLink &link, std::uint64_t packets) const;
  std::uint64_t hopLatency(const MeshLink &link) const;
  void countLink(const MeshLink &link, std::uint64_t packets);
  template <typename Visit>
  void forEachLinkBetween(int fromCore, int toCore, Visit &&visit) const {
    const Mesh &mesh = routing.mesh();
    routing.forEachLink(mesh.routerNumber(mesh.routerOfCore(fromCore)),
                        mesh.routerNumber(mesh.routerOfCore(toCore)), visit);
  }

  NocTiming timing;
  const Routing &routing;

private:
  std::vector<LinkLoad> linkLoads;
};

/// "ideal" or "burst".
Result<std::unique_ptr<Network>> makeNetwork(const std::string &name,
                                             const ChipModel &chip,
                                             const Routing &routing);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_NETWORK_H
