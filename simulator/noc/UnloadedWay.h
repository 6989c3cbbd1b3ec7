//===- UnloadedWay.h - a packet on its way over an idle mesh ----*- C++ -*-===//
//
// UnloadedPacket from core to core, and what it leaves out: a packet that is
// longer than a buffer. There a flit waits until the buffer behind the next
// link is free again, which depends on the flit so many places before it one
// router further on; so every flit is followed, in the order in which they
// leave the source.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_UNLOADEDWAY_H
#define SYNFIRE_SIMULATOR_NOC_UNLOADEDWAY_H

#include "simulator/noc/UnloadedPacket.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// Network cycles from the packet's departure.
class UnloadedWay {
public:
  explicit UnloadedWay(const NocTiming &timing)
      : packet(timing), flits(static_cast<std::size_t>(timing.flitsPerPacket)),
        bodyWait(std::max(1, timing.router.switchAllocationCycles) - 1),
        sourceDepth(static_cast<std::size_t>(timing.router.bufferFlits)) {
    for (int direction = 0; direction <= 4; ++direction)
      for (const bool border : {false, true}) {
        const LinkTiming link(timing, static_cast<Direction>(direction),
                              border);
        const auto depth = static_cast<std::size_t>(link.bufferFlits);
        kinds[direction][border] = {link.transferCycles, link.creditCycles,
                                    LinkTiming::flitInterval(timing, border),
                                    depth};
        // Nothing waits for a buffer that holds the packet, or what the link
        // takes until the first place is free again.
        if (flits > depth && link.bufferFlits < link.roundTripCycles(timing))
          followed = true;
      }
  }

  /// Packets are longer than buffers can hide.
  bool followsFlits() const { return followed; }
  const UnloadedPacket &ends() const { return packet; }

  /// From the source's router on; then the links in order, then `finish`.
  void start() {
    head = packet.injected();
    links.clear();
  }
  /// The link's Direction; returns the cycle in which the head gets the switch
  /// before it.
  std::int64_t cross(int direction, bool border) {
    const UnloadedPacket::Ends grant = packet.granted(head, border);
    head = packet.moved(grant, direction, border);
    if (followed)
      links.push_back(kinds[direction][border]);
    return grant.head;
  }
  struct Times {
    std::int64_t arrival = 0; ///< of the last flit at the core
    /// In which the source is busy with the packet.
    std::int64_t source = 0;
  };
  Times finish() {
    cross(static_cast<int>(Direction::Local), false);
    return followed ? followFlits()
                    : Times{head.tail, static_cast<std::int64_t>(flits)};
  }

private:
  struct Link {
    std::int64_t transfer = 0, credit = 0, interval = 1;
    std::size_t depth = 1; ///< of the buffer behind it
  };

  Times followFlits() {
    const std::size_t hops = links.size();
    granted.resize(hops * flits);
    const auto grant = [&](std::size_t hop,
                           std::size_t flit) -> std::int64_t & {
      return granted[flit * hops + hop];
    };
    const std::int64_t headWait = packet.granted({0, 0}, false).head;
    std::int64_t sent = 0, there = 0;
    for (std::size_t flit = 0; flit < flits; ++flit) {
      if (flit > 0)
        ++sent;
      if (flit >= sourceDepth)
        sent = std::max(sent, grant(0, flit - sourceDepth) +
                                  NocTiming::injectionCycles);
      there = sent + NocTiming::injectionCycles;
      for (std::size_t hop = 0; hop < hops; ++hop) {
        const Link &link = links[hop];
        std::int64_t at = there + (flit == 0 ? headWait : bodyWait);
        if (flit > 0)
          at = std::max(at, grant(hop, flit - 1) + link.interval);
        if (flit >= link.depth) {
          const std::size_t before = flit - link.depth;
          // The core takes flits as they come.
          const std::int64_t freed = hop + 1 < hops
                                         ? grant(hop + 1, before)
                                         : grant(hop, before) + link.transfer;
          at = std::max(at, freed + link.credit + bodyWait);
        }
        grant(hop, flit) = at;
        there = at + link.transfer;
      }
    }
    return {there, sent + 1};
  }

  UnloadedPacket packet;
  std::size_t flits;
  std::int64_t bodyWait;
  std::size_t sourceDepth;
  bool followed = false;
  Link kinds[5][2];
  UnloadedPacket::Ends head;
  std::vector<Link> links;           ///< so far, if flits are followed
  std::vector<std::int64_t> granted; ///< the switch, by flit and link
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_UNLOADEDWAY_H
