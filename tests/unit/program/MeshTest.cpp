//===- MeshTest.cpp - coordinates and dimension-order routes --------------===//
#include "runtime/program/Mesh.h"

#include <gtest/gtest.h>

using namespace synfire;

namespace {

TEST(Mesh, coresAreNumberedRouterMajorOverAllChips) {
  Mesh mesh({4, 2, 3, 8, 8}, 2, 3);
  EXPECT_EQ(mesh.width(), 8);
  EXPECT_EQ(mesh.height(), 6);
  EXPECT_EQ(mesh.cores(), 144);
  EXPECT_EQ(mesh.routerOfCore(0), (RouterCoordinate{0, 0}));
  EXPECT_EQ(mesh.routerOfCore(23), (RouterCoordinate{7, 0}));
  EXPECT_EQ(mesh.routerOfCore(24), (RouterCoordinate{0, 1}));
  EXPECT_EQ(mesh.routerNumber({7, 5}), 47);
  EXPECT_EQ(mesh.chipNumber({7, 5}), 5);
  EXPECT_EQ(mesh.chipNumber({3, 2}), 2);
}

/// The oracle walks: first along x, then along y, and looks at each border.
TEST(Mesh, routesAreWhatAWalkMeets) {
  Mesh mesh({3, 2, 1, 8, 8}, 3, 3);
  for (int from = 0; from < mesh.cores(); ++from)
    for (int to = 0; to < mesh.cores(); ++to) {
      RouterCoordinate at = mesh.routerOfCore(from);
      RouterCoordinate goal = mesh.routerOfCore(to);
      Route walked;
      while (!(at == goal)) {
        int chip = mesh.chipNumber(at);
        if (at.x != goal.x) {
          at.x += at.x < goal.x ? 1 : -1;
          ++walked.eastWestHops;
        } else {
          at.y += at.y < goal.y ? 1 : -1;
          ++walked.northSouthHops;
        }
        walked.chipCrossings += mesh.chipNumber(at) != chip;
      }
      Route route = mesh.routeBetweenCores(from, to);
      EXPECT_EQ(route.eastWestHops, walked.eastWestHops);
      EXPECT_EQ(route.northSouthHops, walked.northSouthHops);
      EXPECT_EQ(route.chipCrossings, walked.chipCrossings);
    }
}

} // namespace
