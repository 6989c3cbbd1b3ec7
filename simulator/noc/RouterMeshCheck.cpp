//===- RouterMeshCheck.cpp - nothing is lost or made ----------------------===//
#include "simulator/noc/RouterMesh.h"

namespace synfire {

std::string RouterMesh::findFault() const {
  std::vector<std::int64_t> slots(outputVcs.size());
  for (std::size_t vc = 0; vc < outputVcs.size(); ++vc)
    slots[vc] = outputVcs[vc].credits;
  // Flits in, or on their way to, an input VC, each of which stands for a
  // credit; tails on their way to a core.
  std::vector<std::uint64_t> flits(inputVcs.size()), tails(outputVcs.size());
  const auto count = [&](std::uint32_t inputVc) {
    const std::uint32_t port = portOf(inputVc);
    ++slots[inputs[port].creditTarget + inputVc - firstVc(port)];
    ++flits[inputVc];
  };
  const auto countOutput = [&](std::uint32_t outputVc) { ++slots[outputVc]; };
  events.forEach(Arrival, [&](std::uint32_t event) {
    if ((event & vcResult) == 0)
      count(event);
  });
  events.forEach(Body, count);
  for (const EventKind kind : {Ejection, Credit, SourceCredit})
    events.forEach(kind, countOutput);
  events.forEach(Ejection, [&](std::uint32_t vc) { ++tails[vc]; });
  queues.forEachBlocked(
      [&](const CoreQueues::Item &packet) { ++slots[packet.from]; });
  for (std::uint32_t vc = 0; vc < inputVcs.size(); ++vc)
    for (std::uint32_t flit = 0; flit < inputVcs[vc].flits; ++flit)
      count(vc);
  for (std::uint32_t port = 0; port < outputs.size(); ++port)
    for (std::uint32_t vc = 0; vc < vcs; ++vc) {
      const bool used = outputs[port].target != nothing || ends[port].core >= 0;
      const std::uint32_t at = firstVc(port) + vc;
      if (used && slots[at] != ends[port].depth)
        return "output VC " + std::to_string(at) + " accounts for " +
               std::to_string(slots[at]) + " buffers of " +
               std::to_string(ends[port].depth);
      if (used && (outputVcs[at].owner == nobody) !=
                      ((outputs[port].free >> vc & 1) != 0))
        return "output VC " + std::to_string(at) + " is both held and free";
      const OutputVc &output = outputVcs[at];
      const std::uint32_t mask = HeaderRings::maskOf(outputs[port].ringBits);
      if (ends[port].core >= 0 &&
          ((output.headers - output.ejected - tails[at]) & mask) != 0)
        return "output VC " + std::to_string(at) + " has headers without tails";
    }
  for (std::size_t core = 0; core < sources.size(); ++core)
    for (std::uint32_t vc = 0; vc < vcs; ++vc)
      if (slots[sourceVc(static_cast<std::uint32_t>(core)) + vc] !=
          injectionDepth)
        return "the source of core " + std::to_string(core) +
               " has lost a buffer";
  for (std::uint32_t vc = 0; vc < inputVcs.size(); ++vc)
    if ((vc & vcIndexMask) < vcs && !headersMatch(vc, flits[vc]))
      return "input VC " + std::to_string(vc) + " has headers without flits";
  return {};
}

/// Whether as many headers wait at an input VC as packets have begun to come,
/// but for the one that was read. `flits`: there, or on their way.
bool RouterMesh::headersMatch(std::uint32_t inputVc,
                              std::uint64_t flits) const {
  const InputVc &vc = inputVcs[inputVc];
  const InputPort &port = inputs[portOf(inputVc)];
  const std::uint32_t sender = port.creditTarget + (inputVc & vcIndexMask);
  const OutputVc &output = outputVcs[sender];
  // What the sender has left of a packet that it has begun.
  std::uint64_t toCome = 0;
  if (portOf(sender) >= outputs.size()) {
    const Source &source = sources[portOf(sender) - outputs.size()];
    if (source.flitsSent > 0 && source.vc == (sender & vcIndexMask))
      toCome = flitsPerPacket - source.flitsSent;
  } else if (outputs[portOf(sender)].target != firstVc(portOf(inputVc))) {
    return true; // at the edge, where nobody sends
  } else if (output.owner != nobody) {
    const std::uint32_t left =
        inputVcs[outputs[portOf(sender)].firstInput + output.owner].left;
    toCome = left < flitsPerPacket ? left : 0;
  }
  // What is left here of the packet whose header was read.
  const bool read = vc.phase == Phase::Waiting || vc.phase == Phase::Active;
  const std::uint32_t begun = !read                ? 0
                              : isCopying(inputVc) ? flitsPerPacket
                                                   : vc.left;
  const std::uint64_t waiting = (flits + toCome - begun) / flitsPerPacket;
  return flits + toCome == begun + waiting * flitsPerPacket &&
         ((output.headers - vc.headers - waiting) & port.ringMask) == 0;
}

} // namespace synfire
