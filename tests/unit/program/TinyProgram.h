//===- TinyProgram.h - a small complete Program for tests -------*- C++ -*-===//
//
// An attention block (and, on request, feed-forward blocks and several layers)
// built by hand in memory with seeded random weights, base-2 phase tables and
// look-up units, mapped tile by tile onto a generous chip. Its text carries no
// meaning; every dendrite kind, fire kind and product form occurs in it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_PROGRAM_TINYPROGRAM_H
#define SYNFIRE_TESTS_UNIT_PROGRAM_TINYPROGRAM_H

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

struct TinyOptions {
  int layers = 1;
  int width = 16; ///< hidden size; a multiple of 2 x heads
  int heads = 2;
  int keyValueHeads = 1; ///< divides heads
  int vocabulary = 32;
  int context = 16;
  int intermediate = 0; ///< 0: no feed-forward block
  int steps = 8;        ///< T of the coded sites
  int wideSteps = 16;   ///< T of the residual and other wide sites
  int weightBits = 8;   ///< 4, 8, 16
  bool banks = false; ///< a second bank for membranes beyond the first's range
  ProductForm form = ProductForm::Stored; ///< of every Product
  bool hadamard = false; ///< queries, keys and products are rotated once more
  int tileNeurons = 0;   ///< most neurons of a tile; 0: one tile a stage
  unsigned seed = 1;
};

/// Collects stages and weights; buildTinyProgram drives it.
class TinyBuilder {
public:
  explicit TinyBuilder(const TinyOptions &wanted)
      : options(wanted), random(wanted.seed) {
    auto &units = program.neurons;
    units.push_back(phaseNeuron(options.steps, 4, options.banks));
    units.push_back(phaseNeuron(options.wideSteps, 0));
  }

  Program build() {
    headWidth = options.width / options.heads;
    ModelInfo &model = program.model;
    model.name = "tiny";
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
    program.conversion.method = "phase";
    program.conversion.steps = options.steps;
    program.conversion.wideSteps = options.wideSteps;
    program.conversion.weightBits = options.weightBits;
    program.conversion.hg = "lut";
    program.conversion.saa =
        options.form == ProductForm::Stored ? "stored" : "concurrent";
    program.conversion.outlierAware = options.banks;
    program.conversion.calibration = "none";

    Dendrite token;
    token.kind = DendriteKind::Embed;
    token.weights = block(options.vocabulary, options.width);
    token.multiplier = {
        1 << std::max(0, options.wideSteps - options.weightBits)};
    int stream =
        add("embed", -1, StageRole::Embedding, 1, options.width, {token}, wide);
    for (int i = 0; i < options.layers; ++i) {
      std::string prefix = "layers." + std::to_string(i);
      stream = attention(prefix + ".attn", i, stream);
      if (options.intermediate > 0)
        stream = feedForward(prefix + ".mlp", i, stream);
    }
    Dendrite head = fullyConnected(stream, options.vocabulary, 64);
    add("logits", options.layers, StageRole::LmHead, 1, options.vocabulary,
        {head}, FireKind::Output, -1, 0);

    std::vector<int> stageSteps;
    for (const Stage &stage : program.stages)
      stageSteps.push_back(
          stage.fire == FireKind::Neuron
              ? program.neurons[static_cast<std::size_t>(stage.unit)].steps
          : stage.fire == FireKind::Lookup
              ? program.lookupTables[static_cast<std::size_t>(stage.unit)].steps
              : 1);
    program.mapping.schedule = shortestSchedule(program.stages, stageSteps);
    mapInTiles(program, options.tileNeurons);
    weights.moveInto(program);
    return std::move(program);
  }

private:
  static constexpr int coded = 0, wide = 1; // indices of the phase units

  const Stage &stage(int index) const {
    return program.stages[static_cast<std::size_t>(index)];
  }
  std::int64_t codeLimit(int neuron) const {
    const auto &bank =
        program.neurons[static_cast<std::size_t>(neuron)].banks.back();
    std::int64_t sum = 0;
    for (std::int32_t payload : bank.table.payload)
      sum += payload;
    return sum;
  }

  int block(int rows, int columns) {
    return weights.addRandom(program, rows, columns, options.weightBits,
                             random);
  }

  int rotaryBlock() {
    if (rotary < 0)
      rotary = weights.addRotary(program, options.context, headWidth);
    return rotary;
  }

  Dendrite join(DendriteKind kind, int driver, int stored = -1, int shift = 0) {
    Dendrite d;
    d.kind = kind;
    d.driver = driver;
    d.stored = stored;
    d.shift = shift;
    if (kind == DendriteKind::Product)
      d.form = options.form;
    if (kind == DendriteKind::Rotary || kind == DendriteKind::Scores ||
        kind == DendriteKind::Mix)
      d.headWidth = headWidth;
    if (kind == DendriteKind::Scores || kind == DendriteKind::Mix)
      d.queryPerKey = options.heads / options.keyValueHeads;
    if (kind == DendriteKind::Rotary)
      d.weights = rotaryBlock();
    return d;
  }

  /// The source itself, unless the options ask for rotations.
  int rotated(const std::string &name, int source, int most) {
    if (!options.hadamard)
      return source;
    const Stage &from = stage(source);
    const int block = hadamardBlock(from.groupWidth, most);
    // 16: the guard bits of the coded sites.
    Dendrite d = join(DendriteKind::Hadamard, source, -1, bitsFor(block) / 2);
    d.headWidth = block;
    d.multiplier = {16};
    return add(name, from.layer, from.role, 1, from.groupWidth, {d}, coded);
  }

  /// Static weights scaled so that typical membranes are near `target`.
  Dendrite fullyConnected(int driver, int width, double target) {
    Dendrite d = join(DendriteKind::Static, driver, -1, 20);
    d.weights = block(static_cast<int>(stage(driver).width()), width);
    double typical = double(stage(driver).codeLimit) / 4 *
                     ((1 << (options.weightBits - 1)) - 1) / 1.7 *
                     std::sqrt(double(stage(driver).width()));
    double base = std::max(1.0, target / typical * (1 << 20));
    d.multiplier.clear();
    for (int i = 0; i < width; ++i)
      d.multiplier.push_back(static_cast<std::int32_t>(
          std::lround(base * (0.75 + double(random() % 512) / 1024))));
    return d;
  }

  int add(const std::string &name, int layer, StageRole role, int groups,
          int groupWidth, std::vector<Dendrite> dendrites, FireKind fire,
          int unit, std::int64_t limit) {
    Stage result;
    result.name = name;
    result.layer = layer;
    result.role = role;
    result.groups = groups;
    result.groupWidth = groupWidth;
    result.dendrites = std::move(dendrites);
    result.fire = fire;
    result.unit = unit;
    result.codeLimit = limit;
    return addStage(program, std::move(result));
  }
  int add(const std::string &name, int layer, StageRole role, int groups,
          int groupWidth, std::vector<Dendrite> dendrites, int neuron) {
    return add(name, layer, role, groups, groupWidth, std::move(dendrites),
               FireKind::Neuron, neuron, codeLimit(neuron));
  }
  int addLookup(const std::string &name, int layer, StageRole role, int groups,
                int groupWidth, Dendrite dendrite, int table) {
    const std::int64_t limit =
        largestEntry(program.lookupTables[static_cast<std::size_t>(table)]);
    return add(name, layer, role, groups, groupWidth, {std::move(dendrite)},
               FireKind::Lookup, table, limit);
  }
  int table(LookupTable made) {
    return findOrAddTable(program, std::move(made));
  }

  int norm(const std::string &name, int layer, int stream) {
    const int width = options.width, top = options.wideSteps;
    const double full = std::ldexp(1.0, top) - 1;
    auto role = StageRole::Norm;
    int square = addLookup(name + ".square", layer, role, 1, width,
                           join(DendriteKind::Identity, stream),
                           table(sampledTable("square", top, (1 << top) - 1, 7,
                                              true, [&](std::int64_t m) {
                                                return double(m) * double(m) /
                                                       (full + 1);
                                              })));
    Dendrite sum = join(DendriteKind::Sum, square, -1, 16);
    sum.multiplier = {65536 / width};
    int mean = add(name + ".mean", layer, role, 1, 1, {sum}, wide);
    int inverse = addLookup(
        name + ".rsqrt", layer, role, 1, 1, join(DendriteKind::Identity, mean),
        table(sampledTable("rsqrt", top, (1 << top) - 1, 7, false,
                           [&](std::int64_t m) {
                             return full / std::sqrt(double(m ? m : 1));
                           })));
    // x / rms = x * r / (full * 2^(top/2)); a quarter of the coded range is 1.
    int shift = top + top / 2 - (options.steps - 2) - 4;
    return add(name, layer, role, 1, width,
               {join(DendriteKind::Product, inverse, stream, shift)}, coded);
  }

  int attention(const std::string &name, int layer, int stream) {
    const int width = options.width, heads = options.heads;
    const int keyWidth = options.keyValueHeads * headWidth;
    const int top = options.wideSteps;
    const double full = std::ldexp(1.0, top) - 1;
    const double typical = std::ldexp(1.0, options.steps - 2 + 4);
    auto role = StageRole::Attention;
    int input = norm(name + ".norm", layer, stream);
    auto project = [&](const std::string &which, int columns) {
      return add(name + which, layer, StageRole::Linear, 1, columns,
                 {fullyConnected(input, columns, typical)}, coded);
    };
    int queryProjection = project(".q_proj", width);
    int keyProjection = project(".k_proj", keyWidth);
    int value = project(".v_proj", keyWidth);
    int query =
        add(name + ".q", layer, StageRole::Rope, 1, width,
            {join(DendriteKind::Rotary, queryProjection, -1, 10)}, coded);
    int key = add(name + ".k", layer, StageRole::Rope, 1, keyWidth,
                  {join(DendriteKind::Rotary, keyProjection, -1, 10)}, coded);

    query = rotated(name + ".q_rotated", query, headWidth);
    key = rotated(name + ".k_rotated", key, headWidth);

    const double unit = std::ldexp(1.0, 2 * (options.steps - 2) - 4) *
                        std::sqrt(double(headWidth));
    int exp = addLookup(
        name + ".exp", layer, role, heads, options.context,
        join(DendriteKind::Scores, query, key, 4),
        table(sampledTable(
            "exp", top, (1 << 20) - 1, 6, true, [&](std::int64_t m) {
              return m >= 0 ? full : full * std::exp(double(m) / unit);
            })));
    program.stages.back().perKey = true;
    program.stages.back().subtractGroupMaximum = true;
    int contextBits = bitsFor(options.context - 1) - 1;
    int sum = add(name + ".sum", layer, role, 1, heads,
                  {join(DendriteKind::Sum, exp, -1, contextBits)}, wide);
    int reciprocal = addLookup(
        name + ".reciprocal", layer, role, 1, heads,
        join(DendriteKind::Identity, sum),
        table(sampledTable(
            "reciprocal", top, (1 << top) - 1, 7, false, [&](std::int64_t m) {
              return std::ldexp(full, top - contextBits) / double(m ? m : 1);
            })));
    int mixShift = options.steps + contextBits;
    int mix = add(name + ".mix", layer, role, 1, width,
                  {join(DendriteKind::Mix, exp, value, mixShift)}, wide);
    int outShift = 2 * top - mixShift - 4;
    int out =
        add(name + ".out", layer, role, 1, width,
            {join(DendriteKind::Product, reciprocal, mix, outShift)}, coded);
    return add(name + ".residual", layer, StageRole::Residual, 1, width,
               {fullyConnected(out, width, std::ldexp(1.0, top - 4)),
                join(DendriteKind::Identity, stream)},
               wide);
  }

  int feedForward(const std::string &name, int layer, int stream) {
    const int width = options.intermediate;
    const double unit = std::ldexp(1.0, options.steps - 2);
    const double typical = unit * 16;
    int input = norm(name + ".norm", layer, stream);
    auto project = [&](const std::string &which) {
      return add(name + which, layer, StageRole::Linear, 1, width,
                 {fullyConnected(input, width, typical)}, coded);
    };
    int gate = project(".gate");
    int up = project(".up");
    int act =
        addLookup(name + ".act", layer, StageRole::Activation, 1, width,
                  join(DendriteKind::Identity, gate),
                  table(sampledTable(
                      "silu", options.steps, (1 << (options.steps + 2)) - 1, 5,
                      true, [&](std::int64_t m) {
                        return double(m) / (1 + std::exp(-double(m) / unit));
                      })));
    int product =
        add(name + ".product", layer, StageRole::Product, 1, width,
            {join(DendriteKind::Product, act, up, options.steps - 2 - 4 + 2)},
            coded);
    product = rotated(name + ".rotated", product, 8);
    return add(name + ".residual", layer, StageRole::Residual, 1, options.width,
               {fullyConnected(product, options.width,
                               std::ldexp(1.0, options.wideSteps - 4)),
                join(DendriteKind::Identity, stream)},
               wide);
  }

  TinyOptions options;
  std::mt19937 random;
  Program program;
  TinyWeights weights;
  int headWidth = 0;
  int rotary = -1;
};

inline Program buildTinyProgram(const TinyOptions &options = {}) {
  return TinyBuilder(options).build();
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_TINYPROGRAM_H
