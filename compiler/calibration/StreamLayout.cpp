//===- StreamLayout.cpp - a plan cut into blocks, with its weights --------===//
#include "compiler/calibration/StreamLayout.h"

#include "compiler/emit/WeightQuantizer.h"
#include "compiler/reference/Hadamard.h"

#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace synfire::calibration {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

/// The part of the network that a site belongs to: "layers.3", "embed",
/// "final".
std::string_view partOf(std::string_view site) {
  constexpr std::string_view layers = "layers.";
  const bool inLayer = site.substr(0, layers.size()) == layers;
  const std::size_t end = site.find('.', inLayer ? layers.size() : 0);
  if (inLayer || site == "embed")
    return site.substr(0, end);
  return "final";
}

class LayoutBuilder {
public:
  LayoutBuilder(const ReferencePlan &plan, const Checkpoint &source, int bits)
      : checkpoint(source), weightBits(bits) {
    layout.plan = plan;
  }

  Result<StreamLayout> run(std::int64_t context) {
    SYNFIRE_TRY(verify(layout.plan));
    if (context < 0 || context > layout.plan.context)
      return makeError(fmt::format("a context of {} positions, but the model "
                                   "has {}",
                                   context, layout.plan.context));
    if (weightBits != 0 && weightBits != 4 && weightBits != 8 &&
        weightBits != 16)
      return makeError(
          fmt::format("{} weight bits instead of 4, 8 or 16", weightBits));
    layout.context = context ? context : layout.plan.context;
    layout.widths.resize(index(layout.plan.values));
    for (const ReferenceStep &step : layout.plan.steps)
      layout.widths[index(step.result)] = step.width;
    SYNFIRE_TRY(cut());
    for (const ReferenceStep &step : layout.plan.steps)
      SYNFIRE_TRY(attach(step));
    return std::move(layout);
  }

private:
  /// A step without a site belongs where the next step with one does.
  Status cut() {
    const std::vector<ReferenceStep> &steps = layout.plan.steps;
    if (steps.front().kind != StepKind::Embedding)
      return makeError("not supported: a plan that does not begin with the "
                       "embedding");
    std::vector<std::string_view> parts(steps.size());
    std::string_view part = "final";
    for (std::size_t i = steps.size(); i-- > 0;) {
      if (!steps[i].site.empty())
        part = partOf(steps[i].site);
      parts[i] = part;
    }
    int input = steps.front().result;
    for (std::size_t first = 1; first < steps.size();) {
      StreamBlock block;
      block.first = first;
      while (first < steps.size() && parts[first] == parts[block.first])
        ++first;
      block.last = first;
      block.input = input;
      block.output = input = steps[first - 1].result;
      SYNFIRE_TRY(check(block, std::string(parts[block.first])));
      layout.blocks.push_back(block);
    }
    if (layout.blocks.empty())
      return makeError("not supported: a plan without a layer");
    return Status::success();
  }

  Status check(const StreamBlock &block, const std::string &part) const {
    std::vector<char> known(index(layout.plan.values));
    known[index(block.input)] = true;
    for (std::size_t i = block.first; i < block.last; ++i) {
      const ReferenceStep &step = layout.plan.steps[i];
      if (step.kind == StepKind::Embedding)
        return makeError("not supported: a second embedding", part);
      for (int operand : step.operands)
        if (!known[index(operand)])
          return makeError("not supported: a block that reads more than the "
                           "output of the one before",
                           part);
      known[index(step.result)] = true;
    }
    return Status::success();
  }

  Status attach(const ReferenceStep &step) {
    layout.weights.emplace_back();
    layout.angles.emplace_back();
    for (int operand : step.operands)
      if (step.kind != StepKind::Linear && gains.count(operand))
        return makeError("not supported: a norm whose gain no linear layer "
                         "takes up",
                         step.site);
    switch (step.kind) {
    case StepKind::Embedding:
      return attachEmbedding(step);
    case StepKind::RmsNorm: {
      SYNFIRE_ASSIGN(gains[step.result], read(step.weight, {step.width}));
      return Status::success();
    }
    case StepKind::Linear:
      return attachLinear(step);
    case StepKind::Rotary:
      layout.angles.back() = makeAngles(step);
      return Status::success();
    default:
      return Status::success();
    }
  }

  Result<std::vector<float>> read(const std::string &name,
                                  const std::vector<std::int64_t> &shape) {
    SYNFIRE_ASSIGN(const TensorView tensor, checkpoint.tensor(name, shape));
    std::vector<float> values = tensor.readAll();
    tensor.releasePages();
    return values;
  }

  /// Each column is an output channel whose inputs are the tokens.
  Status attachEmbedding(const ReferenceStep &step) {
    const std::int64_t vocabulary = layout.plan.vocabulary;
    SYNFIRE_ASSIGN(std::vector<float> table,
                   read(step.weight, {vocabulary, step.width}));
    if (weightBits != 0) {
      std::vector<float> turned(table.size());
      for (std::int64_t token = 0; token < vocabulary; ++token)
        for (std::int64_t i = 0; i < step.width; ++i)
          turned[index(i * vocabulary + token)] =
              table[index(token * step.width + i)];
      const QuantizedMatrix matrix =
          quantizeWeights(turned, step.width, vocabulary, {}, weightBits);
      for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<float>(matrix.values[i] *
                                      matrix.scale[i % index(step.width)]);
    }
    layout.weights.back() = std::move(table);
    return Status::success();
  }

  Status attachLinear(const ReferenceStep &step) {
    const int operand = step.operands.front();
    const std::int64_t inputs = layout.widths[index(operand)];
    SYNFIRE_ASSIGN(std::vector<float> matrix,
                   read(step.weight, {step.width, inputs}));
    const auto found = gains.find(operand);
    const std::vector<float> gain =
        found == gains.end() ? std::vector<float>() : found->second;
    if (!gain.empty() && step.inputHadamard > 1)
      return makeError("not supported: a gain on rotated inputs", step.weight);
    for (std::int64_t out = 0; step.inputHadamard > 1 && out < step.width;
         ++out)
      rotateBlocks(matrix.data() + out * inputs, inputs, step.inputHadamard);
    if (weightBits == 0) {
      for (std::size_t i = 0; i < matrix.size() && !gain.empty(); ++i)
        matrix[i] *= gain[i % gain.size()];
    } else {
      const QuantizedMatrix quantized =
          quantizeWeights(matrix, step.width, inputs, gain, weightBits);
      for (std::int64_t out = 0; out < step.width; ++out)
        for (std::int64_t in = 0; in < inputs; ++in)
          matrix[index(out * inputs + in)] = static_cast<float>(
              quantized.values[index(in * step.width + out)] *
              quantized.scale[index(out)]);
    }
    layout.weights.back() = std::move(matrix);
    return Status::success();
  }

  Angles makeAngles(const ReferenceStep &step) const {
    Angles angles;
    for (std::int64_t position = 0; position < layout.context; ++position)
      for (std::int64_t i = 0; i < step.headWidth / 2; ++i) {
        const double angle =
            static_cast<double>(position) *
            std::pow(step.theta, -2.0 * static_cast<double>(i) /
                                     static_cast<double>(step.headWidth));
        angles.cosine.push_back(static_cast<float>(std::cos(angle)));
        angles.sine.push_back(static_cast<float>(std::sin(angle)));
      }
    return angles;
  }

  const Checkpoint &checkpoint;
  int weightBits;
  StreamLayout layout;
  std::map<int, std::vector<float>> gains; ///< by value
};

} // namespace

Result<StreamLayout> makeStreamLayout(const ReferencePlan &plan,
                                      const Checkpoint &checkpoint,
                                      int weightBits, std::int64_t context) {
  return LayoutBuilder(plan, checkpoint, weightBits).run(context);
}

} // namespace synfire::calibration
