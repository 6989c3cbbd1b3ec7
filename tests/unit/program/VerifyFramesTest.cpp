//===- VerifyFramesTest.cpp - P10 to P13: one broken case each ------------===//
#include "runtime/program/Widths.h"
#include "tests/unit/program/RefusedPrograms.h"
#include "tests/unit/program/TinyProgram.h"
#include "tests/unit/program/TinyStreamed.h"

using namespace synfire;
using namespace synfire::tests;

namespace {

Stage &stageNamed(Program &program, const std::string &name) {
  return program.stages[indexOf(program, name)];
}

Dendrite &first(Program &program, const std::string &name) {
  return stageNamed(program, name).dendrites.front();
}

constexpr const char *query = "layers.0.attn.q";
constexpr const char *scores = "layers.0.attn.exp";
constexpr const char *mix = "layers.0.attn.mix";
constexpr const char *sum = "layers.0.attn.sum";
constexpr const char *act = "layers.0.mlp.act";
constexpr const char *product = "layers.0.mlp.product";

void expectStreamedRefused(const std::string &rule, const std::string &message,
                           const std::function<void(Program &)> &breakIt,
                           const StreamedOptions &options = {}) {
  expectRefused(tinyStreamedProgram(4, options), rule, message, breakIt);
}

void expectWholeRefused(const std::string &rule, const std::string &message,
                        const std::function<void(Program &)> &breakIt) {
  expectRefused(buildTinyProgram(), rule, message, breakIt);
}

/// Takes one-level spikes of both signs where `sign` allows.
NeuronConfig integrateAndFire(int steps, SignMode sign) {
  NeuronConfig config;
  config.input = InputMode::Streamed;
  config.steps = steps;
  config.sign = sign;
  config.guardBits = 4;
  config.offset = 8;
  FiringTable table;
  table.threshold.assign(static_cast<std::size_t>(steps), 16);
  table.decrement = table.threshold;
  table.payload.assign(static_cast<std::size_t>(steps), 1);
  config.banks = {{0, 1, table}};
  return config;
}

TEST(VerifyFrames, acceptsManyStreamedShapes) {
  for (int frames : {2, 3, 16})
    for (int variant = 0; variant < 8; ++variant) {
      StreamedOptions options;
      options.layers = 1 + variant % 2;
      options.stepsPerFrame = variant == 3 ? 7 : 1;
      options.levels = variant == 3 ? 1 : 14;
      options.tileNeurons = variant % 3 == 0 ? 5 : 0;
      options.intermediate = variant == 4 ? 0 : 24;
      options.inputOnce = variant == 5;
      options.compensated = variant == 6;
      options.codedWeights = variant % 2 == 0;
      options.spikingTables = variant == 7;
      options.rehearsal = variant == 2 ? Rehearsal::Average : Rehearsal::Off;
      Status status = verify(tinyStreamedProgram(frames, options));
      EXPECT_TRUE(status.ok()) << frames << " frames, variant " << variant
                               << ": " << status.error().message();
    }
}

TEST(VerifyFrames, acceptsOtherNeuronsThanIs) {
  for (SignMode sign : {SignMode::None, SignMode::Bipolar}) {
    StreamedOptions options;
    options.coded = integrateAndFire(12, sign);
    options.coded.rehearsal = Rehearsal::OptimalShift;
    options.coded.rehearsalSteps = 6;
    Status status = verify(tinyStreamedProgram(4, options));
    EXPECT_TRUE(status.ok()) << status.error().message();
  }
}

TEST(VerifyFrames, numberOfFrames) {
  for (int frames : {0, -1, 257})
    expectWholeRefused("P10",
                       std::to_string(frames) + " frames a token, but must be "
                                                "from 1 to 256",
                       [&](Program &p) { p.frames = frames; });
  StreamedOptions options;
  options.levels = 2;
  EXPECT_TRUE(verify(tinyStreamedProgram(256, options)).ok());
}

TEST(VerifyFrames, neuronsAreStreamedIfThereAreFrames) {
  expectWholeRefused("P11",
                     "stage layers.0.attn.norm (4): neuron unit 0 is streamed, "
                     "but the program has 1 frame",
                     [](Program &p) {
                       p.neurons[0].input = InputMode::Streamed;
                       p.neurons[0].sign = SignMode::None;
                     });
  expectStreamedRefused("P11",
                        "stage embed (0): neuron unit 0 is all-at-once, but "
                        "the program has 4 frames",
                        [](Program &p) { p.neurons[0] = phaseNeuron(4, 4); });
  expectStreamedRefused("P11",
                        "stage embed (0): neuron unit 0 has 6 steps, which is "
                        "no multiple of 4 frames",
                        [](Program &p) { p.neurons[0] = isNeuron(6, 2, 4); });
  // Also of units that no stage fires.
  expectStreamedRefused("P11", "neuron unit 1 is all-at-once", [](Program &p) {
    p.neurons.push_back(phaseNeuron(4, 4));
  });
}

TEST(VerifyFrames, formsOfProducts) {
  for (const char *name : {scores, mix, product})
    expectStreamedRefused(
        "P12", "its form is stored, but in 4 frames it must be concurrent",
        [&](Program &p) { first(p, name).form = ProductForm::Stored; });
  for (const char *name : {scores, mix})
    expectWholeRefused(
        "P12", "not supported: a concurrent form of",
        [&](Program &p) { first(p, name).form = ProductForm::Concurrent; });
  expectStreamedRefused(
      "P3", "concurrent form given, but the kind has no stored operand",
      [](Program &p) { first(p, query).form = ProductForm::Concurrent; });
}

TEST(VerifyFrames, digitalIsWhatSendsNumbers) {
  expectStreamedRefused("P13", "sends numbers, but is not digital",
                        [](Program &p) { stageNamed(p, sum).digital = false; });
  expectStreamedRefused(
      "P13", "fires spikes of a neuron, but is digital",
      [](Program &p) { stageNamed(p, query).digital = true; });
  expectStreamedRefused("P13", "is the output, which sends nothing",
                        [](Program &p) { p.stages.back().digital = true; });
  Program program = buildTinyProgram();
  // With one frame too; the mapping then has fewer steps.
  stageNamed(program, scores).digital = true;
  EXPECT_TRUE(verifyNetwork(program).ok());
}

TEST(VerifyFrames, numbersAndTheOutputHaveNoUnit) {
  expectStreamedRefused("P5", "unit 0 given, but a number has none",
                        [](Program &p) { stageNamed(p, sum).unit = 0; });
  expectStreamedRefused("P5", "unit 3 given, but the output has none",
                        [](Program &p) { p.stages.back().unit = 3; });
  expectStreamedRefused("P1", "fire kind 4 is unknown", [](Program &p) {
    stageNamed(p, sum).fire = static_cast<FireKind>(4);
  });
}

TEST(VerifyFrames, compensation) {
  for (int power : {-1, 3})
    expectStreamedRefused(
        "P13",
        "averaged input is " + std::to_string(power) +
            ", but must be from 0 to 2",
        [&](Program &p) { stageNamed(p, scores).averagedInput = power; });
  for (const char *name : {query, act})
    expectStreamedRefused(
        "P13", "accumulates its output, but is not digital",
        [&](Program &p) { stageNamed(p, name).accumulatedOutput = true; });
  expectWholeRefused(
      "P13", "averages its input, but the program has 1 frame",
      [](Program &p) { stageNamed(p, scores).averagedInput = 1; });
  expectWholeRefused("P13",
                     "accumulates its output, but the program has 1 frame",
                     [](Program &p) {
                       stageNamed(p, scores).digital = true;
                       stageNamed(p, scores).accumulatedOutput = true;
                     });
}

TEST(VerifyFrames, onlyATokenEntersAtEveryFrame) {
  expectStreamedRefused("P10", "identity dendrite: enters at every frame",
                        [](Program &p) { first(p, act).everyFrame = true; });
  expectWholeRefused("P10",
                     "enters at every frame, but the program has 1 frame",
                     [](Program &p) { first(p, "embed").everyFrame = true; });
}

TEST(VerifyFrames, codeLimits) {
  // 4 steps of 14 levels around the middle one.
  expectStreamedRefused(
      "P6", "code limit is 55, but the unit emits codes up to 56",
      [](Program &p) { stageNamed(p, query).codeLimit = 55; });
  for (std::int64_t limit : {std::int64_t(-1), std::int64_t(1) << 31})
    expectStreamedRefused(
        "P6", "must be from 0 to 2147483647",
        [&](Program &p) { stageNamed(p, sum).codeLimit = limit; });
  expectStreamedRefused("P13", "code limit is 0, but a number needs at least 1",
                        [](Program &p) { stageNamed(p, sum).codeLimit = 0; });
  StreamedOptions compensated;
  compensated.compensated = true;
  expectStreamedRefused(
      "P13", "code limit is 3, but a number needs at least 4",
      [](Program &p) { stageNamed(p, "layers.0.attn.weights").codeLimit = 3; },
      compensated);
  expectStreamedRefused(
      "P6", "code limit is 16379, but the unit emits codes up to 16380",
      [](Program &p) { --stageNamed(p, scores).codeLimit; }, compensated);
}

TEST(VerifyFrames, aRowThatEntersEveryFrameNeedsTheBits) {
  // The largest of 8 bits four times.
  expectStreamedRefused(
      "P6", "embed dendrite: accumulators reach 508, which needs 10 bits",
      [](Program &p) { first(p, "embed").accumulatorBits = 9; });
  StreamedOptions once;
  once.inputOnce = true;
  Program program = tinyStreamedProgram(4, once);
  EXPECT_EQ(first(program, "embed").accumulatorBits, 8);
  EXPECT_TRUE(verify(program).ok());
}

TEST(VerifyFrames, averagesFitTheirIntermediates) {
  StreamedOptions options;
  options.compensated = true;
  // Two operands: a factor of 4^2 and one of 2 beside the sum.
  expectStreamedRefused(
      "P13",
      "the sum of its dendrites takes up to 58 bits, but to average it over 4 "
      "frames it must fit 57",
      [](Program &p) {
        Dendrite &d = first(p, scores);
        d.accumulatorBits = 56;
        d.multiplier = {1};
        d.shift = 0;
      },
      options);
  Program program = tinyStreamedProgram(4, options);
  Dendrite &d = first(program, scores);
  d.accumulatorBits = 55;
  d.multiplier = {1};
  d.shift = 0;
  EXPECT_TRUE(verify(program).ok());
  // Without averaging there is room.
  stageNamed(program, scores).averagedInput = 0;
  d.accumulatorBits = 61;
  EXPECT_TRUE(verify(program).ok());
}

TEST(VerifyFrames, operandsOfAProductFireTogether) {
  expectStreamedRefused("P9", "its operands stage layers.0.attn.q",
                        [](Program &p) {
                          // A level later for all that reads the keys, but not
                          // for the query.
                          Schedule &schedule = p.mapping.schedule;
                          schedule.levelSteps.push_back(1);
                          for (std::size_t s = indexOf(p, "layers.0.attn.k");
                               s < p.stages.size(); ++s)
                            ++schedule.fireLevel[s];
                        });
  expectStreamedRefused("P9", "but must fire at one", [](Program &p) {
    --p.mapping.schedule.fireLevel[indexOf(p, "layers.0.attn.v_proj")];
  });
}

TEST(VerifyFrames, rehearsalsWaitForTheLastFrame) {
  StreamedOptions options;
  options.rehearsal = Rehearsal::Average;
  Program program = tinyStreamedProgram(4, options);
  const auto &level = program.mapping.schedule.fireLevel;
  EXPECT_EQ(level[indexOf(program, "embed")], 3);
  EXPECT_EQ(level[indexOf(program, "layers.0.attn.q_proj")], 7);
  expectStreamedRefused(
      "P9",
      "stage embed (0): rehearses 4 frames and fires at level 2, but its last "
      "frame is complete at level 3",
      [](Program &p) { --p.mapping.schedule.fireLevel[0]; }, options);
  expectStreamedRefused(
      "P9",
      "(1): rehearses 4 frames and fires at level 6, but its last frame is "
      "complete at level 7",
      [](Program &p) { --p.mapping.schedule.fireLevel[1]; }, options);
}

TEST(VerifyFrames, aWindowHoldsOneFrame) {
  StreamedOptions options;
  options.stepsPerFrame = 3;
  options.levels = 1;
  Program program = tinyStreamedProgram(4, options);
  EXPECT_EQ(program.mapping.schedule.levelSteps[0], 3);
  expectStreamedRefused(
      "P9", "level 0 has 12 steps, but its units need 3",
      [](Program &p) { p.mapping.schedule.levelSteps[0] = 12; }, options);
  expectStreamedRefused(
      "P9", "slots, but its operands fire",
      [](Program &p) { ++p.mapping.schedule.slots[2]; }, options);
}

/// The running sum of every train of the alphabet {rest, 0, payloads of a step,
/// and their negatives if any}, by exhaustion.
std::int64_t largestByExhaustion(const NeuronConfig &config, bool negatives) {
  const FiringTable &table = config.banks.front().table;
  std::int64_t largest = 0;
  std::function<void(int, std::int64_t, int)> walk = [&](int step,
                                                         std::int64_t code,
                                                         int sent) {
    largest = std::max(largest, std::abs(code));
    if (step == config.steps)
      return;
    walk(step + 1, code, sent);
    walk(step + 1, code + table.rest, sent);
    if (config.cap > 0 && sent == config.cap)
      return;
    for (int level = 0; level < config.levels; ++level) {
      const std::int64_t payload =
          table.payload[static_cast<std::size_t>(step * config.levels + level)];
      walk(step + 1, code + payload, sent + 1);
      if (negatives)
        walk(step + 1, code - payload, sent + 1);
    }
  };
  walk(0, 0, 0);
  return largest;
}

TEST(StreamedWidths, largestCodeIsThatOfTheWorstTrain) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    NeuronConfig config =
        integrateAndFire(1 + int(random() % 4), SignMode::None);
    config.levels = 1 + int(random() % 3);
    FiringTable &table = config.banks[0].table;
    table.payload.clear();
    for (int i = 0; i < config.steps * config.levels; ++i)
      table.payload.push_back(int(random() % 21) - 5);
    switch (random() % 5) {
    case 0:
      table.rest = int(random() % 11) - 5;
      break;
    case 1:
      config.cap = 1 + int(random() % 3);
      break;
    case 2:
      config.sign = SignMode::Bipolar;
      break;
    case 3:
      config.negative = NegativeRule::BelowZero;
      break;
    default:
      break;
    }
    const bool negatives = config.sign == SignMode::Bipolar ||
                           config.negative == NegativeRule::BelowZero;
    EXPECT_EQ(largestCode(config), largestByExhaustion(config, negatives))
        << "round " << round;
  }
}

TEST(StreamedWidths, theTracerBoundsWhatIsProportionalToIt) {
  NeuronConfig config = integrateAndFire(32, SignMode::None);
  for (std::int32_t &payload : config.banks[0].table.payload)
    payload = 3;
  EXPECT_EQ(largestCode(config), 96);
  config.negative = NegativeRule::BelowZero;
  config.tracerMinimum = -5;
  config.tracerMaximum = 7;
  // Only the lower bound holds.
  EXPECT_EQ(largestCode(config), 96);
  config.tracerOn = true;
  EXPECT_EQ(largestCode(config), 21);
  config.tracerMinimum = -9;
  EXPECT_EQ(largestCode(config), 27);
  // A tracer that starts beyond its bounds.
  config.tracerMinimum = 2;
  config.tracerMaximum = 4;
  EXPECT_EQ(largestCode(config), 12);
  // Spikes of different payloads: positive ones may be the large ones.
  config.banks[0].table.payload[9] = 4;
  EXPECT_EQ(largestCode(config), 97);
}

TEST(StreamedWidths, theTracerOfFromTracerCountsLevels) {
  NeuronConfig config = integrateAndFire(8, SignMode::None);
  config.levels = 3;
  config.negative = NegativeRule::FromTracer;
  config.tracerOn = true;
  config.tracerMinimum = 0;
  config.tracerMaximum = 10;
  FiringTable table;
  for (int step = 0; step < 8; ++step)
    for (int level = 1; level <= 3; ++level) {
      table.threshold.push_back(16 * level);
      table.decrement.push_back(16 * level);
      table.payload.push_back(2 * level);
    }
  config.banks[0].table = table;
  EXPECT_EQ(largestCode(config), 20);
  // Levels that all deliver one payload are not proportional to it.
  for (std::int32_t &payload : config.banks[0].table.payload)
    payload = 6;
  EXPECT_EQ(largestCode(config), 48);
}

/// The unit itself, driven to its limits.
TEST(StreamedWidths, noTrainOfTheUnitExceedsTheBound) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    NeuronConfig config =
        integrateAndFire(1 + int(random() % 12), SignMode::None);
    switch (random() % 4) {
    case 0:
      config = isNeuron(config.steps, 1 + int(random() % 9), 3);
      break;
    case 1:
      config.sign = SignMode::Bipolar;
      break;
    case 2:
      config.negative = NegativeRule::BelowZero;
      config.tracerOn = true;
      config.tracerMinimum = -int(random() % 4);
      config.tracerMaximum = int(random() % 4);
      break;
    default:
      config.negative = NegativeRule::FromTracer;
      config.tracerOn = random() % 2;
      config.tracerMaximum = int(random() % 4);
      break;
    }
    ASSERT_TRUE(verify(config).ok()) << verify(config).error().message();
    const std::int64_t bound = largestCode(config);
    for (int train = 0; train < 20; ++train) {
      NeuronState state;
      begin(config, state, 0);
      std::int64_t code = 0;
      for (int t = 0; t < config.steps; ++t) {
        const int current = int(random() % 400) - 200;
        code += payload(config, t, step(config, state, t, current));
        EXPECT_LE(std::abs(code), bound) << "round " << round;
      }
    }
  }
}

} // namespace
