//===- BanksGoldenTest.cpp - gated banks, FS tables, look-up --------------===//
#include "compiler/convert/FsConvention.h"
#include "runtime/neuron/LookupTable.h"
#include "tests/golden/Golden.h"

namespace {

using namespace synfire;
using namespace synfire::test;

TEST(Golden, G04OutlierAwareBanks) {
  SYNFIRE_LOAD_GOLDEN(json, "04_oat");
  const int steps = json.at("T").get<int>(), levels = json.at("H").get<int>();
  const Rational normal = toRational(json.at("theta_n"));
  const Rational outlier = toRational(json.at("theta_o"));
  const auto table = [&](Rational tau) {
    std::vector<Rational> values;
    for (int t = 1; t <= steps; ++t)
      for (int k = 0; k < levels; ++k)
        values.push_back(tau / power(2, t) *
                         (Rational(1) + Rational(k, levels)));
    return values;
  };
  Scale scale;
  scale.includeAll(json);
  scale.include(table(normal));
  NeuronConfig config;
  config.steps = steps;
  config.levels = levels;
  config.sign = SignMode::Magnitude;
  config.comparison = Comparison::Greater;
  config.clamp = scale(outlier);
  config.banks = {
      makeBank(scale, 0, normal, table(normal), table(normal), table(normal)),
      makeBank(scale, normal, 64, table(outlier), table(outlier),
               table(outlier))};
  for (const Json &record : json.at("vectors")) {
    expectRecord(config, scale, record);
    const Rational x = toRational(record.at("x"));
    if (x.numerator == 0)
      continue;
    const GoldenTrain train = runGolden(config, {scale(x)});
    EXPECT_EQ(train.state.bank, record.at("bank") == "outlier");
    // The file's 32 is a clamped 33.
    if (scale(x) == config.clamp) {
      EXPECT_EQ(runGolden(config, {scale(33)}).out, train.out);
    }
  }
}

TEST(Golden, G05FsConventions) {
  SYNFIRE_LOAD_GOLDEN(json, "05_fs_conventions");
  Scale scale;
  scale.includeAll(json);
  NeuronConfig config;
  config.steps = 3;
  config.comparison = Comparison::Greater;
  config.banks = {
      makeBank(scale, Rational(-64), 64, toRationals(json.at("theta")),
               toRationals(json.at("h")), toRationals(json.at("d")))};
  for (const Json &record : json.at("immediate"))
    expectRecord(config, scale, record);

  config.banks[0].table.decrement =
      immediateDecrements(config.banks[0].table.decrement);
  for (const Json &record : json.at("delayed")) {
    SCOPED_TRACE(record.dump());
    const std::int64_t x = scale(toRational(record.at("x")));
    const GoldenTrain train = runGolden(config, {x});
    EXPECT_EQ(train.levels, toInts(record.at("levels")));
    EXPECT_EQ(train.out, scale(toRationals(record.at("out"))));
    // The delayed convention shows the membrane before the step's own reset.
    const std::vector<std::int64_t> seen =
        scale(toRationals(record.at("v_after")));
    EXPECT_EQ(seen[0], x);
    EXPECT_EQ(seen[1], train.membrane[0]);
    EXPECT_EQ(seen[2], train.membrane[1]);
  }
}

TEST(Golden, G06GatedBanks) {
  SYNFIRE_LOAD_GOLDEN(json, "06_hg_gate");
  Scale scale;
  scale.includeAll(json);
  const std::vector<Rational> fine = phaseTable(3, 2, 2),
                              coarse = phaseTable(3, 8, 2), none(3, 0),
                              high(3, 99);
  scale.include(fine);
  NeuronConfig config;
  config.steps = 3;
  config.banks = {makeBank(scale, Rational(-4), 0, high, none, none),
                  makeBank(scale, 0, 2, fine, fine, fine),
                  makeBank(scale, 2, 8, coarse, coarse, coarse)};
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const GoldenTrain train =
        runGolden(config, {scale(toRational(record.at("x")))});
    EXPECT_EQ(train.state.bank, record.at("sub").get<int>());
    EXPECT_EQ(train.value, scale(toRational(record.at("value"))));
    EXPECT_EQ(train.spikes, record.at("spikes").get<int>());
    EXPECT_EQ(train.state.membrane, scale(toRational(record.at("residual"))));
  }
}

/// The bit-serial residual neuron is the look-up unit: its reset is a function
/// of the membrane, so it is no table neuron. Rows are the grid of x = m / 8,
/// entries g(x) = m^2 / 64 in units of the last step, 1/16.
TEST(Golden, G07BitSerialSquare) {
  SYNFIRE_LOAD_GOLDEN(json, "07_bitserial_square");
  LookupTable table;
  table.function = "square";
  table.steps = static_cast<int>(json.at("d").size());
  table.limit = 31;
  for (std::size_t bits = 1; bits <= 5; ++bits)
    table.base[bits] = table.base[32 + bits] = 1 << (bits - 1);
  for (int m = 0; m <= table.limit; ++m)
    table.entries.push_back(m * m / 4);
  const Status status = verify(table);
  ASSERT_TRUE(status.ok()) << status.error().message();
  Scale scale;
  scale.includeAll(json);
  const Rational unit = toRational(json.at("d").back());
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const Rational eighths = toRational(record.at("x")) * Rational(8);
    const Rational half = eighths + Rational(1, 2);
    const auto m = static_cast<std::int32_t>(half.numerator / half.denominator);
    const std::int32_t code = lookup(table, m);
    for (int t = 0; t < table.steps; ++t)
      EXPECT_EQ(code >> (table.steps - 1 - t) & 1,
                record.at("bits").at(std::size_t(t)).get<int>());
    EXPECT_EQ(scale(Rational(code) * unit),
              scale(toRational(record.at("value"))));
    EXPECT_EQ(scale(Rational(m * m, 64) - Rational(code) * unit),
              scale(toRational(record.at("residual"))));
  }
}

} // namespace
