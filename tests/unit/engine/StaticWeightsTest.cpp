//===- StaticWeightsTest.cpp - every form of a static product -------------===//
#include "runtime/engine/StaticWeights.h"

#include "runtime/engine/ByteProduct.h"
#include "runtime/engine/WordProduct.h"
#include "runtime/support/Simd.h"

#include <gtest/gtest.h>
#include <random>
#include <tuple>

namespace synfire {
namespace {

/// A block whose words are at the ends of their range more often than not.
WeightStore makeStore(std::int64_t rows, std::int64_t columns, int bits) {
  std::mt19937 random(3);
  WeightStore store;
  WeightBlock block;
  block.rows = rows;
  block.columns = columns;
  block.bits = bits;
  std::vector<std::uint8_t> bytes;
  for (std::uint64_t i = 0; i < block.bytes(); ++i) {
    const unsigned choice = random() % 4;
    bytes.push_back(choice == 0   ? 0x80
                    : choice == 1 ? 0x7f
                                  : static_cast<std::uint8_t>(random()));
  }
  store.blocks.push_back(block);
  store.memory =
      std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  return store;
}

std::vector<std::int32_t> makeCodes(std::size_t count, std::int64_t limit) {
  std::mt19937_64 random(4);
  std::vector<std::int32_t> codes;
  for (std::size_t i = 0; i < count; ++i) {
    const auto choice = random() % 4;
    const auto range = static_cast<std::uint64_t>(2 * limit + 1);
    codes.push_back(static_cast<std::int32_t>(
        choice == 0   ? limit
        : choice == 1 ? -limit
                      : static_cast<std::int64_t>(random() % range) - limit));
  }
  return codes;
}

using Case = std::tuple<int, std::int64_t, StaticProduct, bool>;

class StaticProducts : public testing::TestWithParam<Case> {};

TEST_P(StaticProducts, EqualThePlainLoop) {
  const auto [bits, codeLimit, wanted, hold] = GetParam();
  for (auto [rows, inputs, outputs] :
       {std::tuple(1, 1, 1), std::tuple(7, 13, 5), std::tuple(33, 64, 172),
        std::tuple(4, 172, 33), std::tuple(6, 31, 600)}) {
    const WeightStore store = makeStore(inputs, outputs, bits);
    const StaticProduct form =
        StaticWeights::choose(wanted, store.blocks[0], codeLimit, 54);
    const StaticWeights weights(store, 0, form, codeLimit, hold);
    const std::ptrdiff_t codeStride = inputs + 3;
    const std::ptrdiff_t accStride = weights.paddedColumns() + 8;
    const auto codes = makeCodes(std::size_t(rows * codeStride), codeLimit);
    std::vector<std::int64_t> acc(std::size_t(rows * accStride));
    StaticScratch scratch;
    weights.multiply(codes.data(), codeStride, rows, acc.data(), accStride,
                     scratch);
    for (std::ptrdiff_t r = 0; r < rows; ++r)
      for (std::ptrdiff_t j = 0; j < outputs; ++j) {
        std::int64_t expected = 0;
        std::vector<std::int32_t> row(static_cast<std::size_t>(outputs));
        for (std::ptrdiff_t i = 0; i < inputs; ++i)
          expected += std::int64_t(codes[std::size_t(r * codeStride + i)]) *
                      weightAt(store, 0, i, j);
        const auto at = std::size_t(r * accStride + j);
        const std::int64_t actual =
            weights.inDoubles()
                ? static_cast<std::int64_t>(
                      reinterpret_cast<const double *>(acc.data())[at])
                : acc[at];
        ASSERT_EQ(actual, expected) << "row " << r << ", column " << j << " of "
                                    << rows << "x" << inputs << "x" << outputs;
      }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, StaticProducts,
    testing::Combine(testing::Values(4, 8, 16),
                     testing::Values(127, 128, 32767, 65535, 262140,
                                     (1 << 23) - 1, 1 << 23, 1 << 29,
                                     0x7fffffff),
                     testing::Values(StaticProduct::Bytes, StaticProduct::Words,
                                     StaticProduct::Doubles,
                                     StaticProduct::Integers),
                     testing::Bool()));

TEST(StaticWeights, FormFollowsTheProof) {
  WeightBlock block;
  block.rows = block.columns = 64;
  block.bits = 32;
  const auto choose = [&](StaticProduct wanted, std::int64_t limit, int bits) {
    return StaticWeights::choose(wanted, block, limit, bits);
  };
  EXPECT_EQ(choose(StaticProduct::Fastest, 65535, 54), StaticProduct::Doubles);
  EXPECT_EQ(choose(StaticProduct::Fastest, 65535, 55), StaticProduct::Integers);
  EXPECT_EQ(choose(StaticProduct::Bytes, 65535, 30), StaticProduct::Integers);
  block.bits = 16;
  if (hasVnni()) {
    EXPECT_EQ(choose(StaticProduct::Fastest, mostWordCode, 60),
              StaticProduct::Words);
    EXPECT_EQ(choose(StaticProduct::Fastest, mostWordCode + 1, 54),
              StaticProduct::Doubles);
  }
  block.bits = 8;
  if (hasVnni()) {
    EXPECT_EQ(choose(StaticProduct::Fastest, 65535, 60), StaticProduct::Bytes);
    EXPECT_EQ(choose(StaticProduct::Fastest, std::int64_t(1) << 31, 54),
              StaticProduct::Doubles);
    block.rows = mostByteDepth;
    EXPECT_NE(choose(StaticProduct::Fastest, 65535, 54), StaticProduct::Bytes);
  }
}

TEST(StaticWeights, DigitsHoldTheCodesAndNoFewerDo) {
  EXPECT_EQ(byteDigits(127), 1);
  EXPECT_EQ(byteDigits(128), 2);
  EXPECT_EQ(byteDigits(65535), 3);
  EXPECT_EQ(byteDigits((1 << 23) - 1), 3);
  EXPECT_EQ(byteDigits(0x7fffffff), 4);
  EXPECT_EQ(byteDigits(std::int64_t(1) << 31), 0);
}

TEST(StaticWeights, WordDigitsAreExactAndSmall) {
  for (std::int64_t limit :
       {std::int64_t(1), std::int64_t(127), std::int64_t(262140),
        std::int64_t(1048575), mostWordCode}) {
    const WordDigits words = wordDigits(limit);
    EXPECT_LE(words.limit * words.limit, 4 * limit + 4);
    const auto top = static_cast<std::int32_t>(limit);
    const std::vector<std::int32_t> codes = {top, -top, top - 1, 0, top / 2};
    std::vector<std::int16_t> digits(2 * codes.size());
    const auto count = static_cast<std::ptrdiff_t>(codes.size());
    splitWords(codes.data(), count, words.shift, digits.data(), count);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const int low = digits[i], high = digits[codes.size() + i];
      EXPECT_EQ(low + high * (1 << words.shift), codes[i]);
      EXPECT_LE(std::max(std::abs(low), std::abs(high)), words.limit);
    }
  }
}

} // namespace
} // namespace synfire
