//===- LookupBuilderTest.cpp - look-up tables for nonlinearities ----------===//
#include "compiler/convert/LookupBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using namespace synfire;
using testing::HasSubstr;

struct Case {
  Nonlinearity function;
  double inputMaximum;
  double outputMaximum;
};

const Case cases[] = {{Nonlinearity::Square, 3, 9},
                      {Nonlinearity::InverseSquareRoot, 64, 32},
                      {Nonlinearity::Exp, 20, 1},
                      {Nonlinearity::Reciprocal, 512, 2},
                      {Nonlinearity::SiLU, 20, 20}};

constexpr int inputBits = 24;

/// Largest error against the saturated function over a sweep of membranes,
/// in output codes.
double measuredError(const LookupTable &table, const Case &c, double inputScale,
                     double outputScale, double *relative = nullptr) {
  double worst = 0;
  const auto check = [&](std::int64_t m) {
    const double exact = evaluateCode(c.function, double(m) * inputScale,
                                      outputScale, table.steps);
    const double error =
        std::abs(lookup(table, static_cast<std::int32_t>(m)) - exact);
    worst = std::max(worst, error);
    if (relative)
      *relative = std::max(*relative, error / std::max(1.0, std::abs(exact)));
  };
  check(0);
  for (double size = 1; size <= c.inputMaximum / inputScale; size *= 1.0003)
    for (const int sign : {-1, 1})
      check(sign * static_cast<std::int64_t>(size));
  return worst;
}

TEST(LookupBuilder, ErrorIsWhatItReportsAndFallsWithTheBudget) {
  for (const Case &c : cases) {
    const double inputScale = std::ldexp(c.inputMaximum, -inputBits);
    const double outputScale = std::ldexp(c.outputMaximum, -16);
    double before = INFINITY;
    for (const int budget : {128, 1024, 8192}) {
      double reported = 0;
      const Result<LookupTable> table =
          buildLookup(c.function, inputScale, outputScale, 16, c.inputMaximum,
                      budget, &reported);
      ASSERT_TRUE(table.ok()) << table.error().message();
      EXPECT_LE(int(table->entries.size()), budget);
      EXPECT_EQ(table->function, toString(c.function));
      const double measured =
          measuredError(*table, c, inputScale, outputScale) * outputScale;
      EXPECT_LE(measured, reported * (1 + 1e-9)) << toString(c.function);
      EXPECT_GE(measured, reported * 0.5) << toString(c.function);
      EXPECT_LT(reported, before * 0.7) << toString(c.function);
      before = reported;
    }
  }
}

TEST(LookupBuilder, RelativeErrorOfScalingFunctionsIsSmall) {
  for (const Case &c : cases) {
    if (!relativeErrorCounts(c.function))
      continue;
    const double inputScale = std::ldexp(c.inputMaximum, -inputBits);
    const double outputScale = std::ldexp(c.outputMaximum, -20);
    const Result<LookupTable> table = buildLookup(
        c.function, inputScale, outputScale, 20, c.inputMaximum, 8192);
    ASSERT_TRUE(table.ok());
    double relative = 0;
    measuredError(*table, c, inputScale, outputScale, &relative);
    EXPECT_LT(relative, 0.002) << toString(c.function);
  }
}

TEST(LookupBuilder, SidesWithoutMeaningSaturate) {
  const double scale = std::ldexp(1.0, -16);
  const auto exp = buildLookup(Nonlinearity::Exp, scale, scale, 16, 16, 4096);
  ASSERT_TRUE(exp.ok());
  EXPECT_EQ(lookup(*exp, 0), 65535);
  EXPECT_EQ(lookup(*exp, 123456), 65535);
  EXPECT_LE(lookup(*exp, -16 * 65536), 1);
  const auto rsqrt =
      buildLookup(Nonlinearity::InverseSquareRoot, scale, scale, 16, 16, 4096);
  ASSERT_TRUE(rsqrt.ok());
  EXPECT_EQ(lookup(*rsqrt, 0), 65535);
  EXPECT_EQ(lookup(*rsqrt, -5), 65535);
  EXPECT_EQ(lookup(*rsqrt, 16 * 65536), 16384);
}

TEST(LookupBuilder, SquareIsEvenAndSharesRows) {
  const double scale = std::ldexp(1.0, -12);
  const auto table =
      buildLookup(Nonlinearity::Square, scale, scale, 16, 4, 512);
  ASSERT_TRUE(table.ok());
  for (int m = 1; m < 4 * 4096; m += 13)
    EXPECT_EQ(lookup(*table, m), lookup(*table, -m));
}

TEST(LookupBuilder, SiluHasItsDip) {
  const double input = std::ldexp(1.0, -12), output = std::ldexp(1.0, -12);
  const auto table =
      buildLookup(Nonlinearity::SiLU, input, output, 16, 8, 8192);
  ASSERT_TRUE(table.ok());
  EXPECT_NEAR(*std::min_element(table->entries.begin(), table->entries.end()) *
                  output,
              -0.278465, 0.001);
}

TEST(LookupBuilder, RefusesBadArguments) {
  EXPECT_THAT(
      buildLookup(Nonlinearity::SiLU, 1e-6, 1e-3, 16, 8, 20).error().message(),
      HasSubstr("silu: a budget of 20 look-up rows"));
  EXPECT_FALSE(buildLookup(Nonlinearity::Exp, 0, 1, 16, 8, 99).ok());
  EXPECT_FALSE(buildLookup(Nonlinearity::Exp, 1, NAN, 16, 8, 99).ok());
  EXPECT_FALSE(buildLookup(Nonlinearity::Exp, 1, 1, 32, 8, 99).ok());
  EXPECT_FALSE(buildLookup(Nonlinearity::Exp, 1, 1, 16, -1, 99).ok());
}

TEST(LookupBuilder, SameArgumentsSameTable) {
  const auto build = [] {
    return buildLookup(Nonlinearity::SiLU, 1e-5, 1e-4, 16, 8, 2048);
  };
  const auto first = build(), second = build();
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->entries, second->entries);
  EXPECT_EQ(first->base, second->base);
}

} // namespace
