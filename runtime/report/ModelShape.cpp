//===- ModelShape.cpp - the sizes of a transformer ------------------------===//
#include "runtime/report/ModelShape.h"

#include <cctype>
#include <fmt/format.h>

namespace synfire {

Status verify(const ModelShape &shape) {
  const std::pair<const char *, std::int64_t> sizes[] = {
      {"hidden size", shape.hidden},
      {"intermediate size", shape.intermediate},
      {"number of layers", shape.layers},
      {"number of heads", shape.heads},
      {"number of key/value heads", shape.keyValueHeads},
      {"head width", shape.headWidth},
      {"vocabulary", shape.vocabulary}};
  // Products of three sizes and a sequence length must fit 64 bits.
  constexpr std::int64_t largest = 1 << 20;
  for (const auto &[what, size] : sizes)
    if (size < 1 || size > largest)
      return makeError(
          fmt::format("{} {} is not in 1..{}", what, size, largest),
          shape.name);
  if (shape.heads % shape.keyValueHeads != 0)
    return makeError(fmt::format("{} heads do not divide among {} key/value "
                                 "heads",
                                 shape.heads, shape.keyValueHeads),
                     shape.name);
  return Status::success();
}

namespace {

/// hidden, intermediate, layers, heads, key/value heads, head width, vocabulary
ModelShape llama(const char *name, std::int64_t hidden,
                 std::int64_t intermediate, std::int64_t layers,
                 std::int64_t heads, std::int64_t keyValueHeads,
                 std::int64_t headWidth, std::int64_t vocabulary,
                 const char *source) {
  ModelShape shape;
  shape.name = name;
  shape.hidden = hidden;
  shape.intermediate = intermediate;
  shape.layers = layers;
  shape.heads = heads;
  shape.keyValueHeads = keyValueHeads;
  shape.headWidth = headWidth;
  shape.vocabulary = vocabulary;
  shape.source = source;
  return shape;
}

ModelShape plain(const char *name, std::int64_t hidden,
                 std::int64_t intermediate, std::int64_t layers,
                 std::int64_t heads, std::int64_t vocabulary,
                 FeedForward feedForward, const char *source) {
  ModelShape shape = llama(name, hidden, intermediate, layers, heads, heads,
                           hidden / heads, vocabulary, source);
  shape.feedForward = feedForward;
  shape.norm = Norm::Layer;
  shape.rotary = false;
  return shape;
}

std::vector<ModelShape> makeShapes() {
  std::vector<ModelShape> shapes = {
      llama("llama-2-7b", 4096, 11008, 32, 32, 32, 128, 32000,
            "config.json of meta-llama/Llama-2-7b-hf"),
      llama("llama-2-13b", 5120, 13824, 40, 40, 40, 128, 32000,
            "config.json of meta-llama/Llama-2-13b-hf"),
      llama("llama-3-8b", 4096, 14336, 32, 32, 8, 128, 128256,
            "config.json of meta-llama/Meta-Llama-3-8B"),
      llama("qwen2-7b", 3584, 18944, 28, 28, 4, 128, 152064,
            "config.json of Qwen/Qwen2-7B"),
      plain("opt-66b", 9216, 36864, 64, 72, 50272, FeedForward::Relu,
            "config.json of facebook/opt-66b"),
      plain("gpt2", 768, 3072, 12, 12, 50257, FeedForward::Gelu,
            "config.json of openai-community/gpt2"),
      plain("bert-base", 768, 3072, 12, 12, 30522, FeedForward::Gelu,
            "config.json of google-bert/bert-base-uncased")};
  // The encoder alone: its heads for classification are negligible.
  shapes.back().languageModelHead = false;
  shapes.back().causal = false;
  return shapes;
}

} // namespace

const std::vector<ModelShape> &builtinShapes() {
  static const std::vector<ModelShape> shapes = makeShapes();
  return shapes;
}

/// "GPT-2" and "gpt2" are one name.
static std::string plainName(const std::string &name) {
  std::string plain;
  for (char letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)))
      plain +=
          static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return plain;
}

Result<ModelShape> builtinShape(const std::string &name) {
  std::string names;
  for (const ModelShape &shape : builtinShapes()) {
    if (plainName(shape.name) == plainName(name))
      return shape;
    names += (names.empty() ? "" : ", ") + shape.name;
  }
  return makeError(fmt::format("no built-in model is called '{}'", name), {},
                   "known: " + names + ", or the path of a config.json");
}

} // namespace synfire
