//===- RouterMeshCheck.cpp - nothing is lost or made ----------------------===//
#include "simulator/noc/RouterMesh.h"

namespace synfire {

std::string RouterMesh::findFault() const {
  std::vector<std::int64_t> slots(outputVcs.size());
  for (std::size_t vc = 0; vc < outputVcs.size(); ++vc)
    slots[vc] = outputVcs[vc].credits;
  // The credit that a flit in, or on its way to, an input VC stands for.
  const auto count = [&](std::uint32_t inputVc) {
    const std::uint32_t port = portOf(inputVc);
    ++slots[inputs[port].creditTarget + inputVc - firstVc(port)];
  };
  events.forEach([&](const Event &event) {
    if (event.kind == Event::Ejection)
      ++slots[event.where];
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
      const bool used = outputs[port].target != nothing || ends[port].core >= 0;
      const std::uint32_t at = firstVc(port) + vc;
      if (used && slots[at] != ends[port].depth)
        return "output VC " + std::to_string(at) + " accounts for " +
               std::to_string(slots[at]) + " buffers of " +
               std::to_string(ends[port].depth);
      if (used && (outputVcs[at].owner == nobody) !=
                      ((outputs[port].free >> vc & 1) != 0))
        return "output VC " + std::to_string(at) + " is both held and free";
    }
  for (std::size_t core = 0; core < sources.size(); ++core)
    for (std::uint32_t vc = 0; vc < vcs; ++vc)
      if (slots[sourceVc(static_cast<std::uint32_t>(core)) + vc] !=
          injectionDepth)
        return "the source of core " + std::to_string(core) +
               " has lost a buffer";
  return {};
}

} // namespace synfire
