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
                     "it has 64 ports at most, 4 of them links");
  if (router.virtualChannels < 1 || router.virtualChannels > 64 ||
      router.bufferFlits < 1 || timing.flitsPerPacket < 1 ||
      timing.periodCycles < 1)
    return makeError(what + std::to_string(router.virtualChannels) +
                     " virtual channels of " +
                     std::to_string(router.bufferFlits) + " flits");
  const std::int64_t horizon = LinkTiming::longestDelay(timing);
  if (horizon >= 1 << 16)
    return makeError(what + "a delay of " + std::to_string(horizon) +
                     " network cycles");
  if (LinkTiming::transfer(timing, Direction::East, false) < 1 ||
      LinkTiming::transfer(timing, Direction::South, false) < 1)
    return makeError(what + "hops that take no cycle");
  if (timing.multicast == Multicast::Tree &&
      timing.flitsPerPacket > router.bufferFlits)
    return makeError(
        what + "multicast of " + std::to_string(timing.flitsPerPacket) +
            " flits through buffers of " + std::to_string(router.bufferFlits),
        "", "a copy keeps the whole packet where it branches");
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
      queues(static_cast<std::size_t>(ways.mesh().cores())),
      crossed(static_cast<std::size_t>(linkCount(ways.mesh()))) {
  speculative = timing.router.speculativeSwitchAllocation && !sameCycle;
  simple = !speculative && !sameCycle && vcCycles == 1 && switchCycles == 1;
  ports = links + coresPerRouter;
  while (1U << vcBits < vcs)
    ++vcBits;
  const auto number = static_cast<std::size_t>(ways.mesh().routers());
  routers.resize(number);
  inputs.resize(number * ports);
  outputs.resize(inputs.size());
  inputVcs.resize(inputs.size() << vcBits);
  outputVcs.resize(inputVcs.size());
  for (std::uint32_t router = 0; router < number; ++router)
    for (std::uint32_t port = 0; port < ports; ++port)
      portNames.push_back({router, port});
  activeRouters.resize((number + 63) / 64);
  sources.resize(number * coresPerRouter);
  sourceVcs.resize(sources.size() << vcBits);
  activeSources.resize((sources.size() + 63) / 64);
  outputRequests.resize(ports);
  speculativeRequests.resize(ports);
  inputGrants.resize(ports);
  requestVc.resize(std::size_t(ports) * ports);
  connect(timing, ways);
  clear();
}

void RouterMesh::connect(const NocTiming &timing, const Routing &ways) {
  const Mesh &mesh = ways.mesh();
  const auto setOutput = [&](OutputPort &output, const LinkTiming &link) {
    output.transferCycles = static_cast<std::uint32_t>(link.transferCycles);
    output.flitCycles = static_cast<std::uint32_t>(link.flitCycles);
    output.depth = link.bufferFlits;
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
      setOutput(outputs[first + d], link);
      outputs[first + d].target = firstVc(entry);
      inputs[entry].creditTarget = firstVc(first + d);
      inputs[entry].creditCycles =
          static_cast<std::uint32_t>(link.creditCycles);
    }
    for (std::uint32_t slot = 0; slot < coresPerRouter; ++slot) {
      const std::uint32_t port = first + links + slot;
      const std::uint32_t core =
          static_cast<std::uint32_t>(router) * coresPerRouter + slot;
      setOutput(outputs[port], LinkTiming(timing, Direction::Local, false));
      outputs[port].core = static_cast<int>(core);
      inputs[port].fromCore = true;
      inputs[port].creditTarget = core << vcBits;
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
  routers.assign(routers.size(), Router());
  inputVcs.assign(inputVcs.size(), InputVc());
  activeRouters.assign(activeRouters.size(), 0);
  activeSources.assign(activeSources.size(), 0);
  const Mask allVcs = ~Mask(0) >> (64 - vcs);
  for (std::size_t port = 0; port < outputs.size(); ++port) {
    inputs[port].waiting = inputs[port].ready = 0;
    inputs[port].acceptFrom = inputs[port].vcFrom = 0;
    outputs[port].free = allVcs;
    outputs[port].freeFrom = 0;
    outputs[port].grantFrom = 0;
    for (std::uint32_t vc = 0; vc < vcs; ++vc) {
      OutputVc &channel = outputVcs[(port << vcBits) + vc];
      channel = OutputVc();
      channel.credits = outputs[port].depth;
    }
  }
  for (std::size_t core = 0; core < sources.size(); ++core) {
    sources[core].first = sources[core].last = nothing;
    sources[core].flitsSent = 0;
    sources[core].vc = static_cast<std::uint8_t>(vcs - 1);
    for (std::uint32_t vc = 0; vc < vcs; ++vc) {
      sourceVcs[(core << vcBits) + vc] = OutputVc();
      sourceVcs[(core << vcBits) + vc].credits = injectionDepth;
    }
  }
}

RouterMesh::Cycle RouterMesh::nextWork() const {
  for (Mask word : activeRouters)
    if (word != 0)
      return cycle;
  for (Mask word : activeSources)
    if (word != 0)
      return cycle;
  return std::min({events.next(cycle), credits.next(cycle), queues.next()});
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
  if (source.first == nothing)
    source.first = packet;
  else
    packets[source.last].next = packet;
  source.last = packet;
  activeSources[core / 64] |= Mask(1) << (core % 64);
}

void RouterMesh::inject(std::uint32_t core) {
  Source &source = sources[core];
  OutputVc *channels = &sourceVcs[core << vcBits];
  const bool head = source.flitsSent == 0;
  if (head) {
    std::uint32_t vc = source.vc, tries = 0;
    do
      vc = vc + 1 == vcs ? 0 : vc + 1;
    while ((channels[vc].owner != nobody || channels[vc].credits == 0) &&
           ++tries < vcs);
    if (tries == vcs)
      return;
    source.vc = static_cast<std::uint8_t>(vc);
  } else if (channels[source.vc].credits == 0) {
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
  channel.owner = tail ? nobody : 0;
  events.add(cycle + injectionCycles,
             {Event::Arrival, source.target + source.vc, flit});
  if (tail) {
    source.flitsSent = 0;
    source.first = packets[number].next;
    if (source.first == nothing)
      activeSources[core / 64] &= ~(Mask(1) << (core % 64));
  }
}

void RouterMesh::arrive(std::uint32_t inputVc, std::uint32_t flit) {
  InputVc &vc = inputVcs[inputVc];
  flits[flit].next = nothing;
  if (vc.first == nothing)
    vc.first = flit;
  else
    flits[vc.last].next = flit;
  vc.last = flit;
  if (vc.phase == Phase::Idle) {
    startHead(inputVc, cycle);
  } else if (vc.cursor == nothing) {
    vc.cursor = flit;
    setReady(inputVc);
  }
}

void RouterMesh::startHead(std::uint32_t inputVc, Cycle from) {
  InputVc &vc = inputVcs[inputVc];
  vc.cursor = vc.first;
  if (routingCycles == 0) {
    route(inputVc);
    return;
  }
  vc.phase = Phase::Routing;
  events.add(from + routingCycles, {Event::Routed, inputVc, 0});
}

void RouterMesh::route(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  Flit &flit = flits[vc.first];
  if (flit.tree) {
    const MulticastForest::Node &node = forest.node(flit.place);
    vc.outVcs = ~Mask(0);
    vc.branch = node.firstBranch;
    takeBranch(inputVc);
  } else {
    const Routing::Step step =
        routes.next(static_cast<int>(routerOf(inputVc)),
                    static_cast<int>(flit.place), flit.routingState);
    flit.routingState = step.state;
    vc.copying = false;
    vc.outVcs = step.direction == Direction::Local
                    ? ~Mask(0)
                    : routes.virtualChannels(step);
    vc.outPort = static_cast<std::uint8_t>(
        step.direction == Direction::Local
            ? links + flit.slot
            : static_cast<std::uint32_t>(step.direction));
  }
  await(inputVc);
}

void RouterMesh::takeBranch(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  vc.outPort = forest.branch(vc.branch).port;
  vc.copying = !forest.branch(vc.branch).last;
}

void RouterMesh::eject(std::uint32_t outputVc, std::uint32_t flit,
                       std::vector<Delivery> &arrived) {
  const auto core = static_cast<std::uint32_t>(outputs[portOf(outputVc)].core);
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
        {flit.tree ? flit.place : packet.tag, outputs[portOf(outputVc)].core});
    if (--packet.copies == 0) {
      packet.next = firstFreePacket;
      firstFreePacket = flit.packet;
      --livePackets;
    }
  }
  freeFlit(number);
}

void RouterMesh::handle(const Event &event, std::vector<Delivery> &arrived) {
  switch (event.kind) {
  case Event::SourceCredit:
    ++sourceVcs[event.where].credits;
    return;
  case Event::Arrival:
    arrive(event.where, event.what);
    return;
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
  default:
    return;
  }
}

void RouterMesh::step(std::vector<Delivery> &arrived) {
  queues.advance(cycle, [&](const CoreQueues::Blocked &packet) {
    take(packet.from, packet.flit, arrived);
  });
  for (const std::uint32_t outputVc : credits.at(cycle)) {
    OutputVc &vc = outputVcs[outputVc];
    if (++vc.credits == 1 && vc.owner != nobody)
      setReady(firstVc(firstPort(routerOf(outputVc))) + vc.owner);
  }
  credits.release(cycle);
  const std::vector<Event> &now = events.at(cycle);
  for (const Event &event : now)
    handle(event, arrived);
  for (std::size_t word = 0; word < activeSources.size(); ++word)
    for (Mask bits = activeSources[word]; bits != 0; bits &= bits - 1)
      inject(static_cast<std::uint32_t>(word * 64) +
             static_cast<std::uint32_t>(__builtin_ctzll(bits)));
  for (std::size_t word = 0; word < activeRouters.size(); ++word)
    for (Mask bits = activeRouters[word]; bits != 0; bits &= bits - 1) {
      const auto router = static_cast<std::uint32_t>(word * 64) +
                          static_cast<std::uint32_t>(__builtin_ctzll(bits));
      if (simple)
        evaluateSimple(router);
      else
        evaluate(router);
      if ((routers[router].waitingPorts | routers[router].readyPorts) == 0)
        activeRouters[word] &= ~(bits & -bits);
    }
  // Results of slow allocations count from the next cycle on.
  if (vcCycles > 1 || switchCycles > 1)
    for (const Event &event : now)
      if (event.kind == Event::SwitchResult ||
          (event.kind == Event::VcResult && !sameCycle))
        finishAllocation(event);
  events.release(cycle);
  ++cycle;
}

std::string RouterMesh::findFault() const {
  std::vector<std::int64_t> slots(outputVcs.size()),
      sourceSlots(sourceVcs.size());
  for (std::size_t vc = 0; vc < outputVcs.size(); ++vc)
    slots[vc] = outputVcs[vc].credits;
  for (std::size_t vc = 0; vc < sourceVcs.size(); ++vc)
    sourceSlots[vc] = sourceVcs[vc].credits;
  // The credit that a flit in, or on its way to, an input VC stands for.
  const auto count = [&](std::uint32_t inputVc) {
    const InputPort &port = inputs[portOf(inputVc)];
    const std::uint32_t sender =
        port.creditTarget + inputVc - firstVc(portOf(inputVc));
    ++(port.fromCore ? sourceSlots : slots)[sender];
  };
  events.forEach([&](const Event &event) {
    if (event.kind == Event::Ejection)
      ++slots[event.where];
    else if (event.kind == Event::SourceCredit)
      ++sourceSlots[event.where];
    else if (event.kind == Event::Arrival)
      count(event.where);
  });
  credits.forEach([&](std::uint32_t outputVc) { ++slots[outputVc]; });
  queues.forEachBlocked(
      [&](const CoreQueues::Blocked &packet) { ++slots[packet.from]; });
  for (std::size_t vc = 0; vc < inputVcs.size(); ++vc)
    for (std::uint32_t flit = inputVcs[vc].first; flit != nothing;
         flit = flits[flit].next)
      count(static_cast<std::uint32_t>(vc));
  for (std::uint32_t port = 0; port < outputs.size(); ++port)
    for (std::uint32_t vc = 0; vc < vcs; ++vc) {
      const bool used =
          outputs[port].target != nothing || outputs[port].core >= 0;
      const std::uint32_t at = firstVc(port) + vc;
      if (used && slots[at] != outputs[port].depth)
        return "output VC " + std::to_string(at) + " accounts for " +
               std::to_string(slots[at]) + " buffers of " +
               std::to_string(outputs[port].depth);
      if (used && (outputVcs[at].owner == nobody) !=
                      ((outputs[port].free >> vc & 1) != 0))
        return "output VC " + std::to_string(at) + " is both held and free";
    }
  for (std::size_t core = 0; core < sources.size(); ++core)
    for (std::uint32_t vc = 0; vc < vcs; ++vc)
      if (sourceSlots[(core << vcBits) + vc] != injectionDepth)
        return "the source of core " + std::to_string(core) +
               " has lost a buffer";
  return {};
}

} // namespace synfire
