//===- Fanout.cpp - what a core sends to whom in a window -----------------===//
#include "simulator/machine/Fanout.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace synfire {
Way wayBetweenCores(const NocTiming &noc, const Routing &routing, int from,
                    int to) {
  const Mesh &mesh = routing.mesh();
  const int fromRouter = mesh.routerNumber(mesh.routerOfCore(from));
  const int toRouter = mesh.routerNumber(mesh.routerOfCore(to));
  Way way;
  way.route = routing.routeBetweenCores(from, to);
  way.latency = appendLinksOnWay(noc, routing, fromRouter, toRouter, way.links);
  return way;
}

Fanout::Fanout(int core, const ChipModel &chip, const Routing &routes,
               const Tiles &all)
    : self(core), binarySpikes(chip.binarySpikes), noc(chip.noc),
      routing(routes), allTiles(all) {}

void Fanout::addTile(TileUnit &tile,
                     const std::vector<AxonDestination> &axons) {
  ownTiles.push_back({&tile,
                      &axons,
                      AxonCells(tile.tile(), tile.stage().groupWidth, axons),
                      {},
                      {}});
  for (const AxonDestination &destination : axons) {
    for (const Listener &listener : destination.listeners)
      if (allTiles[static_cast<std::size_t>(listener.tile)]
              ->stage()
              .dendrites[static_cast<std::size_t>(listener.dendrite)]
              .kind == DendriteKind::Scores)
        ownTiles.back().choosy.push_back(&listener);
    const auto [place, isNew] = ways.try_emplace(destination.core);
    if (isNew)
      place->second = wayBetweenCores(noc, routing, self, destination.core);
  }
}

int Fanout::packetsPerEvent(const TileUnit &tile) const {
  return binarySpikes ? std::max(1, tile.unit().eventBits()) : 1;
}

bool Fanout::hears(const Listener &listener, int position) const {
  const TileUnit &target = *allTiles[static_cast<std::size_t>(listener.tile)];
  return needsToken(
      target.tile(),
      target.stage().dendrites[static_cast<std::size_t>(listener.dendrite)],
      listener.operand, position);
}

/// Which tiles fire and which of the listeners that choose tokens hear them:
/// all that a plan depends on, apart from the frames' numbers.
bool Fanout::samePlanAsBefore(const WindowPlan &window) {
  lastSignature.swap(signature);
  signature.clear();
  for (const OwnTile &own : ownTiles) {
    const int position =
        window.at[static_cast<std::size_t>(own.unit->tile().stage)].position;
    signature.push_back(position >= 0);
    for (const Listener *listener : own.choosy)
      signature.push_back(position >= 0 && hears(*listener, position));
  }
  return signature == lastSignature;
}

void Fanout::plan(const WindowPlan &window) {
  if (samePlanAsBefore(window)) {
    for (Outgoing &to : outgoing)
      for (OutgoingTile &out : to.tiles)
        out.at = window.at[static_cast<std::size_t>(out.source->tile().stage)];
    return;
  }
  outgoing.clear();
  grouped.clear();
  std::map<std::vector<int>,
           std::vector<std::pair<std::size_t, CellsOfSet::mapped_type>>>
      bySet;
  for (std::size_t t = 0; t < ownTiles.size(); ++t) {
    OwnTile &own = ownTiles[t];
    own.shares.clear();
    const TokenFrame at =
        window.at[static_cast<std::size_t>(own.unit->tile().stage)];
    if (at.position < 0)
      continue;
    for (auto &[cores, cells] : planTile(own, at))
      bySet[cores].emplace_back(t, std::move(cells));
  }
  for (auto &[cores, tiles] : bySet) {
    for (auto &[t, cells] : tiles)
      ownTiles[t].shares.push_back(
          {static_cast<std::uint32_t>(grouped.size()), std::move(cells)});
    grouped.push_back(makeGroup(cores));
  }
}

/// Adds what the tile has for every destination.
Fanout::CellsOfSet Fanout::planTile(OwnTile &own, TokenFrame at) {
  CellsOfSet sets;
  std::vector<std::vector<int>> coresOfCell(
      noc.multicast == Multicast::Tree ? own.cells.count() : 0);
  for (const AxonDestination &destination : *own.axons) {
    OutgoingTile out;
    out.source = own.unit;
    out.at = at;
    for (const Listener &listener : destination.listeners) {
      if (!hears(listener, at.position))
        continue;
      out.targets.push_back(
          {allTiles[static_cast<std::size_t>(listener.tile)].get(), &listener});
      out.whole = out.whole || listener.whole;
    }
    if (out.targets.empty())
      continue;
    std::vector<std::uint32_t> heard = cellsHeard(own, out);
    if (noc.multicast == Multicast::Tree)
      for (std::uint32_t cell : heard)
        coresOfCell[cell].push_back(destination.core);
    else
      sets[{destination.core}] = std::move(heard);
    outgoingTo(destination.core).tiles.push_back(std::move(out));
  }
  for (std::size_t cell = 0; cell < coresOfCell.size(); ++cell)
    if (!coresOfCell[cell].empty())
      sets[coresOfCell[cell]].push_back(static_cast<std::uint32_t>(cell));
  for (auto &[cores, cells] : sets)
    if (cells.size() == own.cells.count())
      cells.clear();
  return sets;
}

std::vector<std::uint32_t> Fanout::cellsHeard(const OwnTile &own,
                                              const OutgoingTile &out) const {
  std::vector<std::uint32_t> cells(own.cells.count());
  std::iota(cells.begin(), cells.end(), 0u);
  if (!out.whole)
    cells.erase(std::remove_if(cells.begin(), cells.end(),
                               [&](std::uint32_t cell) {
                                 return std::none_of(
                                     out.targets.begin(), out.targets.end(),
                                     [&](const OutgoingTile::Target &target) {
                                       return own.cells.hears(
                                           target.listener->block, cell);
                                     });
                               }),
                cells.end());
  return cells;
}

Outgoing &Fanout::outgoingTo(int core) {
  auto place = std::lower_bound(
      outgoing.begin(), outgoing.end(), core,
      [](const Outgoing &o, int key) { return o.destination < key; });
  if (place == outgoing.end() || place->destination != core)
    place = outgoing.insert(place,
                            Outgoing{core, &ways.at(core), &paces[core], {}});
  return *place;
}

OutgoingGroup Fanout::makeGroup(const std::vector<int> &cores) const {
  OutgoingGroup group;
  std::vector<int> links;
  for (int core : cores) {
    const auto to = std::lower_bound(
        outgoing.begin(), outgoing.end(), core,
        [](const Outgoing &o, int key) { return o.destination < key; });
    group.destinations.push_back(&*to);
    for (const LinkOnWay &link : to->way->links)
      links.push_back(link.number);
  }
  if (cores.size() == 1) {
    group.route = group.destinations.front()->way->route;
    return group;
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  group.route = routeOver(routing.mesh(), links);
  return group;
}

const std::vector<Fanout::Share> &Fanout::countPackets(std::size_t tile) {
  const OwnTile &own = ownTiles[tile];
  const StepEvents &events = own.unit->events();
  counted.clear();
  if (events.size() == 0)
    return counted;
  const auto each = static_cast<std::uint64_t>(packetsPerEvent(*own.unit));
  bool cut = false;
  for (const PlannedShare &share : own.shares) {
    std::uint64_t heard = events.size();
    if (!share.cells.empty()) {
      if (!cut)
        own.cells.countEvents(events.neurons, cellEvents);
      cut = true;
      heard = 0;
      for (std::uint32_t cell : share.cells)
        heard += cellEvents[cell];
    }
    if (heard > 0)
      counted.push_back({share.group, heard * each});
  }
  return counted;
}

} // namespace synfire
