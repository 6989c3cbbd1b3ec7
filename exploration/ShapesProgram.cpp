//===- ShapesProgram.cpp - a transformer from its shape alone -------------===//
#include "exploration/ShapesProgram.h"

#include "compiler/emit/ProgramBuilder.h"

#include <fmt/format.h>

namespace synfire {
namespace {

/// Real ranges have no influence on the mapping; these let every look-up table
/// be built.
constexpr double inputLimit = 8, fullScale = 8;

class Network {
public:
  Network(const ModelShape &model, const ShapesOptions &settings)
      : shape(model), options(settings),
        layers(settings.layers < 0 ? static_cast<int>(model.layers)
                                   : settings.layers),
        builder(info(model, settings, layers), nullptr, nullptr) {}

  Result<Program> build() {
    SYNFIRE_TRY(addEmbedding());
    for (int layer = 0; layer < layers; ++layer) {
      SYNFIRE_TRY(addAttention(layer));
      SYNFIRE_TRY(addFeedForward(layer));
    }
    SYNFIRE_TRY(addNorm("final.norm", layers));
    StageSpec logits =
        population("logits", StageRole::LmHead, shape.vocabulary);
    logits.layer = layers;
    logits.unit = OutputUnit{};
    logits.dendrites = {weights(last)};
    SYNFIRE_TRY(add(logits));
    return builder.take();
  }

private:
  static ModelInfo info(const ModelShape &shape, const ShapesOptions &options,
                        int layers) {
    ModelInfo info;
    info.name = shape.name;
    info.vocabulary = static_cast<int>(shape.vocabulary);
    info.hidden = static_cast<int>(shape.hidden);
    info.intermediate = static_cast<int>(shape.intermediate);
    info.layers = layers;
    info.heads = static_cast<int>(shape.heads);
    info.keyValueHeads = static_cast<int>(shape.keyValueHeads);
    info.headWidth = static_cast<int>(shape.headWidth);
    info.context = options.context;
    return info;
  }

  StageSpec population(const std::string &name, StageRole role,
                       std::int64_t width) const {
    StageSpec spec;
    spec.name = name;
    spec.layer = currentLayer;
    spec.role = role;
    spec.groupWidth = static_cast<int>(width);
    spec.unit = PhaseUnit{options.steps, 1, 1, 0, false};
    return spec;
  }
  StageSpec wide(StageSpec spec) const {
    spec.unit = PhaseUnit{options.wideSteps, 1, 1, 0, false};
    return spec;
  }
  StageSpec nonlinear(StageSpec spec, Nonlinearity function) const {
    NonlinearUnit unit;
    unit.function = function;
    unit.steps = options.steps;
    unit.fullScale = fullScale;
    unit.inputLimit = inputLimit;
    unit.entries = options.lookupEntries;
    spec.unit = unit;
    return spec;
  }

  static DendriteSpec dendrite(DendriteKind kind, int driver, int stored = -1) {
    DendriteSpec spec;
    spec.kind = kind;
    spec.driver = driver;
    spec.stored = stored;
    return spec;
  }
  DendriteSpec weights(int driver) const {
    DendriteSpec spec = dendrite(DendriteKind::Static, driver);
    spec.weightBits = options.weightBits;
    return spec;
  }
  DendriteSpec attention(DendriteKind kind, int driver, int stored) const {
    DendriteSpec spec = dendrite(kind, driver, stored);
    spec.headWidth = static_cast<int>(shape.headWidth);
    spec.queryPerKey = static_cast<int>(shape.heads / shape.keyValueHeads);
    return spec;
  }

  /// Over the channels. Synapses of weight one, unlike a sum, can be split over
  /// cores; where the compiler has the last word it sums.
  DendriteSpec total(int driver) const {
    return shape.norm == Norm::Layer ? weights(driver)
                                     : dendrite(DendriteKind::Sum, driver);
  }

  Status add(const StageSpec &spec) {
    last = static_cast<int>(builder.program().stages.size());
    return builder.add(spec);
  }

  Status addEmbedding() {
    StageSpec embed =
        wide(population("embed", StageRole::Embedding, shape.hidden));
    DendriteSpec token = dendrite(DendriteKind::Embed, -1);
    token.weightBits = options.weightBits;
    embed.dendrites = {token};
    return add(embed);
  }

  /// Of the residual stream `last`; leaves the normalised train in `last`.
  Status addNorm(const std::string &name, int layer) {
    currentLayer = layer;
    int stream = last;
    if (shape.norm == Norm::Layer) {
      StageSpec mean = wide(population(name + ".mean", StageRole::Norm, 1));
      mean.dendrites = {total(stream)};
      SYNFIRE_TRY(add(mean));
      StageSpec centred =
          wide(population(name + ".centred", StageRole::Norm, shape.hidden));
      centred.dendrites = {dendrite(DendriteKind::Identity, stream),
                           weights(last)};
      SYNFIRE_TRY(add(centred));
      stream = last;
    }
    StageSpec square =
        nonlinear(population(name + ".square", StageRole::Norm, shape.hidden),
                  Nonlinearity::Square);
    square.dendrites = {dendrite(DendriteKind::Identity, stream)};
    std::get<NonlinearUnit>(square.unit).steps = options.wideSteps;
    SYNFIRE_TRY(add(square));
    StageSpec root = nonlinear(population(name + ".rsqrt", StageRole::Norm, 1),
                               Nonlinearity::InverseSquareRoot);
    root.dendrites = {total(last)};
    SYNFIRE_TRY(add(root));
    StageSpec norm = population(name, StageRole::Norm, shape.hidden);
    norm.dendrites = {dendrite(DendriteKind::Product, last, stream)};
    return add(norm);
  }

  /// A projection of `input`, and its rotation where the model rotates.
  Status addOperand(const std::string &name, int input, std::int64_t width,
                    bool rotated) {
    StageSpec projection =
        population(rotated ? name + "_proj" : name, StageRole::Linear, width);
    projection.dendrites = {weights(input)};
    if (!rotated)
      return add(projection);
    SYNFIRE_TRY(add(wide(projection)));
    StageSpec rope = population(name, StageRole::Rope, width);
    rope.dendrites = {dendrite(DendriteKind::Rotary, last)};
    rope.dendrites.front().headWidth = static_cast<int>(shape.headWidth);
    return add(rope);
  }

  Status addAttention(int layer) {
    const std::string prefix = fmt::format("layers.{}.attn", layer);
    const int stream = last;
    SYNFIRE_TRY(addNorm(prefix + ".norm", layer));
    const int input = last;
    SYNFIRE_TRY(
        addOperand(prefix + ".q", input, shape.queryWidth(), shape.rotary));
    const int queries = last;
    SYNFIRE_TRY(
        addOperand(prefix + ".k", input, shape.keyValueWidth(), shape.rotary));
    const int keys = last;
    SYNFIRE_TRY(
        addOperand(prefix + ".v_proj", input, shape.keyValueWidth(), false));
    const int values = last;

    StageSpec exponential = nonlinear(
        population(prefix + ".exp", StageRole::Attention, options.context),
        Nonlinearity::Exp);
    exponential.groups = static_cast<int>(shape.heads);
    exponential.perKey = true;
    exponential.subtractGroupMaximum = true;
    exponential.dendrites = {attention(DendriteKind::Scores, queries, keys)};
    SYNFIRE_TRY(add(exponential));
    const int scores = last;
    StageSpec reciprocal = nonlinear(
        population(prefix + ".reciprocal", StageRole::Attention, shape.heads),
        Nonlinearity::Reciprocal);
    reciprocal.dendrites = {dendrite(DendriteKind::Sum, scores)};
    SYNFIRE_TRY(add(reciprocal));
    const int divisor = last;
    StageSpec mix = wide(
        population(prefix + ".mix", StageRole::Attention, shape.queryWidth()));
    mix.dendrites = {attention(DendriteKind::Mix, scores, values)};
    SYNFIRE_TRY(add(mix));
    StageSpec out =
        population(prefix + ".out", StageRole::Attention, shape.queryWidth());
    out.dendrites = {dendrite(DendriteKind::Product, divisor, last)};
    SYNFIRE_TRY(add(out));
    return addResidual(prefix + ".residual", stream);
  }

  Status addResidual(const std::string &name, int stream) {
    StageSpec residual =
        wide(population(name, StageRole::Residual, shape.hidden));
    residual.dendrites = {dendrite(DendriteKind::Identity, stream),
                          weights(last)};
    return add(residual);
  }

  Status addFeedForward(int layer) {
    const std::string prefix = fmt::format("layers.{}.mlp", layer);
    const int stream = last;
    SYNFIRE_TRY(addNorm(prefix + ".norm", layer));
    const int input = last;
    StageSpec activation =
        population(prefix + ".act", StageRole::Activation, shape.intermediate);
    activation.dendrites = {weights(input)};
    // A neuron that has no negative spikes rectifies; GELU is a look-up unit as
    // SiLU is.
    if (shape.feedForward != FeedForward::Relu)
      activation = nonlinear(activation, Nonlinearity::SiLU);
    SYNFIRE_TRY(add(activation));
    if (shape.feedForward == FeedForward::GatedSilu) {
      const int gate = last;
      StageSpec up =
          population(prefix + ".up", StageRole::Linear, shape.intermediate);
      up.dendrites = {weights(input)};
      SYNFIRE_TRY(add(up));
      StageSpec product = population(prefix + ".product", StageRole::Product,
                                     shape.intermediate);
      product.dendrites = {dendrite(DendriteKind::Product, gate, last)};
      SYNFIRE_TRY(add(product));
    }
    return addResidual(prefix + ".residual", stream);
  }

  const ModelShape &shape;
  const ShapesOptions &options;
  int layers;
  ProgramBuilder builder;
  int last = -1; ///< the stage added last
  int currentLayer = -1;
};

} // namespace

Result<Program> shapesProgram(const ModelShape &shape,
                              const ShapesOptions &options) {
  SYNFIRE_TRY(verify(shape));
  if (!shape.languageModelHead)
    return makeError("not supported: a model without a language model head",
                     shape.name);
  const std::int64_t layers = options.layers;
  if (layers > shape.layers || options.context < 1)
    return makeError(fmt::format("{} layers and {} positions were asked for",
                                 layers, options.context),
                     shape.name,
                     fmt::format("the model has {} layers", shape.layers));
  Network network(shape, options);
  return network.build();
}

} // namespace synfire
