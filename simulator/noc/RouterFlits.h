//===- RouterFlits.h - what flits do in any router --------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_ROUTERFLITS_H
#define SYNFIRE_SIMULATOR_NOC_ROUTERFLITS_H

#include "simulator/noc/AlwaysInline.h"
#include "simulator/noc/RouterArbiters.h"

namespace synfire {

inline void RouterMesh::takeBranch(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  const MulticastForest::Branch &branch =
      forest.branch(details[inputVc].branch);
  vc.left = flitsPerPacket;
  vc.output = firstPort(inputs[portOf(inputVc)].router) + branch.port;
  details[inputVc].copying = !branch.last;
}

/// The first packet of a VC learns where to go.
SYNFIRE_ALWAYS_INLINE void RouterMesh::findOutput(std::uint32_t inputVc) {
  InputVc &vc = inputVcs[inputVc];
  const InputPort &port = inputs[portOf(inputVc)];
  const Header header = headers[vc.headers];
  vc.headers = HeaderRings::next(vc.headers, port.ringMask);
  vc.header = header;
  vc.left = flitsPerPacket;
  const unsigned direction =
      routes.knownDirection(port.router, header.router());
  if (__builtin_expect(header.isTree() || restricted ||
                           direction == RouteTable::noDirection,
                       0)) {
    lookUpOutput(inputVc);
    return;
  }
  vc.output = firstPort(port.router) + direction +
              (direction == links ? header.slot() : 0U);
}

/// A grant of a VC that is free.
SYNFIRE_ALWAYS_INLINE void RouterMesh::takeVc(std::uint32_t inputVc,
                                              std::uint32_t vc) {
  InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[input.output];
  const std::uint32_t outVc = firstVc(input.output) + vc;
  output.free &= ~(Mask(1) << vc);
  outputVcs[outVc].owner =
      static_cast<std::uint16_t>(inputVc - output.firstInput);
  input.outVc = outVc;
  input.phase = Phase::Active;
}

/// The next flit of an input VC on its way to what is behind the output; true
/// if it is a tail.
SYNFIRE_ALWAYS_INLINE bool RouterMesh::passFlit(std::uint32_t inputVc) {
  InputVc &input = inputVcs[inputVc];
  OutputPort &output = outputs[input.output];
  OutputVc &channel = outputVcs[input.outVc];
  const std::uint32_t left = input.left;
  const std::uint32_t target = output.target + (input.outVc & vcIndexMask);
  Header header = input.header;
  if (header.isTree())
    header.place = forest.branch(details[inputVc].branch).next;
  input.left = left - 1;
  --channel.credits;
  ++output.flits;
  // To a link that is a head, whose header goes along; to a core a tail.
  if (left == markedLeft[output.marksTail]) {
    events.add(output.kinds[1], cycle + output.cycles[1], target);
    headers[channel.headers] = header;
    channel.headers = HeaderRings::next(channel.headers,
                                        HeaderRings::maskOf(output.ringBits));
  } else {
    events.add(output.kinds[0], cycle + output.cycles[0], target);
  }
  return left == 1;
}

/// A flit has left its buffer for good.
SYNFIRE_ALWAYS_INLINE void RouterMesh::freePlace(std::uint32_t inputVc) {
  const InputPort &from = inputs[portOf(inputVc)];
  --inputVcs[inputVc].flits;
  events.add(from.creditKind, cycle + from.creditCycles,
             from.creditTarget + (inputVc & vcIndexMask));
}

inline void RouterMesh::wake(std::uint32_t core) {
  activeSources[core / 64] |= Mask(1) << (core % 64);
  ++numberActive;
}

inline void RouterMesh::sleep(std::uint32_t core) {
  activeSources[core / 64] &= ~(Mask(1) << (core % 64));
  --numberActive;
}

/// The next flit of a core that sends.
SYNFIRE_ALWAYS_INLINE void RouterMesh::inject(std::uint32_t core) {
  Source &source = sources[core];
  const bool head = source.flitsSent == 0;
  const Mask usable = head ? ~Mask(0) : Mask(1) << source.vc;
  const Mask funded = source.funded & usable;
  if (funded == 0) {
    source.awaited = usable;
    sleep(core);
    return;
  }
  // A head takes the next in turn; of a packet under way there is but one.
  const std::uint32_t vc = roundRobin(funded, source.vc + 1U);
  OutputVc &channel = outputVcs[sourceVc(core) + vc];
  source.vc = static_cast<std::uint8_t>(vc);
  source.funded &= ~(Mask(--channel.credits == 0 ? 1 : 0) << vc);
  if (head) {
    const std::uint32_t number = source.first;
    const Packet &packet = packets[number];
    headers[channel.headers] = {number | (packet.tree ? Header::tree : 0),
                                packet.place};
    channel.headers = HeaderRings::next(channel.headers,
                                        inputs[portOf(source.target)].ringMask);
    // It may have waited for long, among as many as there are.
    if (packet.next != nothing)
      __builtin_prefetch(&packets[packet.next]);
  }
  events.add(head || !simple ? Arrival : Body, cycle + injectionCycles,
             source.target + vc);
  if (++source.flitsSent == flitsPerPacket) {
    source.flitsSent = 0;
    source.first = packets[source.first].next;
    if (source.first == nothing)
      sleep(core);
  }
}

inline void RouterMesh::injectAll() {
  if (numberActive == 0)
    return;
  for (std::size_t word = 0; word < activeSources.size(); ++word)
    for (Mask bits = activeSources[word]; bits != 0; bits &= bits - 1)
      inject(static_cast<std::uint32_t>(word * 64) +
             static_cast<std::uint32_t>(__builtin_ctzll(bits)));
}

inline void RouterMesh::giveSourceCredit(std::uint32_t sourceVcNumber) {
  const auto core =
      portOf(sourceVcNumber) - static_cast<std::uint32_t>(outputs.size());
  Source &source = sources[core];
  const Mask self = Mask(1) << (sourceVcNumber & vcIndexMask);
  ++outputVcs[sourceVcNumber].credits;
  source.funded |= self;
  if ((source.awaited & self) == 0)
    return;
  source.awaited = 0;
  wake(core);
}

/// The tail of a packet is at its core.
SYNFIRE_ALWAYS_INLINE void RouterMesh::eject(std::uint32_t outputVc,
                                             std::vector<Delivery> &arrived) {
  OutputVc &vc = outputVcs[outputVc];
  const std::uint32_t port = portOf(outputVc);
  const Header header = headers[vc.ejected];
  vc.ejected = HeaderRings::next(vc.ejected,
                                 HeaderRings::maskOf(outputs[port].ringBits));
  CoreQueues::Item item = {header.number(), header.place, outputVc,
                           packets[header.number()].service};
  if (header.isTree() && header.place < leafServices.size())
    item.service = leafServices[header.place];
  if (queues.take(static_cast<std::uint32_t>(ends[port].core), cycle, item))
    take(item, arrived);
}

/// The core takes it.
inline void RouterMesh::take(const CoreQueues::Item &item,
                             std::vector<Delivery> &arrived) {
  events.add(Credit, cycle + coreCreditCycles, item.from);
  Packet &packet = packets[item.packet];
  arrived.push_back(
      {packet.tree ? item.place : packet.tag, ends[portOf(item.from)].core});
  if (--packet.copies == 0) {
    packet.next = firstFreePacket;
    firstFreePacket = item.packet;
    --livePackets;
  }
}

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_ROUTERFLITS_H
