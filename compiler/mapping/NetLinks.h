//===- NetLinks.h - the links that a net's packets take ---------*- C++ -*-===//
//
// Over XY routes the packets of a net on every link follow from sums along rows
// and columns: time is linear in pins and links, not in (source, reader) pairs.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_NETLINKS_H
#define SYNFIRE_COMPILER_MAPPING_NETLINKS_H

#include "compiler/mapping/Traffic.h"
#include "runtime/program/Routing.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace synfire {

class NetLinks {
public:
  NetLinks(const ChipModel &chip, const Routing &ways)
      : routing(ways), tree(chip.noc.multicast == Multicast::Tree),
        width(ways.mesh().width()), height(ways.mesh().height()),
        sent(static_cast<std::size_t>(ways.mesh().routers()), 0),
        heard(static_cast<std::size_t>(ways.mesh().routers()), 0) {}

  /// visit(int link, double packets), a link perhaps several times, for `share`
  /// of the net's packets; `routerOfCore` gives the router of each core number
  /// that the net holds.
  template <typename Visit>
  void forEach(const TrafficNet &net, const std::vector<int> &routerOfCore,
               double share, Visit &&visit) {
    if (!routing.isXY())
      return followRoutes(net, routerOfCore, share, visit);
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
    addRows(visit);
    addColumns(visit);
    for (int router : sourceRouters)
      sent[static_cast<std::size_t>(router)] = 0;
    for (int router : readerRouters)
      heard[static_cast<std::size_t>(router)] = 0;
    sourceRouters.clear();
    readerRouters.clear();
  }

private:
  template <typename Visit>
  static void visitLink(int router, Direction direction, double packets,
                        Visit &&visit) {
    if (packets > 0)
      visit(linkNumber(router, direction), packets);
  }

  /// East-west: the packets of a row's sources towards the columns of readers.
  template <typename Visit> void addRows(Visit &&visit) {
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
        visitLink(router, Direction::East, packets * (tree ? 1 : beyond),
                  visit);
      }
      packets = 0;
      for (int x = last; x > west; --x) {
        const int router = row + x;
        packets += sent[static_cast<std::size_t>(router)];
        const int beyond = readersUpTo[static_cast<std::size_t>(x) - 1];
        visitLink(router, Direction::West, packets * (tree ? 1 : beyond),
                  visit);
      }
    }
  }

  /// North-south: all packets, in the columns of their readers.
  template <typename Visit> void addColumns(Visit &&visit) {
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
      for (; i < readerRouters.size() && readerRouters[i] % width == column;
           ++i)
        all += heard[static_cast<std::size_t>(readerRouters[i])];
      const int north = readerRouters[first] / width,
                south = readerRouters[i - 1] / width;
      double packets = 0;
      int beyond = all;
      for (int y = std::min(firstRow, north); y < south; ++y) {
        const int router = y * width + column;
        packets += sentOfRow[static_cast<std::size_t>(y)];
        beyond -= heard[static_cast<std::size_t>(router)];
        visitLink(router, Direction::South, packets * (tree ? 1 : beyond),
                  visit);
      }
      packets = 0;
      beyond = all;
      for (int y = std::max(lastRow, south); y > north; --y) {
        const int router = y * width + column;
        packets += sentOfRow[static_cast<std::size_t>(y)];
        beyond -= heard[static_cast<std::size_t>(router)];
        visitLink(router, Direction::North, packets * (tree ? 1 : beyond),
                  visit);
      }
    }
  }

  /// Link by link, where faults bend routes. A tree takes each link of the
  /// routes from one source once.
  template <typename Visit>
  void followRoutes(const TrafficNet &net, const std::vector<int> &routerOfCore,
                    double share, Visit &&visit) {
    for (const TrafficNet::Source &source : net.sources) {
      links.clear();
      for (int core : net.readers)
        routing.forEachLink(
            routerOfCore[static_cast<std::size_t>(source.core)],
            routerOfCore[static_cast<std::size_t>(core)],
            [&](const MeshLink &link) { links.push_back(link.number); });
      if (tree) {
        std::sort(links.begin(), links.end());
        links.erase(std::unique(links.begin(), links.end()), links.end());
      }
      for (int link : links)
        visitLink(linkSource(link), linkDirection(link), source.packets * share,
                  visit);
    }
  }

  const Routing &routing;
  const bool tree;
  const int width, height;
  /// Of the net at hand: packets and readers by router, and sums of them.
  std::vector<double> sent, sentOfRow;
  std::vector<int> heard, readersUpTo;
  std::vector<int> sourceRouters, readerRouters;
  std::vector<int> links;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_NETLINKS_H
