//===- RoutingTest.cpp - the way of every packet --------------------------===//
#include "runtime/program/Routing.h"

#include <gtest/gtest.h>

using namespace synfire;

namespace {

/// The oracle walks: first along x, then along y, and looks at each border.
TEST(Routing, routesAreWhatAWalkMeets) {
  ChipModel chip;
  chip.mesh = {3, 2, 1, 8, 8};
  const Routing routing = *Routing::create(chip, 3, 3);
  const Mesh &mesh = routing.mesh();
  for (int from = 0; from < mesh.cores(); ++from)
    for (int to = 0; to < mesh.cores(); ++to) {
      RouterCoordinate at = mesh.routerOfCore(from);
      RouterCoordinate goal = mesh.routerOfCore(to);
      Route walked;
      while (!(at == goal)) {
        const int left = mesh.chipNumber(at);
        if (at.x != goal.x) {
          at.x += at.x < goal.x ? 1 : -1;
          ++walked.eastWestHops;
        } else {
          at.y += at.y < goal.y ? 1 : -1;
          ++walked.northSouthHops;
        }
        walked.chipCrossings += mesh.chipNumber(at) != left;
      }
      Route route = routing.routeBetweenCores(from, to);
      EXPECT_EQ(route.eastWestHops, walked.eastWestHops);
      EXPECT_EQ(route.northSouthHops, walked.northSouthHops);
      EXPECT_EQ(route.chipCrossings, walked.chipCrossings);
    }
}

TEST(Routing, linksNameBothTheirRoutersAndChipBorders) {
  ChipModel chip;
  chip.mesh = {4, 4, 1, 8, 8};
  const Routing routing = *Routing::create(chip, 2, 1);
  std::vector<int> routers;
  std::vector<bool> borders;
  routing.forEachLink(2, 13, [&](const MeshLink &link) {
    routers.push_back(linkSource(link.number));
    routers.push_back(linkTarget(routing.mesh(), link.number));
    borders.push_back(link.betweenChips);
  });
  EXPECT_EQ(routers, (std::vector<int>{2, 3, 3, 4, 4, 5, 5, 13}));
  EXPECT_EQ(borders, (std::vector<bool>{false, true, false, false}));
}

} // namespace
