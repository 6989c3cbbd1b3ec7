//===- LinkBound.cpp - what a step asks of every link ---------------------===//
#include "simulator/machine/LinkBound.h"

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

std::uint32_t appendLinksOnWay(const NocTiming &noc, const Routing &routing,
                               int fromRouter, int toRouter,
                               std::vector<LinkOnWay> &links) {
  const std::size_t first = links.size();
  std::int64_t cycles = 0;
  routing.forEachLink(fromRouter, toRouter, [&](const MeshLink &link) {
    const std::int64_t flits =
        std::int64_t(noc.flitsPerPacket) *
        (link.betweenChips ? noc.chipLinkCyclesPerFlit : 1);
    links.push_back({link.number,
                     clamped(std::min<std::int64_t>(
                                 flits, std::numeric_limits<int>::max()) *
                             noc.periodCycles),
                     clamped(cycles), 0});
    const Direction direction = linkDirection(link.number);
    cycles += noc.hopCycles(direction == Direction::East ||
                                direction == Direction::West,
                            link.betweenChips);
  });
  for (std::size_t i = first; i < links.size(); ++i)
    links[i].rest = clamped(cycles) - links[i].before;
  return clamped(cycles);
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

LinkTerm LinkBound::largest() const {
  LinkTerm term;
  for (int link : used) {
    const Load &load = loads[static_cast<std::size_t>(link)];
    const std::uint64_t cycles =
        load.earliest + (load.packets - 1) * load.cyclesAPacket + load.rest;
    if (cycles > term.cycles ||
        (cycles == term.cycles && (term.link < 0 || link < term.link)))
      term = {cycles, link};
  }
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

void LinkBound::fillPeaks(const Mesh &mesh, std::vector<LinkRun> &runs) const {
  for (LinkRun &run : runs)
    for (Direction direction : {Direction::East, Direction::West,
                                Direction::South, Direction::North}) {
      const int number = 4 * run.fromRouter + static_cast<int>(direction);
      if (linkTarget(mesh, number) == run.toRouter)
        run.peakUtilisation =
            std::max(run.peakUtilisation, peakUtilisation(number));
    }
}

} // namespace synfire
