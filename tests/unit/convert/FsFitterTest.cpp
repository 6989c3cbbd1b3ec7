//===- FsFitterTest.cpp - nonlinearities as gated FS banks ----------------===//
#include "compiler/convert/FsFitter.h"
#include "runtime/neuron/Row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using namespace synfire;
using testing::HasSubstr;

std::int64_t encode(const NeuronConfig &config, std::int64_t membrane) {
  NeuronState state;
  begin(config, state, membrane);
  std::int64_t code = 0;
  for (int t = 0; t < config.steps; ++t)
    code += payload(config, t, step(config, state, t));
  return code;
}

/// The intervals and largest errors of the tables that LAS ships
/// (CONVERSION.md 3.4).
struct Shipped {
  Nonlinearity function;
  double low, high;
  double outputMaximum;
  double worstError; ///< on the scale of this row's function
};

// exp on [0, 3] is e^3 times exp on [-3, 0].
const Shipped shipped[] = {{Nonlinearity::Exp, -10, 0, 1, 0.090},
                           {Nonlinearity::Exp, -3, 0, 1, 0.97 / 20.0855},
                           {Nonlinearity::Reciprocal, 0.5, 1, 2, 0.163},
                           {Nonlinearity::Reciprocal, 1, 4, 1, 0.041},
                           {Nonlinearity::Reciprocal, 4, 10, 0.25, 0.005},
                           {Nonlinearity::Square, 0, 3, 9, 0.226}};

double worstError(const NeuronConfig &config, Nonlinearity function, double low,
                  double high, double inputScale, double outputScale) {
  double worst = 0;
  const int samples = 20000;
  for (int i = 0; i <= samples; ++i) {
    const double wanted = low + (high - low) * i / samples;
    const auto m =
        static_cast<std::int64_t>(std::nearbyint(wanted / inputScale));
    const double exact = evaluateCode(function, double(m) * inputScale,
                                      outputScale, config.steps);
    worst = std::max(worst, std::abs(double(encode(config, m)) - exact));
  }
  return worst * outputScale;
}

TEST(FsFitter, MuchBetterThanTheShippedTables) {
  const double inputScale = std::ldexp(1.0, -20);
  for (const Shipped &row : shipped) {
    const double outputScale = std::ldexp(row.outputMaximum, -16);
    const Result<NeuronConfig> banks = fitFsBanks(
        row.function, inputScale, outputScale, 16, row.low, row.high, 32);
    ASSERT_TRUE(banks.ok()) << banks.error().message();
    EXPECT_LE(banks->banks.size(), 32u);
    EXPECT_LT(worstError(*banks, row.function, row.low, row.high, inputScale,
                         outputScale),
              row.worstError / 20)
        << toString(row.function) << " on " << row.low << ".." << row.high;
  }
}

TEST(FsFitter, SiluIsFittedOnBothSides) {
  const double inputScale = std::ldexp(1.0, -18);
  const double outputScale = std::ldexp(1.0, -11);
  const Result<NeuronConfig> banks =
      fitFsBanks(Nonlinearity::SiLU, inputScale, outputScale, 16, -16, 16, 32);
  ASSERT_TRUE(banks.ok());
  EXPECT_LT(
      worstError(*banks, Nonlinearity::SiLU, -16, 16, inputScale, outputScale),
      0.01);
}

TEST(FsFitter, ErrorFallsWithTheSquareOfTheBanks) {
  const double inputScale = std::ldexp(1.0, -20);
  const double outputScale = std::ldexp(1.0, -20);
  double before = INFINITY;
  for (const int banks : {4, 8, 16, 32}) {
    const Result<NeuronConfig> config = fitFsBanks(
        Nonlinearity::Exp, inputScale, outputScale, 20, -8, 0, banks);
    ASSERT_TRUE(config.ok());
    const double error =
        worstError(*config, Nonlinearity::Exp, -8, 0, inputScale, outputScale);
    EXPECT_LT(error, before / 3) << banks;
    before = error;
  }
}

TEST(FsFitter, RelativeErrorOfScalingFunctionsIsSmall) {
  const double inputScale = std::ldexp(1.0, -20);
  const double outputScale = std::ldexp(1.0, -14);
  const Result<NeuronConfig> banks = fitFsBanks(
      Nonlinearity::InverseSquareRoot, inputScale, outputScale, 20, 0, 64, 64);
  ASSERT_TRUE(banks.ok());
  for (double x = 0.001; x < 64; x *= 1.01) {
    const double code = double(encode(
        *banks, static_cast<std::int64_t>(std::nearbyint(x / inputScale))));
    EXPECT_NEAR(code * outputScale * std::sqrt(x), 1, 0.01) << x;
  }
}

TEST(FsFitter, InputsBeyondTheRangeReadItsEnds) {
  const double scale = std::ldexp(1.0, -16);
  const Result<NeuronConfig> exp =
      fitFsBanks(Nonlinearity::Exp, scale, scale, 16, -8, 0, 32);
  ASSERT_TRUE(exp.ok());
  EXPECT_NEAR(double(encode(*exp, 70000)), 65535, 200);
  EXPECT_NEAR(double(encode(*exp, -2000000000)), 22, 50);
  const Result<NeuronConfig> reciprocal =
      fitFsBanks(Nonlinearity::Reciprocal, scale, scale, 16, 0, 8, 64);
  ASSERT_TRUE(reciprocal.ok());
  EXPECT_EQ(encode(*reciprocal, 0), 65535);
  EXPECT_EQ(encode(*reciprocal, -12345), 65535);
}

TEST(FsFitter, RowsGiveWhatTheUnitGives) {
  const double scale = std::ldexp(1.0, -12);
  const Result<NeuronConfig> silu =
      fitFsBanks(Nonlinearity::SiLU, scale, scale, 16, -8, 8, 16);
  ASSERT_TRUE(silu.ok());
  std::vector<std::int32_t> membranes;
  for (std::int32_t m = -40000; m <= 40000; m += 37)
    membranes.push_back(m);
  std::vector<std::int32_t> codes(membranes.size());
  RowCounts counts;
  makeRowUnit(*silu)->run(membranes.data(), membranes.size(), nullptr,
                          codes.data(), nullptr, counts);
  for (std::size_t i = 0; i < membranes.size(); ++i)
    ASSERT_EQ(codes[i], encode(*silu, membranes[i]));
}

TEST(FsFitter, RefusesBadArguments) {
  EXPECT_FALSE(fitFsBanks(Nonlinearity::Exp, 0, 1, 16, -1, 0, 8).ok());
  EXPECT_FALSE(fitFsBanks(Nonlinearity::Exp, 1, 1, 0, -1, 0, 8).ok());
  EXPECT_THAT(
      fitFsBanks(Nonlinearity::Exp, 1e-3, 1e-3, 16, 0, 0, 8).error().message(),
      HasSubstr("input range 0..0 is empty"));
  EXPECT_FALSE(fitFsBanks(Nonlinearity::Exp, 1e-3, 1e-3, 16, -1, 0, 0).ok());
  EXPECT_THAT(fitFsBanks(Nonlinearity::Exp, 1e-3, 1e-3, 16, -90, -80, 4)
                  .error()
                  .message(),
              HasSubstr("exp: every result on -90..-80 is below half"));
}

TEST(FsFitter, SameArgumentsSameBanks) {
  const auto fit = [] {
    return fitFsBanks(Nonlinearity::SiLU, 1e-4, 1e-3, 16, -8, 8, 24);
  };
  const auto first = fit(), second = fit();
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->banks.size(), second->banks.size());
  for (std::size_t i = 0; i < first->banks.size(); ++i) {
    EXPECT_EQ(first->banks[i].low, second->banks[i].low);
    EXPECT_EQ(first->banks[i].table.payload, second->banks[i].table.payload);
  }
}

} // namespace
