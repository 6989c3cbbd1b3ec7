#include "runtime/report/TextTable.h"

#include <gtest/gtest.h>

using namespace synfire;

namespace {

TEST(TextTable, FirstColumnLeftOthersRight) {
  TextTable table({"a", "number"});
  table.row({"long name", "1"});
  table.rule();
  table.row({"b"});
  EXPECT_EQ(table.text(), "a          number\n"
                          "-----------------\n"
                          "long name       1\n"
                          "-----------------\n"
                          "b\n");
}

TEST(TextTable, ShortNumbersKeepThreeDigits) {
  EXPECT_EQ(shortNumber(0), "0");
  EXPECT_EQ(shortNumber(7), "7");
  EXPECT_EQ(shortNumber(999), "999");
  EXPECT_EQ(shortNumber(1000), "1.00 k");
  EXPECT_EQ(shortNumber(12345), "12.3 k");
  EXPECT_EQ(shortNumber(999600), "1.00 M");
  EXPECT_EQ(shortNumber(3.5734e12), "3.57 T");
  EXPECT_EQ(shortNumber(0.0125, "J"), "12.5 mJ");
  EXPECT_EQ(shortNumber(18.0, "J"), "18 J");
  EXPECT_EQ(shortNumber(17.9956, "J"), "18.0 J");
  EXPECT_EQ(shortNumber(2.5e-12, "J"), "2.50 pJ");
  EXPECT_EQ(shortNumber(0, "J"), "0 J");
  EXPECT_EQ(shortNumber(0.25), "0.25");
}

} // namespace
