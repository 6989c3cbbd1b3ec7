//===- Traffic.h - expected packets between cores ---------------*- C++ -*-===//
//
// A net is a set of source cores whose packets all go to the same reading
// cores. Over XY routes the traffic of a net on every link follows from sums
// along rows and columns, so it is counted without a look at each (source,
// reader) pair.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_TRAFFIC_H
#define SYNFIRE_COMPILER_MAPPING_TRAFFIC_H

#include "compiler/mapping/Activity.h"
#include "compiler/mapping/Listeners.h"
#include "runtime/program/Routing.h"

#include <vector>

namespace synfire {

struct TrafficNet {
  struct Source {
    int core = 0;
    double packets = 0; ///< per token, to each reader
  };
  int stage = 0; ///< that fires
  /// Not spikes but sums of split inputs (P15), before the first step.
  bool sums = false;
  std::vector<Source> sources; ///< ascending cores
  std::vector<int> readers;    ///< ascending cores
};

std::vector<TrafficNet> trafficNets(const Program &program,
                                    const std::vector<StageActivity> &activity,
                                    const std::vector<ListenerGroup> &groups);

/// Packets on the links of a mesh.
class LinkTraffic {
public:
  LinkTraffic(const ChipModel &chipModel, const Routing &ways);

  /// Adds `share` of the net's packets; `routerOfCore` gives the router of each
  /// core number that the net holds.
  void add(const TrafficNet &net, const std::vector<int> &routerOfCore,
           double share);
  void clear();

  /// Sums over all links since clear().
  double eastWestHops() const { return eastWest; }
  double northSouthHops() const { return northSouth; }
  double chipCrossings() const { return crossings; }
  /// Core cycles for which the busiest link moves flits.
  double busiestCycles() const;

private:
  void addOverRoutes(const TrafficNet &net,
                     const std::vector<int> &routerOfCore, double share);
  void addRows(bool tree);
  void addColumns(bool tree);
  void count(int router, Direction direction, double packets);
  bool betweenChips(int router, Direction direction) const;

  const ChipModel &chip;
  const Routing &routing;
  const int width, height;
  std::vector<double> load; ///< by link number
  std::vector<int> taken;   ///< links with a load
  double eastWest = 0, northSouth = 0, crossings = 0;
  /// Of the net at hand: packets and readers by router, and sums of them.
  std::vector<double> sent, sentOfRow;
  std::vector<int> heard, readersUpTo;
  std::vector<int> sourceRouters, readerRouters;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_TRAFFIC_H
