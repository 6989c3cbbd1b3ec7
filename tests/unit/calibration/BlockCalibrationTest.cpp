#include "../reference/TinyCheckpoint.h"
#include "compiler/calibration/DualIsCalibration.h"
#include "compiler/calibration/StreamModel.h"
#include "compiler/convert/StreamedUnits.h"

#include <gtest/gtest.h>
#include <random>

using namespace synfire;
using synfire::test::TinyCheckpoint;
using synfire::test::TinyShape;

namespace {

class BlockCalibrationTest : public testing::Test {
protected:
  void SetUp() override {
    auto opened = Checkpoint::open(tiny.directory());
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    checkpoint = std::make_unique<Checkpoint>(std::move(*opened));
    plan = planLlama(checkpoint->config());
    std::mt19937 generator(11);
    for (int window = 0; window < 5; ++window) {
      windows.emplace_back();
      for (int token = 0; token < 24; ++token)
        windows.back().push_back(static_cast<int>(generator() % 17));
    }
  }

  /// Half the range that the values need.
  static NetworkPlan narrowNetwork(int frames) {
    NetworkPlan network;
    network.form.frames = frames;
    network.form.digital = true;
    const IsShape shape = *isShape(5, frames, IsOffset::Released);
    auto unit = [&](double fullScale) {
      IsParameters parameters;
      parameters.frames = frames;
      parameters.threshold = fullScale / 16;
      parameters.levels = shape.levels;
      parameters.alpha = shape.alpha;
      return *makeIsUnit(parameters);
    };
    for (const char *layer : {"layers.0.", "layers.1."}) {
      const std::string at = layer;
      network.codings[at + "attn.norm"] = unit(1);
      network.codings[at + "attn.q"] = unit(2);
      network.codings[at + "attn.v"] = unit(1.5);
      network.codings[at + "mlp.product"] = unit(2);
    }
    network.codings["layers.0.attn.out"] = NumberUnit{12, 8};
    network.codings["final.norm"] = unit(1);
    return network;
  }

  /// Mean squared error of all logits against the float model.
  double logitError(const NetworkPlan &network) const {
    StreamModelOptions options;
    auto real = StreamModel::create(plan, *checkpoint);
    options.weightBits = 8;
    auto coded = StreamModel::create(plan, *checkpoint, options);
    EXPECT_TRUE((*coded)->setPlan(network).ok());
    double sum = 0, count = 0;
    for (const std::vector<int> &window : windows) {
      const std::vector<float> a = *(*real)->logits(window);
      const std::vector<float> b = *(*coded)->logits(window);
      for (std::size_t i = 0; i < a.size(); ++i)
        sum += double(a[i] - b[i]) * double(a[i] - b[i]);
      count += double(a.size());
    }
    return sum / count;
  }

  Status calibrate(NetworkPlan &network, const DualIsOptions &options = {}) {
    return makeBlockCalibration(*checkpoint, plan, windows, options)(network);
  }

  TinyCheckpoint tiny{TinyShape{}};
  std::unique_ptr<Checkpoint> checkpoint;
  ReferencePlan plan;
  std::vector<std::vector<int>> windows;
};

TEST_F(BlockCalibrationTest, BringsBlocksAndLogitsCloser) {
  for (int frames : {2, 4}) {
    NetworkPlan network = narrowNetwork(frames);
    const double before = logitError(network);
    std::vector<double> falls;
    DualIsOptions options;
    options.progress = [&](std::size_t done, std::size_t blocks, double start,
                           double end) {
      EXPECT_EQ(blocks, 3u);
      EXPECT_EQ(done, falls.size() + 1);
      falls.push_back(start - end);
    };
    const Status status = calibrate(network, options);
    ASSERT_TRUE(status.ok()) << status.error().message();
    ASSERT_EQ(falls.size(), 3u);
    for (double fall : falls)
      EXPECT_GE(fall, 0);
    EXPECT_GT(falls.front(), 0);
    EXPECT_LT(logitError(network), before);
  }
}

TEST_F(BlockCalibrationTest, MovesThresholdsAndInitialMembranesAlone) {
  const NetworkPlan start = narrowNetwork(2);
  NetworkPlan network = start;
  ASSERT_TRUE(calibrate(network).ok());
  ASSERT_EQ(network.codings.size(), start.codings.size());
  bool moved = false;
  for (const auto &[site, unit] : start.codings) {
    if (const auto *number = std::get_if<NumberUnit>(&unit)) {
      const auto &after = std::get<NumberUnit>(network.codings.at(site));
      EXPECT_EQ(after.bits, number->bits);
      EXPECT_EQ(after.fullScale, number->fullScale);
      continue;
    }
    const auto &before = std::get<TableUnit>(unit);
    const auto &after = std::get<TableUnit>(network.codings.at(site));
    const auto &table = before.config.banks.front().table;
    EXPECT_EQ(after.config.banks.front().table.threshold, table.threshold);
    EXPECT_EQ(after.config.banks.front().table.payload, table.payload);
    EXPECT_EQ(after.config.bias, before.config.bias);
    EXPECT_GE(after.config.offset, 0);
    EXPECT_LT(after.config.offset, table.decrement.front());
    EXPECT_NEAR(after.membraneScale / before.membraneScale,
                after.codeScale / before.codeScale, 1e-9);
    moved |= after.codeScale != before.codeScale;
  }
  EXPECT_TRUE(moved);
}

TEST_F(BlockCalibrationTest, IsTheSameOnAnyNumberOfThreads) {
  NetworkPlan one = narrowNetwork(2), three = one;
  DualIsOptions options;
  options.passes = 2;
  ASSERT_TRUE(calibrate(one, options).ok());
  options.threads = 3;
  ASSERT_TRUE(calibrate(three, options).ok());
  for (const auto &[site, unit] : one.codings)
    if (const auto *table = std::get_if<TableUnit>(&unit)) {
      const auto &other = std::get<TableUnit>(three.codings.at(site));
      EXPECT_EQ(table->codeScale, other.codeScale) << site;
      EXPECT_EQ(table->config.offset, other.config.offset) << site;
    }
}

TEST_F(BlockCalibrationTest, LeavesOneShotUnitsAlone) {
  NetworkPlan oneShot;
  oneShot.form.digital = true;
  PhaseUnit unit;
  unit.steps = 5;
  unit.threshold = 2;
  oneShot.codings["layers.0.attn.norm"] = unit;
  ASSERT_TRUE(calibrate(oneShot).ok());
  EXPECT_EQ(
      std::get<PhaseUnit>(oneShot.codings.at("layers.0.attn.norm")).threshold,
      2);
  EXPECT_TRUE(oneShot.notes.empty());
}

TEST_F(BlockCalibrationTest, RefusesTextThatItCannotRun) {
  NetworkPlan network = narrowNetwork(2);
  EXPECT_FALSE(makeBlockCalibration(*checkpoint, plan, {})(network).ok());
  EXPECT_FALSE(
      makeBlockCalibration(*checkpoint, plan, {{1, 2, 99}})(network).ok());
  DualIsOptions options;
  options.threads = 0;
  EXPECT_FALSE(calibrate(network, options).ok());
}

} // namespace
