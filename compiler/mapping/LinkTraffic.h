//===- LinkTraffic.h - expected packets on the links of a mesh --*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_MAPPING_LINKTRAFFIC_H
#define SYNFIRE_COMPILER_MAPPING_LINKTRAFFIC_H

#include "compiler/mapping/NetLinks.h"
#include "compiler/mapping/Traffic.h"
#include "runtime/program/Routing.h"

#include <vector>

namespace synfire {

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
  const NocTiming &noc;
  NetLinks walker;
  std::vector<double> load; ///< by link number
  std::vector<int> taken;   ///< links with a load
  const std::vector<char> border;
  double eastWest = 0, northSouth = 0, crossings = 0;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_LINKTRAFFIC_H
