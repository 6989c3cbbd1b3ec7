//===- StreamTest.cpp - streamed rows give what the unit gives ------------===//
#include "runtime/neuron/Row.h"
#include "runtime/neuron/StreamForms.h"
#include "tests/unit/neuron/RandomConfig.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace {

using namespace synfire;
using namespace synfire::test;

/// Rows of a batch and what they give, all in one layout: [row][frame][column].
struct Rows {
  std::size_t rows = 1, count = 1, growth = 0;
  int frames = 1;
  std::ptrdiff_t ownColumn = -1;
  std::vector<std::int32_t> membranes;
  std::vector<std::uint64_t> keys;

  std::size_t width() const { return count + (rows - 1) * growth; }
  std::size_t at(std::size_t row, int frame, std::size_t column) const {
    return (row * std::size_t(frames) + std::size_t(frame)) * width() + column;
  }
};

struct Answers {
  std::vector<std::int32_t> codes;
  std::vector<std::uint64_t> digests, spikesByFrame;
  std::vector<StreamSums> sums;
  RowCounts counts;

  explicit Answers(const Rows &rows)
      : codes(rows.membranes.size(), 77), digests(rows.rows, 5),
        spikesByFrame(std::size_t(rows.frames), 3), sums(rows.rows) {}
};

std::int64_t floorDivided(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0);
}

/// Event by event. False if a code leaves 32 bits, which is outside of the
/// contract.
bool runEvents(const NeuronConfig &config, const Rows &rows, Answers &answers) {
  const int parts = config.steps / rows.frames;
  std::vector<bool> hidden;
  for (int t = 0; t < config.steps; ++t)
    for (int level = 0; level <= config.levels; ++level)
      hidden.push_back(
          hidesMultiply(config, t, {1, static_cast<std::uint8_t>(level), 0}));
  for (std::size_t r = 0; r < rows.rows; ++r)
    for (std::size_t i = 0; i < rows.count + r * rows.growth; ++i) {
      std::vector<std::int64_t> currents;
      std::int64_t before = 0;
      for (int f = 0; f < rows.frames; ++f) {
        const std::int64_t now = rows.membranes[rows.at(r, f, i)];
        for (int u = 0; u < parts; ++u)
          currents.push_back(floorDivided((now - before) * (u + 1), parts) -
                             floorDivided((now - before) * u, parts));
        before = now;
      }
      NeuronState state;
      begin(config, state, 0);
      rehearse(config, state, currents.data());
      const bool own =
          std::ptrdiff_t(i) == rows.ownColumn + std::ptrdiff_t(r * rows.growth);
      std::int64_t code = 0;
      std::uint64_t word = 0;
      for (int t = 0; t < config.steps; ++t) {
        const Spike spike = step(config, state, t, currents[std::size_t(t)]);
        if (!spike.silent()) {
          const bool hides =
              hidden[std::size_t(t * (config.levels + 1) + spike.level)];
          code += payload(config, t, spike);
          word += digestTerm(config, t, spike);
          ++answers.counts.spikes;
          ++answers.counts.byStep[std::size_t(t)];
          ++answers.spikesByFrame[std::size_t(t / parts)];
          ++answers.sums[r].spikes;
          answers.counts.hiddenMultiplies += hides;
          answers.sums[r].hiddenMultiplies += hides;
          if (own && rows.ownColumn >= 0) {
            ++answers.sums[r].ownSpikes;
            answers.sums[r].ownHiddenMultiplies += hides;
          }
        }
        if (std::abs(code) > std::numeric_limits<std::int32_t>::max())
          return false;
        answers.codes[rows.at(r, t / parts, i)] =
            static_cast<std::int32_t>(code);
      }
      answers.digests[r] += rows.keys[i] * word;
    }
  return true;
}

StreamBatch makeBatch(const Rows &rows, Answers &answers) {
  StreamBatch batch;
  batch.membranes = rows.membranes.data();
  batch.codes = answers.codes.data();
  batch.membraneFrameStride = batch.codeFrameStride =
      static_cast<std::ptrdiff_t>(rows.width());
  batch.membraneStride = batch.codeStride =
      static_cast<std::ptrdiff_t>(rows.width()) * rows.frames;
  batch.rows = rows.rows;
  batch.count = rows.count;
  batch.growth = rows.growth;
  batch.frames = rows.frames;
  batch.keys = rows.keys.data();
  batch.digests = answers.digests.data();
  batch.sums = answers.sums.data();
  batch.ownColumn = rows.ownColumn;
  batch.spikesByFrame = answers.spikesByFrame.data();
  return batch;
}

void expectEqual(const Answers &got, const Answers &expected) {
  EXPECT_EQ(got.codes, expected.codes);
  EXPECT_EQ(got.digests, expected.digests);
  EXPECT_EQ(got.spikesByFrame, expected.spikesByFrame);
  EXPECT_EQ(got.counts.spikes, expected.counts.spikes);
  EXPECT_EQ(got.counts.byStep, expected.counts.byStep);
  EXPECT_EQ(got.counts.hiddenMultiplies, expected.counts.hiddenMultiplies);
  for (std::size_t r = 0; r < got.sums.size(); ++r) {
    EXPECT_EQ(got.sums[r].spikes, expected.sums[r].spikes);
    EXPECT_EQ(got.sums[r].hiddenMultiplies, expected.sums[r].hiddenMultiplies);
    EXPECT_EQ(got.sums[r].ownSpikes, expected.sums[r].ownSpikes);
    EXPECT_EQ(got.sums[r].ownHiddenMultiplies,
              expected.sums[r].ownHiddenMultiplies);
  }
}

int drawDivisor(Random &random, int number) {
  int divisor = int(draw(random, 1, number));
  while (number % divisor != 0)
    ++divisor;
  return divisor;
}

/// Cumulative membranes that drift as far as the unit's levels reach, a few of
/// them to the ends of 32 bits.
void fillMembranes(const NeuronConfig &config, Random &random, Rows &rows) {
  rows.membranes.assign(rows.rows * std::size_t(rows.frames) * rows.width(), 0);
  const FiringTable &table = config.banks[0].table;
  const std::int64_t top = std::max<std::int64_t>(
      4, std::abs(table.decrement[std::size_t(config.levels - 1)]));
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const bool extreme = draw(random, 0, 4) == 0;
  for (std::size_t r = 0; r < rows.rows; ++r)
    for (std::size_t i = 0; i < rows.width(); ++i) {
      const std::int64_t step = extreme ? most : 2 * top;
      const std::int64_t mean = draw(random, -step, step) / 2;
      std::int64_t m = 0;
      for (int f = 0; f < rows.frames; ++f) {
        m = std::clamp(m + mean + draw(random, -step, step), -most, most);
        rows.membranes[rows.at(r, f, i)] = static_cast<std::int32_t>(m);
      }
    }
  rows.keys.clear();
  for (std::size_t i = 0; i < rows.width(); ++i)
    rows.keys.push_back(random() | 1);
}

void expectStreamEqualsUnit(const NeuronConfig &config, Random &random) {
  const Status status = verify(config);
  ASSERT_TRUE(status.ok()) << status.error().message();
  Rows rows;
  rows.frames = drawDivisor(random, config.steps);
  rows.rows = std::size_t(draw(random, 1, 3));
  rows.growth = std::size_t(draw(random, 0, 1));
  const bool wide = draw(random, 0, 9) == 0;
  rows.count = std::size_t(draw(random, 1, wide ? 600 : 40));
  if (draw(random, 0, 1))
    rows.ownColumn = draw(random, 0, std::int64_t(rows.count) - 1);
  fillMembranes(config, random, rows);
  Answers expected(rows), got(rows);
  if (!runEvents(config, rows, expected))
    return;
  makeStreamUnit(config)->run(makeBatch(rows, got), got.counts);
  expectEqual(got, expected);
}

/// The forms that a network spends its time in do not run neuron by neuron.
TEST(Stream, CommonKindsRunInLanes) {
  Random random(30);
  for (int i = 0; i < 50; ++i) {
    for (const StreamKind kind :
         {StreamKind::IntegerSpiking, StreamKind::OneSidedIf,
          StreamKind::TwoSidedIf, StreamKind::StBif, StreamKind::ResidualMask,
          StreamKind::OptimalShift, StreamKind::Average}) {
      const NeuronConfig config = randomStreamed(random, kind);
      EXPECT_NE(makeLaneStream(config), nullptr) << int(kind);
    }
    const NeuronConfig ecmt = randomStreamed(random, StreamKind::Ecmt);
    if (ecmt.levels <= 8) {
      EXPECT_NE(makeLaneStream(ecmt), nullptr);
    }
    EXPECT_NE(makeLaneStream(randomStreamed(random, StreamKind::Sta)), nullptr);
  }
}

TEST(Stream, EveryKindEqualsUnit) {
  Random random(31);
  for (int kind = 0; kind < int(StreamKind::Count); ++kind)
    for (int i = 0; i < 100 && !HasFailure(); ++i) {
      SCOPED_TRACE(kind);
      expectStreamEqualsUnit(randomStreamed(random, StreamKind(kind)), random);
    }
}

/// Every single change to a table that lanes know must leave them or keep its
/// answers.
TEST(Stream, AnyDeviationIsHonoured) {
  Random random(32);
  for (int i = 0; i < 500 && !HasFailure(); ++i) {
    NeuronConfig config = randomStreamed(
        random, StreamKind(draw(random, 0, int(StreamKind::Count) - 1)), 12);
    FiringTable &table = config.banks[0].table;
    const auto entry =
        std::size_t(draw(random, 0, std::int64_t(table.payload.size()) - 1));
    switch (draw(random, 0, 8)) {
    case 0:
      table.threshold[entry] += draw(random, 0, 1) ? 1 : -1;
      break;
    case 1:
      table.decrement[entry] += draw(random, 0, 1) ? 1 : -1;
      break;
    case 2:
      table.payload[entry] = static_cast<std::int32_t>(draw(random, -9, 900));
      break;
    case 3:
      table.rest = static_cast<std::int32_t>(draw(random, -9, 9));
      break;
    case 4:
      config.cap = int(draw(random, 1, 20));
      break;
    case 5:
      config.tracerOn = true;
      config.tracerMaximum = int(draw(random, 0, 4));
      break;
    case 6:
      config.bias.assign(12, draw(random, -300, 300));
      break;
    case 7:
      table.threshold.back() = std::int64_t(1) << 53;
      break;
    case 8:
      table.decrement.back() = -(std::int64_t(1) << draw(random, 0, 53));
      break;
    }
    if (verify(config).ok())
      expectStreamEqualsUnit(config, random);
  }
}

TEST(Stream, OutputsThatAreNotWantedMayBeAbsent) {
  Random random(33);
  for (const StreamKind kind :
       {StreamKind::IntegerSpiking, StreamKind::OptimalShift}) {
    const NeuronConfig config = randomStreamed(random, kind, 8);
    Rows rows;
    rows.frames = 4;
    rows.count = 30;
    rows.ownColumn = 3;
    fillMembranes(config, random, rows);
    Answers full(rows), bare(rows);
    const auto unit = makeStreamUnit(config);
    unit->run(makeBatch(rows, full), full.counts);
    StreamBatch batch = makeBatch(rows, bare);
    batch.keys = nullptr;
    batch.digests = nullptr;
    batch.sums = nullptr;
    batch.spikesByFrame = nullptr;
    unit->run(batch, bare.counts);
    EXPECT_EQ(bare.codes, full.codes);
    EXPECT_EQ(bare.counts.byStep, full.counts.byStep);
    EXPECT_EQ(bare.counts.hiddenMultiplies, full.counts.hiddenMultiplies);
  }
}

TEST(Stream, AllAtOnceConfigHasNone) {
  Random random(34);
  EXPECT_EQ(makeStreamUnit(randomTables(random, InputMode::AllAtOnce)),
            nullptr);
}

} // namespace
