//===- ElementwiseTest.cpp - loops of frames against their definitions ----===//
#include "runtime/engine/Elementwise.h"

#include "runtime/program/Trains.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace synfire {
namespace {

/// Values of all magnitudes up to 2^bits, and some around multiples of `near`.
std::vector<std::int64_t> wideValues(int bits, std::int64_t near) {
  std::mt19937_64 random(3);
  std::vector<std::int64_t> values = {0, 1, -1, 2, -2};
  for (int i = 0; i < 500; ++i) {
    const int shift = 64 - 1 - static_cast<int>(random() % unsigned(bits));
    const auto value = static_cast<std::int64_t>(random() >> shift);
    values.push_back(value);
    values.push_back(-value);
    const std::int64_t multiple = value / near * near;
    for (std::int64_t around : {-1, 0, 1})
      values.push_back(multiple + around);
  }
  return values;
}

TEST(Elementwise, AveragedSumsAreThoseOfTheDefinition) {
  for (int frames : {2, 3, 7, 16, 256})
    for (int frame : {0, 1, frames / 2, frames - 2, frames - 1})
      for (int power : {1, 2})
        // Sums that doubles hold, and sums that they do not.
        for (int bits : {20, 32, 44}) {
          const auto values = wideValues(bits, (frame + 1) * (frame + 1));
          std::vector<std::int64_t> sums = values;
          averageSums(sums.data(), sums.size(), frames, frame, power);
          for (std::size_t i = 0; i < values.size(); ++i)
            ASSERT_EQ(sums[i], averagedSum(values[i], frames, frame, power))
                << values[i] << " in frame " << frame << " of " << frames
                << ", power " << power;
        }
}

TEST(Elementwise, DifferencesAreCountedAndTakenApartAtTheExtremes) {
  const std::vector<std::int32_t> before = {
      0, 5, -7, INT32_MAX, -INT32_MAX, -INT32_MAX, 3};
  const std::vector<std::int32_t> codes = {
      0, 5, -9, -INT32_MAX, INT32_MAX, -INT32_MAX, -4};
  EXPECT_EQ(countDifferences(before.data(), codes.data(), codes.size()), 4u);
  EXPECT_EQ(countDifferences(nullptr, codes.data(), codes.size()), 6u);
  std::vector<std::uint32_t> bits(codes.size());
  differenceBits(before.data(), codes.data(), codes.size(), bits.data());
  EXPECT_EQ(bits, (std::vector<std::uint32_t>{0, 0, 2, 0xfffffffeu, 0xfffffffeu,
                                              0, 7}));
  differenceBits(nullptr, codes.data(), codes.size(), bits.data());
  EXPECT_EQ(bits, (std::vector<std::uint32_t>{0, 5, 9, 0x7fffffffu, 0x7fffffffu,
                                              0x7fffffffu, 4}));
}

TEST(Elementwise, LimitsNumbersBeforeItMultipliesThem) {
  const std::vector<std::int32_t> values = {INT32_MAX, -INT32_MAX, 99, -100,
                                            101};
  std::vector<std::int32_t> codes(values.size());
  limitCodes(values.data(), values.size(), 100, 3, codes.data());
  EXPECT_EQ(codes, (std::vector<std::int32_t>{300, -300, 297, -300, 300}));
}

TEST(Elementwise, OwnTermsAddUpInBothForms) {
  const std::vector<std::int32_t> x = {INT32_MAX, -3, 70000, 0, 12};
  const std::vector<std::int32_t> y = {INT32_MAX, 5, -70000, 9, -1};
  EXPECT_EQ(dotCodes(x.data(), y.data(), x.size()),
            std::int64_t(INT32_MAX) * INT32_MAX - 15 - 4900000000 - 12);
  std::vector<std::int64_t> integers(x.size(), 7);
  std::vector<double> doubles(x.size(), 7);
  addMultiple(-70000, x.data(), x.size(), integers.data());
  addMultiple(-70000, x.data(), x.size(), doubles.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(integers[i], 7 - std::int64_t(70000) * x[i]);
    EXPECT_EQ(doubles[i], static_cast<double>(integers[i]));
  }
}

TEST(Elementwise, BlocksAreAddedWithTheSignsOfTheirIndices) {
  const std::vector<std::int32_t> codes = {
      INT32_MAX, -INT32_MAX, 5, 0, -7, 1 << 20, 3, 9, 2, 4, -100, 77};
  for (std::size_t block : {1, 2, 4}) {
    std::vector<std::int64_t> sums(codes.size());
    addBlocks(codes.data(), codes.size(), block, sums.data());
    for (std::size_t j = 0; j < codes.size(); ++j) {
      std::int64_t expected = 0;
      for (std::size_t i = 0; i < block; ++i) {
        const bool odd = __builtin_popcountll(i & j) % 2 != 0;
        const std::int64_t value = codes[j / block * block + i];
        expected += odd ? -value : value;
      }
      EXPECT_EQ(sums[j], expected) << j << " in blocks of " << block;
    }
  }
}

} // namespace
} // namespace synfire
