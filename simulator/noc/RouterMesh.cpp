//===- RouterMesh.cpp - a mesh of virtual-channel routers -----------------===//
//
// Set-up, and what comes from outside.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterFlits.h"

#include "simulator/noc/LinkTiming.h"

#include <algorithm>
#include <utility>

namespace synfire {
namespace {

Direction opposite(Direction direction) {
  return static_cast<Direction>(static_cast<int>(direction) ^ 1);
}

/// Until a router knows that a core has taken a body flit, from the grant of
/// the switch to it.
std::int64_t returnFromCore(const NocTiming &timing) {
  const LinkTiming local(timing, Direction::Local, false);
  return local.transferCycles + local.creditCycles;
}

/// The farthest that any event of a mesh lies ahead.
std::int64_t horizonOf(const NocTiming &timing, const Mesh &mesh) {
  NocTiming used = timing;
  if (mesh.chipNumber(mesh.router(mesh.routers() - 1)) == 0)
    used.chipHopCycles = used.chipLinkCyclesPerFlit = 0;
  return std::max(LinkTiming::longestDelay(used), returnFromCore(timing));
}

} // namespace

Result<RouterMesh> RouterMesh::create(const NocTiming &timing,
                                      const Routing &ways,
                                      const MulticastForest &forest) {
  const RouterTiming &router = timing.router;
  const Mesh &mesh = ways.mesh();
  const int cores = mesh.cores() / mesh.routers();
  const std::string what = "not supported: packet network with ";
  if (cores + int(links) > 64)
    return makeError(what + std::to_string(cores) + " cores at a router", "",
                     "mesh.cores_per_router: a router has 64 ports at most, 4 "
                     "of them links");
  if (router.virtualChannels < 1 || router.virtualChannels > 64 ||
      router.bufferFlits < 1 || timing.flitsPerPacket < 1 ||
      timing.periodCycles < 1)
    return makeError(what + std::to_string(router.virtualChannels) +
                         " virtual channels of " +
                         std::to_string(router.bufferFlits) + " flits",
                     "",
                     "noc.router.virtual_channels is 1 to 64; "
                     "noc.router.buffer_flits, noc.flits_per_packet and "
                     "noc.period_cycles are at least 1");
  if (mesh.routers() > 1 << Header::routerBits)
    return makeError(what + std::to_string(mesh.routers()) + " routers", "",
                     "use ideal or burst, or fewer chips");
  const std::int64_t horizon = LinkTiming::longestDelay(timing);
  if (horizon >= 1 << 16)
    return makeError(
        what + "a delay of " + std::to_string(horizon) + " network cycles", "",
        "each of the cycles of noc.router, with "
        "noc.chip_hop_cycles, and noc.chip_link_cycles_per_flit "
        "has to stay below 65536");
  if (returnFromCore(timing) >= 1 << 16)
    return makeError(what + "a delay of " +
                         std::to_string(returnFromCore(timing)) +
                         " network cycles until a core's credit is back",
                     "",
                     "noc.router.switch_traversal_cycles and "
                     "noc.router.credit_cycles together, with 4 cycles at the "
                     "core, have to stay below 65536");
  if (LinkTiming::transfer(timing, Direction::East, false) < 1 ||
      LinkTiming::transfer(timing, Direction::South, false) < 1)
    return makeError(what + "hops that take no cycle", "",
                     "give noc.router.switch_traversal_cycles, one of its "
                     "allocation cycles, or both link_cycles_east_west and "
                     "link_cycles_north_south at least 1");
  if (timing.multicast == Multicast::Tree &&
      timing.flitsPerPacket > router.bufferFlits)
    return makeError(
        what + "multicast of " + std::to_string(timing.flitsPerPacket) +
            " flits through buffers of " + std::to_string(router.bufferFlits),
        "",
        "a copy keeps the whole packet where it branches: raise "
        "noc.router.buffer_flits, lower noc.flits_per_packet, or make "
        "noc.multicast UNICAST");
  return RouterMesh(timing, ways, forest,
                    static_cast<Cycle>(horizonOf(timing, mesh)));
}

RouterMesh::RouterMesh(const NocTiming &timing, const Routing &ways,
                       const MulticastForest &trees, Cycle horizon)
    : routes(ways), forest(trees),
      vcs(static_cast<std::uint32_t>(timing.router.virtualChannels)),
      coresPerRouter(static_cast<std::uint32_t>(ways.mesh().cores() /
                                                ways.mesh().routers())),
      flitsPerPacket(static_cast<std::uint32_t>(timing.flitsPerPacket)),
      routingCycles(static_cast<std::uint32_t>(timing.router.routingCycles)),
      vcCycles(static_cast<std::uint32_t>(
          std::max(1, timing.router.vcAllocationCycles))),
      switchCycles(static_cast<std::uint32_t>(
          std::max(1, timing.router.switchAllocationCycles))),
      sameCycle(timing.router.vcAllocationCycles == 0 ||
                timing.router.switchAllocationCycles == 0),
      events(horizon), queues(static_cast<std::size_t>(ways.mesh().cores())) {
  markedLeft[0] = flitsPerPacket;
  markedLeft[1] = 1;
  speculative = timing.router.speculativeSwitchAllocation && !sameCycle;
  slow = vcCycles > 1 || switchCycles > 1;
  ports = links + coresPerRouter;
  while (1U << vcBits < vcs)
    ++vcBits;
  const auto number = static_cast<std::size_t>(ways.mesh().routers());
  inputs.resize(number * ports);
  outputs.resize(inputs.size());
  vcIndexMask = (1U << vcBits) - 1;
  restricted = !ways.isXY();
  vcMask = ~Mask(0) >> (64 - (1U << vcBits));
  words = ((ports << vcBits) + 63) / 64;
  simple = !slow && !sameCycle && words == 1;
  if (simple) {
    simpleOffers.resize(outputs.size());
  } else {
    manyAskers.resize(outputs.size() * words);
    manySenders.resize(outputs.size() * words);
  }
  allVcs = ~Mask(0) >> (64 - vcs);
  ends.resize(outputs.size());
  wantedOutputs = PortList(outputs.size());
  readyOutputs = PortList(outputs.size());
  allowed.resize(inputs.size() << vcBits);
  details.resize(inputs.size() << vcBits);
  sources.resize(number * coresPerRouter);
  inputVcs.resize(inputs.size() << vcBits);
  outputVcs.resize((outputs.size() + sources.size()) << vcBits);
  for (std::uint32_t router = 0; router < number; ++router)
    for (std::uint32_t port = 0; port < ports; ++port) {
      OutputPort &output = outputs[firstPort(router) + port];
      output.number = static_cast<std::uint8_t>(port);
      output.firstInput = firstVc(firstPort(router));
      inputs[firstPort(router) + port].router = router;
    }
  activeSources.resize((sources.size() + 63) / 64);
  connect(timing, ways);
  clear();
}

void RouterMesh::connect(const NocTiming &timing, const Routing &ways) {
  const Mesh &mesh = ways.mesh();
  const LinkTiming local(timing, Direction::Local, false);
  injectionDepth = timing.router.bufferFlits;
  coreCreditCycles = static_cast<std::uint32_t>(local.creditCycles);
  vcResultDelay =
      (speculative ? std::max(vcCycles, switchCycles) : vcCycles) - 1;
  for (int router = 0; router < mesh.routers(); ++router) {
    const RouterCoordinate at = mesh.router(router);
    const std::uint32_t first = firstPort(static_cast<std::uint32_t>(router));
    for (std::uint32_t d = 0; d < links; ++d) {
      const auto direction = static_cast<Direction>(d);
      const int dx[] = {1, -1, 0, 0}, dy[] = {0, 0, 1, -1};
      const RouterCoordinate to = {at.x + dx[d], at.y + dy[d]};
      if (to.x < 0 || to.y < 0 || to.x >= mesh.width() || to.y >= mesh.height())
        continue;
      const bool betweenChips = mesh.chipNumber(at) != mesh.chipNumber(to);
      connectLink(first + d,
                  firstPort(static_cast<std::uint32_t>(mesh.routerNumber(to))) +
                      static_cast<std::uint32_t>(opposite(direction)),
                  LinkTiming(timing, direction, betweenChips));
    }
    for (std::uint32_t slot = 0; slot < coresPerRouter; ++slot)
      connectCore(static_cast<std::uint32_t>(router) * coresPerRouter + slot,
                  local);
  }
}

void RouterMesh::connectLink(std::uint32_t port, std::uint32_t entry,
                             const LinkTiming &link) {
  OutputPort &output = outputs[port];
  output.kinds[1] = Arrival;
  output.kinds[0] = simple ? Body : Arrival;
  output.cycles[0] = output.cycles[1] =
      static_cast<std::uint16_t>(link.transferCycles);
  output.target = firstVc(entry);
  output.flitCycles = static_cast<std::uint16_t>(link.flitCycles);
  ends[port].depth = link.bufferFlits;
  output.ringBits = connectInput(entry, firstVc(port), link.bufferFlits);
  inputs[entry].creditCycles = static_cast<std::uint32_t>(link.creditCycles);
}

void RouterMesh::connectCore(std::uint32_t core, const LinkTiming &link) {
  const std::uint32_t port =
      firstPort(core / coresPerRouter) + links + core % coresPerRouter;
  OutputPort &output = outputs[port];
  output.marksTail = true;
  // The core reads a header with the tail, and takes what comes before it.
  output.kinds[1] = Ejection;
  output.cycles[1] = static_cast<std::uint16_t>(link.transferCycles);
  output.ringBits =
      addRings(firstVc(port), static_cast<std::uint32_t>(link.bufferFlits));
  output.kinds[0] = Credit;
  output.cycles[0] =
      static_cast<std::uint16_t>(link.transferCycles + link.creditCycles);
  output.target = firstVc(port);
  ends[port].depth = link.bufferFlits;
  ends[port].core = static_cast<int>(core);

  sources[core].target = firstVc(port);
  connectInput(port, sourceVc(core), injectionDepth);
  inputs[port].creditKind = SourceCredit;
  inputs[port].creditCycles = injectionCycles;
}

/// The VCs of an input port, to which VCs of a sender lead.
std::uint8_t RouterMesh::connectInput(std::uint32_t port, std::uint32_t sender,
                                      std::int32_t depth) {
  // Headers that were not read yet: their packets are here as a whole, but for
  // the last, of which the head is.
  const std::uint32_t packetsHeld =
      (static_cast<std::uint32_t>(depth) - 1) / flitsPerPacket + 1;
  const std::uint8_t bits = addRings(sender, packetsHeld);
  inputs[port].creditTarget = sender;
  inputs[port].ringMask = HeaderRings::maskOf(bits);
  return bits;
}

std::uint8_t RouterMesh::addRings(std::uint32_t sender,
                                  std::uint32_t packetsHeld) {
  const std::uint8_t bits = HeaderRings::bitsOf(packetsHeld);
  for (std::uint32_t vc = sender; vc < sender + vcs; ++vc)
    outputVcs[vc].headers = headers.add(bits);
  return bits;
}

void RouterMesh::clear() {
  cycle = 0;
  events.clear();
  queues.clear();
  packets.clear();
  firstFreePacket = nothing;
  livePackets = 0;
  leafServices.clear();
  manyAskers.assign(manyAskers.size(), 0);
  manySenders.assign(manySenders.size(), 0);
  wantedOutputs.clear();
  readyOutputs.clear();
  activeSources.assign(activeSources.size(), 0);
  numberActive = 0;
  const auto clearVc = [&](std::uint32_t vc, std::int32_t credits) {
    outputVcs[vc].credits = credits;
    outputVcs[vc].owner = nobody;
    outputVcs[vc].grantFrom = 0;
    outputVcs[vc].ejected = outputVcs[vc].headers;
  };
  for (std::uint32_t port = 0; port < outputs.size(); ++port) {
    OutputPort &output = outputs[port];
    output.free = allVcs;
    output.askers = output.filled = output.funded = 0;
    output.busy = output.wanted = output.ready = false;
    output.grantFrom = 0;
    ends[port].freeFrom = 0;
    inputs[port].acceptFrom = inputs[port].vcFrom = 0;
    for (std::uint32_t vc = firstVc(port); vc < firstVc(port) + vcs; ++vc)
      clearVc(vc, ends[port].depth);
  }
  for (std::uint32_t core = 0; core < sources.size(); ++core) {
    sources[core].first = sources[core].last = nothing;
    sources[core].funded = allVcs;
    sources[core].awaited = 0;
    sources[core].flitsSent = 0;
    sources[core].vc = static_cast<std::uint8_t>(vcs - 1);
    for (std::uint32_t vc = 0; vc < vcs; ++vc)
      clearVc(sourceVc(core) + vc, injectionDepth);
  }
  details.assign(details.size(), Detail());
  inputVcs.assign(inputVcs.size(), InputVc());
  for (std::uint32_t port = 0; port < inputs.size(); ++port)
    for (std::uint32_t vc = 0; vc < vcs; ++vc)
      inputVcs[firstVc(port) + vc].headers =
          outputVcs[inputs[port].creditTarget + vc].headers;
}

RouterMesh::Cycle RouterMesh::nextWork() const {
  if (!wantedOutputs.empty() || !readyOutputs.empty())
    return cycle;
  if (numberActive > 0)
    return cycle;
  const Cycle first = events.next(cycle);
  return first == cycle ? first : std::min(first, queues.next(cycle));
}

std::uint32_t RouterMesh::newPacket() {
  ++livePackets;
  if (firstFreePacket == nothing) {
    packets.emplace_back();
    return static_cast<std::uint32_t>(packets.size() - 1);
  }
  const std::uint32_t packet = firstFreePacket;
  firstFreePacket = packets[packet].next;
  return packet;
}

void RouterMesh::send(int fromCore, int toCore, std::uint64_t tag,
                      std::uint32_t serviceCycles) {
  const std::uint32_t packet = newPacket();
  const auto core = static_cast<std::uint32_t>(toCore);
  packets[packet] = {
      tag,
      nothing,
      Header::placeOf(core / coresPerRouter, core % coresPerRouter),
      serviceCycles,
      1,
      false};
  enqueue(fromCore, packet);
}

void RouterMesh::sendTree(int fromCore, std::uint32_t root,
                          std::uint32_t leaves) {
  const std::uint32_t packet = newPacket();
  packets[packet] = {0, nothing, root, 0, leaves, true};
  enqueue(fromCore, packet);
}

void RouterMesh::enqueue(int fromCore, std::uint32_t packet) {
  const auto core = static_cast<std::uint32_t>(fromCore);
  Source &source = sources[core];
  if (source.first == nothing) {
    source.first = packet;
    wake(core);
  } else {
    packets[source.last].next = packet;
  }
  source.last = packet;
}

void RouterMesh::step(std::vector<Delivery> &arrived) {
  if (!simple)
    stepGenerally(arrived);
  else if (speculative)
    stepSimply<true>(arrived);
  else
    stepSimply<false>(arrived);
  events.release(cycle);
  ++cycle;
}

std::vector<std::uint64_t> RouterMesh::flitsOverLinks() const {
  std::vector<std::uint64_t> crossed;
  for (const OutputPort &output : outputs)
    if (output.number < links)
      crossed.push_back(output.flits);
  return crossed;
}

} // namespace synfire
