//===- FrameGoldenTest.cpp - what a network does frame by frame -----------===//
//
// The rules of program.md, P10 to P13, in their integers: accumulators are
// functions of cumulative codes, and what a frame delivers is the difference of
// what was reached after it and before it.
//
//===----------------------------------------------------------------------===//
#include "runtime/neuron/LookupTable.h"
#include "runtime/program/Trains.h"
#include "tests/golden/Golden.h"

#include <algorithm>
#include <numeric>

namespace {

using namespace synfire;
using namespace synfire::test;
using Wide = std::vector<std::int64_t>;

/// X_f of x_f.
Wide cumulative(Wide delivered) {
  std::partial_sum(delivered.begin(), delivered.end(), delivered.begin());
  return delivered;
}

/// x_f of X_f, with X before the first frame 0.
Wide delivered(Wide reached) {
  std::adjacent_difference(reached.begin(), reached.end(), reached.begin());
  return reached;
}

/// m -> m * m for m >= 0 and 0 below: relu(x)^2.
LookupTable squareTable(std::int32_t limit) {
  LookupTable table;
  table.function = "relu-square";
  table.limit = limit;
  for (table.steps = 1; (limit * limit) >> table.steps; ++table.steps) {
  }
  // A row a membrane: octave b holds those of b significant bits.
  for (std::size_t bits = 1; limit >> (bits - 1); ++bits)
    table.base[bits] = 1 << (bits - 1);
  for (std::int32_t m = 0; m <= limit; ++m)
    table.entries.push_back(m * m);
  table.entries.resize(64, table.entries.back());
  return table;
}

/// P10: products of two streams telescope, for matrices too (16 by the events
/// themselves: G16TwoSidedSum).
TEST(Golden, G17HadamardProduct) {
  SYNFIRE_LOAD_GOLDEN(json, "17_hadamard");
  const Wide a = json.at("A").get<Wide>(), b = json.at("B").get<Wide>();
  const Wide sumA = cumulative(a), sumB = cumulative(b);
  Wide products;
  for (std::size_t f = 0; f < a.size(); ++f)
    products.push_back(sumA[f] * sumB[f]);
  EXPECT_EQ(delivered(products), json.at("causal").get<Wide>());
  EXPECT_EQ(products.back(), json.at("total").get<std::int64_t>());

  // The symmetric split needs the whole of both streams before it delivers; it
  // is the same whole.
  Scale halves;
  halves.include(Rational(1, 2));
  const std::vector<Rational> symmetric = toRationals(json.at("symmetric"));
  std::int64_t total = 0;
  for (std::size_t t = 0; t < a.size(); ++t) {
    const std::int64_t doubled = a[t] * sumB.back() + b[t] * sumA.back();
    EXPECT_EQ(halves(symmetric[t]), doubled);
    total += doubled;
  }
  EXPECT_EQ(total, 2 * products.back());
}

TEST(Golden, G16TwoSidedSumTelescopes) {
  SYNFIRE_LOAD_GOLDEN(json, "16_saa");
  using Matrix = std::vector<Wide>;
  const auto q = json.at("Q").get<std::vector<Matrix>>();
  const auto k = json.at("K").get<std::vector<Matrix>>();
  const auto out = json.at("O").get<std::vector<Matrix>>();
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 2; ++j) {
      Wide reached(3, 0), wanted;
      for (std::size_t m = 0; m < 2; ++m) {
        std::int64_t sumQ = 0, sumK = 0;
        for (std::size_t f = 0; f < 3; ++f) {
          sumQ += q[f][i][m];
          sumK += k[f][m][j];
          reached[f] += sumQ * sumK;
        }
      }
      for (std::size_t f = 0; f < 3; ++f)
        wanted.push_back(out[f][i][j]);
      EXPECT_EQ(delivered(reached), wanted) << i << "," << j;
      EXPECT_EQ(reached.back(),
                json.at("total").at(i).at(j).get<std::int64_t>());
    }
}

/// P13: membrane in halves, codes of relu(x)^2 in quarters.
TEST(Golden, G18DifferenceOperator) {
  SYNFIRE_LOAD_GOLDEN(json, "18_phi_difference");
  Scale halves;
  halves.include(Rational(1, 2));
  Scale quarters;
  quarters.include(Rational(1, 4));
  const LookupTable table = squareTable(15);
  const Status status = verify(table);
  ASSERT_TRUE(status.ok()) << status.error().message();
  Wide codes;
  for (const std::int64_t membrane :
       cumulative(halves(toRationals(json.at("x")))))
    codes.push_back(lookup(table, static_cast<std::int32_t>(membrane)));
  EXPECT_EQ(delivered(codes), quarters(toRationals(json.at("o"))));
  EXPECT_EQ(codes.back(), quarters(toRational(json.at("total"))));
}

/// P4 and P10: the maximum of the cumulative scores is taken off each, so what
/// a frame delivers is corrected by what the maximum grew.
TEST(Golden, G19RunningMaximum) {
  SYNFIRE_LOAD_GOLDEN(json, "19_softmax_offset");
  const auto x = json.at("x").get<std::vector<Wide>>();
  const std::size_t columns = x[0].size();
  Wide sums(columns, 0), before(columns, 0);
  for (std::size_t f = 0; f < x.size(); ++f) {
    Wide corrected;
    for (std::size_t i = 0; i < columns; ++i)
      sums[i] += x[f][i];
    const std::int64_t maximum = *std::max_element(sums.begin(), sums.end());
    for (std::size_t i = 0; i < columns; ++i) {
      corrected.push_back(sums[i] - maximum - before[i]);
      before[i] = sums[i] - maximum;
    }
    EXPECT_EQ(corrected, json.at("running").at(f).get<Wide>());
  }
  EXPECT_EQ(before, json.at("sums").get<Wide>());

  // The other exact reading takes off the winner's own train.
  const auto winner = static_cast<std::size_t>(
      std::max_element(sums.begin(), sums.end()) - sums.begin());
  EXPECT_EQ(winner, json.at("argmax").get<std::size_t>());
  for (std::size_t f = 0; f < x.size(); ++f) {
    Wide corrected;
    for (const std::int64_t value : x[f])
      corrected.push_back(value - x[f][winner]);
    EXPECT_EQ(corrected, json.at("final_argmax").at(f).get<Wide>());
  }
}

/// P13: averagedInput estimates the whole from the part that has come,
/// accumulatedOutput hands out the part of the result that is due.
TEST(Golden, G21ExpectationCompensation) {
  SYNFIRE_LOAD_GOLDEN(json, "21_ecmt_compensation");
  // phi(u) = u * u of the mean: the estimate of the whole is frames * mean.
  const Wide x = cumulative(json.at("x").get<Wide>());
  const int frames = static_cast<int>(x.size());
  const LookupTable table = squareTable(15);
  Wide reached;
  for (int f = 0; f < frames; ++f) {
    const std::int64_t whole = averagedSum(x[std::size_t(f)], frames, f, 1);
    reached.push_back((f + 1) *
                      lookup(table, static_cast<std::int32_t>(whole)));
  }
  Wide outputs = json.at("o").get<Wide>();
  for (std::int64_t &output : outputs)
    output *= frames * frames;
  EXPECT_EQ(delivered(reached), outputs);

  // A product of two streams grows with the square of the part.
  const Wide a = cumulative(json.at("A").get<Wide>());
  const Wide b = cumulative(json.at("B").get<Wide>());
  const int parts = static_cast<int>(a.size());
  Wide products;
  for (int f = 0; f < parts; ++f)
    products.push_back(
        (f + 1) *
        averagedSum(a[std::size_t(f)] * b[std::size_t(f)], parts, f, 2));
  Wide wanted = json.at("prod").get<Wide>();
  for (std::int64_t &product : wanted)
    product *= parts * parts;
  EXPECT_EQ(delivered(products), wanted);
}

/// P11: a graded step as sub-steps, with the current shared out in integers.
TEST(Golden, G10SharesOfAFrame) {
  SYNFIRE_LOAD_GOLDEN(json, "10_is_as_L_if_substeps");
  const int levels = 4;
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    Scale scale;
    scale.includeAll(record);
    scale.include(Rational(1, 4));
    NeuronConfig config;
    config.input = InputMode::Streamed;
    config.steps = levels;
    config.offset = scale(toRational(record.at("v0")));
    config.banks = {makeBank(scale, 0, 1, std::vector<Rational>(levels, 1),
                             std::vector<Rational>(levels, 1),
                             std::vector<Rational>(levels, 1))};
    const std::int64_t whole = scale(toRational(record.at("I")) + Rational(2));
    Wide currents;
    for (int u = 0; u < levels; ++u)
      currents.push_back(shareOf(whole, u, levels));
    const GoldenTrain train = runGolden(config, currents);
    // Shares are rounded, so single bits may move, but not their number.
    EXPECT_EQ(train.spikes, record.at("if_sum").get<int>());
    EXPECT_EQ(train.state.membrane, scale(toRational(record.at("v_if"))));
  }
}

} // namespace
