#include "runtime/report/NumberText.h"

#include "runtime/report/Share.h"

#include <cstdint>
#include <gtest/gtest.h>

using namespace synfire;

namespace {

TEST(NumberText, ShortNumbersKeepThreeDigits) {
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

TEST(NumberText, Percent) {
  EXPECT_EQ(percent(0.4512), "45.1 %");
  EXPECT_EQ(percent(1), "100.0 %");
}

TEST(Share, OfNothingIsNothing) {
  EXPECT_EQ(shareOf<std::uint64_t>(3, 4), 0.75);
  EXPECT_EQ(shareOf<std::uint64_t>(3, 0), 0);
  EXPECT_EQ(shareOf(0.5, 2.0), 0.25);
  EXPECT_EQ(shareOf(0.5, 0.0), 0);
}

} // namespace
