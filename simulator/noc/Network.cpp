//===- Network.cpp - what the models of the mesh share --------------------===//
#include "simulator/noc/Network.h"

#include "simulator/noc/NetworkModels.h"

namespace synfire {
namespace {

/// Routers of a mesh whose pairs are remembered, in 2 MB.
constexpr std::size_t mostRemembered = 512;

} // namespace

Network::Network(const ChipModel &chip, const Routing &ways)
    : timing(chip.noc), routing(ways),
      coresPerRouter(ways.mesh().cores() / ways.mesh().routers()), forest(ways),
      unloaded(chip.noc), routes(ways), borders(linksBetweenChips(ways.mesh())),
      busyCycles{static_cast<std::uint64_t>(timing.linkCycles(false)),
                 static_cast<std::uint64_t>(timing.linkCycles(true))},
      linkLoads(borders.size()) {}

Network::~Network() = default;

void Network::deliverUncounted(StepTraffic &traffic) {
  uncountedLoads.resize(linkLoads.size());
  linkLoads.swap(uncountedLoads);
  deliver(traffic);
  linkLoads.swap(uncountedLoads);
}

std::uint64_t Network::latency(int fromCore, int toCore) {
  const auto routers = static_cast<std::size_t>(routing.mesh().routers());
  if (latencies.empty() && routers <= mostRemembered)
    latencies.resize(routers * routers);
  const std::size_t pair =
      static_cast<std::size_t>(routerOfCore(fromCore)) * routers +
      static_cast<std::size_t>(routerOfCore(toCore));
  if (!latencies.empty() && latencies[pair] != 0)
    return latencies[pair];
  const auto cycles = static_cast<std::uint64_t>(
      unloadedBetween(fromCore, toCore, [](int, bool, std::int64_t) {})
          .arrival *
      timing.periodCycles);
  if (!latencies.empty())
    latencies[pair] = cycles;
  return cycles;
}

std::uint32_t Network::addTree(const StepTraffic &traffic, const Burst &burst) {
  std::vector<MulticastForest::Destination> destinations;
  destinations.reserve(burst.destinations);
  for (std::uint32_t i = 0; i < burst.destinations; ++i) {
    const std::uint32_t tag = burst.firstDestination + i;
    destinations.push_back({traffic.destinations[tag].core, tag});
  }
  return forest.add(routerOfCore(burst.sourceCore), destinations);
}

void Network::countTree(std::uint32_t root, std::uint64_t packets) {
  const MulticastForest::Node node = forest.node(root);
  for (std::uint32_t i = 0; i < node.branches; ++i) {
    const MulticastForest::Branch branch = forest.branch(node.firstBranch + i);
    if (branch.port >= static_cast<int>(Direction::Local))
      continue;
    const int link =
        linkNumber(node.router, static_cast<Direction>(branch.port));
    countLink(link, packets);
    countTree(branch.next, packets);
  }
}

std::vector<LinkRun> Network::usedLinks() const {
  std::vector<LinkRun> used;
  for (int link = 0; link < linkCount(routing.mesh()); ++link) {
    const LinkLoad &load = linkLoads[static_cast<std::size_t>(link)];
    if (load.packets > 0)
      used.push_back({linkSource(link), linkTarget(routing.mesh(), link),
                      load.packets, load.busyCycles});
  }
  return used;
}

Result<std::unique_ptr<Network>> makeNetwork(const std::string &name,
                                             const ChipModel &chip,
                                             const Routing &routing) {
  if (chip.noc.multicast == Multicast::Tree &&
      chip.noc.flitsPerPacket > chip.noc.router.bufferFlits)
    return makeError("not supported: multicast of " +
                         std::to_string(chip.noc.flitsPerPacket) +
                         " flits through buffers of " +
                         std::to_string(chip.noc.router.bufferFlits),
                     "chip " + chip.name,
                     "a copy keeps the whole packet where it branches: raise "
                     "noc.router.buffer_flits, lower noc.flits_per_packet, or "
                     "make noc.multicast UNICAST");
  if (name == "ideal")
    return makeIdealNetwork(chip, routing);
  if (name == "burst")
    return makeBurstNetwork(chip, routing);
  if (name == "packet")
    return makePacketNetwork(chip, routing);
  return makeError("not supported: noc '" + name + "'", "",
                   "known: ideal, burst, packet");
}

} // namespace synfire
