//===- CodeProductTest.cpp - rows times codes against plain loops ---------===//
#include "simulator/machine/CodeProduct.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

using namespace synfire;

namespace {

constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();

template <typename Weight>
void expectExact(std::size_t rows, std::size_t columns, std::int64_t limit,
                 bool extremes = false) {
  std::mt19937 random(static_cast<unsigned>(rows * 1000 + columns));
  const std::size_t stride = columns;
  std::vector<Weight> memory(rows * stride);
  for (Weight &weight : memory)
    weight = extremes ? std::numeric_limits<Weight>::min()
                      : static_cast<Weight>(random());
  std::uniform_int_distribution<std::int64_t> draw(-limit, limit);
  std::vector<std::int64_t> codes(rows);
  for (std::int64_t &code : codes)
    code = extremes ? limit : draw(random);
  if (extremes)
    codes.back() = -codes.back();
  else
    for (std::size_t i = 0; i < rows; i += 3)
      codes[i] = 0;
  std::vector<std::int64_t> values(columns, 5), expected(columns, 5);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      expected[j] += codes[i] * memory[i * stride + j];
  const auto silent =
      static_cast<std::size_t>(std::count(codes.begin(), codes.end(), 0));

  RowCodes taken;
  taken.clear();
  taken.add(0, codes.data(), rows / 2);
  taken.add(static_cast<std::int32_t>(rows / 2), codes.data() + rows / 2,
            rows - rows / 2);
  taken.close(sizeof(Weight) == 1);
  if (limit <= largest) {
    EXPECT_EQ(taken.size(), rows - silent);
  }
  taken.addProducts(memory.data(), stride, columns, values.data());
  EXPECT_EQ(values, expected) << rows << " x " << columns << ", " << limit;
}

template <typename Weight> class CodeProductTest : public testing::Test {};
using Weights = testing::Types<std::int8_t, std::int16_t, std::int32_t>;
TYPED_TEST_SUITE(CodeProductTest, Weights);

TYPED_TEST(CodeProductTest, EveryNumberOfDigitsRowsAndColumns) {
  constexpr std::size_t panel = panelBytes / sizeof(TypeParam);
  for (std::int64_t limit : {3, 255, 256, 65535, 65536, 1 << 24})
    for (std::size_t rows : {1, 2, 3, 4, 5, 31, 64, 257})
      for (std::size_t columns : {std::size_t(1), panel / 2 + 1, panel})
        expectExact<TypeParam>(rows, columns, limit);
}

TYPED_TEST(CodeProductTest, ExtremeCodes) {
  if (sizeof(TypeParam) < 4) {
    expectExact<TypeParam>(70, 7, largest);
    expectExact<TypeParam>(70, 7, 2 * std::int64_t(largest));
    expectExact<TypeParam>(70, 7, 2 * std::int64_t(largest), true);
  }
}

TEST(CodeProduct, SumsOfMoreRowsThanFitThirtyTwoBits) {
  expectExact<std::int8_t>(200001, 5, 255, true);
  expectExact<std::int8_t>(200001, 5, 65535, true);
}

TEST(CodeProduct, KnowsWhenRowsNeedNoMultiplication) {
  std::vector<std::int64_t> codes = {0, 7, -7, 0, 7};
  RowCodes taken;
  auto take = [&] {
    taken.clear();
    taken.add(0, codes.data(), codes.size());
    taken.close(true);
  };
  take();
  EXPECT_TRUE(taken.sharesMagnitude());
  EXPECT_EQ(taken.magnitude(), 7);
  EXPECT_EQ(taken.plusRows(), (std::vector<std::int32_t>{1, 4}));
  EXPECT_EQ(taken.minusRows(), (std::vector<std::int32_t>{2}));
  codes = {7, 6};
  take();
  EXPECT_FALSE(taken.sharesMagnitude());
  codes = {0, 0};
  take();
  EXPECT_TRUE(taken.empty());
}

} // namespace
