//===- TrainGoldenTest.cpp - one-bank codes with all input at once --------===//
#include "tests/golden/Golden.h"

#include <cmath>

namespace {

using namespace synfire;
using namespace synfire::test;

/// Wider than any input of the files.
const Rational far(1 << 20);

/// threshold = decrement = payload on the magnitude.
NeuronConfig magnitudeConfig(const Scale &scale, int levels,
                             const std::vector<Rational> &table) {
  NeuronConfig config;
  config.steps = static_cast<int>(table.size()) / levels;
  config.levels = levels;
  config.sign = SignMode::Magnitude;
  config.banks = {makeBank(scale, 0, far, table, table, table)};
  return config;
}

TEST(Golden, G01PhaseBase2) {
  SYNFIRE_LOAD_GOLDEN(json, "01_phase_base2");
  Scale scale;
  scale.includeAll(json);
  scale.include(Rational(1, 4));
  NeuronConfig config = magnitudeConfig(scale, 1, phaseTable(4, 8, 2));
  for (const Json &record : json.at("ge"))
    expectRecord(config, scale, record);

  NeuronConfig strict = config;
  strict.comparison = Comparison::Greater;
  for (const Json &record : json.at("strict_gt"))
    expectRecord(strict, scale, record);

  NeuronConfig rounding = config;
  rounding.offset = scale(Rational(1, 4));
  for (const Json &record : json.at("ge_half_lsb_offset_v0=0.25"))
    expectRecord(rounding, scale, record);

  NeuronConfig capped = config;
  capped.cap = 2;
  for (const Json &record : json.at("ge_cap2"))
    expectRecord(capped, scale, record);
}

TEST(Golden, G02PhaseBase3Over2) {
  SYNFIRE_LOAD_GOLDEN(json, "02_phase_base_3_2");
  Scale scale;
  scale.includeAll(json);
  const NeuronConfig config =
      magnitudeConfig(scale, 1, toRationals(json.at("table")));
  EXPECT_EQ(scale(toRationals(json.at("table"))),
            scale(phaseTable(5, 6, Rational(3, 2))));
  for (const Json &record : json.at("vectors"))
    expectRecord(config, scale, record);
}

TEST(Golden, G03MultiThreshold) {
  SYNFIRE_LOAD_GOLDEN(json, "03_mt_H4");
  Scale scale;
  scale.includeAll(json);
  std::vector<Rational> table;
  for (const Json &step : json.at("tables"))
    for (const Json &level : step)
      table.push_back(toRational(level));
  NeuronConfig config = magnitudeConfig(scale, 4, table);
  for (const Json &record : json.at("ge"))
    expectRecord(config, scale, record);
  config.comparison = Comparison::Greater;
  for (const Json &record : json.at("strict"))
    expectRecord(config, scale, record);
}

TEST(Golden, G08Mgpc) {
  SYNFIRE_LOAD_GOLDEN(json, "08_mgpc");
  const Json &params = json.at("params");
  const Rational tau = toRational(params.at("tau"));
  const std::vector<int> assign = toInts(params.at("assign"));
  const auto table = [&](const char *bases) {
    std::vector<Rational> values;
    for (std::size_t t = 0; t < assign.size(); ++t)
      values.push_back(
          tau / power(toRational(params.at(bases).at(std::size_t(assign[t]))),
                      int(t) + 1));
    return values;
  };
  Scale scale;
  scale.includeAll(json);
  scale.include(table("Bd"));
  scale.include(table("Bh"));
  scale.include(table("Bt"));
  scale.include(Rational(1, 8));
  NeuronConfig config;
  config.steps = params.at("T").get<int>();
  config.sign = SignMode::Magnitude;
  config.comparison = Comparison::Greater;
  config.banks = {
      makeBank(scale, 0, 16, table("Bt"), table("Bh"), table("Bd"))};
  for (const Json &record : json.at("no_offset"))
    expectRecord(config, scale, record);

  NeuronConfig rounding = config;
  rounding.offset = scale(Rational(1, 8)); // tau / 2^(T+1)
  for (const Json &record : json.at("offset_half_lsb"))
    expectRecord(rounding, scale, record);

  NeuronConfig capped = config;
  capped.cap = 2;
  for (const Json &record : json.at("cap2"))
    expectRecord(capped, scale, record);
}

TEST(Golden, G23SingleSpike) {
  SYNFIRE_LOAD_GOLDEN(json, "23_single_spike");
  Scale scale;
  scale.includeAll(json);
  std::vector<Rational> threshold, payloads;
  for (int j = 0; j < 6; ++j) {
    payloads.push_back(Rational(1) / power(2, j));
    threshold.push_back(Rational(3, 4) / power(2, j));
  }
  scale.include(threshold);
  NeuronConfig config;
  config.steps = 6;
  config.sign = SignMode::Magnitude;
  config.cap = 1;
  config.banks = {makeBank(scale, 0, 2, threshold,
                           std::vector<Rational>(6, Rational(0)), payloads)};
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const GoldenTrain train =
        runGolden(config, {scale(toRational(record.at("X")))});
    EXPECT_EQ(train.value, scale(toRational(record.at("value"))));
    for (int j = 0; j < 6; ++j)
      EXPECT_EQ(train.levels[std::size_t(j)] != 0, record.at("j") == j);
  }
}

TEST(Golden, G24WinnerOrientedSoftmax) {
  SYNFIRE_LOAD_GOLDEN(json, "24_wta_softmax");
  Scale scale;
  scale.includeAll(json);
  const int steps = 8;
  std::vector<Rational> threshold, payloads;
  for (int j = 0; j < steps; ++j) {
    threshold.push_back(Rational(1, 2) - Rational(j));
    payloads.push_back(Rational(1) / power(2, j));
  }
  scale.include(threshold);
  scale.include(payloads);
  NeuronConfig config;
  config.steps = steps;
  config.cap = 1;
  config.banks = {makeBank(scale, Rational(-64), 64, threshold,
                           std::vector<Rational>(8, Rational(0)), payloads)};

  const auto expectWeights = [&](const Json &record,
                                 const std::vector<Rational> &shifted) {
    for (std::size_t i = 0; i < shifted.size(); ++i) {
      const GoldenTrain train = runGolden(config, {scale(shifted[i])});
      EXPECT_EQ(train.value, scale(toRational(record.at("weights").at(i))));
      for (int j = 0; j < steps; ++j)
        EXPECT_EQ(train.levels[std::size_t(j)] != 0, record.at("j").at(i) == j);
    }
  };
  for (const Json &record : json.at("exact_max")) {
    SCOPED_TRACE(record.dump());
    std::vector<Rational> scores = toRationals(record.at("scores_over_ln2"));
    Rational maximum = scores[0];
    for (const Rational score : scores)
      if (scale(score) > scale(maximum))
        maximum = score;
    for (Rational &score : scores)
      score = score - maximum;
    expectWeights(record, scores);
  }
  for (const Json &record : json.at("streamed_first_positive_step")) {
    SCOPED_TRACE(record.dump());
    expectWeights(record, toRationals(record.at("shifted_scores")));
  }
}

TEST(Golden, G25TimeToFirstSpike) {
  SYNFIRE_LOAD_GOLDEN(json, "25_ttfs");
  Scale scale;
  scale.includeAll(json);
  std::vector<Rational> table;
  for (int t = 0; t < 8; ++t)
    table.push_back(Rational(4 * (8 - t), 8));
  scale.include(table);
  scale.include(Rational(1, 4));
  NeuronConfig config = magnitudeConfig(scale, 1, table);
  config.cap = 1;
  const auto expectTrain = [&](const Json &record) {
    SCOPED_TRACE(record.dump());
    const GoldenTrain train =
        runGolden(config, {scale(toRational(record.at("x")))});
    EXPECT_EQ(train.value, scale(toRational(record.at("value"))));
    for (int t = 0; t < 8; ++t)
      EXPECT_EQ(train.levels[std::size_t(t)] != 0, record.at("t") == t);
  };
  for (const Json &record : json.at("trunc"))
    expectTrain(record);
  config.offset = scale(Rational(1, 4)); // tau / (2 T)
  for (const Json &record : json.at("round"))
    expectTrain(record);
}

TEST(Golden, G26SpikeLlmBurst) {
  SYNFIRE_LOAD_GOLDEN(json, "26_spikellm");
  NeuronConfig config;
  config.steps = 2;
  config.levels = 15;
  std::vector<Rational> levels;
  for (int t = 0; t < 2; ++t)
    for (int l = 1; l <= 15; ++l)
      levels.push_back(l);
  config.banks = {makeBank(Scale(), 0, 64, levels, levels, levels)};
  for (const Json &record : json.at("burst")) {
    const GoldenTrain train =
        runGolden(config, {record.at("q").get<std::int64_t>()});
    EXPECT_EQ(train.levels, toInts(record.at("counts")));
    EXPECT_EQ(train.state.membrane, record.at("left").get<std::int64_t>());
  }
}

/// The file's stream: an LCG and Box-Muller.
std::vector<double> normalStream() {
  std::uint64_t x = 12345;
  const auto next = [&x] {
    x = 6364136223846793005ull * x + 1442695040888963407ull;
    return double(x >> 11) / 9007199254740992.0;
  };
  std::vector<double> values;
  for (int i = 0; i < 4000; ++i) {
    const double a = next(), b = next();
    values.push_back(std::sqrt(-2 * std::log(a + 1e-300)) *
                     std::cos(2 * 3.14159265358979323846 * b));
  }
  return values;
}

TEST(Golden, G32SpikesAgainstLevels) {
  SYNFIRE_LOAD_GOLDEN(json, "32_mt_spikes_vs_H");
  const std::vector<double> values = normalStream();
  for (const auto &[name, mean] : json.at("mean_spikes").items()) {
    const int levels = std::stoi(name), steps = 16, fraction = 20;
    std::vector<Rational> table;
    for (int t = 0; t < steps; ++t)
      for (int k = 0; k < levels; ++k)
        table.push_back(std::int64_t(levels + k) << (steps - 1 - t + fraction));
    NeuronConfig config;
    config.steps = steps;
    config.levels = levels;
    config.sign = SignMode::Magnitude;
    config.comparison = Comparison::Greater;
    config.banks = {makeBank(Scale(), 0, std::int64_t(1) << 50, table, table,
                             std::vector<Rational>(table.size(), 1))};
    // v > theta on reals is ceil(v) > theta for an integer theta.
    const double units =
        double(levels) * double(std::int64_t(1) << (steps + fraction)) / 10.0;
    int spikes = 0;
    for (const double value : values)
      spikes += runGolden(config, {static_cast<std::int64_t>(
                                      std::ceil(std::abs(value) * units))})
                    .spikes;
    EXPECT_EQ(spikes, std::lround(mean.get<double>() * 4000)) << "H " << levels;
  }
}

} // namespace
