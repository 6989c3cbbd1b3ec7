//===- RowTest.cpp - rows give what the unit gives ------------------------===//
#include "runtime/neuron/Row.h"
#include "runtime/neuron/BinaryBanks.h"
#include "runtime/neuron/LookupOctaves.h"
#include "tests/unit/neuron/RandomConfig.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

namespace {

using namespace synfire;
using namespace synfire::test;

struct Totals {
  std::vector<std::int32_t> codes;
  std::vector<std::uint8_t> spikes;
  RowCounts counts;
  std::uint64_t digest = 0;
};

std::vector<std::uint64_t> makeKeys(std::size_t count, Random &random) {
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < count; ++i)
    keys.push_back(random() | 1);
  return keys;
}

/// Event by event through begin, step, payload, digestTerm and hidesMultiply.
/// Inputs whose code leaves int32 are outside of the contract and dropped.
Totals runEvents(const NeuronConfig &config, std::vector<std::int32_t> &inputs,
                 const std::vector<std::uint64_t> &keys) {
  Totals totals;
  std::vector<std::int32_t> kept;
  for (const std::int32_t input : inputs) {
    NeuronState state;
    begin(config, state, input);
    RowCounts counts = totals.counts;
    std::int64_t code = 0;
    std::uint64_t word = 0;
    int spikes = 0;
    for (int t = 0; t < config.steps; ++t) {
      const Spike spike = step(config, state, t);
      if (spike.silent())
        continue;
      code += payload(config, t, spike);
      word += digestTerm(config, t, spike);
      counts.hiddenMultiplies += hidesMultiply(config, t, spike);
      ++counts.byStep[std::size_t(t)];
      ++counts.spikes;
      ++spikes;
    }
    if (std::abs(code) > std::numeric_limits<std::int32_t>::max())
      continue;
    totals.counts = counts;
    totals.digest += keys[kept.size()] * word;
    totals.codes.push_back(static_cast<std::int32_t>(code));
    totals.spikes.push_back(static_cast<std::uint8_t>(spikes));
    kept.push_back(input);
  }
  inputs = kept;
  return totals;
}

template <typename Unit>
Totals runRow(const Unit &unit, const std::vector<std::int32_t> &inputs,
              const std::vector<std::uint64_t> &keys) {
  Totals totals;
  totals.codes.resize(inputs.size());
  totals.spikes.resize(inputs.size());
  totals.digest = makeRowUnit(unit)->run(inputs.data(), inputs.size(),
                                         keys.data(), totals.codes.data(),
                                         totals.spikes.data(), totals.counts);
  return totals;
}

void expectEqual(const Totals &row, const Totals &events) {
  EXPECT_EQ(row.codes, events.codes);
  EXPECT_EQ(row.spikes, events.spikes);
  EXPECT_EQ(row.counts.spikes, events.counts.spikes);
  EXPECT_EQ(row.counts.hiddenMultiplies, events.counts.hiddenMultiplies);
  EXPECT_EQ(row.counts.byStep, events.counts.byStep);
  EXPECT_EQ(row.digest, events.digest);
}

void expectRowEqualsUnit(const NeuronConfig &config, Random &random,
                         int randoms) {
  const Status status = verify(config);
  ASSERT_TRUE(status.ok()) << status.error().message();
  std::vector<std::int32_t> inputs = interestingInputs(config, random, randoms);
  const std::vector<std::uint64_t> keys = makeKeys(inputs.size(), random);
  const Totals events = runEvents(config, inputs, keys);
  expectEqual(runRow(config, inputs, keys), events);
}

TEST(Row, PhaseEqualsUnit) {
  Random random(1);
  for (int i = 0; i < 150 && !HasFailure(); ++i) {
    const NeuronConfig config = randomMultiThreshold(random, 1);
    ASSERT_TRUE(recogniseBinaryBanks(config));
    expectRowEqualsUnit(config, random, 700);
  }
}

TEST(Row, MultiThresholdEqualsUnit) {
  Random random(2);
  for (int levels = 2; levels <= 15; ++levels)
    for (int i = 0; i < 12 && !HasFailure(); ++i) {
      const NeuronConfig config = randomMultiThreshold(random, levels);
      ASSERT_TRUE(recogniseBinaryBanks(config));
      SCOPED_TRACE(levels);
      expectRowEqualsUnit(config, random, 600);
    }
}

TEST(Row, FreeTablesEqualUnit) {
  Random random(3);
  for (int i = 0; i < 300 && !HasFailure(); ++i)
    expectRowEqualsUnit(randomTables(random, InputMode::AllAtOnce), random,
                        100);
}

/// FS banks, capped codes: free tables of one level, up to many banks.
TEST(Row, SingleLevelEqualsUnit) {
  Random random(8);
  for (int i = 0; i < 150 && !HasFailure(); ++i) {
    NeuronConfig config = randomTables(random, InputMode::AllAtOnce);
    config.tracerOn = false;
    config.negative = NegativeRule::Off;
    config.levels = 1;
    config.banks.clear();
    std::int64_t edge = draw(random, -2000, 200);
    for (std::int64_t b = draw(random, 1, 40); b > 0; --b) {
      NeuronBank bank{edge + draw(random, 0, 1) * 5, 0, {}};
      bank.high = edge = bank.low + draw(random, 1, 300);
      for (int t = 0; t < config.steps; ++t) {
        bank.table.threshold.push_back(draw(random, -500, 1500));
        bank.table.decrement.push_back(draw(random, -100, 900));
        bank.table.payload.push_back(
            static_cast<std::int32_t>(draw(random, -900, 900)));
      }
      config.banks.push_back(bank);
    }
    expectRowEqualsUnit(config, random, 200);
  }
}

/// Every single change to a binary table must leave the fast path or keep its
/// answers.
TEST(Row, AnyDeviationFromBinaryBanksIsHonoured) {
  Random random(4);
  for (int i = 0; i < 600 && !HasFailure(); ++i) {
    NeuronConfig config = multiThreshold(
        int(draw(random, 2, 9)), int(draw(random, 1, 4)), 4,
        int(draw(random, 0, 4)), SignMode::Magnitude, draw(random, 0, 15));
    FiringTable &table =
        config
            .banks[std::size_t(
                draw(random, 0, std::int64_t(config.banks.size()) - 1))]
            .table;
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
      config.comparison = Comparison::Greater;
      break;
    case 4:
      config.cap = int(draw(random, 1, 6));
      break;
    case 5:
      config.offset = draw(random, -40, 400);
      break;
    case 6:
      config.banks.back().high = config.banks.back().low + draw(random, 1, 900);
      break;
    case 7:
      config.banks.front().low = draw(random, -5, 20);
      break;
    case 8:
      config.tracerOn = true;
      config.tracerMaximum = int(draw(random, 0, 4));
      break;
    }
    if (verify(config).ok())
      expectRowEqualsUnit(config, random, 100);
  }
}

TEST(Row, OutputsThatAreNotWantedMayBeAbsent) {
  Random random(5);
  for (const int levels : {1, 3}) {
    const NeuronConfig config =
        multiThreshold(8, levels, 4, 3, SignMode::Magnitude, 3);
    const std::vector<std::int32_t> inputs =
        interestingInputs(config, random, 1000);
    std::vector<std::int32_t> codes(inputs.size());
    RowCounts counts;
    EXPECT_EQ(makeRowUnit(config)->run(inputs.data(), inputs.size(), nullptr,
                                       codes.data(), nullptr, counts),
              0u);
    const Totals full = runRow(config, inputs, makeKeys(inputs.size(), random));
    EXPECT_EQ(codes, full.codes);
    EXPECT_EQ(counts.byStep, full.counts.byStep);
  }
}

TEST(Row, CountsAreAddedToWhatIsThere) {
  const NeuronConfig config =
      multiThreshold(4, 1, 0, 0, SignMode::Magnitude, 0);
  const std::vector<std::int32_t> inputs = {15, -5, 0};
  std::vector<std::int32_t> codes(3);
  const auto row = makeRowUnit(config);
  RowCounts counts;
  for (int repeat = 0; repeat < 2; ++repeat)
    row->run(inputs.data(), 3, nullptr, codes.data(), nullptr, counts);
  EXPECT_EQ(codes, (std::vector<std::int32_t>{15, -5, 0}));
  EXPECT_EQ(counts.spikes, 12u);
  EXPECT_EQ(counts.byStep[0], 2u);
  EXPECT_EQ(counts.byStep[1], 4u);
  EXPECT_EQ(counts.byStep[2], 2u);
  EXPECT_EQ(counts.byStep[3], 4u);
}

TEST(Row, StreamedConfigHasNoRow) {
  Random random(6);
  EXPECT_EQ(makeRowUnit(randomTables(random, InputMode::Streamed)), nullptr);
}

LookupTable randomLookup(Random &random) {
  LookupTable table;
  table.function = "random";
  table.steps = int(draw(random, 1, 31));
  table.limit = static_cast<std::int32_t>(
      (std::int64_t(1) << draw(random, 0, 31)) - draw(random, 0, 1));
  if (table.limit < 0)
    table.limit = std::numeric_limits<std::int32_t>::max();
  const std::int64_t largest = (std::int64_t(1) << table.steps) - 1;
  for (std::size_t octave = 0; octave < 64; ++octave) {
    const int bits = int(octave % 32);
    const int digits = std::max(0, std::min(bits - 1, int(draw(random, 0, 6))));
    table.base[octave] = static_cast<std::int32_t>(table.entries.size());
    table.shift[octave] =
        static_cast<std::uint8_t>(std::max(0, bits - 1 - digits));
    for (int row = 0; row < 1 << digits; ++row)
      table.entries.push_back(
          static_cast<std::int32_t>(draw(random, -largest, largest)));
  }
  return table;
}

TEST(Row, LookupEqualsPlainLookup) {
  Random random(7);
  for (int i = 0; i < 60 && !HasFailure(); ++i) {
    const LookupTable table = randomLookup(random);
    const Status status = verify(table);
    ASSERT_TRUE(status.ok()) << status.error().message();
    std::vector<std::int32_t> inputs = {
        0,
        1,
        -1,
        table.limit,
        -table.limit,
        std::numeric_limits<std::int32_t>::max(),
        std::numeric_limits<std::int32_t>::min()};
    for (int bit = 0; bit < 31; ++bit)
      for (int delta = -1; delta <= 1; ++delta)
        for (const int sign : {-1, 1})
          inputs.push_back(static_cast<std::int32_t>(
              sign * ((std::int64_t(1) << bit) + delta)));
    for (int j = 0; j < 900; ++j)
      inputs.push_back(static_cast<std::int32_t>(random()));
    const std::vector<std::uint64_t> keys = makeKeys(inputs.size(), random);
    Totals plain;
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      const std::int32_t code = lookup(table, inputs[j]);
      int spikes = 0;
      for (int t = 0; t < table.steps; ++t)
        if (std::abs(std::int64_t(code)) >> (table.steps - 1 - t) & 1) {
          ++plain.counts.byStep[std::size_t(t)];
          ++spikes;
        }
      plain.counts.spikes += std::uint64_t(spikes);
      plain.codes.push_back(code);
      plain.spikes.push_back(static_cast<std::uint8_t>(spikes));
      plain.digest += keys[j] * static_cast<std::uint64_t>(std::int64_t(code));
    }
    expectEqual(runRow(table, inputs, keys), plain);
  }
}

/// Several rows in one call, with and without gaps, of equal or growing width.
template <typename Unit>
void expectBatchEqualsRows(const Unit &unit, Random &random) {
  const auto row = makeRowUnit(unit);
  for (const std::size_t width : {0, 1, 3, 16, 64, 172, 480, 481, 1100})
    for (const std::size_t growth : {0, 1})
      for (const std::size_t gap : {0, 5}) {
        const std::size_t rows = 13;
        const std::size_t widest = width + (rows - 1) * growth;
        const std::size_t stride = widest + gap;
        std::vector<std::int32_t> membranes(rows * stride);
        for (std::int32_t &m : membranes)
          m = static_cast<std::int32_t>(random()) >> draw(random, 0, 31);
        const std::vector<std::uint64_t> keys = makeKeys(widest, random);
        for (const bool keyed : {true, false}) {
          std::vector<std::int32_t> codes(rows * stride, 7), expected = codes;
          std::vector<std::uint64_t> digests(rows, 11), expectedDigests;
          RowCounts counts, expectedCounts;
          RowBatch batch;
          batch.membranes = membranes.data();
          batch.codes = codes.data();
          batch.membraneStride = batch.codeStride =
              static_cast<std::ptrdiff_t>(stride);
          batch.rows = rows;
          batch.count = width;
          batch.growth = growth;
          batch.keys = keyed ? keys.data() : nullptr;
          batch.digests = digests.data();
          row->runRows(batch, counts);
          for (std::size_t r = 0; r < rows; ++r)
            expectedDigests.push_back(
                11 + row->run(membranes.data() + r * stride, width + r * growth,
                              batch.keys, expected.data() + r * stride, nullptr,
                              expectedCounts));
          ASSERT_EQ(codes, expected) << width;
          ASSERT_EQ(digests, expectedDigests) << width;
          ASSERT_EQ(counts.spikes, expectedCounts.spikes);
          ASSERT_EQ(counts.byStep, expectedCounts.byStep);
          ASSERT_EQ(counts.hiddenMultiplies, expectedCounts.hiddenMultiplies);
        }
      }
}

TEST(Row, BatchEqualsRows) {
  Random random(9);
  for (const int steps : {5, 16, 20})
    for (const int levels : {1, 3}) {
      const NeuronConfig config =
          multiThreshold(steps, levels, 3, 2, SignMode::Magnitude, 3);
      expectBatchEqualsRows(config, random);
    }
  for (int i = 0; i < 4; ++i)
    expectBatchEqualsRows(randomLookup(random), random);
}

/// Entries of 16 bits are kept as such; shifts may exceed an octave.
TEST(Row, NarrowTablesAndWideShiftsEqualPlainLookup) {
  Random random(10);
  for (int i = 0; i < 40 && !HasFailure(); ++i) {
    LookupTable table = randomLookup(random);
    table.steps = 16;
    for (std::int32_t &entry : table.entries)
      entry = static_cast<std::int32_t>(draw(random, 0, 65535));
    for (std::uint8_t &shift : table.shift)
      if (draw(random, 0, 3) == 0)
        shift = static_cast<std::uint8_t>(draw(random, shift, 31));
    ASSERT_TRUE(verify(table).ok());
    std::vector<std::int32_t> inputs;
    for (int j = 0; j < 700; ++j)
      inputs.push_back(static_cast<std::int32_t>(random()) >>
                       draw(random, 0, 31));
    std::vector<std::int32_t> codes(inputs.size());
    RowCounts counts;
    makeRowUnit(table)->run(inputs.data(), inputs.size(), nullptr, codes.data(),
                            nullptr, counts);
    const LookupOctaves octaves(table);
    std::vector<std::uint32_t> rows(inputs.size()), inMemory(inputs.size());
    octaves.findRows(inputs.data(), inputs.size(), rows.data());
    octaves.findRowsInMemory(inputs.data(), inputs.size(), inMemory.data());
    EXPECT_EQ(rows, inMemory);
    for (std::size_t j = 0; j < inputs.size(); ++j)
      ASSERT_EQ(codes[j], lookup(table, inputs[j])) << inputs[j];
  }
}

} // namespace
