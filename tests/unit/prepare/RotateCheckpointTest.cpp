//===- RotateCheckpointTest.cpp - another basis, the same function --------===//
#include "compiler/prepare/RotateCheckpoint.h"

#include "compiler/prepare/Hadamard.h"
#include "compiler/reference/FloatModel.h"
#include "compiler/reference/Hadamard.h"
#include "tests/unit/reference/TinyCheckpoint.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

namespace {

using namespace synfire;

std::vector<float> logitsOf(const std::string &directory,
                            const std::vector<int> &tokens) {
  auto checkpoint = Checkpoint::open(directory);
  EXPECT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  auto model = FloatModel::create(*checkpoint);
  EXPECT_TRUE(model.ok()) << model.error().message();
  Status fed = (*model)->prefill(tokens, LogitRows::All);
  EXPECT_TRUE(fed.ok()) << fed.error().message();
  return {(*model)->logits(),
          (*model)->logits() + tokens.size() * (*model)->vocabulary()};
}

class RotateCheckpoint : public testing::TestWithParam<bool> {};

TEST_P(RotateCheckpoint, ComputesTheSameFunction) {
  test::TinyShape shape;
  shape.tied = GetParam();
  const test::TinyCheckpoint tiny(shape, /*seed=*/7);
  const std::string rotated = tiny.directory() + "/rotated";
  auto checkpoint = Checkpoint::open(tiny.directory());
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message();
  const Status written = rotateCheckpoint(*checkpoint, rotated);
  ASSERT_TRUE(written.ok()) << written.error().message();

  const std::vector<int> tokens = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
  const std::vector<float> expected = logitsOf(tiny.directory(), tokens);
  const std::vector<float> actual = logitsOf(rotated, tokens);
  ASSERT_EQ(expected.size(), actual.size());
  double largest = 0;
  for (float value : expected)
    largest = std::max(largest, std::fabs(double(value)));
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(expected[i], actual[i], 1e-5 * largest) << i;

  auto other = Checkpoint::open(rotated);
  ASSERT_TRUE(other.ok());
  EXPECT_NE(checkpoint->checksum(), other->checksum());
  EXPECT_FALSE(other->config().tieEmbeddings);

  const Status again = rotateCheckpoint(*checkpoint, rotated);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().message().find("not an empty directory"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Tied, RotateCheckpoint, testing::Bool());

TEST(HadamardRotation, IsOrthogonalAndSpreadsAnOutlier) {
  for (std::int64_t width : {1, 3, 8, 12, 64}) {
    const HadamardRotation rotation(width, /*seed=*/3);
    EXPECT_EQ(width % rotation.blockWidth(), 0);
    std::vector<std::vector<float>> rows;
    for (std::int64_t i = 0; i < width; ++i) {
      std::vector<float> unit(static_cast<std::size_t>(width), 0.0f);
      unit[static_cast<std::size_t>(i)] = 1;
      rotation.apply(unit.data());
      for (float value : unit)
        if (value != 0) {
          EXPECT_NEAR(std::fabs(value),
                      1 / std::sqrt(double(rotation.blockWidth())), 1e-6);
        }
      for (const auto &row : rows)
        EXPECT_NEAR(
            std::inner_product(row.begin(), row.end(), unit.begin(), 0.0), 0,
            1e-6);
      rows.push_back(std::move(unit));
    }
  }
}

TEST(RotateBlocks, IsTheMatrixOfTheDefinitionAndItsOwnInverse) {
  constexpr std::int64_t width = 24, block = 8;
  std::vector<float> values(width);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(std::sin(1.0 + 3.0 * double(i)));
  std::vector<float> rotated = values;
  rotateBlocks(rotated.data(), width, block);
  for (std::size_t j = 0; j < values.size(); ++j) {
    double sum = 0;
    for (std::size_t i = j / block * block; i < (j / block + 1) * block; ++i) {
      const bool odd = __builtin_popcount(unsigned(i & j) % block) % 2 != 0;
      sum += odd ? -values[i] : values[i];
    }
    EXPECT_NEAR(rotated[j], sum / std::sqrt(double(block)), 1e-6) << j;
  }
  rotateBlocks(rotated.data(), width, block);
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(rotated[i], values[i], 1e-6) << i;
  std::vector<float> alone = values;
  rotateBlocks(alone.data(), width, 1);
  EXPECT_EQ(alone, values);
}

} // namespace
