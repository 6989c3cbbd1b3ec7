//===- NetworkGoldenTest.cpp - trains through integer synapses ------------===//
#include "tests/golden/Golden.h"

#include <cstdlib>

namespace {

using namespace synfire;
using namespace synfire::test;

using Matrix = std::vector<std::vector<std::int64_t>>;

NeuronConfig phaseConfig(int steps) {
  NeuronConfig config;
  config.steps = steps;
  config.sign = SignMode::Magnitude;
  const std::vector<Rational> table =
      phaseTable(steps, std::int64_t(1) << steps, 2);
  config.banks = {makeBank(Scale(), 0, 1 << 20, table, table, table)};
  return config;
}

std::vector<GoldenTrain> encode(const NeuronConfig &config,
                                const std::vector<std::int64_t> &membranes) {
  std::vector<GoldenTrain> trains;
  for (const std::int64_t membrane : membranes)
    trains.push_back(runGolden(config, {membrane}));
  return trains;
}

/// acc[j] = sum over events of payload * W[j][i]; `sop` counts the additions.
std::vector<std::int64_t> accumulate(const Matrix &weights,
                                     const std::vector<GoldenTrain> &trains,
                                     int &sop) {
  std::vector<std::int64_t> accumulators(weights.size(), 0);
  for (std::size_t i = 0; i < trains.size(); ++i)
    for (const std::int64_t out : trains[i].out) {
      if (out == 0)
        continue;
      for (std::size_t j = 0; j < weights.size(); ++j) {
        accumulators[j] += out * weights[j][i];
        ++sop;
      }
    }
  return accumulators;
}

std::vector<std::int64_t>
requantise(const std::vector<std::int64_t> &accumulators,
           const std::vector<std::int64_t> &multipliers, int shift) {
  std::vector<std::int64_t> membranes;
  for (std::size_t j = 0; j < accumulators.size(); ++j)
    membranes.push_back(
        (accumulators[j] * multipliers[j] + (std::int64_t(1) << (shift - 1))) >>
        shift);
  return membranes;
}

TEST(Golden, G16TwoSidedSum) {
  SYNFIRE_LOAD_GOLDEN(json, "16_saa");
  const auto q = json.at("Q").get<std::vector<Matrix>>();
  const auto k = json.at("K").get<std::vector<Matrix>>();
  const NeuronConfig config = phaseConfig(3);

  // The file's steps are the phase trains of their sums.
  const auto expectTrains = [&](const std::vector<Matrix> &steps) {
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j) {
        const std::vector<std::int64_t> wanted = {
            steps[0][i][j], steps[1][i][j], steps[2][i][j]};
        EXPECT_EQ(runGolden(config, {wanted[0] + wanted[1] + wanted[2]}).out,
                  wanted);
      }
  };
  expectTrains(q);
  expectTrains(k);

  // O(t) = SQ(t-1) K(t) + Q(t) SK(t), event by event.
  Matrix sumQ(2, {0, 0}), sumK(2, {0, 0}), total(2, {0, 0});
  for (std::size_t t = 0; t < 3; ++t) {
    Matrix out(2, {0, 0});
    int additions = 0;
    for (std::size_t m = 0; m < 2; ++m)
      for (std::size_t j = 0; j < 2; ++j) {
        if (k[t][m][j] == 0)
          continue;
        for (std::size_t i = 0; i < 2; ++i, ++additions)
          out[i][j] += sumQ[i][m] * k[t][m][j];
        sumK[m][j] += k[t][m][j];
      }
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t m = 0; m < 2; ++m) {
        if (q[t][i][m] == 0)
          continue;
        for (std::size_t j = 0; j < 2; ++j, ++additions)
          out[i][j] += q[t][i][m] * sumK[m][j];
        sumQ[i][m] += q[t][i][m];
      }
    EXPECT_EQ(out, json.at("O").at(t).get<Matrix>());
    EXPECT_EQ(additions,
              json.at("ops_per_step").at(t).at("two_term").get<int>());
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j)
        total[i][j] += out[i][j];
  }
  EXPECT_EQ(total, json.at("total").get<Matrix>());
}

TEST(Golden, G27FixedPoint) {
  SYNFIRE_LOAD_GOLDEN(json, "27_fixed_point");
  const std::vector<GoldenTrain> trains = encode(
      phaseConfig(4), json.at("x_codes").get<std::vector<std::int64_t>>());
  const auto steps = json.at("D").get<std::vector<std::int64_t>>();
  Json events = Json::array();
  for (std::size_t i = 0; i < trains.size(); ++i)
    for (std::size_t t = 0; t < steps.size(); ++t)
      if (const std::int64_t out = trains[i].out[t]; out != 0) {
        EXPECT_EQ(std::abs(out), steps[t]);
        events.push_back({t, i, out > 0 ? 1 : -1});
      }
  EXPECT_EQ(events, json.at("events"));
  int sop = 0;
  const std::vector<std::int64_t> accumulators =
      accumulate(json.at("W").get<Matrix>(), trains, sop);
  EXPECT_EQ(accumulators, json.at("acc").get<std::vector<std::int64_t>>());
  EXPECT_EQ(sop, json.at("sop").get<int>());
  EXPECT_EQ(requantise(accumulators,
                       json.at("M").get<std::vector<std::int64_t>>(),
                       json.at("shift").get<int>()),
            json.at("membrane").get<std::vector<std::int64_t>>());
}

TEST(Golden, G33TwoLayerPipeline) {
  SYNFIRE_LOAD_GOLDEN(json, "33_two_layer_pipeline");
  const NeuronConfig config = phaseConfig(4);
  const auto expectLayer = [&](const char *membranes, const char *trains,
                               const char *codes, const char *weights,
                               const char *accumulators, const char *sops) {
    const std::vector<GoldenTrain> encoded =
        encode(config, json.at(membranes).get<std::vector<std::int64_t>>());
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      std::vector<int> signs;
      for (const std::int64_t out : encoded[i].out)
        signs.push_back((out > 0) - (out < 0));
      EXPECT_EQ(signs, toInts(json.at(trains).at(i)));
      EXPECT_EQ(encoded[i].value, json.at(codes).at(i).get<std::int64_t>());
    }
    int sop = 0;
    const std::vector<std::int64_t> sums =
        accumulate(json.at(weights).get<Matrix>(), encoded, sop);
    EXPECT_EQ(sums, json.at(accumulators).get<std::vector<std::int64_t>>());
    EXPECT_EQ(sop, json.at(sops).get<int>());
    return sums;
  };
  const std::vector<std::int64_t> first =
      expectLayer("m0", "trains0", "codes0", "W1", "acc1", "sop1");
  EXPECT_EQ(requantise(first, std::vector<std::int64_t>(4, 13000), 17),
            json.at("m1").get<std::vector<std::int64_t>>());
  expectLayer("m1", "trains1", "codes1", "W2", "acc2", "sop2");
}

} // namespace
