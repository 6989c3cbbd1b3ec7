//===- StreamedGoldenTest.cpp - neurons that integrate step by step -------===//
#include "tests/golden/Golden.h"

namespace {

using namespace synfire;
using namespace synfire::test;

/// Levels l * theta, l = 1..L, payload l: the IF (L = 1) and IS neurons.
NeuronConfig integrate(const Scale &scale, int steps, int levels,
                       Rational theta, Rational offset, Rational bias = 0) {
  std::vector<Rational> table;
  NeuronConfig config;
  for (int t = 0; t < steps; ++t)
    for (int l = 1; l <= levels; ++l)
      table.push_back(theta * Rational(l));
  config.steps = steps;
  config.levels = levels;
  config.input = InputMode::Streamed;
  config.offset = scale(offset);
  config.bias.assign(std::size_t(steps), scale(bias));
  config.banks = {makeBank(scale, 0, 1, table, table, table)};
  for (int t = 0; t < steps; ++t)
    for (int l = 1; l <= levels; ++l)
      config.banks[0].table.payload[std::size_t(t * levels + l - 1)] = l;
  return config;
}

/// The same, delivering l - alpha at a step that counts l, in units of alpha's
/// denominator.
NeuronConfig deliverSigned(NeuronConfig config, Rational alpha) {
  FiringTable &table = config.banks[0].table;
  for (std::int32_t &payload : table.payload)
    payload = static_cast<std::int32_t>(payload * alpha.denominator -
                                        alpha.numerator);
  table.rest = static_cast<std::int32_t>(-alpha.numerator);
  return config;
}

void expectIntegerSpiking(const Json &records, int steps, int levels,
                          Rational alpha) {
  for (const Json &record : records) {
    SCOPED_TRACE(record.dump());
    Scale scale;
    scale.includeAll(record);
    scale.include(alpha);
    scale.include(Rational(1, 2));
    const NeuronConfig config =
        integrate(scale, steps, levels, 1, Rational(1, 2), alpha);
    const std::vector<std::int64_t> inputs = scale(toRationals(record.at("I")));
    const GoldenTrain train = runGolden(config, inputs);
    EXPECT_EQ(train.levels, toInts(record.at("s")));
    EXPECT_EQ(train.membrane, scale(toRationals(record.at("v"))));
    EXPECT_EQ(scale(Rational(train.value) - alpha * Rational(steps)),
              scale(toRational(record.at("value"))));

    // What the synapses see: s - alpha, and no event where that is nothing.
    const GoldenTrain delivered =
        runGolden(deliverSigned(config, alpha), inputs);
    EXPECT_EQ(delivered.membrane, train.membrane);
    const std::vector<Rational> wanted = toRationals(record.at("s_hat"));
    int events = 0;
    for (std::size_t t = 0; t < wanted.size(); ++t) {
      EXPECT_EQ(scale(Rational(delivered.out[t], alpha.denominator)),
                scale(wanted[t]));
      events += wanted[t].numerator != 0;
    }
    EXPECT_EQ(delivered.spikes, events);
    EXPECT_EQ(scale(Rational(delivered.value, alpha.denominator)),
              scale(toRational(record.at("value"))));
  }
}

TEST(Golden, G09IntegerSpiking) {
  SYNFIRE_LOAD_GOLDEN(json, "09_is_neuron");
  expectIntegerSpiking(json.at("T1_exact"), 1, 7, 4);
  expectIntegerSpiking(json.at("T2_L4_alpha2"), 2, 4, 2);
  expectIntegerSpiking(
      json.at("T2_released_code_alpha=(LT+1)/(2T)=9/4 (zero input gives "
              "+theta/2)"),
      2, 4, Rational(9, 4));
  expectIntegerSpiking(json.at("T4_L2_alpha1"), 4, 2, 1);
}

TEST(Golden, G10IntegerSpikingAsSubSteps) {
  SYNFIRE_LOAD_GOLDEN(json, "10_is_as_L_if_substeps");
  const int levels = 4;
  const Rational alpha(2);
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const Rational current = toRational(record.at("I"));
    const Rational part = (current + alpha) / Rational(levels);
    const Rational offset = toRational(record.at("v0"));
    Scale scale;
    scale.includeAll(record);
    scale.include(part);
    const GoldenTrain binary =
        runGolden(integrate(scale, levels, 1, 1, offset),
                  std::vector<std::int64_t>(levels, scale(part)));
    EXPECT_EQ(binary.levels, toInts(record.at("if_bits")));
    EXPECT_EQ(binary.value, record.at("if_sum").get<std::int64_t>());
    EXPECT_EQ(binary.state.membrane, scale(toRational(record.at("v_if"))));
    const GoldenTrain graded = runGolden(
        integrate(scale, 1, levels, 1, offset, alpha), {scale(current)});
    EXPECT_EQ(graded.value, record.at("is_s").get<std::int64_t>());
    EXPECT_EQ(graded.state.membrane, scale(toRational(record.at("v_is"))));

    // Transmitted: s - alpha, and nothing where that is 0.
    const GoldenTrain sent = runGolden(
        deliverSigned(integrate(scale, 1, levels, 1, offset, alpha), alpha),
        {scale(current)});
    EXPECT_EQ(sent.value + alpha.numerator, binary.value);
    EXPECT_EQ(sent.spikes, binary.value == alpha.numerator ? 0 : 1);
  }
}

TEST(Golden, G11IntegrateAndFire) {
  SYNFIRE_LOAD_GOLDEN(json, "11_qcfs_if");
  Scale scale;
  scale.includeAll(json);
  scale.include(Rational(1, 2));
  const NeuronConfig config = integrate(scale, 4, 1, 1, Rational(1, 2));
  const auto expectTrain = [&](const Json &record,
                               const std::vector<Rational> &inputs) {
    SCOPED_TRACE(record.dump());
    const GoldenTrain train = runGolden(config, scale(inputs));
    EXPECT_EQ(train.levels, toInts(record.at("s")));
    EXPECT_EQ(train.membrane, scale(toRationals(record.at("v"))));
    EXPECT_EQ(scale(Rational(train.value, 4)),
              scale(toRational(record.at("mean"))));
  };
  for (const Json &record : json.at("constant"))
    expectTrain(record,
                std::vector<Rational>(4, toRational(record.at("x_const"))));
  for (const Json &record : json.at("uneven"))
    expectTrain(record, toRationals(record.at("x")));
}

/// The rehearsal hears the first four steps; the file's train is the last four,
/// which repeat them.
TEST(Golden, G12ResidualMembraneMask) {
  SYNFIRE_LOAD_GOLDEN(json, "12_srp");
  Scale scale;
  scale.includeAll(json);
  scale.include(Rational(1, 1000));
  const NeuronConfig plain = integrate(scale, 4, 1, 1, Rational(1, 2));
  NeuronConfig config = plain;
  config.rehearsal = Rehearsal::ResidualMask;
  config.rehearsalSteps = 4;
  config.rehearsalMargin = scale(Rational(1, 1000));
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const std::vector<std::int64_t> inputs = scale(toRationals(record.at("x")));
    const std::vector<std::int64_t> first(inputs.begin(), inputs.begin() + 4);
    const std::vector<std::int64_t> second(inputs.begin() + 4, inputs.end());
    ASSERT_EQ(first, second);
    const GoldenTrain rehearsed = runGolden(plain, first);
    EXPECT_EQ(rehearsed.levels, toInts(record.at("pre_spikes")));
    EXPECT_EQ(rehearsed.state.membrane,
              scale(toRational(record.at("v_pre_end"))));
    const GoldenTrain train = runGolden(config, second);
    EXPECT_EQ(train.state.muted, record.at("mask").get<int>() == 0);
    EXPECT_EQ(train.levels, toInts(record.at("spikes")));
    EXPECT_EQ(train.membrane, rehearsed.membrane)
        << "a muted membrane moves as if it were heard";
  }
}

TEST(Golden, G13OffsetSpikeCalibration) {
  SYNFIRE_LOAD_GOLDEN(json, "13_cos");
  Scale scale;
  scale.includeAll(json);
  scale.include(Rational(1, 1000));
  const NeuronConfig plain = integrate(scale, 4, 1, 1, Rational(1, 2));
  NeuronConfig config = plain;
  config.rehearsal = Rehearsal::OptimalShift;
  config.rehearsalSteps = 4;
  config.rehearsalMargin = scale(Rational(1, 1000));
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const std::vector<std::int64_t> inputs = scale(toRationals(record.at("x")));
    const GoldenTrain rehearsed = runGolden(plain, inputs);
    EXPECT_EQ(rehearsed.levels, toInts(record.at("pre_spikes")));
    EXPECT_EQ(rehearsed.state.membrane,
              scale(toRational(record.at("v_pre_end"))));
    const GoldenTrain train = runGolden(config, inputs);
    EXPECT_EQ(train.initial, scale(toRational(record.at("v_init"))));
    EXPECT_EQ(train.levels, toInts(record.at("spikes")));
    EXPECT_EQ(train.state.membrane, scale(toRational(record.at("v_end"))));
    const auto action = record.at("action").get<std::string>();
    EXPECT_EQ(action == "one spike more", train.initial > plain.offset);
    EXPECT_EQ(action == "one spike fewer", train.initial < plain.offset);
  }
}

/// Thresholds and offsets differ from element to element: a config each.
TEST(Golden, G14Fas) {
  SYNFIRE_LOAD_GOLDEN(json, "14_fas");
  Scale scale;
  scale.includeAll(json);
  const Rational theta(3, 2), offset(3, 8);
  scale.include(offset);
  const NeuronConfig config = integrate(scale, 4, 1, theta, offset);
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    const GoldenTrain train =
        runGolden(config, scale(toRationals(record.at("x"))));
    EXPECT_EQ(train.levels, toInts(record.at("spikes")));
    EXPECT_EQ(train.membrane, scale(toRationals(record.at("v"))));
    EXPECT_EQ(scale(Rational(train.value, 4) * theta),
              scale(toRational(record.at("mean"))));
  }
}

TEST(Golden, G15StBif) {
  SYNFIRE_LOAD_GOLDEN(json, "15_stbif");
  // The file names no tracer bounds; these are its vectors' in order.
  const int bounds[][2] = {{0, 15}, {-8, 7}, {0, 15}, {0, 3},
                           {0, 15}, {-8, 7}, {-8, 7}, {-8, 7}};
  ASSERT_EQ(json.at("vectors").size(), std::size(bounds));
  for (std::size_t i = 0; i < std::size(bounds); ++i) {
    const Json &record = json.at("vectors").at(i);
    SCOPED_TRACE(record.dump());
    Scale scale;
    scale.includeAll(record);
    scale.include(Rational(1, 2));
    const int steps = record.at("steps").get<int>();
    NeuronConfig config = integrate(scale, steps, 1, 1, Rational(1, 2));
    config.negative = NegativeRule::BelowZero;
    config.tracerOn = true;
    config.tracerMinimum = bounds[i][0];
    config.tracerMaximum = bounds[i][1];
    std::vector<std::int64_t> inputs = scale(toRationals(record.at("I")));
    inputs.resize(std::size_t(steps), 0);
    const GoldenTrain train = runGolden(config, inputs);
    std::vector<int> out(train.out.begin(), train.out.end());
    EXPECT_EQ(out, toInts(record.at("out")));
    EXPECT_EQ(train.state.tracer, record.at("S").get<int>());
    EXPECT_EQ(scale(train.value), scale(toRational(record.at("target"))));
    EXPECT_EQ(train.state.membrane, scale(toRational(record.at("v_end"))));
  }
}

TEST(Golden, G20TwoSidedMultiThreshold) {
  SYNFIRE_LOAD_GOLDEN(json, "20_ecmt");
  const Rational smallest(1, 2);
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    Scale scale;
    scale.includeAll(record);
    scale.include(Rational(1, 4));
    std::vector<Rational> threshold, amount;
    const auto steps = record.at("x").size();
    for (std::size_t t = 0; t < steps; ++t)
      for (int k = 0; k < 3; ++k) {
        amount.push_back(smallest * power(2, k));
        threshold.push_back(amount.back() - smallest / Rational(2));
      }
    NeuronConfig config;
    config.steps = static_cast<int>(steps);
    config.levels = 3;
    config.input = InputMode::Streamed;
    config.sign = SignMode::Bipolar;
    config.banks = {makeBank(scale, 0, 1, threshold, amount, amount)};
    const GoldenTrain train =
        runGolden(config, scale(toRationals(record.at("x"))));
    EXPECT_EQ(train.out, scale(toRationals(record.at("out"))));
    EXPECT_EQ(train.value, scale(toRational(record.at("mean"))) *
                               static_cast<std::int64_t>(steps));
    EXPECT_EQ(train.state.membrane, scale(toRational(record.at("v_end"))));
  }
}

/// Spike and burst of a step are one level of half thresholds; the memory of
/// what was sent is the tracer.
TEST(Golden, G22BipolarNeuronWithMemory) {
  SYNFIRE_LOAD_GOLDEN(json, "22_sta");
  for (const Json &record : json.at("vectors")) {
    SCOPED_TRACE(record.dump());
    Scale scale;
    scale.includeAll(record);
    scale.include(Rational(1, 2));
    const std::vector<std::int64_t> inputs = scale(toRationals(record.at("x")));
    NeuronConfig config =
        integrate(scale, static_cast<int>(inputs.size()), 4, Rational(1, 2), 0);
    config.negative = NegativeRule::FromTracer;
    const GoldenTrain train = runGolden(config, inputs);
    const std::vector<Rational> out = toRationals(record.at("out"));
    ASSERT_EQ(train.out.size(), out.size());
    for (std::size_t t = 0; t < out.size(); ++t)
      EXPECT_EQ(scale(Rational(train.out[t], 2)), scale(out[t]));
    EXPECT_EQ(scale(Rational(train.state.tracer, 2)),
              scale(toRational(record.at("memory"))));
    EXPECT_EQ(train.state.membrane, scale(toRational(record.at("v_end"))));
  }
}

TEST(Golden, G28IntegerSpikingInAccumulatorUnits) {
  SYNFIRE_LOAD_GOLDEN(json, "28_fixed_point_is");
  const NeuronConfig config = integrate(Scale(), 4, 4, 16, 8, 32);
  const GoldenTrain train =
      runGolden(config, json.at("acc_steps").get<std::vector<std::int64_t>>());
  EXPECT_EQ(train.levels, toInts(json.at("s")));
  EXPECT_EQ(train.state.membrane, json.at("v_end").get<std::int64_t>());
  const GoldenTrain delivered =
      runGolden(deliverSigned(config, 2),
                json.at("acc_steps").get<std::vector<std::int64_t>>());
  EXPECT_EQ(delivered.value, train.value - 2 * 4);
  EXPECT_EQ(delivered.state.membrane, train.state.membrane);
}

} // namespace
