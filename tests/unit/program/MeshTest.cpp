//===- MeshTest.cpp - coordinates and numbers of routers and cores --------===//
#include "runtime/program/UsedMesh.h"

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

TEST(UsedMesh, isTheSmallestRectangleAndOnlyChipsWithARouter) {
  const Mesh mesh({4, 2, 3, 8, 8}, 3, 3);
  NocTiming noc;
  noc.barrierBaseCycles = 7;
  noc.barrierCyclesPerRouterDiameter = 10;
  UsedMesh used(mesh);
  used.add({9, 1});
  EXPECT_EQ(used.barrierCycles(noc), 7u + 10 * (1 + 1));
  EXPECT_EQ(used.chips(), 1);
  used.add({10, 1});
  used.add({2, 5});
  // Chips (2, 0) and (0, 2), though the rectangle touches all nine.
  EXPECT_EQ(used.barrierCycles(noc), 7u + 10 * (9 + 5));
  EXPECT_EQ(used.chips(), 2);
}

} // namespace
