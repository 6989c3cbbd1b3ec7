//===- RouterMesh.cpp - a mesh of virtual-channel routers -----------------===//
//
// Set-up, and what flits and credits do at their ends; the allocators are in
// RouterAllocation.cpp.
//
//===----------------------------------------------------------------------===//
#include "simulator/noc/RouterMesh.h"

#include "simulator/noc/LinkTiming.h"

#include <algorithm>
#include <utility>

namespace synfire {
namespace {

Direction opposite(Direction direction) {
  return static_cast<Direction>(static_cast<int>(direction) ^ 1);
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
  const std::int64_t horizon = LinkTiming::longestDelay(timing);
  if (horizon >= 1 << 16)
    return makeError(
        what + "a delay of " + std::to_string(horizon) + " network cycles", "",
        "each of the cycles of noc.router, with "
        "noc.chip_hop_cycles, and noc.chip_link_cycles_per_flit "
        "has to stay below 65536");
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
  return RouterMesh(timing, ways, forest, static_cast<Cycle>(horizon));
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
      events(horizon), credits(horizon),
      queues(static_cast<std::size_t>(ways.mesh().cores())) {
  speculative = timing.router.speculativeSwitchAllocation && !sameCycle;
  slow = vcCycles > 1 || switchCycles > 1;
  ports = links + coresPerRouter;
  while (1U << vcBits < vcs)
    ++vcBits;
  const auto number = static_cast<std::size_t>(ways.mesh().routers());
  inputs.resize(number * ports);
  outputs.resize(inputs.size());
  vcMask = ~Mask(0) >> (64 - (1U << vcBits));
  words = ((ports << vcBits) + 63) / 64;
  simple = !slow && !sameCycle && words == 1;
  if (words > 1) {
    manyAskers.resize(outputs.size() * words);
    manySenders.resize(outputs.size() * words);
  }
  allVcs = ~Mask(0) >> (64 - vcs);
  ends.resize(outputs.size());
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
  const auto setOutput = [&](std::uint32_t port, const LinkTiming &link) {
    OutputPort &output = outputs[port];
    output.transferCycles = static_cast<std::uint16_t>(link.transferCycles);
    output.flitCycles = static_cast<std::uint32_t>(link.flitCycles);
    ends[port].depth = link.bufferFlits;
  };
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
      const LinkTiming link(timing, direction, betweenChips);
      const std::uint32_t entry =
          firstPort(static_cast<std::uint32_t>(mesh.routerNumber(to))) +
          static_cast<std::uint32_t>(opposite(direction));
      setOutput(first + d, link);
      outputs[first + d].target = firstVc(entry);
      inputs[entry].creditTarget = firstVc(first + d);
      inputs[entry].creditCycles =
          static_cast<std::uint32_t>(link.creditCycles);
    }
    for (std::uint32_t slot = 0; slot < coresPerRouter; ++slot) {
      const std::uint32_t port = first + links + slot;
      const std::uint32_t core =
          static_cast<std::uint32_t>(router) * coresPerRouter + slot;
      setOutput(port, LinkTiming(timing, Direction::Local, false));
      ends[port].core = static_cast<int>(core);
      outputs[port].toCore = true;
      outputs[port].target = firstVc(port);
      inputs[port].creditTarget = sourceVc(core);
      inputs[port].creditCycles = injectionCycles;
      sources[core].target = firstVc(port);
    }
  }
  coreCreditCycles = static_cast<std::uint32_t>(
      LinkTiming(timing, Direction::Local, false).creditCycles);
  injectionDepth = timing.router.bufferFlits;
}

void RouterMesh::clear() {
  cycle = 0;
  events.clear();
  credits.clear();
  queues.clear();
  packets.clear();
  flits.clear();
  firstFreePacket = firstFreeFlit = nothing;
  livePackets = 0;
  manyAskers.assign(manyAskers.size(), 0);
  manySenders.assign(manySenders.size(), 0);
  inputVcs.assign(inputVcs.size(), InputVc());
  wantedOutputs.clear();
  readyOutputs.clear();
  activeSources.assign(activeSources.size(), 0);
  for (std::size_t port = 0; port < outputs.size(); ++port) {
    inputs[port].acceptFrom = inputs[port].vcFrom = 0;
    outputs[port].free = allVcs;
    outputs[port].askers = outputs[port].senders = 0;
    outputs[port].freeFrom = 0;
    outputs[port].busy = outputs[port].wanted = outputs[port].ready = false;
    outputs[port].grantFrom = 0;
    for (std::uint32_t vc = 0; vc < vcs; ++vc) {
      OutputVc &channel = outputVcs[(port << vcBits) + vc];
      channel = OutputVc();
      channel.credits = ends[port].depth;
    }
  }
  for (std::size_t core = 0; core < sources.size(); ++core) {
    sources[core].first = sources[core].last = nothing;
    sources[core].flitsSent = 0;
    sources[core].vc = static_cast<std::uint8_t>(vcs - 1);
    for (std::uint32_t vc = 0; vc < vcs; ++vc) {
      OutputVc &channel =
          outputVcs[sourceVc(static_cast<std::uint32_t>(core)) + vc];
      channel = OutputVc();
      channel.credits = injectionDepth;
    }
  }
}

RouterMesh::Cycle RouterMesh::nextWork() const {
  if (!wantedOutputs.empty() || !readyOutputs.empty())
    return cycle;
  for (Mask word : activeSources)
    if (word != 0)
      return cycle;
  const Cycle first = std::min(events.next(cycle), credits.next(cycle));
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
  packets[packet] = {tag,           nothing, static_cast<std::uint32_t>(toCore),
                     serviceCycles, 1,       false};
  enqueue(fromCore, packet);
}

void RouterMesh::sendTree(int fromCore, std::uint32_t root,
                          std::uint32_t leaves, std::uint32_t serviceCycles) {
  const std::uint32_t packet = newPacket();
  packets[packet] = {0, nothing, root, serviceCycles, leaves, true};
  enqueue(fromCore, packet);
}

void RouterMesh::enqueue(int fromCore, std::uint32_t packet) {
  const auto core = static_cast<std::uint32_t>(fromCore);
  Source &source = sources[core];
  if (source.first == nothing) {
    source.first = packet;
    activeSources[core / 64] |= Mask(1) << (core % 64);
  } else {
    packets[source.last].next = packet;
  }
  source.last = packet;
}

void RouterMesh::inject(std::uint32_t core) {
  Source &source = sources[core];
  OutputVc *channels = &outputVcs[sourceVc(core)];
  const auto sleep = [&] {
    activeSources[core / 64] &= ~(Mask(1) << (core % 64));
  };
  if (source.flitsSent == 0) {
    std::uint32_t vc = source.vc, tries = 0;
    do
      vc = vc + 1 == vcs ? 0 : vc + 1;
    while (channels[vc].credits == 0 && ++tries < vcs);
    if (tries == vcs) {
      for (vc = 0; vc < vcs; ++vc)
        channels[vc].owner = 0;
      sleep();
      return;
    }
    source.vc = static_cast<std::uint8_t>(vc);
  } else if (channels[source.vc].credits == 0) {
    channels[source.vc].owner = 0;
    sleep();
    return;
  }
  OutputVc &channel = channels[source.vc];
  const std::uint32_t number = source.first;
  const std::uint32_t flit = newFlit();
  const bool tail = ++source.flitsSent == flitsPerPacket;
  const Packet &packet = packets[number];
  flits[flit].packet = number;
  flits[flit].place = packet.tree ? packet.to : packet.to / coresPerRouter;
  flits[flit].slot =
      static_cast<std::uint8_t>(packet.tree ? 0 : packet.to % coresPerRouter);
  flits[flit].routingState = 0;
  flits[flit].tail = tail;
  flits[flit].tree = packet.tree;
  --channel.credits;
  events.add(cycle + injectionCycles,
             {Event::Arrival, source.target + source.vc, flit});
  if (tail) {
    source.flitsSent = 0;
    source.first = packets[number].next;
    if (source.first == nothing)
      sleep();
  }
}

inline void RouterMesh::route(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  Flit &flit = flits[vc.first];
  vc.copying = false;
  if (flit.tree) {
    const MulticastForest::Node &node = forest.node(flit.place);
    vc.anyVc = true;
    details[inputVc].branch = node.firstBranch;
    takeBranch(inputVc);
  } else {
    const std::uint32_t router = inputs[portOf(inputVc)].router;
    const Routing::Step step =
        routes.next(static_cast<int>(router), static_cast<int>(flit.place),
                    flit.routingState);
    flit.routingState = step.state;
    const Mask usable = step.direction == Direction::Local
                            ? allVcs
                            : routes.virtualChannels(step) & allVcs;
    vc.anyVc = usable == allVcs;
    if (!vc.anyVc)
      details[inputVc].outVcs = usable;
    vc.output =
        firstPort(router) + (step.direction == Direction::Local
                                 ? links + flit.slot
                                 : static_cast<std::uint32_t>(step.direction));
  }
  await(inputVc);
}

inline void RouterMesh::arrive(std::uint32_t inputVc, std::uint32_t flit) {
  InputVc &vc = inputVcs[inputVc];
  flits[flit].next = nothing;
  if (vc.first == nothing)
    vc.first = flit;
  else
    flits[vc.last].next = flit;
  vc.last = flit;
  if (vc.phase == Phase::Idle) {
    if (routingCycles == 0)
      route(inputVc);
    else
      startHead(inputVc, cycle);
  } else if (vc.copying && details[inputVc].cursor == nothing) {
    details[inputVc].cursor = flit;
    setReady(inputVc);
  } else if (vc.first == flit) {
    setReady(inputVc);
  }
}

void RouterMesh::startHead(std::uint32_t inputVc, Cycle from) {
  InputVc &vc = inputVcs[inputVc];
  if (routingCycles == 0) {
    route(inputVc);
    return;
  }
  vc.phase = Phase::Routing;
  events.add(from + routingCycles, {Event::Routed, inputVc, 0});
}

void RouterMesh::takeBranch(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  const MulticastForest::Branch &branch =
      forest.branch(details[inputVc].branch);
  vc.output = firstPort(inputs[portOf(inputVc)].router) + branch.port;
  vc.copying = !branch.last;
  details[inputVc].cursor = vc.first;
}

inline void RouterMesh::eject(std::uint32_t outputVc, std::uint32_t flit,
                              std::vector<Delivery> &arrived) {
  const auto core = static_cast<std::uint32_t>(ends[portOf(outputVc)].core);
  if (!flits[flit].tail ||
      queues.take(core, cycle,
                  {flit, outputVc, packets[flits[flit].packet].service}))
    take(outputVc, flit, arrived);
}

void RouterMesh::take(std::uint32_t outputVc, std::uint32_t number,
                      std::vector<Delivery> &arrived) {
  const Flit &flit = flits[number];
  credits.add(cycle + coreCreditCycles, outputVc);
  if (flit.tail) {
    Packet &packet = packets[flit.packet];
    arrived.push_back(
        {flit.tree ? flit.place : packet.tag, ends[portOf(outputVc)].core});
    if (--packet.copies == 0) {
      packet.next = firstFreePacket;
      firstFreePacket = flit.packet;
      --livePackets;
    }
  }
  freeFlit(number);
}

inline void RouterMesh::giveCredit(std::uint32_t outputVc) {
  OutputVc &vc = outputVcs[outputVc];
  if (++vc.credits != 1 || vc.owner == nobody)
    return;
  const std::uint32_t port = portOf(outputVc);
  if (port < outputs.size()) {
    setReady(outputs[port].firstInput + vc.owner);
    return;
  }
  const auto core = port - static_cast<std::uint32_t>(outputs.size());
  for (std::uint32_t i = 0; i < vcs; ++i)
    outputVcs[firstVc(port) + i].owner = nobody;
  activeSources[core / 64] |= Mask(1) << (core % 64);
}

void RouterMesh::reopen(std::uint32_t port) {
  outputs[port].busy = false;
  if (!isEmpty(sendersOf(port)))
    enlistReady(port);
}

std::vector<std::uint64_t> RouterMesh::flitsOverLinks() const {
  std::vector<std::uint64_t> crossed;
  for (const OutputPort &output : outputs)
    if (output.number < links)
      crossed.push_back(output.flits);
  return crossed;
}

void RouterMesh::handle(const Event &event, std::vector<Delivery> &arrived) {
  switch (event.kind) {
  case Event::Ejection:
    eject(event.where, event.what, arrived);
    return;
  case Event::Routed:
    route(event.where);
    return;
  case Event::VcResult:
    if (sameCycle)
      finishAllocation(event);
    return;
  case Event::Reopen:
    reopen(event.where);
    return;
  default:
    return;
  }
}

void RouterMesh::step(std::vector<Delivery> &arrived) {
  queues.advance(cycle, [&](const CoreQueues::Blocked &packet) {
    take(packet.from, packet.flit, arrived);
  });
  for (const std::uint32_t outputVc : credits.at(cycle))
    giveCredit(outputVc);
  credits.release(cycle);
  const std::vector<Event> &now = events.at(cycle);
  for (const Event &event : now)
    if (event.kind == Event::Arrival)
      arrive(event.where, event.what);
    else
      handle(event, arrived);
  for (std::size_t word = 0; word < activeSources.size(); ++word)
    for (Mask bits = activeSources[word]; bits != 0; bits &= bits - 1)
      inject(static_cast<std::uint32_t>(word * 64) +
             static_cast<std::uint32_t>(__builtin_ctzll(bits)));
  if (slow)
    allocateSlowly();
  else if (simple)
    allocateSimply();
  else
    allocate();
  // Results of slow allocations count from the next cycle on.
  if (slow)
    for (const Event &event : now)
      if (event.kind == Event::SwitchResult ||
          (event.kind == Event::VcResult && !sameCycle))
        finishAllocation(event);
  events.release(cycle);
  ++cycle;
}

} // namespace synfire
