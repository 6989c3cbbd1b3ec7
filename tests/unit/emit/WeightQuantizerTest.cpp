//===- WeightQuantizerTest.cpp - float matrices to synapse rows -----------===//
#include "compiler/emit/WeightQuantizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

namespace {

using namespace synfire;

std::vector<float> randomMatrix(std::int64_t size) {
  std::mt19937 generator(7);
  std::vector<float> matrix(size);
  for (float &value : matrix)
    value =
        static_cast<float>(static_cast<int>(generator() % 2001) - 1000) / 500;
  return matrix;
}

TEST(WeightQuantizer, ErrorStaysWithinHalfAStepOfEachChannel) {
  const std::int64_t outputs = 5, inputs = 9;
  const std::vector<float> matrix = randomMatrix(outputs * inputs);
  for (int bits : {8, 16}) {
    const QuantizedMatrix quantized =
        quantizeWeights(matrix, outputs, inputs, {}, bits);
    for (std::int64_t out = 0; out < outputs; ++out)
      for (std::int64_t in = 0; in < inputs; ++in)
        EXPECT_LE(std::abs(quantized.scale[out] *
                               quantized.values[in * outputs + out] -
                           double(matrix[out * inputs + in])),
                  quantized.scale[out] * 0.5000001);
  }
}

TEST(WeightQuantizer, LargestAbsoluteSumIsThatOfTheHeaviestChannel) {
  const QuantizedMatrix quantized =
      quantizeWeights({1, -1, 1, 0.5f, 0, 0}, 2, 3, {}, 8);
  EXPECT_EQ(quantized.largestAbsoluteSum, 3 * 127);
}

TEST(WeightQuantizer, GainScalesInputs) {
  const QuantizedMatrix plain = quantizeWeights({2, 8}, 1, 2, {}, 16);
  const QuantizedMatrix gained = quantizeWeights({1, 2}, 1, 2, {2, 4}, 16);
  EXPECT_EQ(plain.values, gained.values);
  EXPECT_EQ(plain.scale, gained.scale);
}

TEST(WeightQuantizer, FourBitsClipWhereThatLowersTheError) {
  // One value far above many small ones: the maximum as scale would round all
  // others to zero.
  std::vector<float> channel(64, 0.1f);
  channel[0] = 1.0f;
  const QuantizedMatrix quantized = quantizeWeights(
      channel, 1, static_cast<std::int64_t>(channel.size()), {}, 4);
  double error = 0, errorOfMaximum = 0;
  for (std::size_t i = 0; i < channel.size(); ++i) {
    error += std::pow(channel[i] - quantized.scale[0] * quantized.values[i], 2);
    errorOfMaximum +=
        std::pow(channel[i] - std::nearbyint(channel[i] * 7.0) / 7.0, 2);
  }
  EXPECT_LT(error, errorOfMaximum);
}

TEST(WeightQuantizer, ChannelOfZerosHasAScale) {
  const QuantizedMatrix quantized = quantizeWeights({0, 0}, 1, 2, {}, 8);
  EXPECT_GT(quantized.scale[0], 0);
  EXPECT_EQ(quantized.largestAbsoluteSum, 0);
}

TEST(WeightQuantizer, PacksNibblesLowFirstAndPadsRows) {
  QuantizedMatrix matrix;
  matrix.inputs = 2;
  matrix.outputs = 3;
  matrix.bits = 4;
  matrix.values = {1, -1, 7, -7, 0, 2};
  EXPECT_EQ(packWeights(matrix),
            (std::vector<std::uint8_t>{0xf1, 0x07, 0x09, 0x02}));
  matrix.bits = 16;
  matrix.inputs = 1;
  matrix.values = {258, -2, 0};
  EXPECT_EQ(packWeights(matrix),
            (std::vector<std::uint8_t>{2, 1, 0xfe, 0xff, 0, 0}));
}

} // namespace
