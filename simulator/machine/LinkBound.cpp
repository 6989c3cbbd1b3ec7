//===- LinkBound.cpp - what a step asks of every link ---------------------===//
#include "simulator/machine/LinkBound.h"

#include "simulator/noc/LinkTiming.h"

#include <algorithm>
#include <limits>

namespace synfire {
namespace {

/// Of smaller terms a bound stays one, whatever a chip says.
std::uint32_t clamped(std::int64_t cycles) {
  return static_cast<std::uint32_t>(std::min<std::int64_t>(
      cycles, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

std::vector<LinkOnWay> linksOnWay(const NocTiming &noc, const Routing &routing,
                                  int fromRouter, int toRouter) {
  const RouterTiming &router = noc.router;
  const std::int64_t period = noc.periodCycles;
  const std::int64_t headWait =
      router.routingCycles + std::max(1, LinkTiming::allocationCycles(router)) -
      1;
  // The last flit of a packet may come when the head has long been through.
  const std::int64_t tailWait =
      noc.flitsPerPacket == 1 ? headWait
                              : std::max(1, router.switchAllocationCycles) - 1;
  struct Crossing {
    std::int64_t head = 0, tail = 0; ///< from departure, to the next buffer
    std::int64_t flit = 0;
  };
  std::vector<LinkOnWay> links;
  std::vector<Crossing> crossings;
  std::int64_t buffered = NocTiming::injectionCycles;
  routing.forEachLink(fromRouter, toRouter, [&](const MeshLink &link) {
    const std::int64_t transfer = LinkTiming::transfer(
        noc, linkDirection(link.number), link.betweenChips);
    const std::int64_t flit = link.betweenChips ? noc.chipLinkCyclesPerFlit : 1;
    crossings.push_back({buffered + headWait, transfer, flit});
    links.push_back(
        {link.number, clamped(noc.linkCycles(link.betweenChips)), 0, 0});
    buffered += headWait + transfer;
  });
  std::int64_t tail =
      tailWait + LinkTiming::transfer(noc, Direction::Local, false);
  for (std::size_t i = links.size(); i-- > 0;) {
    tail += crossings[i].tail;
    links[i].before = clamped(crossings[i].head * period);
    links[i].rest =
        clamped((tail + (noc.flitsPerPacket - 1) * crossings[i].flit) * period);
    tail += tailWait;
  }
  return links;
}

LinkBound::LinkBound(int links)
    : loads(static_cast<std::size_t>(links)),
      peaks(static_cast<std::size_t>(links)) {}

void LinkBound::startBurst(std::uint64_t packets,
                           std::uint64_t firstDeparture) {
  ++burst;
  burstPackets = packets;
  burstDeparture = firstDeparture;
}

void LinkBound::follow(const std::vector<LinkOnWay> &links) {
  for (const LinkOnWay &link : links) {
    Load &load = loads[static_cast<std::size_t>(link.number)];
    const std::uint64_t at = burstDeparture + link.before;
    if (load.packets == 0) {
      used.push_back(link.number);
      load = {burstPackets, link.cyclesAPacket, at, link.rest, burst};
      continue;
    }
    load.earliest = std::min(load.earliest, at);
    load.rest = std::min<std::uint64_t>(load.rest, link.rest);
    load.packets += load.burst == burst ? 0 : burstPackets;
    load.burst = burst;
  }
}

LinkTerm LinkBound::larger(const LinkTerm &term, int link) const {
  const Load &load = loads[static_cast<std::size_t>(link)];
  const std::uint64_t cycles =
      load.earliest + (load.packets - 1) * load.cyclesAPacket + load.rest;
  if (cycles > term.cycles ||
      (cycles == term.cycles && (term.link < 0 || link < term.link)))
    return {cycles, link, load.packets * load.cyclesAPacket};
  return term;
}

LinkTerm LinkBound::largest() const {
  LinkTerm term;
  for (int link : used)
    term = larger(term, link);
  return term;
}

LinkTerm LinkBound::largestOn(const std::vector<LinkOnWay> &links) const {
  LinkTerm term;
  for (const LinkOnWay &link : links)
    if (loads[static_cast<std::size_t>(link.number)].packets > 0)
      term = larger(term, link.number);
  return term;
}

void LinkBound::sortUsed() { std::sort(used.begin(), used.end()); }

void LinkBound::endStep(std::uint64_t cycles) {
  for (int link : used) {
    Load &load = loads[static_cast<std::size_t>(link)];
    if (cycles > 0) {
      double &peak = peaks[static_cast<std::size_t>(link)];
      peak = std::max(peak,
                      static_cast<double>(load.packets * load.cyclesAPacket) /
                          static_cast<double>(cycles));
    }
    load = Load();
  }
  used.clear();
}

} // namespace synfire
