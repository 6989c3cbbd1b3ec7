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

} // namespace
