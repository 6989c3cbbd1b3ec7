//===- StreamedUnitsTest.cpp - the streamed neurons' closed forms ---------===//
#include "compiler/convert/StreamedUnits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace {

using namespace synfire;

struct Train {
  std::vector<std::int64_t> delivered; ///< by step
  std::int64_t code = 0;
  std::int64_t membrane = 0; ///< at the end
  int events = 0;
};

/// `currents` in membrane units, one a step of the unit (one frame: the whole
/// input is their sum).
Train run(const TableUnit &unit, const std::vector<std::int64_t> &currents) {
  const NeuronConfig &config = unit.config;
  NeuronState state;
  begin(config, state,
        std::accumulate(currents.begin(), currents.end(), std::int64_t(0)));
  if (config.rehearsal != Rehearsal::Off)
    rehearse(config, state, currents.data());
  Train train;
  for (int t = 0; t < config.steps; ++t) {
    const std::int64_t current = config.input == InputMode::Streamed
                                     ? currents[static_cast<std::size_t>(t)]
                                     : 0;
    const Spike spike = step(config, state, t, current);
    const std::int64_t value = spike.silent() ? 0 : payload(config, t, spike);
    train.events += !spike.silent();
    train.delivered.push_back(value);
    train.code += value;
  }
  train.membrane = state.membrane;
  return train;
}

TableUnit unwrap(Result<TableUnit> unit) {
  EXPECT_TRUE(unit.ok()) << unit.error().message();
  return unit ? std::move(*unit) : TableUnit();
}

/// Membrane units of a real value.
std::int64_t unitsOf(const TableUnit &unit, double value) {
  return std::llround(value / unit.membraneScale);
}

std::vector<std::int64_t> units(const TableUnit &unit,
                                const std::vector<double> &values) {
  std::vector<std::int64_t> made;
  for (const double value : values)
    made.push_back(unitsOf(unit, value));
  return made;
}

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0);
}

/// The IS theorem's right side in code units: clip(floor((sum I + v0) / theta +
/// alpha T), 0, L T) - alpha T. `denominator`: code units of a theta.
std::int64_t theorem(const IsParameters &parameters, const TableUnit &unit,
                     std::int64_t sum, std::int64_t denominator) {
  const std::int64_t theta = unitsOf(unit, parameters.threshold);
  const std::int64_t v0 = std::llround(parameters.initial * theta);
  const std::int64_t alphaT =
      std::llround(parameters.alpha * parameters.frames * denominator);
  const std::int64_t scaled = (sum + v0) * denominator + alphaT * theta;
  const std::int64_t spikes =
      std::clamp<std::int64_t>(floorDivide(scaled, theta * denominator), 0,
                               parameters.levels * parameters.frames);
  return spikes * denominator - alphaT;
}

std::string hint(const Result<TableUnit> &unit) {
  return unit.ok() ? "" : unit.error().message();
}

TEST(StreamedUnits, ShapeOfTheQuantiserIsTheRemarks) {
  const auto expect = [](int bits, int frames, IsOffset offset, int levels,
                         double alpha) {
    const Result<IsShape> shape = isShape(bits, frames, offset);
    ASSERT_TRUE(shape.ok()) << shape.error().message();
    EXPECT_EQ(shape->levels, levels);
    EXPECT_EQ(shape->alpha, alpha);
  };
  expect(3, 1, IsOffset::Remark, 7, 4);
  expect(3, 2, IsOffset::Remark, 4, 2);
  expect(3, 4, IsOffset::Remark, 2, 1);
  expect(3, 1, IsOffset::Released, 7, 4);
  expect(3, 2, IsOffset::Released, 4, 2.25);
  expect(6, 8, IsOffset::Remark, 8, 4);
  expect(8, 1, IsOffset::Remark, 255, 128);
  for (const auto &[bits, frames] :
       {std::pair(1, 1), {9, 1}, {6, 64}, {6, 0}, {6, 12}}) {
    const Result<IsShape> shape = isShape(bits, frames, IsOffset::Remark);
    EXPECT_FALSE(shape.ok()) << bits << " bits, " << frames << " frames";
  }
  EXPECT_NE(isShape(6, 64, IsOffset::Remark).error().what.find("1 to 32"),
            std::string::npos);
}

TEST(StreamedUnits, IntegerSpikingHoldsItsTheorem) {
  std::mt19937 random(5);
  for (const IsOffset offset : {IsOffset::Remark, IsOffset::Released})
    for (const bool average : {false, true})
      for (const int frames : {2, 4, 8, 16})
        for (const double initial : {0.0, 0.5, 0.8125}) {
          SCOPED_TRACE(testing::Message() << frames << " frames, v0 " << initial
                                          << ", average " << average);
          const Result<IsShape> shape = isShape(6, frames, offset);
          ASSERT_TRUE(shape.ok());
          IsParameters parameters;
          parameters.frames = frames;
          parameters.threshold = 0.375;
          parameters.initial = initial;
          parameters.levels = shape->levels;
          parameters.alpha = shape->alpha;
          parameters.average = average;
          const TableUnit unit = unwrap(makeIsUnit(parameters));
          const std::int64_t denominator =
              std::llround(parameters.threshold / unit.codeScale);
          ASSERT_EQ(unit.codeScale * static_cast<double>(denominator),
                    parameters.threshold);
          const std::int64_t theta = unitsOf(unit, parameters.threshold);
          const auto low = static_cast<std::int64_t>(
              -parameters.alpha * static_cast<double>(theta));
          const std::int64_t high = low + parameters.levels * theta;
          // Every current in one of the theorem's three intervals; on average
          // anything at all.
          for (int trial = 0; trial < 60; ++trial) {
            const std::int64_t from =
                average ? 4 * low : std::array{low, high, 4 * low}[trial % 3];
            const std::int64_t to =
                average ? 4 * high
                        : std::array{high - 1, 4 * high, low - 1}[trial % 3];
            std::uniform_int_distribution<std::int64_t> draw(from, to);
            std::vector<std::int64_t> currents;
            for (int f = 0; f < frames; ++f)
              currents.push_back(draw(random));
            const std::int64_t sum = std::accumulate(
                currents.begin(), currents.end(), std::int64_t(0));
            const Train train = run(unit, currents);
            ASSERT_EQ(train.code, theorem(parameters, unit, sum, denominator));
            // Always: theta * sum s^ = sum I + v0 - v(T).
            ASSERT_EQ(train.code * (theta / denominator),
                      sum + unit.config.offset - train.membrane);
          }
        }
}

TEST(StreamedUnits, UnevenCurrentsBreakIntegerSpikingAndAveragingRepairsIt) {
  IsParameters parameters;
  parameters.frames = 2;
  parameters.levels = 4;
  parameters.alpha = 2;
  TableUnit unit = unwrap(makeIsUnit(parameters));
  EXPECT_EQ(run(unit, units(unit, {4, -5})).code, 0);
  parameters.average = true;
  unit = unwrap(makeIsUnit(parameters));
  EXPECT_EQ(run(unit, units(unit, {4, -5})).code, -1);
}

TEST(StreamedUnits, ReleasedOffsetTurnsZeroIntoHalfAThreshold) {
  IsParameters parameters;
  parameters.frames = 2;
  parameters.levels = 4;
  parameters.alpha = 2.25;
  const TableUnit unit = unwrap(makeIsUnit(parameters));
  EXPECT_EQ(static_cast<double>(run(unit, {0, 0}).code) * unit.codeScale, 0.5);
}

TEST(StreamedUnits, OneFrameOfIntegerSpikingIsTheQuantiser) {
  for (int bits = 2; bits <= 8; ++bits) {
    const Result<IsShape> shape = isShape(bits, 1, IsOffset::Remark);
    ASSERT_TRUE(shape.ok());
    IsParameters parameters;
    parameters.levels = shape->levels;
    parameters.alpha = shape->alpha;
    parameters.threshold = 0.25;
    const TableUnit unit = unwrap(makeIsUnit(parameters));
    EXPECT_EQ(unit.config.input, InputMode::AllAtOnce);
    const int half = 1 << (bits - 1);
    for (double level = -half - 3; level <= half + 3; level += 0.125) {
      const double expected =
          std::clamp<double>(std::floor(level + 0.5), -half, half - 1);
      const Train train =
          run(unit, {unitsOf(unit, level * parameters.threshold)});
      ASSERT_EQ(train.code, static_cast<std::int64_t>(expected)) << level;
      ASSERT_EQ(train.events, expected == 0 ? 0 : 1) << level;
    }
  }
}

TEST(StreamedUnits, OneFrameNeedsAWholeOffset) {
  IsParameters parameters;
  parameters.levels = 4;
  parameters.alpha = 2.25;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("alpha is 2.25"),
            std::string::npos);
}

TEST(StreamedUnits, SingleSpikesDeliverWhatIntegerSpikesDo) {
  std::mt19937 random(9);
  for (const IsOffset offset : {IsOffset::Remark, IsOffset::Released})
    for (const int bits : {3, 6})
      for (const int frames : {1, 2, 4}) {
        if (frames == 1 && offset == IsOffset::Released)
          continue;
        SCOPED_TRACE(testing::Message()
                     << bits << " bits, " << frames << " frames");
        const Result<IsShape> shape = isShape(bits, frames, offset);
        ASSERT_TRUE(shape.ok());
        IsParameters parameters;
        parameters.frames = frames;
        parameters.levels = shape->levels;
        parameters.alpha = shape->alpha;
        const TableUnit graded = unwrap(makeIsUnit(parameters));
        parameters.unfold = true;
        const TableUnit binary = unwrap(makeIsUnit(parameters));
        EXPECT_EQ(graded.codeScale, binary.codeScale);
        ASSERT_EQ(binary.config.levels, 1);
        ASSERT_EQ(binary.config.steps % frames, 0);
        const int parts = binary.config.steps / frames;
        EXPECT_EQ(parts, parameters.levels + 1);
        const double low = -parameters.alpha;
        std::uniform_real_distribution<double> draw(low,
                                                    low + parameters.levels);
        for (int trial = 0; trial < 200; ++trial) {
          std::vector<double> currents;
          for (int f = 0; f < frames; ++f)
            currents.push_back(std::floor(draw(random) * 64) / 64);
          std::vector<std::int64_t> shares;
          for (const double current : currents) {
            const std::int64_t whole = unitsOf(binary, current);
            for (int u = 0; u < parts; ++u)
              shares.push_back(floorDivide(whole * (u + 1), parts) -
                               floorDivide(whole * u, parts));
          }
          const Train one = run(graded, units(graded, currents));
          const Train many = run(binary, shares);
          ASSERT_EQ(one.code, many.code);
          // Frame by frame too, and s + 1 events in each.
          const auto denominator = std::llround(1 / graded.codeScale);
          if (frames == 1)
            continue;
          std::int64_t spikes = 0;
          for (int f = 0; f < frames; ++f) {
            const auto first = many.delivered.begin() + f * parts;
            ASSERT_EQ(std::accumulate(first, first + parts, std::int64_t(0)),
                      one.delivered[static_cast<std::size_t>(f)]);
            spikes +=
                std::llround((static_cast<double>(
                                  one.delivered[static_cast<std::size_t>(f)]) /
                              static_cast<double>(denominator)) +
                             parameters.alpha);
          }
          ASSERT_EQ(many.events, spikes + frames);
        }
      }
}

TEST(StreamedUnits, IntegrateAndFireIsTheQuantisedClip) {
  StreamedParameters parameters;
  parameters.frames = 8;
  parameters.threshold = 2;
  const TableUnit oneSided = unwrap(makeIfUnit(parameters, false));
  const TableUnit twoSided = unwrap(makeIfUnit(parameters, true));
  for (double x = -3; x <= 3; x += 1.0 / 64) {
    const double levels = x * 8 / 2;
    const std::vector<double> even(8, x / 8);
    const auto quantised = static_cast<std::int64_t>(
        std::clamp<double>(std::floor(levels + 0.5), 0, 8));
    ASSERT_EQ(run(oneSided, units(oneSided, even)).code, quantised) << x;
    const auto magnitude = static_cast<std::int64_t>(
        std::min<double>(std::floor(std::fabs(levels) + 0.5), 8));
    ASSERT_EQ(run(twoSided, units(twoSided, even)).code,
              x < 0 ? -magnitude : magnitude)
        << x;
  }
  EXPECT_EQ(oneSided.codeScale, 0.25);
  EXPECT_EQ(twoSided.codeScale, 0.25);
}

TEST(StreamedUnits, TwoSidedSpikesTakeBackWhatWasSentTooEarly) {
  StreamedParameters parameters;
  parameters.frames = 4;
  parameters.threshold = 4;
  const TableUnit oneSided = unwrap(makeIfUnit(parameters, false));
  const TableUnit twoSided = unwrap(makeIfUnit(parameters, true));
  EXPECT_EQ(run(oneSided, units(oneSided, {1, 1, -1, -1})).code, 2);
  EXPECT_EQ(run(twoSided, units(twoSided, {1, 1, -1, -1})).code, 0);
}

TEST(StreamedUnits, OneFrameOfIntegrateAndFireRoundsTheWholeInput) {
  StreamedParameters parameters;
  const TableUnit oneSided = unwrap(makeIfUnit(parameters, false));
  const TableUnit twoSided = unwrap(makeIfUnit(parameters, true));
  for (double x = -2; x <= 2; x += 0.125) {
    EXPECT_EQ(run(oneSided, {unitsOf(oneSided, x)}).code, x >= 0.5) << x;
    EXPECT_EQ(run(twoSided, {unitsOf(twoSided, x)}).code,
              (x >= 0.5) - (x <= -0.5))
        << x;
  }
}

/// The golden vectors of SRP (12): threshold 1 of the mean is 4 of the whole.
TEST(StreamedUnits, ResidualMaskSilencesWhatFiredInVain) {
  StreamedParameters parameters;
  parameters.frames = 4;
  parameters.threshold = 4;
  const TableUnit unit = unwrap(
      makeRehearsedIfUnit(parameters, false, Rehearsal::ResidualMask, 4));
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(run(unit, units(unit, {1, 1, -1, -1})).delivered,
            (Values{0, 0, 0, 0}));
  EXPECT_EQ(run(unit, units(unit, {.25, .25, .25, .25})).delivered,
            (Values{0, 1, 0, 0}));
  EXPECT_EQ(run(unit, units(unit, {1, -1, -1, .5})).delivered,
            (Values{0, 0, 0, 0}));
}

/// The golden vectors of COS (13).
TEST(StreamedUnits, OptimalShiftMovesOneSpike) {
  StreamedParameters parameters;
  parameters.frames = 4;
  parameters.threshold = 4;
  const TableUnit unit = unwrap(
      makeRehearsedIfUnit(parameters, false, Rehearsal::OptimalShift, 4));
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(run(unit, units(unit, {1, 1, -1, -1.5})).delivered,
            (Values{0, 1, 0, 0}));
  EXPECT_EQ(run(unit, units(unit, {.25, .25, .25, .25})).delivered,
            (Values{0, 1, 0, 0}));
  EXPECT_EQ(run(unit, units(unit, {-1, 0, 2.5, 2.5})).delivered,
            (Values{1, 0, 1, 1}));
  EXPECT_EQ(run(unit, units(unit, {-1, 2, -1, -1})).delivered,
            (Values{0, 0, 0, 0}));
}

TEST(StreamedUnits, RehearsalFitsTheTrain) {
  StreamedParameters parameters;
  parameters.frames = 4;
  EXPECT_NE(
      hint(makeRehearsedIfUnit(parameters, true, Rehearsal::ResidualMask, 5))
          .find("5 steps"),
      std::string::npos);
}

TEST(StreamedUnits, StBifReachesTheQuantisedSumWhateverTheOrder) {
  std::mt19937 random(11);
  StreamedParameters parameters;
  parameters.frames = 80;
  parameters.threshold = 0.5;
  for (const auto &[minimum, maximum] : {std::pair(-8, 7), {0, 15}}) {
    const TableUnit unit = unwrap(makeStBifUnit(parameters, minimum, maximum));
    const std::int64_t theta = unitsOf(unit, parameters.threshold);
    std::uniform_int_distribution<std::int64_t> draw(-4 * theta, 4 * theta);
    for (int trial = 0; trial < 300; ++trial) {
      std::vector<std::int64_t> currents(80, 0);
      for (int t = 0; t < trial % 7 + 1; ++t)
        currents[static_cast<std::size_t>(t)] = draw(random);
      const std::int64_t sum =
          std::accumulate(currents.begin(), currents.end(), std::int64_t(0));
      const std::int64_t expected = std::clamp<std::int64_t>(
          floorDivide(2 * sum + theta, 2 * theta), minimum, maximum);
      ASSERT_EQ(run(unit, currents).code, expected);
    }
  }
}

/// The golden vectors of ECMT (20): lam = 1/2 of the mean.
TEST(StreamedUnits, DoublingThresholdsFireTheHighestLevel) {
  StreamedParameters parameters;
  parameters.frames = 4;
  parameters.threshold = 0.5;
  const TableUnit unit = unwrap(makeEcmtUnit(parameters, 3));
  EXPECT_EQ(unit.codeScale, 0.125);
  const auto mean = [&](std::vector<double> values) {
    for (double &value : values)
      value /= 4;
    return run(unit, units(unit, values)).delivered;
  };
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(mean({.3, .3, .3, .3}), (Values{1, 0, 1, 0}));
  EXPECT_EQ(mean({-1.75, -1.75, -1.75, -1.75}), (Values{-4, -2, -4, -4}));
  EXPECT_EQ(mean({5, 5, 5, 5}), (Values{4, 4, 4, 4}));
  EXPECT_EQ(mean({1, -1, .25, .25}), (Values{2, -2, 1, 0}));
}

/// The golden vectors of STA (22): theta = 1 of the mean, out in halves.
TEST(StreamedUnits, BurstsOfHalvesRememberWhatWasSent) {
  const auto train = [](std::vector<double> values, bool twoSided) {
    StreamedParameters parameters;
    parameters.frames = static_cast<int>(values.size());
    const TableUnit unit = unwrap(makeStaUnit(parameters, twoSided));
    for (double &value : values)
      value /= parameters.frames;
    return run(unit, units(unit, values)).delivered;
  };
  using Values = std::vector<std::int64_t>;
  EXPECT_EQ(train({.7, .7, .7, .7}, false), (Values{1, 1, 2, 1}));
  EXPECT_EQ(train({3, -2, .25, 0}, false), (Values{4, -2, 0, 0}));
  EXPECT_EQ(train({-1, -1, -1, -1}, false), (Values{0, 0, 0, 0}));
  EXPECT_EQ(train({5, 5, 5}, false), (Values{4, 4, 4}));
  EXPECT_EQ(train({-.7, -.7, -.7, -.7}, true), (Values{-1, -1, -2, -1}));
  EXPECT_EQ(train({-1, -1, -1, -1}, true), (Values{-2, -2, -2, -2}));
}

TEST(StreamedUnits, ThresholdIsOnlyAScale) {
  IsParameters parameters;
  parameters.frames = 4;
  parameters.levels = 16;
  parameters.alpha = 8;
  const TableUnit one = unwrap(makeIsUnit(parameters));
  parameters.threshold = 3;
  const TableUnit three = unwrap(makeIsUnit(parameters));
  EXPECT_EQ(one.config.banks.front().table.threshold,
            three.config.banks.front().table.threshold);
  EXPECT_DOUBLE_EQ(three.membraneScale, 3 * one.membraneScale);
  EXPECT_DOUBLE_EQ(three.codeScale, 3 * one.codeScale);
  EXPECT_GE(one.config.guardBits, 8);
}

TEST(StreamedUnits, ErrorsNameTheLimit) {
  IsParameters parameters;
  parameters.frames = 257;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("1 to 256"), std::string::npos);
  parameters.frames = 4;
  parameters.levels = 256;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("1 to 255"), std::string::npos);
  parameters.levels = 8;
  parameters.alpha = 9;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("0..8"), std::string::npos);
  parameters.alpha = std::sqrt(2.0);
  EXPECT_NE(hint(makeIsUnit(parameters)).find("512"), std::string::npos);
  parameters.alpha = 4;
  parameters.initial = 1;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("[0, 1)"), std::string::npos);
  parameters.initial = 0.5;
  parameters.threshold = 0;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("positive"), std::string::npos);
  parameters.threshold = 1;
  parameters.levels = 255;
  parameters.unfold = true;
  EXPECT_NE(hint(makeIsUnit(parameters)).find("256 steps"), std::string::npos);
  StreamedParameters plain;
  plain.frames = 256;
  EXPECT_NE(hint(makeEcmtUnit(plain, 17)).find("1 to 16"), std::string::npos);
  EXPECT_NE(hint(makeEcmtUnit(plain, 16)).find("does not fit"),
            std::string::npos);
  EXPECT_FALSE(makeStBifUnit(plain, 1, 7).ok());
  EXPECT_FALSE(makeStBifUnit(plain, -8, 0).ok());
}

} // namespace
