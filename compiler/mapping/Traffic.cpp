//===- Traffic.cpp - expected packets between cores -----------------------===//
#include "compiler/mapping/Traffic.h"

#include <algorithm>
#include <utility>

namespace synfire {

std::vector<TrafficNet> trafficNets(const Program &program,
                                    const std::vector<StageActivity> &activity,
                                    const std::vector<ListenerGroup> &groups) {
  std::vector<TrafficNet> nets;
  nets.reserve(groups.size());
  for (const ListenerGroup &group : groups) {
    const StageActivity &of = activity[static_cast<std::size_t>(group.stage)];
    const double packetsPerNeuron = of.eventsPerNeuron * of.packetsPerEvent;
    TrafficNet net;
    net.stage = group.stage;
    net.readers = group.cores;
    net.sources.reserve(group.sources.size());
    for (const ListenerGroup::Source &source : group.sources)
      net.sources.push_back(
          {program.mapping.tiles[static_cast<std::size_t>(source.tile)].core,
           source.activeNeurons * packetsPerNeuron});
    std::sort(net.sources.begin(), net.sources.end(),
              [](const auto &a, const auto &b) { return a.core < b.core; });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < net.sources.size(); ++i)
      if (net.sources[i].core == net.sources[kept].core)
        net.sources[kept].packets += net.sources[i].packets;
      else
        net.sources[++kept] = net.sources[i];
    net.sources.resize(kept + 1);
    nets.push_back(std::move(net));
  }
  const std::vector<Tile> &tiles = program.mapping.tiles;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    if (tiles[t].hasNeurons())
      continue;
    const Tile &owner = tiles[t - static_cast<std::size_t>(tiles[t].inputPart)];
    if (owner.core == tiles[t].core)
      continue;
    TrafficNet net;
    net.stage = tiles[t].stage;
    net.sums = true;
    net.readers = {owner.core};
    net.sources = {{tiles[t].core,
                    static_cast<double>(sumsOfInputPart(program, tiles[t])) *
                        program.frames}};
    nets.push_back(std::move(net));
  }
  return nets;
}

LinkTraffic::LinkTraffic(const ChipModel &chipModel, const Routing &ways)
    : chip(chipModel), routing(ways), width(ways.mesh().width()),
      height(ways.mesh().height()),
      load(static_cast<std::size_t>(linkCount(ways.mesh())), 0),
      sent(static_cast<std::size_t>(ways.mesh().routers()), 0),
      heard(static_cast<std::size_t>(ways.mesh().routers()), 0) {}

void LinkTraffic::clear() {
  for (int link : taken)
    load[static_cast<std::size_t>(link)] = 0;
  taken.clear();
  eastWest = northSouth = crossings = 0;
}

bool LinkTraffic::betweenChips(int router, Direction direction) const {
  const Mesh &mesh = routing.mesh();
  return mesh.chipNumber(mesh.router(router)) !=
         mesh.chipNumber(mesh.router(neighbour(mesh, router, direction)));
}

void LinkTraffic::count(int router, Direction direction, double packets) {
  if (packets <= 0)
    return;
  const int link = 4 * router + static_cast<int>(direction);
  double &of = load[static_cast<std::size_t>(link)];
  if (of == 0)
    taken.push_back(link);
  of += packets;
  const bool along =
      direction == Direction::East || direction == Direction::West;
  (along ? eastWest : northSouth) += packets;
  if (betweenChips(router, direction))
    crossings += packets;
}

double LinkTraffic::busiestCycles() const {
  double most = 0;
  for (int link : taken) {
    const double flits =
        load[static_cast<std::size_t>(link)] * chip.noc.flitsPerPacket;
    most = std::max(most, betweenChips(linkSource(link), linkDirection(link))
                              ? flits * chip.noc.chipLinkCyclesPerFlit
                              : flits);
  }
  return most * chip.noc.periodCycles;
}

void LinkTraffic::add(const TrafficNet &net,
                      const std::vector<int> &routerOfCore, double share) {
  if (!routing.isXY())
    return addOverRoutes(net, routerOfCore, share);
  for (const TrafficNet::Source &source : net.sources) {
    const int router = routerOfCore[static_cast<std::size_t>(source.core)];
    if (sent[static_cast<std::size_t>(router)] == 0)
      sourceRouters.push_back(router);
    sent[static_cast<std::size_t>(router)] += source.packets * share;
  }
  for (int core : net.readers) {
    const int router = routerOfCore[static_cast<std::size_t>(core)];
    if (heard[static_cast<std::size_t>(router)]++ == 0)
      readerRouters.push_back(router);
  }
  const bool tree = chip.noc.multicast == Multicast::Tree;
  addRows(tree);
  addColumns(tree);
  for (int router : sourceRouters)
    sent[static_cast<std::size_t>(router)] = 0;
  for (int router : readerRouters)
    heard[static_cast<std::size_t>(router)] = 0;
  sourceRouters.clear();
  readerRouters.clear();
}

/// East-west: the packets of a row's sources towards the columns of readers.
void LinkTraffic::addRows(bool tree) {
  readersUpTo.assign(static_cast<std::size_t>(width), 0);
  int west = width, east = -1;
  for (int router : readerRouters) {
    const int x = router % width;
    readersUpTo[static_cast<std::size_t>(x)] +=
        heard[static_cast<std::size_t>(router)];
    west = std::min(west, x);
    east = std::max(east, x);
  }
  for (std::size_t x = 1; x < readersUpTo.size(); ++x)
    readersUpTo[x] += readersUpTo[x - 1];
  const int all = readersUpTo.back();
  std::sort(sourceRouters.begin(), sourceRouters.end());
  for (std::size_t i = 0; i < sourceRouters.size();) {
    const int row = sourceRouters[i] / width * width;
    const int first = sourceRouters[i] - row;
    while (i < sourceRouters.size() && sourceRouters[i] < row + width)
      ++i;
    const int last = sourceRouters[i - 1] - row;
    double packets = 0;
    for (int x = first; x < east; ++x) {
      const int router = row + x;
      packets += sent[static_cast<std::size_t>(router)];
      const int beyond = all - readersUpTo[static_cast<std::size_t>(x)];
      count(router, Direction::East, packets * (tree ? 1 : beyond));
    }
    packets = 0;
    for (int x = last; x > west; --x) {
      const int router = row + x;
      packets += sent[static_cast<std::size_t>(router)];
      const int beyond = readersUpTo[static_cast<std::size_t>(x) - 1];
      count(router, Direction::West, packets * (tree ? 1 : beyond));
    }
  }
}

/// North-south: all packets, in the columns of their readers.
void LinkTraffic::addColumns(bool tree) {
  sentOfRow.assign(static_cast<std::size_t>(height), 0);
  for (int router : sourceRouters)
    sentOfRow[static_cast<std::size_t>(router / width)] +=
        sent[static_cast<std::size_t>(router)];
  const int firstRow = sourceRouters.front() / width,
            lastRow = sourceRouters.back() / width;
  std::sort(readerRouters.begin(), readerRouters.end(), [&](int a, int b) {
    return std::make_pair(a % width, a) < std::make_pair(b % width, b);
  });
  for (std::size_t i = 0; i < readerRouters.size();) {
    const int column = readerRouters[i] % width;
    const std::size_t first = i;
    int all = 0;
    for (; i < readerRouters.size() && readerRouters[i] % width == column; ++i)
      all += heard[static_cast<std::size_t>(readerRouters[i])];
    const int north = readerRouters[first] / width,
              south = readerRouters[i - 1] / width;
    double packets = 0;
    int beyond = all;
    for (int y = std::min(firstRow, north); y < south; ++y) {
      const int router = y * width + column;
      packets += sentOfRow[static_cast<std::size_t>(y)];
      beyond -= heard[static_cast<std::size_t>(router)];
      count(router, Direction::South, packets * (tree ? 1 : beyond));
    }
    packets = 0;
    beyond = all;
    for (int y = std::max(lastRow, south); y > north; --y) {
      const int router = y * width + column;
      packets += sentOfRow[static_cast<std::size_t>(y)];
      beyond -= heard[static_cast<std::size_t>(router)];
      count(router, Direction::North, packets * (tree ? 1 : beyond));
    }
  }
}

/// Link by link, where faults bend routes. A tree takes each link of the routes
/// from one source once.
void LinkTraffic::addOverRoutes(const TrafficNet &net,
                                const std::vector<int> &routerOfCore,
                                double share) {
  std::vector<int> links;
  for (const TrafficNet::Source &source : net.sources) {
    links.clear();
    for (int core : net.readers)
      routing.forEachLink(
          routerOfCore[static_cast<std::size_t>(source.core)],
          routerOfCore[static_cast<std::size_t>(core)],
          [&](const MeshLink &link) { links.push_back(link.number); });
    if (chip.noc.multicast == Multicast::Tree) {
      std::sort(links.begin(), links.end());
      links.erase(std::unique(links.begin(), links.end()), links.end());
    }
    for (int link : links)
      count(linkSource(link), linkDirection(link), source.packets * share);
  }
}

} // namespace synfire
