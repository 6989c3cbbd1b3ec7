//===- Plan.cpp - a trained transformer as a list of float steps ----------===//
#include "compiler/reference/Plan.h"

#include "compiler/import/LlamaTensors.h"

#include <fmt/format.h>
#include <utility>

namespace synfire {

const char *toString(StepKind kind) {
  switch (kind) {
  case StepKind::Embedding:
    return "embedding";
  case StepKind::RmsNorm:
    return "rms_norm";
  case StepKind::Linear:
    return "linear";
  case StepKind::Rotary:
    return "rotary";
  case StepKind::Hadamard:
    return "hadamard";
  case StepKind::Attention:
    return "attention";
  case StepKind::Silu:
    return "silu";
  case StepKind::Multiply:
    return "multiply";
  case StepKind::Add:
    return "add";
  }
  return "unknown";
}

std::string siblingSite(std::string_view site, std::string_view name) {
  const std::size_t dot = site.rfind('.');
  std::string result(
      site.substr(0, dot == std::string_view::npos ? 0 : dot + 1));
  result.append(name);
  return result;
}

namespace {

std::size_t operandCount(StepKind kind) {
  switch (kind) {
  case StepKind::Embedding:
    return 0;
  case StepKind::Attention:
    return 3;
  case StepKind::Multiply:
  case StepKind::Add:
    return 2;
  default:
    return 1;
  }
}

bool hasWeight(StepKind kind) {
  return kind == StepKind::Embedding || kind == StepKind::RmsNorm ||
         kind == StepKind::Linear;
}

bool isBlock(std::int64_t block, std::int64_t width) {
  return block > 0 && (block & (block - 1)) == 0 && width % block == 0;
}

/// Checks one step against the widths of the values defined so far.
Status verifyStep(const ReferenceStep &step,
                  const std::vector<std::int64_t> &widths) {
  auto widthOf = [&](std::size_t operand) {
    return widths[static_cast<std::size_t>(step.operands[operand])];
  };
  if (step.width <= 0)
    return makeError(fmt::format("width {} is not positive", step.width));
  if (hasWeight(step.kind) == step.weight.empty())
    return makeError(step.weight.empty()
                         ? "no weight tensor is named"
                         : fmt::format("weight '{}' has no use", step.weight));
  switch (step.kind) {
  case StepKind::Embedding:
    return Status::success();
  case StepKind::Linear:
    if (!isBlock(step.inputHadamard, widthOf(0)))
      return makeError(fmt::format("blocks of {} do not make inputs of {}",
                                   step.inputHadamard, widthOf(0)));
    return Status::success();
  case StepKind::Hadamard:
    if (!isBlock(step.headWidth, step.width))
      return makeError(fmt::format("blocks of {} do not make {}",
                                   step.headWidth, step.width));
    break;
  case StepKind::Rotary:
    if (step.headWidth <= 0 || step.headWidth % 2 != 0 ||
        step.heads * step.headWidth != step.width)
      return makeError(fmt::format("{} heads of even width {} do not make {}",
                                   step.heads, step.headWidth, step.width));
    if (!(step.theta > 0))
      return makeError(fmt::format("theta {} is not positive", step.theta));
    break;
  case StepKind::Attention:
    if (step.headWidth <= 0 || step.heads <= 0 || step.keyValueHeads <= 0 ||
        step.heads % step.keyValueHeads != 0 ||
        step.heads * step.headWidth != step.width)
      return makeError(fmt::format(
          "{} heads of width {} on {} key/value heads do not make {}",
          step.heads, step.headWidth, step.keyValueHeads, step.width));
    for (std::size_t operand : {std::size_t(1), std::size_t(2)})
      if (widthOf(operand) != step.keyValueHeads * step.headWidth)
        return makeError(fmt::format("{} has width {} instead of {}",
                                     operand == 1 ? "the key" : "the value",
                                     widthOf(operand),
                                     step.keyValueHeads * step.headWidth));
    break;
  default:
    break;
  }
  const std::size_t alike =
      step.kind == StepKind::Attention ? 1 : step.operands.size();
  for (std::size_t operand = 0; operand < alike; ++operand)
    if (widthOf(operand) != step.width)
      return makeError(fmt::format("operand {} has width {} instead of {}",
                                   operand, widthOf(operand), step.width));
  return Status::success();
}

} // namespace

Status verify(const ReferencePlan &plan) {
  if (plan.steps.empty() || plan.vocabulary <= 0 || plan.context <= 0)
    return makeError(fmt::format(
        "a plan of {} steps, vocabulary {} and context {} computes nothing",
        plan.steps.size(), plan.vocabulary, plan.context));
  std::vector<std::int64_t> widths(static_cast<std::size_t>(plan.values), 0);
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    const ReferenceStep &step = plan.steps[index];
    const std::string where =
        fmt::format("step {} ({}{}{})", index, toString(step.kind),
                    step.site.empty() ? "" : " ", step.site);
    if (step.operands.size() != operandCount(step.kind))
      return makeError(fmt::format("{} operands instead of {}",
                                   step.operands.size(),
                                   operandCount(step.kind)),
                       where);
    for (int operand : step.operands)
      if (operand < 0 || operand >= plan.values ||
          widths[static_cast<std::size_t>(operand)] == 0)
        return makeError(
            fmt::format("value {} is used before it is defined", operand),
            where);
    if (step.result < 0 || step.result >= plan.values)
      return makeError(
          fmt::format("result {} is not below {}", step.result, plan.values),
          where);
    if (widths[static_cast<std::size_t>(step.result)] != 0)
      return makeError(fmt::format("value {} is defined twice", step.result),
                       where);
    if (Status status = verifyStep(step, widths); !status) {
      Error error = status.error();
      error.where = where;
      return error;
    }
    widths[static_cast<std::size_t>(step.result)] = step.width;
  }
  const ReferenceStep &last = plan.steps.back();
  if (last.kind != StepKind::Linear || last.width != plan.vocabulary)
    return makeError(fmt::format(
        "the last step is {} of width {} instead of linear of width {}",
        toString(last.kind), last.width, plan.vocabulary));
  return Status::success();
}

namespace {

/// Appends steps and hands out value ids.
class LlamaPlanner {
public:
  explicit LlamaPlanner(const ModelConfig &modelConfig) : config(modelConfig) {
    plan.vocabulary = config.vocabulary;
    plan.context = config.maxPositions;
  }

  ReferencePlan run() {
    int stream = append(StepKind::Embedding, {}, config.hiddenSize, "embed",
                        "model.embed_tokens.weight");
    for (std::int64_t layer = 0; layer < config.layers; ++layer)
      stream = mlp(layer, attention(layer, stream));
    const int normal = norm(stream, "final.norm", "model.norm.weight");
    append(StepKind::Linear, {normal}, config.vocabulary, "logits",
           config.tieEmbeddings ? "model.embed_tokens.weight"
                                : "lm_head.weight");
    return std::move(plan);
  }

private:
  int append(StepKind kind, std::vector<int> operands, std::int64_t width,
             std::string site, std::string weight = {}) {
    ReferenceStep step;
    step.kind = kind;
    step.operands = std::move(operands);
    step.result = plan.values++;
    step.width = width;
    step.site = std::move(site);
    step.weight = std::move(weight);
    plan.steps.push_back(std::move(step));
    return plan.steps.back().result;
  }

  int norm(int input, std::string site, std::string weight) {
    const int result = append(StepKind::RmsNorm, {input}, config.hiddenSize,
                              std::move(site), std::move(weight));
    plan.steps.back().eps = config.rmsNormEps;
    return result;
  }

  int rotary(int input, std::int64_t heads, std::string site) {
    const int result = append(StepKind::Rotary, {input}, heads * config.headDim,
                              std::move(site));
    ReferenceStep &step = plan.steps.back();
    step.heads = heads;
    step.headWidth = config.headDim;
    step.theta = config.ropeTheta;
    return result;
  }

  int attention(std::int64_t layer, int stream) {
    const std::string site = fmt::format("layers.{}.attn.", layer);
    auto tensor = [&](const char *name) {
      return llamaLayerTensor(layer, name);
    };
    const int normal =
        norm(stream, site + "norm", tensor("input_layernorm.weight"));
    const int query =
        append(StepKind::Linear, {normal}, config.queryWidth(), site + "q_proj",
               tensor("self_attn.q_proj.weight"));
    const int key = append(StepKind::Linear, {normal}, config.keyValueWidth(),
                           site + "k_proj", tensor("self_attn.k_proj.weight"));
    const int value =
        append(StepKind::Linear, {normal}, config.keyValueWidth(),
               site + "v_proj", tensor("self_attn.v_proj.weight"));
    const int turnedQuery = rotary(query, config.heads, site + "q");
    const int turnedKey = rotary(key, config.keyValueHeads, site + "k");
    const int mixed =
        append(StepKind::Attention, {turnedQuery, turnedKey, value},
               config.queryWidth(), site + "out");
    ReferenceStep &step = plan.steps.back();
    step.heads = config.heads;
    step.keyValueHeads = config.keyValueHeads;
    step.headWidth = config.headDim;
    const int projected = append(StepKind::Linear, {mixed}, config.hiddenSize,
                                 "", tensor("self_attn.o_proj.weight"));
    return append(StepKind::Add, {stream, projected}, config.hiddenSize,
                  site + "residual");
  }

  int mlp(std::int64_t layer, int stream) {
    const std::string site = fmt::format("layers.{}.mlp.", layer);
    auto tensor = [&](const char *name) {
      return llamaLayerTensor(layer, name);
    };
    const std::int64_t inner = config.intermediateSize;
    const int normal =
        norm(stream, site + "norm", tensor("post_attention_layernorm.weight"));
    const int gate = append(StepKind::Linear, {normal}, inner, site + "gate",
                            tensor("mlp.gate_proj.weight"));
    const int up = append(StepKind::Linear, {normal}, inner, site + "up",
                          tensor("mlp.up_proj.weight"));
    const int act = append(StepKind::Silu, {gate}, inner, site + "act");
    const int product =
        append(StepKind::Multiply, {act, up}, inner, site + "product");
    const int down = append(StepKind::Linear, {product}, config.hiddenSize, "",
                            tensor("mlp.down_proj.weight"));
    return append(StepKind::Add, {stream, down}, config.hiddenSize,
                  site + "residual");
  }

  const ModelConfig &config;
  ReferencePlan plan;
};

} // namespace

ReferencePlan planLlama(const ModelConfig &config) {
  return LlamaPlanner(config).run();
}

} // namespace synfire
