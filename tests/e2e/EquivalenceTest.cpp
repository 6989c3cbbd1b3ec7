//===- EquivalenceTest.cpp - what conversion theorems promise -------------===//
//
// Equalities that hold exactly in a real network, population by population: the
// code that leaves is the quantised membrane. Where that holds for all, the
// network is the quantised network, to the last bit.
//
//===----------------------------------------------------------------------===//
#include "compiler/convert/Settings.h"
#include "compiler/pipelines/Compile.h"
#include "runtime/engine/Engine.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>

namespace synfire {
namespace {

constexpr int tokens = 24;

const Checkpoint &shipped() {
  static const Checkpoint checkpoint = [] {
    auto opened = Checkpoint::open(SYNFIRE_SOURCE_DIR "/models/fable-0.9M");
    EXPECT_TRUE(opened.ok()) << opened.error().message();
    return *opened;
  }();
  return checkpoint;
}

const Calibration &calibration() {
  static const Calibration collected = [] {
    CalibrationOptions options;
    options.file = SYNFIRE_SOURCE_DIR "/models/fable-0.9M/calibration.txt";
    options.tokens = 512;
    auto made = collectCalibration(shipped(), options);
    EXPECT_TRUE(made.ok()) << made.error().message();
    return *made;
  }();
  return collected;
}

std::shared_ptr<const Program> compiled(const std::string &configuration) {
  ConversionOptions defaults;
  defaults.steps = 0;
  defaults.context = 32;
  CompileOptions options;
  auto conversion = parseConfiguration(configuration, defaults);
  EXPECT_TRUE(conversion.ok()) << conversion.error().message();
  options.conversion = *conversion;
  auto plan = planConversion(shipped(), options, calibration());
  EXPECT_TRUE(plan.ok()) << plan.error().message();
  auto program = compilePlan(shipped(), options, calibration(), *plan);
  EXPECT_TRUE(program.ok()) << program.error().message();
  return std::make_shared<const Program>(std::move(*program));
}

Run execute(const std::shared_ptr<const Program> &program,
            StageObserver *observer = nullptr) {
  auto engine = Engine::create(program);
  EXPECT_TRUE(engine.ok()) << engine.error().message();
  (*engine)->setObserver(observer);
  const std::vector<int> &window = calibration().windows.front();
  const Status fed = (*engine)->prefill(
      std::vector<int>(window.begin(), window.begin() + tokens),
      LogitsWanted::All);
  EXPECT_TRUE(fed.ok()) << fed.error().message();
  Run run;
  (*engine)->fillRun(run);
  return run;
}

/// Counts the neurons whose code is not round-half-up(membrane / threshold)
/// within [low, high].
class QuantiserCheck final : public StageObserver {
public:
  using Limits = std::function<void(const NeuronConfig &, std::int64_t &theta,
                                    std::int64_t &low, std::int64_t &high)>;
  QuantiserCheck(const Program &executed, Limits from)
      : program(executed), limits(std::move(from)) {}

  void onStage(int index, int, const std::int32_t *membranes,
               const std::int32_t *codes, std::size_t active) override {
    const Stage &stage = program.stages[static_cast<std::size_t>(index)];
    if (stage.fire != FireKind::Neuron)
      return;
    const NeuronConfig &unit =
        program.neurons[static_cast<std::size_t>(stage.unit)];
    std::int64_t theta = 1, low = 0, high = 0;
    limits(unit, theta, low, high);
    for (std::size_t i = 0; i < active; ++i) {
      const std::int64_t doubled = 2 * std::int64_t(membranes[i]) + theta;
      const std::int64_t quotient =
          doubled / (2 * theta) - (doubled % (2 * theta) < 0);
      differing += codes[i] != std::clamp(quotient, low, high);
      clipped += quotient < low || quotient > high;
    }
    checked += active;
  }

  std::uint64_t checked = 0, differing = 0, clipped = 0;

private:
  const Program &program;
  Limits limits;
};

TEST(Equivalence, DualIsInOneStepIsTheQuantisedModel) {
  auto program = compiled("dual-is:steps=1,activation-bits=6");
  // Thresholds of level l lie half a step below l * theta.
  QuantiserCheck check(*program,
                       [](const NeuronConfig &unit, std::int64_t &theta,
                          std::int64_t &low, std::int64_t &high) {
                         EXPECT_EQ(unit.steps, 1);
                         theta = unit.banks.back().table.threshold[1] -
                                 unit.banks.back().table.threshold[0];
                         low = -32;
                         high = 31;
                       });
  execute(program, &check);
  EXPECT_GT(check.checked, 10000u);
  EXPECT_EQ(check.differing, 0u);
}

TEST(Equivalence, SpikeZipAtEquilibriumIsTheQuantisedModel) {
  const auto limits = [](const NeuronConfig &unit, std::int64_t &theta,
                         std::int64_t &low, std::int64_t &high) {
    theta = unit.banks.front().table.decrement.front();
    low = unit.tracerMinimum;
    high = unit.tracerMaximum;
  };
  auto settled = compiled("spikezip:steps=128,quantiser-levels=16");
  QuantiserCheck check(*settled, limits);
  execute(settled, &check);
  EXPECT_GT(check.checked, 10000u);
  EXPECT_EQ(check.differing, 0u);
  EXPECT_GT(check.clipped, 0u);
  // Stopped earlier it is wrong by the undelivered spikes.
  auto stopped = compiled("spikezip:steps=4,quantiser-levels=16");
  QuantiserCheck early(*stopped, limits);
  execute(stopped, &early);
  EXPECT_GT(early.differing, 0u);
}

TEST(Equivalence, ProductsStoredAndConcurrentAreTheSame) {
  const auto stored = execute(compiled("las:steps=8,saa=stored"));
  const auto concurrent = execute(compiled("las:steps=8,saa=concurrent"));
  EXPECT_EQ(stored.digest, concurrent.digest);
  EXPECT_LT(stored.total[Counter::SopOther],
            concurrent.total[Counter::SopOther]);
}

TEST(Equivalence, AMaskNeverAddsSpikes) {
  for (const char *code : {"rounding:steps=6", "las-lite:steps=8"}) {
    const auto whole = execute(compiled(code));
    const auto masked = execute(compiled(std::string(code) + ",cap=2"));
    // The first populations see the same input; later ones see what the mask
    // has left of it.
    for (std::size_t s = 0; s < whole.stages.size(); ++s) {
      if (whole.stageNames[s] != "layers.0.attn.norm")
        continue;
      EXPECT_LT(masked.stages[s].counters[Counter::Spike],
                whole.stages[s].counters[Counter::Spike]);
      EXPECT_LE(masked.stages[s].counters[Counter::Spike],
                2 * masked.stages[s].values);
    }
    EXPECT_LT(masked.total[Counter::Spike], whole.total[Counter::Spike]);
    EXPECT_LT(masked.total[Counter::WeightRead],
              whole.total[Counter::WeightRead]);
  }
}

/// Codes of one stage, token by token.
class StageCodes final : public StageObserver {
public:
  StageCodes(const Program &program, const std::string &name) {
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      if (program.stages[s].name == name)
        wanted = static_cast<int>(s);
  }
  void onStage(int stage, int position, const std::int32_t *,
               const std::int32_t *codes, std::size_t active) override {
    if (stage == wanted)
      seen[position].assign(codes, codes + active);
  }
  std::map<int, std::vector<std::int32_t>> seen;

private:
  int wanted = -1;
};

TEST(Equivalence, AnUnfoldedNeuronSendsTheCodeOfTheGradedOne) {
  const std::string base =
      "dual-is:steps=4,activation-bits=4,calibrate-blocks=off";
  const auto graded = compiled(base), unfolded = compiled(base + ",unfold=on");
  // Later populations see what differences of scale have left of the first.
  StageCodes one(*graded, "layers.0.attn.norm"),
      many(*unfolded, "layers.0.attn.norm");
  const auto gradedRun = execute(graded, &one);
  const auto unfoldedRun = execute(unfolded, &many);
  std::size_t neurons = 0, differing = 0;
  for (const auto &[position, codes] : one.seen)
    for (std::size_t i = 0; i < codes.size(); ++i) {
      ++neurons;
      differing += codes[i] != many.seen[position][i];
    }
  EXPECT_GT(neurons, 1000u);
  // The two membranes have different units: a value within half of one from a
  // threshold may fall on either side.
  EXPECT_LE(differing, neurons / 500);
  EXPECT_GT(unfoldedRun.total[Counter::Spike], gradedRun.total[Counter::Spike]);
}

} // namespace
} // namespace synfire
