//===- LookupTableTest.cpp - the look-up unit -----------------------------===//
#include "runtime/neuron/LookupTable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace synfire;
using testing::HasSubstr;

/// Magnitudes 0..7, positive: 0 | 1 | 2, 3 | 4-5, 6-7; negative: one row an
/// octave.
LookupTable small() {
  LookupTable table;
  table.function = "square";
  table.steps = 6;
  table.limit = 7;
  table.entries = {0, 1, 4, 9, 20, 42, -1, -6, -30};
  table.base[0] = 0;
  table.base[1] = 1;
  table.base[2] = 2;
  table.base[3] = 4;
  table.shift[3] = 1;
  table.base[33] = 6;
  table.base[34] = 7;
  table.shift[34] = 1;
  table.base[35] = 8;
  table.shift[35] = 2;
  return table;
}

TEST(LookupTable, ReadsTheRowOfTheOctave) {
  const LookupTable table = small();
  ASSERT_TRUE(verify(table).ok());
  const std::vector<std::int32_t> expected = {-30, -30, -30, -30, -6, -6, -1, 0,
                                              1,   4,   9,   20,  20, 42, 42};
  for (int m = -7; m <= 7; ++m)
    EXPECT_EQ(lookup(table, m), expected[static_cast<std::size_t>(m + 7)]) << m;
}

TEST(LookupTable, LimitsTheMagnitude) {
  const LookupTable table = small();
  EXPECT_EQ(lookup(table, 8), 42);
  EXPECT_EQ(lookup(table, std::numeric_limits<std::int32_t>::max()), 42);
  EXPECT_EQ(lookup(table, std::numeric_limits<std::int32_t>::min()), -30);
}

TEST(LookupTable, VerifyFindsMissingRows) {
  LookupTable table = small();
  table.entries.pop_back();
  ASSERT_FALSE(verify(table).ok());
  EXPECT_THAT(verify(table).error().message(),
              HasSubstr("square: octave 35 reads rows 8 to 8, but the table "
                        "has 8"));
  table = small();
  table.base[2] = -1;
  EXPECT_FALSE(verify(table).ok());
  table = small();
  table.limit = 8;
  table.base[4] = 9;
  EXPECT_FALSE(verify(table).ok()) << "octave 4 became reachable";
}

TEST(LookupTable, VerifyFindsEntriesBeyondTheSteps) {
  LookupTable table = small();
  table.entries[5] = 64;
  ASSERT_FALSE(verify(table).ok());
  EXPECT_THAT(verify(table).error().message(),
              HasSubstr("row 5 holds 64, but 6 steps carry at most 63"));
}

TEST(LookupTable, VerifyFindsBadFields) {
  LookupTable table = small();
  table.steps = 32;
  EXPECT_FALSE(verify(table).ok());
  table = small();
  table.shift[3] = 32;
  EXPECT_FALSE(verify(table).ok());
  table = small();
  table.limit = -1;
  EXPECT_FALSE(verify(table).ok());
}

TEST(LookupTable, LimitZeroReadsRowZeroOfBothSigns) {
  LookupTable table;
  table.limit = 0;
  table.steps = 4;
  table.entries = {3, 5};
  table.base[32] = 1;
  ASSERT_TRUE(verify(table).ok());
  EXPECT_EQ(lookup(table, 100), 3);
  EXPECT_EQ(lookup(table, -100), 5);
}

} // namespace
