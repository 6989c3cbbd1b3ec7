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

std::vector<LinkOnWay> linksOnWay(const NocTiming &noc, const Routing &routing,
                                  int fromRouter, int toRouter) {
  std::vector<LinkOnWay> links;
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
  for (LinkOnWay &link : links)
    link.rest = clamped(cycles) - link.before;
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

} // namespace synfire
