//===- RowKernelsTest.cpp - row sums against plain loops ------------------===//
#include "simulator/machine/RowKernels.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

using namespace synfire;

namespace {

template <typename Weight> class RowKernelsTest : public testing::Test {};
using Weights = testing::Types<std::int8_t, std::int16_t, std::int32_t>;
TYPED_TEST_SUITE(RowKernelsTest, Weights);

template <typename Weight>
void expectExact(std::size_t rows, std::size_t columns, std::size_t stride,
                 std::int32_t payload, bool extremes) {
  std::mt19937 random(static_cast<unsigned>(rows * 1000 + columns));
  std::vector<Weight> memory(rows * stride);
  for (Weight &weight : memory)
    weight = extremes ? std::numeric_limits<Weight>::min()
                      : static_cast<Weight>(random());
  std::vector<std::int32_t> plus, minus;
  for (std::size_t r = 0; r < rows; ++r)
    (!extremes && r % 3 == 0 ? minus : plus)
        .push_back(static_cast<std::int32_t>(r));

  std::vector<typename RowSum<Weight>::Type> sum(stride);
  std::vector<std::int64_t> values(columns, 5), expected(columns, 5);
  addRows(memory.data(), stride, plus.data(), plus.size(), columns, sum.data());
  subtractRows(memory.data(), stride, minus.data(), minus.size(), columns,
               sum.data());
  flush(sum.data(), columns, payload, values.data());
  for (std::size_t j = 0; j < columns; ++j) {
    for (std::int32_t r : plus)
      expected[j] += std::int64_t(payload) *
                     memory[static_cast<std::size_t>(r) * stride + j];
    for (std::int32_t r : minus)
      expected[j] -= std::int64_t(payload) *
                     memory[static_cast<std::size_t>(r) * stride + j];
  }
  EXPECT_EQ(values, expected) << rows << " x " << columns;
  for (std::size_t j = 0; j < columns; ++j)
    EXPECT_EQ(sum[j], 0);
}

TYPED_TEST(RowKernelsTest, SumsAreExact) {
  for (std::size_t rows : {0, 1, 7, 8, 9, 64, 255})
    for (std::size_t columns : {1, 3, 16, 67, 256})
      expectExact<TypeParam>(rows, columns, columns + 5, 1000, false);
}

TYPED_TEST(RowKernelsTest, MostRowsOfTheExtremeWeightFitTheSum) {
  expectExact<TypeParam>(
      std::min<std::size_t>(RowSum<TypeParam>::mostRows, 65535), 2, 2, 1, true);
}

TYPED_TEST(RowKernelsTest, NegativePayloadsAndLargePayloads) {
  expectExact<TypeParam>(40, 33, 48, -3, false);
  expectExact<TypeParam>(1, 33, 48, 1 << 30, false);
}

TYPED_TEST(RowKernelsTest, ScaledRowsAreExact) {
  std::mt19937 random(3);
  for (std::size_t count : {0, 1, 3, 4, 5, 17})
    for (std::size_t columns : {1, 16, 67}) {
      const std::size_t stride = columns + 3;
      std::vector<TypeParam> memory(32 * stride);
      for (TypeParam &weight : memory)
        weight = static_cast<TypeParam>(random());
      std::vector<std::int32_t> rows, payloads;
      std::vector<std::int64_t> values(columns, 5), expected(columns, 5);
      for (std::size_t i = 0; i < count; ++i) {
        rows.push_back(static_cast<std::int32_t>(random() % 32));
        payloads.push_back(static_cast<std::int32_t>(random()) / 8);
        for (std::size_t j = 0; j < columns; ++j)
          expected[j] += std::int64_t(payloads[i]) *
                         memory[static_cast<std::size_t>(rows[i]) * stride + j];
      }
      addScaledRows(memory.data(), stride, rows.data(), payloads.data(), count,
                    columns, values.data());
      EXPECT_EQ(values, expected) << count << " x " << columns;
    }
}

TEST(AddScaled, IsExactForExtremeWords) {
  const std::int32_t largest = std::numeric_limits<std::int32_t>::max();
  std::vector<std::int32_t> words(37, largest);
  words[5] = std::numeric_limits<std::int32_t>::min();
  std::vector<std::int64_t> values(37, -1);
  addScaled(words.data(), words.size(), largest, values.data());
  EXPECT_EQ(values[0], std::int64_t(largest) * largest - 1);
  EXPECT_EQ(values[5],
            std::int64_t(std::numeric_limits<std::int32_t>::min()) * largest -
                1);
}

} // namespace
