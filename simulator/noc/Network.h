//===- Network.h - when the spikes of a step arrive -------------*- C++ -*-===//
//
// Timing models of the mesh. They see what one step sends, as bursts, and say
// when each burst has arrived; they never see or change a spike. The models are
// defined in docs/spec/machine.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_NETWORK_H
#define SYNFIRE_SIMULATOR_NOC_NETWORK_H

#include "runtime/program/Run.h"
#include "runtime/support/Status.h"
#include "simulator/noc/Links.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// All packets that one core sends to another in one step. Cycles count from
/// the start of the step.
struct Burst {
  int sourceCore = 0, destinationCore = 0;
  std::uint64_t packets = 0;
  std::uint64_t departure = 0; ///< the last packet has left the source core
  std::uint64_t arrival = 0;   ///< the last packet has reached the destination
};

struct LinkLoad {
  std::uint64_t packets = 0;
  std::uint64_t busyCycles = 0;
};

class Network {
public:
  Network(const ChipModel &chip, const Mesh &grid);
  virtual ~Network();
  Network(const Network &) = delete;
  Network &operator=(const Network &) = delete;

  /// Sets `arrival` of the bursts of one step. The mesh is empty before and
  /// after it.
  virtual void deliver(std::vector<Burst> &bursts) = 0;

  /// Cycles that the head of a burst needs over the route when nothing is in
  /// its way.
  std::uint64_t latency(const Route &route) const;
  /// By link number of the mesh, over all steps so far.
  const std::vector<LinkLoad> &loads() const { return linkLoads; }
  /// The links that have carried a packet, ascending numbers.
  std::vector<LinkRun> usedLinks() const;

protected:
  /// Cycles that a burst keeps a link busy.
  std::uint64_t occupancy(const MeshLink &link, std::uint64_t packets) const;
  std::uint64_t hopLatency(const MeshLink &link) const;
  void countLink(const MeshLink &link, std::uint64_t packets);

  NocTiming timing;
  const Mesh &mesh;

private:
  std::vector<LinkLoad> linkLoads;
};

/// "ideal" or "burst".
Result<std::unique_ptr<Network>>
makeNetwork(const std::string &name, const ChipModel &chip, const Mesh &mesh);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_NETWORK_H
