// What a site delivers is what the neuron unit gives, event by event.
#include "compiler/calibration/SiteCoder.h"
#include "compiler/convert/PhaseCodes.h"
#include "compiler/convert/StreamedUnits.h"
#include "runtime/program/Trains.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace synfire;

namespace {

constexpr std::int64_t tokens = 9, width = 7;

/// Cumulative rows whose membranes are whole numbers, so that no rounding is
/// left to chance.
std::vector<float> randomRows(const TableUnit &unit, int frames, double reach) {
  std::mt19937 generator(3);
  std::uniform_real_distribution<double> parts(-reach, reach);
  std::vector<float> rows(static_cast<std::size_t>(tokens * frames * width));
  for (float &value : rows)
    value = static_cast<float>(
        std::round(parts(generator) / unit.membraneScale) * unit.membraneScale);
  return rows;
}

std::vector<float> coded(const SiteUnit &unit, int frames,
                         std::vector<float> rows) {
  auto coder = makeSiteCoder(unit, frames);
  EXPECT_TRUE(coder.ok()) << coder.status().error().message();
  if (coder.ok())
    (*coder)->code({rows.data(), width, rows.data(), width, tokens, width});
  return rows;
}

/// P10 to P12 by the definition of the unit.
void expectTheUnit(const TableUnit &unit, int frames, double reach) {
  const std::vector<float> rows = randomRows(unit, frames, reach);
  const std::vector<float> out = coded(unit, frames, rows);
  const int shares = unit.config.steps / frames;
  for (std::int64_t token = 0; token < tokens; ++token)
    for (std::int64_t column = 0; column < width; ++column) {
      auto at = [&](int frame) {
        return static_cast<std::size_t>((token * frames + frame) * width +
                                        column);
      };
      std::vector<std::int64_t> currents;
      std::int64_t before = 0;
      for (int frame = 0; frame < frames; ++frame) {
        const std::int64_t membrane =
            std::llround(rows[at(frame)] / unit.membraneScale);
        for (int share = 0; share < shares; ++share)
          currents.push_back(shareOf(membrane - before, share, shares));
        before = membrane;
      }
      NeuronState state;
      begin(unit.config, state, 0);
      if (unit.config.rehearsal != Rehearsal::Off)
        rehearse(unit.config, state, currents.data());
      std::int64_t code = 0;
      for (int frame = 0; frame < frames; ++frame) {
        for (int share = 0; share < shares; ++share) {
          const int now = frame * shares + share;
          code += payload(unit.config, now,
                          step(unit.config, state, now,
                               currents[static_cast<std::size_t>(now)]));
        }
        ASSERT_FLOAT_EQ(out[at(frame)],
                        static_cast<float>(code * unit.codeScale))
            << "token " << token << " column " << column << " frame " << frame;
      }
    }
}

TEST(SiteCoder, RunsIntegerSpikes) {
  for (int frames : {2, 4, 8}) {
    const IsShape shape = *isShape(6, frames, IsOffset::Remark);
    for (bool average : {false, true}) {
      IsParameters parameters;
      parameters.frames = frames;
      parameters.threshold = 0.125;
      parameters.levels = shape.levels;
      parameters.alpha = shape.alpha;
      parameters.average = average;
      auto unit = makeIsUnit(parameters);
      ASSERT_TRUE(unit.ok()) << unit.error().message();
      expectTheUnit(*unit, frames, 5);
    }
  }
}

TEST(SiteCoder, RunsIntegerSpikesOfABinaryChip) {
  IsParameters parameters;
  parameters.frames = 4;
  parameters.threshold = 0.25;
  parameters.levels = 4;
  parameters.alpha = 2;
  parameters.unfold = true;
  auto unit = makeIsUnit(parameters);
  ASSERT_TRUE(unit.ok()) << unit.error().message();
  expectTheUnit(*unit, 4, 3);
}

TEST(SiteCoder, RunsRateNeuronsOfBothSigns) {
  StreamedParameters parameters;
  parameters.frames = 8;
  parameters.threshold = 4;
  for (bool twoSided : {false, true}) {
    auto unit = makeIfUnit(parameters, twoSided);
    ASSERT_TRUE(unit.ok()) << unit.error().message();
    expectTheUnit(*unit, 8, 5);
  }
}

TEST(SiteCoder, RoundsAPhaseCodeToItsLastThreshold) {
  PhaseUnit unit;
  unit.steps = 6;
  unit.threshold = 2;
  unit.rounding = true;
  std::mt19937 generator(5);
  std::uniform_real_distribution<float> values(-1.9f, 1.9f);
  std::vector<float> rows(static_cast<std::size_t>(tokens * width));
  for (float &value : rows)
    value = values(generator);
  const std::vector<float> out = coded(unit, 1, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double quantum = std::ldexp(2.0, -6);
    EXPECT_NEAR(out[i], rows[i], quantum * 0.51);
    EXPECT_EQ(std::remainder(out[i], quantum), 0);
  }
}

TEST(SiteCoder, LimitsAndRoundsNumbers) {
  std::vector<float> rows(static_cast<std::size_t>(tokens * 2 * width), 0.0f);
  rows[0] = 5;
  rows[1] = -5;
  rows[2] = 0.3f;
  rows[3] = 0.125f; // a tie goes up
  const std::vector<float> out = coded(NumberUnit{3, 2}, 2, rows);
  EXPECT_EQ(out[0], 2);
  EXPECT_EQ(out[1], -2);
  EXPECT_EQ(out[2], 0.25f);
  EXPECT_EQ(out[3], 0.25f);
  EXPECT_EQ(out.back(), 0);
}

TEST(SiteCoder, ScalesChannelsApart) {
  TableUnit plain = *makePhaseCodeUnit(6, 2, 1, 0.5, 0);
  std::vector<float> rows(static_cast<std::size_t>(tokens * width));
  std::mt19937 generator(7);
  std::uniform_real_distribution<float> values(-1, 1);
  for (float &value : rows)
    value = values(generator);
  TableUnit scaled = plain;
  scaled.channelScale = {1, 2, 4, 0.5, 1, 8, 0.25};
  std::vector<float> larger = rows;
  for (std::size_t i = 0; i < larger.size(); ++i)
    larger[i] *= static_cast<float>(scaled.channelScale[i % width]);
  const std::vector<float> expected = coded(plain, 1, rows);
  const std::vector<float> out = coded(scaled, 1, larger);
  for (std::size_t i = 0; i < out.size(); ++i)
    EXPECT_FLOAT_EQ(out[i], expected[i] * static_cast<float>(
                                              scaled.channelScale[i % width]));
}

TEST(SiteCoder, RefusesUnitsThatDoNotFitTheFrames) {
  EXPECT_NE(makeSiteCoder(PhaseUnit(), 2).error().what.find("not supported"),
            std::string::npos);
  const TableUnit oneShot = *makePhaseCodeUnit(6, 2, 1, 0.5, 0);
  EXPECT_NE(makeSiteCoder(oneShot, 2).error().what.find("not supported"),
            std::string::npos);
  StreamedParameters parameters;
  parameters.frames = 4;
  const TableUnit streamed = *makeIfUnit(parameters, false);
  EXPECT_FALSE(makeSiteCoder(streamed, 1).ok());
  EXPECT_NE(makeSiteCoder(streamed, 3).error().what.find("multiple"),
            std::string::npos);
  EXPECT_FALSE(makeSiteCoder(NumberUnit{30, 1}, 1).ok());
  EXPECT_FALSE(makeSiteCoder(NumberUnit{8, 0}, 1).ok());
  TableUnit negative = streamed;
  negative.codeScale = 0;
  EXPECT_FALSE(makeSiteCoder(negative, 4).ok());
}

} // namespace
