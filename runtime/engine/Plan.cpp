//===- Plan.cpp - a Program prepared for the engine -----------------------===//
#include "runtime/engine/Plan.h"

#include "runtime/engine/PanelProduct.h"
#include "runtime/program/Digest.h"

#include <algorithm>
#include <string>

namespace synfire {
namespace {

/// Weights up to this size are kept in the form of their product.
constexpr std::uint64_t heldLimit = std::uint64_t(2) << 30;
/// Tokens that a thread takes at a time: few enough for the second cache level
/// to hold what they need, many where weights have to come from memory.
constexpr std::size_t fewRows = 32, manyRows = 128;
constexpr std::uint64_t cachedWeights = std::uint64_t(1) << 20;
/// Sums of this width are exact as doubles.
constexpr int doubleBits = 54;
constexpr std::size_t lineWords = 16;

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

Error unsupported(const std::string &what, const Stage &stage) {
  return makeError("not supported: " + what, stage.name);
}

class Planner {
public:
  Planner(std::shared_ptr<const Program> given, const EngineOptions &options)
      : plan(std::make_unique<Plan>()), program(*given) {
    plan->program = std::move(given);
    plan->options = options;
    plan->context = at(program.model.context);
    plan->frames = at(program.frames);
    plan->prefix = at(program.prefix);
  }

  Result<std::unique_ptr<Plan>> make() {
    if (plan->options.threads < 1)
      return makeError("the engine needs at least 1 thread, but " +
                       std::to_string(plan->options.threads) +
                       " are asked for");
    makeUnits();
    chooseForms();
    for (std::size_t s = 0; s < program.stages.size(); ++s)
      SYNFIRE_TRY(addStage(s));
    markWaits();
    placeCodes();
    sizeBuffers();
    return std::move(plan);
  }

private:
  /// Row units of what fires all at once.
  void makeUnits() {
    if (program.frames > 1)
      return;
    for (const NeuronConfig &config : program.neurons)
      plan->neuronUnits.push_back(makeRowUnit(config));
    for (const LookupTable &table : program.lookupTables)
      plan->lookupUnits.push_back(makeRowUnit(table));
  }

  Status checkNeuron(const Stage &stage) const {
    const NeuronConfig &config = program.neurons[at(stage.unit)];
    const std::string frames = std::to_string(program.frames);
    if ((config.input == InputMode::Streamed) != (program.frames > 1))
      return unsupported(config.input == InputMode::Streamed
                             ? "a streamed neuron in a program of 1 frame"
                             : "a neuron that needs its whole input in a "
                               "program of " +
                                   frames + " frames",
                         stage);
    if (config.steps % program.frames != 0)
      return unsupported("a neuron of " + std::to_string(config.steps) +
                             " steps in a program of " + frames + " frames",
                         stage);
    return {};
  }

  StaticProduct formOf(const Dendrite &dendrite) const {
    return StaticWeights::choose(plan->options.staticProduct,
                                 program.weights.blocks[at(dendrite.weights)],
                                 program.stages[at(dendrite.driver)].codeLimit,
                                 dendrite.accumulatorBits);
  }

  void chooseForms() {
    std::uint64_t bytes = 0;
    for (const Stage &stage : program.stages)
      for (const Dendrite &dendrite : stage.dendrites)
        if (dendrite.kind == DendriteKind::Static)
          bytes += StaticWeights::heldBytes(
              formOf(dendrite), program.weights.blocks[at(dendrite.weights)]);
    hold = bytes <= heldLimit;
    // Frames share a token's keys and values, so more of their rows fit.
    const std::size_t rows = (bytes <= cachedWeights ? fewRows : manyRows) *
                             (plan->frames > 1 ? 2 : 1);
    plan->tokensPerThread = std::max<std::size_t>(1, rows / plan->frames);
    plan->rowsPerThread = plan->tokensPerThread * plan->frames;
    plan->keyRows =
        std::max<std::size_t>(1, keyBlockRows / plan->frames) * plan->frames;
  }

  Status addStage(std::size_t index) {
    const Stage &stage = program.stages[index];
    StagePlan made;
    made.source = &stage;
    made.width = at(stage.width());
    made.groups = at(stage.groups);
    made.groupWidth = at(stage.groupWidth);
    if (stage.fire == FireKind::Neuron)
      SYNFIRE_TRY(checkNeuron(stage));
    if (program.frames > 1 || stage.digital)
      made.frameUnit = makeFrameUnit(program, stage);
    else if (stage.fire == FireKind::Neuron)
      made.unit = plan->neuronUnits[at(stage.unit)].get();
    else if (stage.fire == FireKind::Lookup)
      made.unit = plan->lookupUnits[at(stage.unit)].get();
    if (stage.perKey && made.output())
      return unsupported("a per-key output", stage);
    // A perKey row's groups start on cache lines; whole panels of keys fit.
    made.groupStride =
        stage.perKey ? (made.groupWidth + lineWords - 1) / lineWords * lineWords
                     : made.groupWidth;
    made.codeWidth = made.groups * made.groupStride;
    made.accStride = static_cast<std::ptrdiff_t>(stage.perKey ? made.groupStride
                                                              : made.width);
    for (const Dendrite &dendrite : stage.dendrites) {
      DendritePlan part;
      part.source = &dendrite;
      SYNFIRE_TRY(checkOperands(stage, dendrite));
      SYNFIRE_TRY(addDendrite(stage, dendrite, part, made));
      made.dendrites.push_back(std::move(part));
    }
    plan->stages.push_back(std::move(made));
    return {};
  }

  /// Combinations of per-key and ordinary stages that the engine has loops for.
  Status checkOperands(const Stage &stage, const Dendrite &dendrite) const {
    const Stage *driver =
        dendrite.driver >= 0 ? &program.stages[at(dendrite.driver)] : nullptr;
    const Stage *partner =
        dendrite.stored >= 0 ? &program.stages[at(dendrite.stored)] : nullptr;
    auto sameShape = [&](const Stage &other) {
      return other.perKey == stage.perKey && other.width() == stage.width() &&
             (!stage.perKey || other.groups == stage.groups);
    };
    auto fits = [&](const Stage &other) {
      if (sameShape(other))
        return true;
      // One neuron, or one per group of a per-key stage, is spread over many.
      return !other.perKey && (!stage.perKey || other.width() == 1 ||
                               other.width() == stage.groups);
    };
    bool supported = true;
    switch (dendrite.kind) {
    case DendriteKind::Embed:
      supported = !stage.perKey;
      break;
    case DendriteKind::Static:
    case DendriteKind::Rotary:
    case DendriteKind::Hadamard:
      supported = !stage.perKey && !driver->perKey;
      break;
    case DendriteKind::Identity:
      supported = sameShape(*driver);
      break;
    case DendriteKind::Sum:
      supported = !stage.perKey;
      break;
    case DendriteKind::Product:
      supported = fits(*driver) && fits(*partner);
      break;
    case DendriteKind::Scores:
      supported = stage.perKey && !driver->perKey && !partner->perKey;
      break;
    case DendriteKind::Mix:
      supported = !stage.perKey && driver->perKey && !partner->perKey;
      break;
    }
    if (supported)
      return {};
    return unsupported(std::string("a ") + toString(dendrite.kind) +
                           " dendrite between these per-key and other stages",
                       stage);
  }

  Status addDendrite(const Stage &stage, const Dendrite &dendrite,
                     DendritePlan &part, StagePlan &made) {
    switch (dendrite.kind) {
    case DendriteKind::Static:
      part.weights = std::make_unique<StaticWeights>(
          program.weights, dendrite.weights, formOf(dendrite),
          program.stages[at(dendrite.driver)].codeLimit, hold);
      made.accStride = std::max(made.accStride, part.weights->paddedColumns());
      break;
    case DendriteKind::Rotary:
      part.rotary = rotaryTable(dendrite.weights);
      break;
    case DendriteKind::Scores:
    case DendriteKind::Mix: {
      StoredShape shape;
      shape.isKey = dendrite.kind == DendriteKind::Scores;
      shape.inDoubles = dendrite.accumulatorBits <= doubleBits &&
                        plan->options.staticProduct != StaticProduct::Integers;
      shape.headWidth = dendrite.headWidth;
      shape.heads = program.stages[at(dendrite.stored)].width() /
                    std::max(1, dendrite.headWidth);
      part.inDoubles = shape.inDoubles;
      part.stored = static_cast<int>(plan->stored.size());
      plan->stored.push_back(shape);
      plan->stages[at(dendrite.stored)].feeds.push_back(part.stored);
      if (shape.isKey)
        plan->stages[at(dendrite.driver)].drivesScores = true;
      else {
        plan->stages[at(dendrite.driver)].countsOwnKey = program.frames > 1;
        // The last head's panel may be wider than the head.
        made.accStride =
            std::max(made.accStride,
                     static_cast<std::ptrdiff_t>(stage.width()) + panelColumns);
      }
      break;
    }
    case DendriteKind::Embed:
    case DendriteKind::Identity:
    case DendriteKind::Sum:
    case DendriteKind::Product:
    case DendriteKind::Hadamard:
      break;
    }
    return {};
  }

  const std::int32_t *rotaryTable(int block) {
    auto &tables = plan->rotaryTables;
    if (tables.empty())
      tables.resize(program.weights.blocks.size());
    std::vector<std::int32_t> &table = tables[at(block)];
    if (table.empty()) {
      const WeightBlock &shape = program.weights.blocks[at(block)];
      table.resize(at(shape.rows * shape.columns));
      for (std::int64_t row = 0; row < shape.rows; ++row)
        unpackWeights(program.weights, block, row,
                      table.data() + row * shape.columns);
    }
    return table.data();
  }

  void markWaits() {
    int waitedUpTo = -1;
    for (std::size_t s = 0; s < plan->stages.size(); ++s) {
      int newest = -1;
      for (const DendritePlan &part : plan->stages[s].dendrites)
        if (part.stored >= 0)
          newest = std::max(newest, part.source->stored);
      if (newest > waitedUpTo) {
        plan->stages[s].waits = true;
        waitedUpTo = static_cast<int>(s) - 1;
      }
    }
  }

  /// Codes whose last reader has run make room for others.
  void placeCodes() {
    std::vector<std::size_t> lastReader(plan->stages.size());
    for (std::size_t s = 0; s < plan->stages.size(); ++s) {
      lastReader[s] = s;
      for (const DendritePlan &part : plan->stages[s].dendrites) {
        for (int operand : {part.source->driver, part.source->stored})
          if (operand >= 0)
            lastReader[at(operand)] = s;
      }
    }
    for (std::size_t s = 0; s < plan->stages.size(); ++s) {
      StagePlan &stage = plan->stages[s];
      // The stages whose codes are alive, by place.
      std::vector<std::size_t> alive;
      for (std::size_t other = 0; other < s; ++other)
        if (lastReader[other] >= s)
          alive.push_back(other);
      std::sort(alive.begin(), alive.end(), [&](std::size_t a, std::size_t b) {
        return plan->stages[a].codeOffset < plan->stages[b].codeOffset;
      });
      const std::size_t width =
          (stage.codeWidth + lineWords - 1) / lineWords * lineWords;
      std::size_t offset = 0;
      for (std::size_t other : alive) {
        const StagePlan &occupied = plan->stages[other];
        if (offset + width <= occupied.codeOffset)
          break;
        offset = occupied.codeOffset +
                 (occupied.codeWidth + lineWords - 1) / lineWords * lineWords;
      }
      stage.codeOffset = offset;
      plan->arenaWidth = std::max(plan->arenaWidth, offset + width);
    }
  }

  void sizeBuffers() {
    std::size_t widest = 1;
    for (const StagePlan &stage : plan->stages) {
      widest = std::max(widest, stage.width);
      const std::size_t rows =
          stage.perKey() ? plan->keyRows : plan->rowsPerThread;
      plan->accWords = std::max(plan->accWords, rows * at(stage.accStride));
      plan->membraneWords =
          std::max(plan->membraneWords,
                   rows * (stage.perKey() ? stage.groupStride : stage.width));
    }
    for (std::size_t i = 0; i < widest; ++i)
      plan->keys.push_back(neuronKey(i));
  }

  std::unique_ptr<Plan> plan;
  const Program &program;
  bool hold = true;
};

} // namespace

Result<std::unique_ptr<Plan>> makePlan(std::shared_ptr<const Program> program,
                                       const EngineOptions &options) {
  return Planner(std::move(program), options).make();
}

} // namespace synfire
