#include "compiler/calibration/StreamModel.h"
#include "../reference/TinyCheckpoint.h"
#include "compiler/convert/StreamedUnits.h"
#include "runtime/program/Trains.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace synfire;
using synfire::test::TinyCheckpoint;
using synfire::test::TinyShape;

namespace {

const std::vector<int> window = {3, 16, 0, 7, 7, 12, 1};

class StreamModelTest : public testing::Test {
protected:
  void SetUp() override {
    auto opened = Checkpoint::open(tiny.directory());
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    checkpoint = std::make_unique<Checkpoint>(std::move(*opened));
    plan = planLlama(checkpoint->config());
  }

  std::unique_ptr<StreamModel> model(int weightBits = 0) {
    StreamModelOptions options;
    options.weightBits = weightBits;
    auto created = StreamModel::create(plan, *checkpoint, options);
    EXPECT_TRUE(created.ok()) << created.status().error().message();
    return created.ok() ? std::move(*created) : nullptr;
  }

  static TableUnit integerSpikes(int frames, double fullScale) {
    const IsShape shape = *isShape(8, frames, IsOffset::Remark);
    IsParameters parameters;
    parameters.frames = frames;
    parameters.threshold = fullScale / 128;
    parameters.levels = shape.levels;
    parameters.alpha = shape.alpha;
    return *makeIsUnit(parameters);
  }

  /// The seven populations of each layer and the final norm.
  static NetworkPlan integerNetwork(int frames) {
    NetworkPlan network;
    network.form.frames = frames;
    network.form.digital = true;
    for (const char *layer : {"layers.0.", "layers.1."}) {
      const std::string at = layer;
      network.codings[at + "attn.norm"] = integerSpikes(frames, 4);
      network.codings[at + "attn.q"] = integerSpikes(frames, 8);
      network.codings[at + "attn.k"] = integerSpikes(frames, 8);
      network.codings[at + "attn.v"] = integerSpikes(frames, 8);
      network.codings[at + "attn.out"] = integerSpikes(frames, 8);
      network.codings[at + "mlp.norm"] = integerSpikes(frames, 4);
      network.codings[at + "mlp.product"] = integerSpikes(frames, 16);
    }
    network.codings["final.norm"] = integerSpikes(frames, 4);
    return network;
  }

  void expectLogits(const StreamModel &tested, double tolerance) const {
    auto logits = tested.logits(window);
    ASSERT_TRUE(logits.ok()) << logits.error().message();
    const auto expected = tiny.logits(window);
    for (std::size_t token = 0; token < window.size(); ++token)
      for (std::size_t i = 0; i < expected[token].size(); ++i)
        ASSERT_NEAR((*logits)[token * expected[token].size() + i],
                    expected[token][i], tolerance)
            << "token " << token << " logit " << i;
  }

  TinyCheckpoint tiny{TinyShape{}};
  std::unique_ptr<Checkpoint> checkpoint;
  ReferencePlan plan;
};

TEST_F(StreamModelTest, WithoutCodingsIsTheFloatModel) {
  const auto tested = model();
  EXPECT_EQ(tested->blocks(), 3u);
  expectLogits(*tested, 1e-4);
}

TEST_F(StreamModelTest, FramesAddUpToTheWhole) {
  const auto tested = model();
  for (int frames : {2, 5})
    for (bool once : {false, true})
      for (bool compensated : {false, true}) {
        NetworkPlan network;
        network.form.frames = frames;
        network.form.digital = true;
        network.form.inputOnce = once;
        network.form.compensated = compensated;
        ASSERT_TRUE(tested->setPlan(network).ok());
        expectLogits(*tested, 1e-4);
      }
}

TEST_F(StreamModelTest, APrefixIsSeenAsTokensInFrontOfTheWindow) {
  const std::vector<int> prefix = {7, 3, 1};
  auto values = prefixValues(plan, *checkpoint, prefix, 1);
  ASSERT_TRUE(values.ok()) << values.error().message();
  StreamModelOptions options;
  options.prefix = *values;
  options.context = static_cast<std::int64_t>(prefix.size() + window.size());
  auto created = StreamModel::create(plan, *checkpoint, options);
  ASSERT_TRUE(created.ok()) << created.error().message();
  std::vector<int> whole = prefix;
  whole.insert(whole.end(), window.begin(), window.end());
  const auto expected = tiny.logits(whole);
  for (int frames : {1, 3})
    for (bool digital : {true, false}) {
      NetworkPlan network;
      network.form.frames = frames;
      network.form.digital = digital;
      ASSERT_TRUE((*created)->setPlan(network).ok());
      auto logits = (*created)->logits(window);
      ASSERT_TRUE(logits.ok()) << logits.error().message();
      const std::size_t width = expected.front().size();
      ASSERT_EQ(logits->size(), window.size() * width);
      for (std::size_t i = 0; i < logits->size(); ++i)
        ASSERT_NEAR((*logits)[i],
                    expected[prefix.size() + i / width][i % width], 1e-4)
            << frames << " frames, logit " << i;
    }
  std::vector<int> tooLong = window;
  tooLong.push_back(1);
  const auto refused = (*created)->logits(tooLong);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what, "a window of 8 tokens, but 1 to 7 fit");
  options.prefix.rows.begin()->second.pop_back();
  EXPECT_FALSE(StreamModel::create(plan, *checkpoint, options).ok());
}

TEST_F(StreamModelTest, FineCodesStayCloseToTheFloatModel) {
  const auto tested = model(16);
  NetworkPlan network;
  for (const char *site :
       {"embed", "layers.0.attn.norm", "layers.0.attn.q_proj",
        "layers.0.attn.q", "layers.0.attn.k", "layers.0.attn.v",
        "layers.0.attn.exp", "layers.0.attn.mix", "layers.0.attn.reciprocal",
        "layers.0.attn.residual", "layers.1.mlp.norm", "layers.1.mlp.up",
        "layers.1.mlp.norm.square", "layers.1.mlp.norm.rsqrt",
        "layers.1.mlp.product"}) {
    PhaseUnit unit;
    unit.steps = 20;
    unit.threshold = 64;
    unit.rounding = true;
    network.codings[site] = unit;
  }
  ASSERT_TRUE(tested->setPlan(network).ok());
  expectLogits(*tested, 5e-3);
  network.codings["layers.0.attn.weights"] = NumberUnit{20, 1};
  network.form.digital = true;
  ASSERT_TRUE(tested->setPlan(network).ok());
  expectLogits(*tested, 5e-3);
  // A coarse code of the same sites is far away.
  network.codings["layers.0.attn.v"] = NumberUnit{2, 4};
  ASSERT_TRUE(tested->setPlan(network).ok());
  const auto logits = tested->logits(window);
  ASSERT_TRUE(logits.ok());
  const auto expected = tiny.logits(window);
  double largest = 0;
  for (std::size_t i = 0; i < expected[3].size(); ++i)
    largest = std::max(largest,
                       std::abs(double((*logits)[3 * expected[3].size() + i]) -
                                expected[3][i]));
  EXPECT_GT(largest, 0.05);
}

/// The first layer's q and k of the first tokens, by plain loops.
TEST_F(StreamModelTest, DeliversCumulativeTrainsFrameByFrame) {
  constexpr int frames = 4;
  const auto tested = model();
  const NetworkPlan network = integerNetwork(frames);
  ASSERT_TRUE(tested->setPlan(network).ok());
  auto input = tested->embed(window);
  ASSERT_TRUE(input.ok());
  const std::size_t hidden = input->size() / (window.size() * frames);
  for (std::size_t token = 0; token < window.size(); ++token)
    for (std::size_t frame = 0; frame < frames; ++frame)
      for (std::size_t i = 0; i < hidden; ++i)
        ASSERT_FLOAT_EQ((*input)[(token * frames + frame) * hidden + i],
                        (*input)[(token * frames + frames - 1) * hidden + i] *
                            static_cast<float>(frame + 1) / frames);

  const BlockValues values = tested->runBlock(0, *input);
  const auto step = std::find_if(
      plan.steps.begin(), plan.steps.end(), [](const ReferenceStep &candidate) {
        return candidate.site == "layers.0.attn.norm";
      });
  const std::vector<float> &delivered = values.read(step->result);
  const auto &unit =
      std::get<TableUnit>(network.codings.at("layers.0.attn.norm"));
  for (std::size_t token = 0; token < window.size(); ++token)
    for (std::size_t i = 0; i < hidden; ++i) {
      NeuronState state;
      begin(unit.config, state, 0);
      std::int64_t before = 0, code = 0;
      for (std::size_t frame = 0; frame < frames; ++frame) {
        const float *row = input->data() + (token * frames + frame) * hidden;
        double squares = 0;
        for (std::size_t j = 0; j < hidden; ++j)
          squares += double(row[j]) * double(row[j]);
        const double value =
            row[i] / std::sqrt(squares / double(hidden) + step->eps);
        const auto membrane = static_cast<std::int64_t>(
            std::floor(value / unit.membraneScale + 0.5));
        const int now = static_cast<int>(frame);
        code +=
            payload(unit.config, now,
                    synfire::step(unit.config, state, now, membrane - before));
        before = membrane;
        // Float against double: a membrane unit may tip one level.
        ASSERT_NEAR(delivered[(token * frames + frame) * hidden + i],
                    code * unit.codeScale, 1.01 * 4.0 / 128)
            << "token " << token << " frame " << frame << " neuron " << i;
      }
    }
}

TEST_F(StreamModelTest, OwnKeysStreamAndEarlierOnesAreComplete) {
  constexpr int frames = 3;
  const auto tested = model();
  NetworkPlan network;
  network.form.frames = frames;
  network.form.digital = true;
  ASSERT_TRUE(tested->setPlan(network).ok());
  const BlockValues values = tested->runBlock(0, *tested->embed(window));
  const auto attention = std::find_if(
      plan.steps.begin(), plan.steps.end(), [](const ReferenceStep &candidate) {
        return candidate.kind == StepKind::Attention;
      });
  const std::vector<float> &q = values.read(attention->operands[0]);
  const std::vector<float> &k = values.read(attention->operands[1]);
  const std::vector<float> &v = values.read(attention->operands[2]);
  const std::vector<float> &out = values.read(attention->result);
  const auto d = static_cast<std::size_t>(attention->headWidth);
  const auto heads = static_cast<std::size_t>(attention->heads);
  const auto shared = static_cast<std::size_t>(attention->keyValueHeads);
  for (std::size_t p = 0; p < window.size(); ++p)
    for (std::size_t frame = 0; frame < frames; ++frame)
      for (std::size_t head = 0; head < heads; ++head) {
        const std::size_t kv = head / (heads / shared) * d;
        auto rowOf = [&](std::size_t key) {
          return (key * frames + (key == p ? frame : frames - 1)) * shared * d +
                 kv;
        };
        std::vector<double> weights;
        double sum = 0;
        for (std::size_t key = 0; key <= p; ++key) {
          double score = 0;
          for (std::size_t i = 0; i < d; ++i)
            score += double(q[((p * frames + frame) * heads + head) * d + i]) *
                     double(k[rowOf(key) + i]);
          weights.push_back(std::exp(score / std::sqrt(double(d))));
          sum += weights.back();
        }
        for (std::size_t i = 0; i < d; ++i) {
          double mixed = 0;
          for (std::size_t key = 0; key <= p; ++key)
            mixed += weights[key] / sum * double(v[rowOf(key) + i]);
          ASSERT_NEAR(out[((p * frames + frame) * heads + head) * d + i], mixed,
                      1e-4)
              << "token " << p << " frame " << frame << " head " << head;
        }
      }
}

TEST_F(StreamModelTest, EightBitsInFewFramesStayClose) {
  const auto tested = model(16);
  for (int frames : {1, 2, 4}) {
    ASSERT_TRUE(tested->setPlan(integerNetwork(frames)).ok());
    expectLogits(*tested, 1.5);
  }
}

TEST_F(StreamModelTest, ARetryIsTheWholeBlockWithTheOtherUnit) {
  constexpr int frames = 2;
  const auto tested = model(8);
  ASSERT_TRUE(tested->setPlan(integerNetwork(frames)).ok());
  const std::vector<float> input = *tested->embed(window);
  const std::vector<std::string> sites = tested->codedSites(0);
  EXPECT_EQ(sites.size(), 7u);
  for (const std::string &site : sites) {
    ASSERT_TRUE(tested->setPlan(integerNetwork(frames)).ok());
    BlockValues values = tested->runBlock(0, input);
    const std::vector<float> before = tested->output(0, values);
    ASSERT_TRUE(tested->setUnit(site, integerSpikes(frames, 2)).ok());
    tested->retry(0, site, values);
    const std::vector<float> tried = tested->output(0, values);
    EXPECT_NE(tried, before) << site;
    EXPECT_EQ(tried, tested->output(0, tested->runBlock(0, input))) << site;
    values.dropTrial();
    EXPECT_EQ(tested->output(0, values), before) << site;
    tested->retry(0, site, values);
    values.takeTrial();
    EXPECT_EQ(tested->output(0, values), tried) << site;
  }
}

TEST_F(StreamModelTest, RefusesWhatItCannotRun) {
  const auto tested = model();
  EXPECT_FALSE(tested->logits({}).ok());
  EXPECT_FALSE(tested->logits({0, 17}).ok());
  EXPECT_FALSE(tested->logits(std::vector<int>(41, 1)).ok());
  NetworkPlan network;
  network.form.frames = 0;
  EXPECT_FALSE(tested->setPlan(network).ok());
  network.form.frames = 2;
  network.form.compensated = true;
  EXPECT_NE(tested->setPlan(network).error().what.find("not supported"),
            std::string::npos);
  network.form.compensated = false;
  network.codings["layers.0.attn.q"] = PhaseUnit();
  const Status status = tested->setPlan(network);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().where, "layers.0.attn.q");
  EXPECT_FALSE(tested->setUnit("layers.0.attn.k", NumberUnit()).ok());
  StreamModelOptions options;
  options.weightBits = 5;
  EXPECT_FALSE(StreamModel::create(plan, *checkpoint, options).ok());
  options.weightBits = 8;
  options.context = 41;
  EXPECT_FALSE(StreamModel::create(plan, *checkpoint, options).ok());
}

} // namespace
