//===- LlamaShapes.h - a LLaMA's stages without its weights -----*- C++ -*-===//
//
// The network that las makes of a LLaMA, by shapes alone: weight blocks have
// sizes and no data, so that models of any size can be mapped. Codes, scales
// and tables are plausible and mean nothing.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_MAPPING_LLAMASHAPES_H
#define SYNFIRE_TESTS_UNIT_MAPPING_LLAMASHAPES_H

#include "tests/unit/program/TinyParts.h"

#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

struct LlamaShape {
  int layers, hidden, heads, keyValueHeads, intermediate, vocabulary, context;
  int weightBits = 8;
  int steps = 16;
};

/// LLaMA-2-7B, with a shorter context than its 4096 positions if asked.
inline LlamaShape llama7B(int context) {
  return {32, 4096, 32, 32, 11008, 32000, context};
}

class LlamaBuilder {
public:
  explicit LlamaBuilder(const LlamaShape &wanted) : shape(wanted) {
    program.model.name = "shapes";
    program.model.architecture = "llama";
    program.model.vocabulary = shape.vocabulary;
    program.model.hidden = shape.hidden;
    program.model.intermediate = shape.intermediate;
    program.model.layers = shape.layers;
    program.model.heads = shape.heads;
    program.model.keyValueHeads = shape.keyValueHeads;
    program.model.headWidth = headWidth();
    program.model.context = shape.context;
    program.model.bosToken = 1;
    program.model.tokenizerJson = "{}";
    program.conversion.method = "las";
    program.conversion.steps = shape.steps;
    program.conversion.wideSteps = shape.steps;
    program.neurons.push_back(phaseNeuron(shape.steps, 4, true));
    const double full = std::ldexp(1.0, shape.steps) - 1;
    program.lookupTables.push_back(sampledTable(
        "square", shape.steps, (1 << shape.steps) - 1, 6, true,
        [&](std::int64_t m) { return double(m) * double(m) / full; }));
  }

  Program build() {
    Dendrite token;
    token.kind = DendriteKind::Embed;
    token.weights = block(shape.vocabulary, shape.hidden, shape.weightBits);
    int stream = add("embed", -1, StageRole::Embedding, shape.hidden, {token});
    rotary = block(shape.context, headWidth(), 16);
    for (int i = 0; i < shape.layers; ++i) {
      const std::string layer = "layers." + std::to_string(i);
      stream = attention(layer + ".attn", i, stream);
      stream = feedForward(layer + ".mlp", i, stream);
    }
    const int normed = norm("final.norm", shape.layers, stream);
    Stage logits = stage("logits", shape.layers, StageRole::LmHead,
                         shape.vocabulary, {dense(normed, shape.vocabulary)});
    logits.fire = FireKind::Output;
    logits.unit = -1;
    logits.codeLimit = 0;
    append(std::move(logits));
    return std::move(program);
  }

private:
  int headWidth() const { return shape.hidden / shape.heads; }
  int keyWidth() const { return headWidth() * shape.keyValueHeads; }

  int block(std::int64_t rows, std::int64_t columns, int bits) {
    WeightBlock made;
    made.offset = end;
    made.rows = rows;
    made.columns = columns;
    made.bits = bits;
    end += (made.bytes() + 63) / 64 * 64;
    program.weights.blocks.push_back(made);
    return static_cast<int>(program.weights.blocks.size()) - 1;
  }

  Dendrite join(DendriteKind kind, int driver, int stored = -1) const {
    Dendrite d;
    d.kind = kind;
    d.driver = driver;
    d.stored = stored;
    d.shift = 20;
    if (kind == DendriteKind::Rotary || kind == DendriteKind::Scores ||
        kind == DendriteKind::Mix)
      d.headWidth = headWidth();
    if (kind == DendriteKind::Rotary)
      d.weights = rotary;
    if (kind == DendriteKind::Scores || kind == DendriteKind::Mix)
      d.queryPerKey = shape.heads / shape.keyValueHeads;
    return d;
  }
  Dendrite dense(int driver, int width) {
    Dendrite d = join(DendriteKind::Static, driver);
    d.weights = block(program.stages[static_cast<std::size_t>(driver)].width(),
                      width, shape.weightBits);
    return d;
  }

  Stage stage(const std::string &name, int layer, StageRole role, int width,
              std::vector<Dendrite> dendrites) const {
    Stage made;
    made.name = name;
    made.layer = layer;
    made.role = role;
    made.groupWidth = width;
    made.dendrites = std::move(dendrites);
    made.unit = 0;
    made.codeLimit = std::int64_t(4) * ((1 << shape.steps) - 1);
    return made;
  }
  int append(Stage made) {
    const int index = addStage(program, std::move(made));
    // By shapes alone a weight may be the most negative number of its width.
    for (Dendrite &d :
         program.stages[static_cast<std::size_t>(index)].dendrites)
      ++d.accumulatorBits;
    return index;
  }
  int add(const std::string &name, int layer, StageRole role, int width,
          std::vector<Dendrite> dendrites) {
    return append(stage(name, layer, role, width, std::move(dendrites)));
  }
  int addLookup(Stage made) {
    made.fire = FireKind::Lookup;
    made.codeLimit = largestEntry(program.lookupTables.front());
    return append(std::move(made));
  }

  int norm(const std::string &name, int layer, int stream) {
    const auto role = StageRole::Norm;
    const int square =
        addLookup(stage(name + ".square", layer, role, shape.hidden,
                        {join(DendriteKind::Identity, stream)}));
    const int root = addLookup(stage(name + ".rsqrt", layer, role, 1,
                                     {join(DendriteKind::Sum, square)}));
    return add(name, layer, role, shape.hidden,
               {join(DendriteKind::Product, root, stream)});
  }

  int attention(const std::string &name, int layer, int stream) {
    const auto role = StageRole::Attention;
    const int input = norm(name + ".norm", layer, stream);
    auto project = [&](const std::string &which, int width) {
      return add(name + which, layer, StageRole::Linear, width,
                 {dense(input, width)});
    };
    const int queries = project(".q_proj", shape.hidden);
    const int keys = project(".k_proj", keyWidth());
    const int query = add(name + ".q", layer, StageRole::Rope, shape.hidden,
                          {join(DendriteKind::Rotary, queries)});
    const int key = add(name + ".k", layer, StageRole::Rope, keyWidth(),
                        {join(DendriteKind::Rotary, keys)});
    const int value = project(".v_proj", keyWidth());
    Stage scores = stage(name + ".exp", layer, role, shape.context,
                         {join(DendriteKind::Scores, query, key)});
    scores.groups = shape.heads;
    scores.perKey = true;
    scores.subtractGroupMaximum = true;
    const int exp = addLookup(std::move(scores));
    const int reciprocal =
        addLookup(stage(name + ".reciprocal", layer, role, shape.heads,
                        {join(DendriteKind::Sum, exp)}));
    const int mix = add(name + ".mix", layer, role, shape.hidden,
                        {join(DendriteKind::Mix, exp, value)});
    const int out = add(name + ".out", layer, role, shape.hidden,
                        {join(DendriteKind::Product, reciprocal, mix)});
    return add(
        name + ".residual", layer, StageRole::Residual, shape.hidden,
        {join(DendriteKind::Identity, stream), dense(out, shape.hidden)});
  }

  int feedForward(const std::string &name, int layer, int stream) {
    const int input = norm(name + ".norm", layer, stream);
    const int act = addLookup(stage(name + ".act", layer, StageRole::Activation,
                                    shape.intermediate,
                                    {dense(input, shape.intermediate)}));
    const int up = add(name + ".up", layer, StageRole::Linear,
                       shape.intermediate, {dense(input, shape.intermediate)});
    const int product =
        add(name + ".product", layer, StageRole::Product, shape.intermediate,
            {join(DendriteKind::Product, act, up)});
    return add(
        name + ".residual", layer, StageRole::Residual, shape.hidden,
        {join(DendriteKind::Identity, stream), dense(product, shape.hidden)});
  }

  const LlamaShape shape;
  Program program;
  std::uint64_t end = 0;
  int rotary = -1;
};

inline Program buildLlamaShapes(const LlamaShape &shape) {
  return LlamaBuilder(shape).build();
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_MAPPING_LLAMASHAPES_H
