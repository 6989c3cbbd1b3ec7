//===- LinkBound.cpp - what a step asks of every link ---------------------===//
#include "simulator/machine/LinkBound.h"

#include "simulator/noc/UnloadedPacket.h"

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

namespace {

/// crossed(link number, betweenChips, UnloadedPacket::Ends) for each link; the
/// arrival in network cycles.
template <typename Crossed>
std::uint64_t walk(const NocTiming &noc, const Routing &routing, int fromRouter,
                   int toRouter, Crossed &&crossed) {
  return UnloadedPacket(noc).arrival(
      [&](auto &&visit) {
        routing.forEachLink(fromRouter, toRouter, [&](const MeshLink &link) {
          visit(link.number, link.betweenChips);
        });
      },
      crossed);
}

} // namespace

std::uint64_t latencyBetween(const NocTiming &noc, const Routing &routing,
                             int fromRouter, int toRouter) {
  return walk(noc, routing, fromRouter, toRouter,
              [](int, bool, const UnloadedPacket::Ends &) {}) *
         static_cast<std::uint64_t>(noc.periodCycles);
}

std::vector<LinkOnWay> linksOnWay(const NocTiming &noc, const Routing &routing,
                                  int fromRouter, int toRouter) {
  std::vector<LinkOnWay> links;
  std::vector<bool> borders;
  walk(noc, routing, fromRouter, toRouter,
       [&](int link, bool border, const UnloadedPacket::Ends &grant) {
         links.push_back({link, clamped(noc.linkCycles(border)),
                          clamped(grant.head * noc.periodCycles), 0});
         borders.push_back(border);
       });
  // In a router behind: the last flit may come when the head has long been
  // through.
  const std::int64_t wait =
      noc.flitsPerPacket == 1
          ? noc.router.routingCycles +
                std::max(1, LinkTiming::allocationCycles(noc.router)) - 1
          : std::max(1, noc.router.switchAllocationCycles) - 1;
  std::int64_t rest = LinkTiming::transfer(noc, Direction::Local, false);
  for (std::size_t i = links.size(); i-- > 0;) {
    rest += wait + LinkTiming::transfer(noc, linkDirection(links[i].number),
                                        borders[i]);
    const std::int64_t otherFlits =
        std::int64_t(noc.flitsPerPacket - 1) *
        (borders[i] ? noc.chipLinkCyclesPerFlit : 1);
    links[i].rest = clamped((rest + otherFlits) * noc.periodCycles);
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
