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
  int tileNeurons = 0; ///< most neurons of a tile; 0: one tile a stage
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
    map();
    program.weights.memory =
        std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
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
    WeightBlock result;
    bytes.resize((bytes.size() + 63) / 64 * 64);
    result.offset = bytes.size();
    result.rows = rows;
    result.columns = columns;
    result.bits = options.weightBits;
    bytes.resize(bytes.size() + result.bytes());
    const int largest = (1 << (options.weightBits - 1)) - 1;
    std::uint8_t *row = bytes.data() + result.offset;
    for (int r = 0; r < rows; ++r, row += result.rowBytes())
      for (int c = 0; c < columns; ++c) {
        int w =
            static_cast<int>(random() % (2 * unsigned(largest) + 1)) - largest;
        auto u = static_cast<unsigned>(w);
        if (result.bits == 4)
          row[c / 2] =
              static_cast<std::uint8_t>(row[c / 2] | ((u & 15) << (c % 2 * 4)));
        else
          for (int byte = 0; byte < result.bits / 8; ++byte)
            row[c * (result.bits / 8) + byte] =
                static_cast<std::uint8_t>(u >> (8 * byte));
      }
    program.weights.blocks.push_back(result);
    return static_cast<int>(program.weights.blocks.size()) - 1;
  }

  int rotaryBlock() {
    if (rotary >= 0)
      return rotary;
    WeightBlock result;
    bytes.resize((bytes.size() + 63) / 64 * 64);
    result.offset = bytes.size();
    result.rows = options.context;
    result.columns = headWidth;
    result.bits = 16;
    for (int p = 0; p < options.context; ++p)
      for (int i = 0; i < headWidth; ++i) {
        double angle =
            p * std::pow(10000.0, -2.0 * (i % (headWidth / 2)) / headWidth);
        double value = i < headWidth / 2 ? std::cos(angle) : std::sin(angle);
        auto u =
            static_cast<unsigned>(static_cast<int>(std::lround(value * 16384)));
        bytes.push_back(static_cast<std::uint8_t>(u));
        bytes.push_back(static_cast<std::uint8_t>(u >> 8));
      }
    program.weights.blocks.push_back(result);
    return rotary = static_cast<int>(program.weights.blocks.size()) - 1;
  }

  /// Signed bits that hold +-bound.
  static int bitsFor(std::int64_t bound) {
    int bits = 1;
    while (bits < 64 && (bound >> (bits - 1)) != 0)
      ++bits;
    return bits;
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
    for (Dendrite &d : result.dendrites) {
      d.accumulatorBits = bitsFor(bound(d));
      if (d.stored >= 0) {
        std::int64_t words = stage(d.stored).codeLimit;
        if (d.form == ProductForm::Concurrent)
          words = std::max(words, stage(d.driver).codeLimit);
        d.storedBits = bitsFor(words);
      }
    }
    program.stages.push_back(std::move(result));
    return static_cast<int>(program.stages.size()) - 1;
  }
  int add(const std::string &name, int layer, StageRole role, int groups,
          int groupWidth, std::vector<Dendrite> dendrites, int neuron) {
    return add(name, layer, role, groups, groupWidth, std::move(dendrites),
               FireKind::Neuron, neuron, codeLimit(neuron));
  }
  int addLookup(const std::string &name, int layer, StageRole role, int groups,
                int groupWidth, Dendrite dendrite, int table) {
    std::int64_t limit = 0;
    for (std::int32_t entry :
         program.lookupTables[static_cast<std::size_t>(table)].entries)
      limit = std::max<std::int64_t>(limit, std::abs(std::int64_t(entry)));
    return add(name, layer, role, groups, groupWidth, {std::move(dendrite)},
               FireKind::Lookup, table, limit);
  }
  int table(LookupTable made) {
    for (std::size_t i = 0; i < program.lookupTables.size(); ++i)
      if (program.lookupTables[i].function == made.function &&
          program.lookupTables[i].entries == made.entries)
        return static_cast<int>(i);
    program.lookupTables.push_back(std::move(made));
    return static_cast<int>(program.lookupTables.size()) - 1;
  }

  /// P6 by shapes alone.
  std::int64_t bound(const Dendrite &d) const {
    std::int64_t weight = (std::int64_t(1) << (options.weightBits - 1)) - 1;
    std::int64_t x = d.driver < 0 ? 1 : stage(d.driver).codeLimit;
    std::int64_t y = d.stored < 0 ? 1 : stage(d.stored).codeLimit;
    switch (d.kind) {
    case DendriteKind::Embed:
      return weight;
    case DendriteKind::Static:
      return weight * stage(d.driver).width() * x;
    case DendriteKind::Identity:
      return x;
    case DendriteKind::Sum:
      return stage(d.driver).groupWidth * x;
    case DendriteKind::Rotary:
      return 2 * 32768 * x;
    case DendriteKind::Product:
      return x * y;
    case DendriteKind::Scores:
      return headWidth * x * y;
    case DendriteKind::Mix:
      return options.context * x * y;
    }
    return 0;
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
    return add(name + ".residual", layer, StageRole::Residual, 1, options.width,
               {fullyConnected(product, options.width,
                               std::ldexp(1.0, options.wideSteps - 4)),
                join(DendriteKind::Identity, stream)},
               wide);
  }

  /// Tile k lies on core k: heads first, then columns, even halves.
  void map() {
    Mapping &mapping = program.mapping;
    mapping.chip = generousChip();
    mapping.placement = "row-major";
    int core = 0;
    for (std::size_t s = 0; s < program.stages.size(); ++s) {
      const Stage &made = program.stages[s];
      int columns = made.groupWidth, groups = made.groups;
      if (options.tileNeurons > 0) {
        columns = std::min(columns, options.tileNeurons);
        groups = std::clamp(options.tileNeurons / made.groupWidth, 1, groups);
      }
      for (int g = 0; g < made.groups; g += groups)
        for (int c = 0; c < made.groupWidth; c += columns)
          mapping.tiles.push_back({static_cast<int>(s), core++, g,
                                   std::min(made.groups, g + groups), c,
                                   std::min(made.groupWidth, c + columns)});
    }
    const auto perChip = static_cast<int>(mapping.chip.coresPerChip());
    while (mapping.chipsX * mapping.chipsY * perChip < core)
      ++(mapping.chipsX <= mapping.chipsY ? mapping.chipsX : mapping.chipsY);
  }

  TinyOptions options;
  std::mt19937 random;
  Program program;
  std::vector<std::uint8_t> bytes;
  int headWidth = 0;
  int rotary = -1;
};

inline Program buildTinyProgram(const TinyOptions &options = {}) {
  return TinyBuilder(options).build();
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_PROGRAM_TINYPROGRAM_H
