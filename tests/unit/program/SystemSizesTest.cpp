//===- SystemSizesTest.cpp - systems of a chip, smallest first ------------===//
#include "runtime/program/SystemSizes.h"

#include <gmock/gmock.h>

using namespace synfire;

namespace {

std::vector<std::pair<int, int>> sizesOf(const MeshShape &mesh,
                                         std::int64_t leastChips) {
  std::vector<std::pair<int, int>> sizes;
  SystemSizes all(mesh, leastChips);
  while (const auto size = all.next())
    sizes.emplace_back(size->chipsX, size->chipsY);
  return sizes;
}

using testing::ElementsAre;
using testing::Pair;

TEST(SystemSizes, AreAllThereFewestChipsAndSquarestFirst) {
  EXPECT_THAT(sizesOf({4, 4, 1, 3, 2}, 1),
              ElementsAre(Pair(1, 1), Pair(1, 2), Pair(2, 1), Pair(3, 1),
                          Pair(2, 2), Pair(3, 2)));
  // Routers count, not chips.
  EXPECT_THAT(sizesOf({4, 2, 1, 2, 2}, 1),
              ElementsAre(Pair(1, 1), Pair(1, 2), Pair(2, 1), Pair(2, 2)));
  EXPECT_THAT(sizesOf({2, 4, 1, 2, 2}, 2),
              ElementsAre(Pair(2, 1), Pair(1, 2), Pair(2, 2)));
}

TEST(SystemSizes, EndWhereNoneIsLargeEnough) {
  EXPECT_THAT(sizesOf({4, 4, 1, 3, 2}, 5), ElementsAre(Pair(3, 2)));
  EXPECT_TRUE(sizesOf({4, 4, 1, 3, 2}, 7).empty());
}

} // namespace
