//===- TinyStreamed.h - a small streamed Program for tests ------*- C++ -*-===//
//
// A transformer built by hand in memory that runs in several frames a token
// (docs/spec/program.md, P10 to P13): coded sites are streamed neurons, the
// residual stream and most functions are digital, softmax divides before the
// mix. What waits for a function of itself passes through a stage "late", so
// that operands of one product fire at one level. Its text carries no meaning.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_PROGRAM_TINYSTREAMED_H
#define SYNFIRE_TESTS_UNIT_PROGRAM_TINYSTREAMED_H

#include "tests/unit/program/TinyParts.h"

#include "runtime/program/Program.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

struct StreamedOptions {
  int stepsPerFrame = 1; ///< S of the default unit; above 1 with levels = 1
  int levels = 14;       ///< L of the default unit
  int guardBits = 4;     ///< of the default unit
  Rehearsal rehearsal = Rehearsal::Off; ///< of the default unit
  /// The unit of all coded sites; without banks: isNeuron(). Its code should be
  /// about membrane >> guardBits.
  NeuronConfig coded;
  int layers = 1;
  int width = 16; ///< hidden size; a multiple of 2 x heads
  int heads = 2;
  int keyValueHeads = 1; ///< divides heads
  int vocabulary = 32;
  int context = 16;
  int intermediate = 16; ///< 0: no feed-forward block
  int weightBits = 8;
  bool inputOnce = false;     ///< the token enters at the first frame alone
  bool compensated = false;   ///< averagedInput and accumulatedOutput
  bool codedWeights = false;  ///< attention weights spike; else numbers
  bool spikingTables = false; ///< exp leaves bit by bit; else as a number
  bool hadamard = false;      ///< queries, keys and products are rotated
  int tileNeurons = 0;        ///< most neurons of a tile; 0: one tile a stage
  unsigned seed = 1;
};

/// IS neuron with alpha = L / 2 levels: level l delivers 2l - L, silence -L, so
/// the code is about the membrane in units of 2^guardBits.
inline NeuronConfig isNeuron(int steps, int levels, int guardBits) {
  NeuronConfig config;
  config.input = InputMode::Streamed;
  config.steps = steps;
  config.levels = levels;
  config.guardBits = guardBits;
  const std::int64_t half = std::int64_t(1) << guardBits;
  config.offset = half;
  config.bias.assign(static_cast<std::size_t>(steps), levels * half);
  FiringTable table;
  table.rest = -levels;
  for (int t = 0; t < steps; ++t)
    for (int level = 1; level <= levels; ++level) {
      table.threshold.push_back(2 * level * half);
      table.decrement.push_back(2 * level * half);
      table.payload.push_back(2 * level - levels);
    }
  config.banks = {{0, 1, table}};
  return config;
}

/// tinyStreamedProgram drives it.
class TinyStreamedBuilder {
public:
  TinyStreamedBuilder(int frames, const StreamedOptions &wanted)
      : options(wanted), random(wanted.seed) {
    program.frames = frames;
    NeuronConfig unit = options.coded;
    if (unit.banks.empty()) {
      unit = isNeuron(frames * options.stepsPerFrame, options.levels,
                      options.guardBits);
      unit.rehearsal = options.rehearsal;
      if (unit.rehearsal != Rehearsal::Off)
        unit.rehearsalSteps = unit.steps;
    }
    const FiringTable &table = unit.banks.front().table;
    std::int64_t largest = std::abs(std::int64_t(table.rest));
    for (std::int32_t payload : table.payload)
      largest = std::max(largest, std::abs(std::int64_t(payload)));
    codedLimit = largest * unit.steps;
    guard = std::ldexp(1.0, unit.guardBits);
    program.neurons.push_back(std::move(unit));
  }

  Program build() {
    headWidth = options.width / options.heads;
    describe();
    int input = embed();
    int stream = input;
    for (int i = 0; i < options.layers; ++i) {
      std::string prefix = "layers." + std::to_string(i);
      stream = attention(prefix + ".attn", i, input, stream);
      if (options.intermediate > 0) {
        input = norm(prefix + ".mlp.norm", i, stream);
        stream = feedForward(prefix + ".mlp", i, input, stream);
      }
      input = norm(prefix + ".norm", i, stream);
    }
    Stage logits = named("logits", options.layers, StageRole::LmHead, 1,
                         options.vocabulary);
    logits.dendrites = {fullyConnected(input, options.vocabulary, 4096)};
    logits.fire = FireKind::Output;
    add(std::move(logits));

    std::vector<int> steps;
    std::vector<bool> rehearsing;
    for (const Stage &made : program.stages) {
      const bool neuron = made.fire == FireKind::Neuron;
      steps.push_back(
          neuron ? program.neurons[0].steps / program.frames
          : made.fire == FireKind::Lookup && !made.digital
              ? program.lookupTables[static_cast<std::size_t>(made.unit)]
                        .steps +
                    1
              : 1);
      rehearsing.push_back(neuron &&
                           program.neurons[0].rehearsal != Rehearsal::Off);
    }
    program.mapping.schedule =
        shortestSchedule(program.stages, steps, program.frames, rehearsing);
    mapInTiles(program, options.tileNeurons);
    weights.moveInto(program);
    return std::move(program);
  }

private:
  /// Codes of the digital stream and of exp, and what 1 is in them.
  static constexpr std::int64_t streamLimit = 32767;
  static constexpr double streamUnit = 4096;
  static constexpr int tableSteps = 12;
  static constexpr std::int64_t tableLimit = (1 << tableSteps) - 1;

  const Stage &stage(int index) const {
    return program.stages[static_cast<std::size_t>(index)];
  }
  /// What 1 is in codes of the coded sites.
  double codedUnit() const { return double(codedLimit) / 4; }
  /// What 1 is in their membranes.
  double membraneUnit() const { return codedUnit() * guard; }

  void describe() {
    ModelInfo &model = program.model;
    model.name = "tiny-streamed";
    model.architecture = "llama";
    model.vocabulary = options.vocabulary;
    model.hidden = options.width;
    model.intermediate = options.intermediate;
    model.layers = options.layers;
    model.heads = options.heads;
    model.keyValueHeads = options.keyValueHeads;
    model.headWidth = headWidth;
    model.context = options.context;
    model.bosToken = 1;
    model.eosTokens = {2};
    model.tokenizerJson = "{}";
    program.conversion.method = "dual-is";
    program.conversion.steps = program.frames;
    program.conversion.levels = program.neurons[0].levels;
    program.conversion.weightBits = options.weightBits;
    program.conversion.saa = "concurrent";
    program.conversion.calibration = "none";
    program.conversion.notes = {"made by a test"};
  }

  static Stage named(const std::string &name, int layer, StageRole role,
                     int groups, int groupWidth) {
    Stage made;
    made.name = name;
    made.layer = layer;
    made.role = role;
    made.groups = groups;
    made.groupWidth = groupWidth;
    return made;
  }

  /// The codes of accumulated outputs are F times as large in the end, and so
  /// are those of stages that pass them on.
  int add(Stage made, int gain = 1) {
    gains.push_back(gain);
    return addStage(program, std::move(made));
  }
  int addCoded(Stage made) {
    made.fire = FireKind::Neuron;
    made.unit = 0;
    made.codeLimit = codedLimit;
    return add(std::move(made));
  }
  int addNumber(Stage made, std::int64_t limit, bool accumulates = false,
                int gain = 1) {
    made.fire = FireKind::Number;
    made.digital = true;
    if (accumulates && options.compensated) {
      made.accumulatedOutput = true;
      gain = program.frames;
    }
    made.codeLimit = limit * gain;
    return add(std::move(made), gain);
  }
  int addTable(Stage made, LookupTable table, bool digital = true) {
    made.fire = FireKind::Lookup;
    made.digital = digital;
    made.unit = findOrAddTable(program, std::move(table));
    made.codeLimit =
        largestEntry(program.lookupTables[static_cast<std::size_t>(made.unit)]);
    made.accumulatedOutput = options.compensated && digital;
    const int gain = made.accumulatedOutput ? program.frames : 1;
    made.codeLimit *= gain;
    return add(std::move(made), gain);
  }

  /// A dendrite whose membranes are `factor` times its accumulators, where
  /// codes are counted without their gains.
  Dendrite join(DendriteKind kind, int driver, int stored, double factor) {
    Dendrite d;
    d.kind = kind;
    d.driver = driver;
    d.stored = stored;
    if (stored >= 0)
      d.form = ProductForm::Concurrent;
    if (kind == DendriteKind::Rotary || kind == DendriteKind::Scores ||
        kind == DendriteKind::Mix)
      d.headWidth = headWidth;
    if (kind == DendriteKind::Scores || kind == DendriteKind::Mix)
      d.queryPerKey = options.heads / options.keyValueHeads;
    if (kind == DendriteKind::Rotary) {
      if (rotary < 0)
        rotary = weights.addRotary(program, options.context, headWidth);
      d.weights = rotary;
    }
    for (int operand : {driver, stored})
      if (operand >= 0)
        factor /= gains[static_cast<std::size_t>(operand)];
    int exponent = 0;
    double mantissa = std::frexp(factor, &exponent);
    d.shift = std::max(0, 10 - exponent);
    d.multiplier = {
        static_cast<std::int32_t>(std::lround(std::ldexp(factor, d.shift)))};
    if (mantissa == 0.5 && d.shift > 0) { // a power of two
      d.shift = std::max(0, 1 - exponent);
      d.multiplier = {
          static_cast<std::int32_t>(std::lround(std::ldexp(factor, d.shift)))};
    }
    return d;
  }

  /// Static weights scaled so that typical membranes are near `target`.
  Dendrite fullyConnected(int driver, int width, double target) {
    const double inputs = double(stage(driver).width());
    const double weight = ((1 << (options.weightBits - 1)) - 1) / 1.7;
    const double typical =
        double(stage(driver).codeLimit) / 4 * weight * std::sqrt(inputs);
    Dendrite d = join(DendriteKind::Static, driver, -1, target / typical);
    const std::int32_t middle = d.multiplier[0];
    d.weights = weights.addRandom(program, static_cast<int>(inputs), width,
                                  options.weightBits, random);
    d.multiplier.clear();
    for (int i = 0; i < width; ++i)
      d.multiplier.push_back(static_cast<std::int32_t>(
          std::max(1.0, middle * (0.75 + double(random() % 512) / 1024))));
    return d;
  }

  int embed() {
    Stage made = named("embed", -1, StageRole::Embedding, 1, options.width);
    const double largest = (1 << (options.weightBits - 1)) - 1;
    const int times = options.inputOnce ? 1 : program.frames;
    Dendrite token = join(DendriteKind::Embed, -1, -1,
                          2 * membraneUnit() / (largest * times));
    token.weights = weights.addRandom(
        program, options.vocabulary, options.width, options.weightBits, random);
    token.everyFrame = !options.inputOnce;
    made.dendrites = {token};
    return addCoded(std::move(made));
  }

  /// The same codes, free to fire later.
  int late(int source) {
    const Stage &from = stage(source);
    Stage made = named(from.name + ".late", from.layer, from.role, from.groups,
                       from.groupWidth);
    made.perKey = from.perKey;
    const int gain = gains[static_cast<std::size_t>(source)];
    made.dendrites = {join(DendriteKind::Identity, source, -1, gain)};
    const std::int64_t limit = from.codeLimit / gain;
    return addNumber(std::move(made), limit, false, gain);
  }

  /// Expectation compensation of a stage with `operands` partial operands.
  void average(Stage &made, int operands) const {
    made.averagedInput = options.compensated ? operands : 0;
  }

  int norm(const std::string &name, int layer, int stream) {
    auto made = [&](const std::string &which, int width) {
      return named(name + which, layer, StageRole::Norm, 1, width);
    };
    // x^2 / 2^16; its mean; 2^14 / sqrt(mean): then x * that is x / rms * 2^22.
    Stage square = made(".square", options.width);
    square.dendrites = {join(DendriteKind::Identity, stream, -1, 1)};
    average(square, 1);
    int squares = addTable(
        std::move(square),
        sampledTable("square", 15, streamLimit, 7, true, [](std::int64_t m) {
          return double(m) * double(m) / 65536;
        }));
    Stage mean = made(".mean", 1);
    mean.dendrites = {
        join(DendriteKind::Sum, squares, -1, 1.0 / options.width)};
    int means = addNumber(std::move(mean), streamLimit);
    Stage root = made(".rsqrt", 1);
    root.dendrites = {join(DendriteKind::Identity, means, -1, 1)};
    average(root, 1);
    int roots = addTable(
        std::move(root),
        sampledTable("rsqrt", 15, streamLimit, 7, false, [](std::int64_t m) {
          return 16384 / std::sqrt(double(m ? m : 1));
        }));
    Stage normed = made("", options.width);
    normed.dendrites = {join(DendriteKind::Product, roots, late(stream),
                             membraneUnit() / (1 << 22))};
    average(normed, 2);
    return addCoded(std::move(normed));
  }

  int attention(const std::string &name, int layer, int input, int stream) {
    const int heads = options.heads;
    const int keyWidth = options.keyValueHeads * headWidth;
    auto made = [&](const std::string &which, StageRole role, int groups,
                    int width) {
      return named(name + which, layer, role, groups, width);
    };
    auto project = [&](const std::string &which, int columns) {
      Stage linear = made(which, StageRole::Linear, 1, columns);
      linear.dendrites = {fullyConnected(input, columns, membraneUnit())};
      return addCoded(std::move(linear));
    };
    auto rotate = [&](const std::string &which, int source) {
      Stage rotated = made(which, StageRole::Rope, 1, stage(source).groupWidth);
      rotated.dendrites = {
          join(DendriteKind::Rotary, source, -1, guard / 16384)};
      return addCoded(std::move(rotated));
    };
    int queryProjection = project(".q_proj", options.width);
    int keyProjection = project(".k_proj", keyWidth);
    int value = project(".v_proj", keyWidth);
    int query = rotate(".q", queryProjection);
    int key = rotate(".k", keyProjection);
    query = rotated(name + ".q_rotated", query, headWidth);
    key = rotated(name + ".k_rotated", key, headWidth);

    Stage scores = made(".exp", StageRole::Attention, heads, options.context);
    scores.perKey = true;
    scores.subtractGroupMaximum = true;
    // 1024 membrane units are a score of 1.
    scores.dendrites = {join(
        DendriteKind::Scores, query, key,
        1024 / (codedUnit() * codedUnit() * std::sqrt(double(headWidth))))};
    average(scores, 2);
    int exp = addTable(
        std::move(scores),
        sampledTable("exp", tableSteps, (1 << 20) - 1, 6, true,
                     [](std::int64_t m) {
                       return double(tableLimit) *
                              std::exp(std::min(0.0, double(m) / 1024));
                     }),
        !options.spikingTables);
    Stage total = made(".sum", StageRole::Attention, 1, heads);
    const int gain = gains[static_cast<std::size_t>(exp)];
    total.dendrites = {join(DendriteKind::Sum, exp, -1, gain)};
    int sum =
        addNumber(std::move(total), tableLimit * options.context, false, gain);
    const auto largestSum =
        static_cast<std::int32_t>(tableLimit * options.context);
    Stage inverse = made(".reciprocal", StageRole::Attention, 1, heads);
    inverse.dendrites = {join(DendriteKind::Identity, sum, -1, 1)};
    average(inverse, 1);
    int reciprocal =
        addTable(std::move(inverse),
                 sampledTable("reciprocal", tableSteps, largestSum, 7, false,
                              [](std::int64_t m) {
                                return double(tableLimit) * double(tableLimit) /
                                       double(std::max(m, tableLimit));
                              }));

    Stage weighting =
        made(".weights", StageRole::Attention, heads, options.context);
    weighting.perKey = true;
    average(weighting, 2);
    const double one = double(tableLimit) * double(tableLimit);
    const double weightUnit =
        options.codedWeights ? double(codedLimit) / 2 : double(tableLimit);
    weighting.dendrites = {
        join(DendriteKind::Product, late(exp), reciprocal,
             weightUnit * (options.codedWeights ? guard : 1) / one)};
    int weight = options.codedWeights
                     ? addCoded(std::move(weighting))
                     : addNumber(std::move(weighting), tableLimit, true);

    Stage mix = made(".mix", StageRole::Attention, 1, options.width);
    mix.dendrites = {
        join(DendriteKind::Mix, weight, value, guard / weightUnit)};
    average(mix, 2);
    int out = addCoded(std::move(mix));
    return residual(name + ".residual", layer, out, stream);
  }

  int feedForward(const std::string &name, int layer, int input, int stream) {
    const int width = options.intermediate;
    auto project = [&](const std::string &which) {
      Stage linear = named(name + which, layer, StageRole::Linear, 1, width);
      linear.dendrites = {fullyConnected(input, width, membraneUnit())};
      return addCoded(std::move(linear));
    };
    int gate = project(".gate");
    int up = project(".up");
    const double unit = codedUnit();
    Stage act = named(name + ".act", layer, StageRole::Activation, 1, width);
    act.dendrites = {join(DendriteKind::Identity, gate, -1, 1)};
    const int bits = bitsFor(codedLimit) - 1;
    int acts = addTable(
        std::move(act),
        sampledTable("silu", bits, static_cast<std::int32_t>(codedLimit), 5,
                     true,
                     [unit](std::int64_t m) {
                       return double(m) / (1 + std::exp(-double(m) / unit));
                     }),
        false);
    Stage product =
        named(name + ".product", layer, StageRole::Product, 1, width);
    product.dendrites = {join(DendriteKind::Product, acts, up, guard / unit)};
    average(product, 2);
    int products = rotated(name + ".rotated", addCoded(std::move(product)), 8);
    return residual(name + ".residual", layer, products, stream);
  }

  /// The source itself, unless the options ask for rotations.
  int rotated(const std::string &name, int source, int most) {
    if (!options.hadamard)
      return source;
    const Stage &from = stage(source);
    Stage made = named(name, from.layer, from.role, 1, from.groupWidth);
    const int block = hadamardBlock(from.groupWidth, most);
    made.dendrites = {join(DendriteKind::Hadamard, source, -1,
                           guard / std::sqrt(double(block)))};
    made.dendrites.front().headWidth = block;
    return addCoded(std::move(made));
  }

  int residual(const std::string &name, int layer, int branch, int stream) {
    Stage sum = named(name, layer, StageRole::Residual, 1, options.width);
    const double factor =
        stage(stream).fire == FireKind::Neuron ? streamUnit / codedUnit() : 1;
    sum.dendrites = {fullyConnected(branch, options.width, streamUnit),
                     join(DendriteKind::Identity, stream, -1, factor)};
    return addNumber(std::move(sum), streamLimit);
  }

  StreamedOptions options;
  std::mt19937 random;
  Program program;
  TinyWeights weights;
  std::vector<int> gains; ///< per stage
  std::int64_t codedLimit = 0;
  double guard = 1;
  int headWidth = 0;
  int rotary = -1;
};

/// `frames` is at least 2.
inline Program tinyStreamedProgram(int frames,
                                   const StreamedOptions &options = {}) {
  return TinyStreamedBuilder(frames, options).build();
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_TINYSTREAMED_H
