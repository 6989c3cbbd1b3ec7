//===- LinkBound.cpp - what a step asks of every link ---------------------===//
#include "simulator/machine/LinkBound.h"

#include "simulator/noc/UnloadedWay.h"

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

Route routeOver(const Mesh &mesh, const std::vector<int> &links) {
  Route route;
  for (int link : links) {
    const Direction direction = linkDirection(link);
    const bool eastWest =
        direction == Direction::East || direction == Direction::West;
    ++(eastWest ? route.eastWestHops : route.northSouthHops);
    if (mesh.chipNumber(mesh.router(linkSource(link))) !=
        mesh.chipNumber(mesh.router(linkTarget(mesh, link))))
      ++route.chipCrossings;
  }
  return route;
}

std::vector<LinkOnWay> linksOnWay(const NocTiming &noc, const Routing &routing,
                                  int fromRouter, int toRouter) {
  std::vector<LinkOnWay> links;
  appendLinksOnWay(noc, routing, fromRouter, toRouter, links);
  return links;
}

std::uint64_t appendLinksOnWay(const NocTiming &noc, const Routing &routing,
                               int fromRouter, int toRouter,
                               std::vector<LinkOnWay> &links) {
  const std::size_t first = links.size();
  std::vector<bool> borders;
  UnloadedWay way(noc);
  way.start();
  routing.forEachLink(fromRouter, toRouter, [&](const MeshLink &link) {
    const std::int64_t granted = way.cross(
        static_cast<int>(linkDirection(link.number)), link.betweenChips);
    // No packet of a chip model holds a link for 2^20 cycles.
    links.push_back(
        {link.number,
         static_cast<std::uint32_t>(noc.linkCycles(link.betweenChips)),
         clamped(granted * noc.periodCycles), 0});
    borders.push_back(link.betweenChips);
  });
  // In a router behind: the last flit may come when the head has long been
  // through.
  const std::int64_t wait =
      noc.flitsPerPacket == 1
          ? noc.router.routingCycles +
                std::max(1, LinkTiming::allocationCycles(noc.router)) - 1
          : std::max(1, noc.router.switchAllocationCycles) - 1;
  std::int64_t rest = LinkTiming::transfer(noc, Direction::Local, false);
  for (std::size_t i = borders.size(); i-- > 0;) {
    LinkOnWay &link = links[first + i];
    rest += wait +
            LinkTiming::transfer(noc, linkDirection(link.number), borders[i]);
    const std::int64_t otherFlits =
        std::int64_t(noc.flitsPerPacket - 1) *
        (borders[i] ? noc.chipLinkCyclesPerFlit : 1);
    link.rest = clamped((rest + otherFlits) * noc.periodCycles);
  }
  return static_cast<std::uint64_t>(way.finish().arrival * noc.periodCycles);
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

void LinkBound::follow(const LinkOnWay *links, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const LinkOnWay &link = links[i];
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

LinkTerm LinkBound::largestOn(const LinkOnWay *links, std::size_t count) const {
  LinkTerm term;
  for (const LinkOnWay *link = links; link != links + count; ++link)
    if (loads[static_cast<std::size_t>(link->number)].packets > 0)
      term = larger(term, link->number);
  return term;
}

void LinkBound::sortUsed() { std::sort(used.begin(), used.end()); }

void LinkBound::endStep(std::uint64_t cycles) {
  for (int link : used) {
    Load &load = loads[static_cast<std::size_t>(link)];
    if (cycles > 0) {
      double &peak = peaks[static_cast<std::size_t>(link)];
      // A slow link may be free again only after its last packet has arrived.
      const std::uint64_t busy =
          std::min(cycles, load.packets * load.cyclesAPacket);
      peak = std::max(peak,
                      static_cast<double>(busy) / static_cast<double>(cycles));
    }
    load = Load();
  }
  used.clear();
}

void LinkBound::fillPeaks(const Mesh &mesh, std::vector<LinkRun> &runs) const {
  for (LinkRun &run : runs)
    for (Direction direction : {Direction::East, Direction::West,
                                Direction::South, Direction::North}) {
      const int number = linkNumber(run.fromRouter, direction);
      if (linkTarget(mesh, number) == run.toRouter)
        run.peakUtilisation =
            std::max(run.peakUtilisation, peakUtilisation(number));
    }
}

} // namespace synfire
