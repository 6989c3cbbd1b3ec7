//===- FloatModelBenchmark.cpp - tokens per second of the reference -------===//
//
// Single thread. Each run checks its answer: the logits of the last token must
// be those of the first, slow pass over the same tokens.
//
//===----------------------------------------------------------------------===//
#include "compiler/reference/FloatModel.h"

#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdlib>
#include <string>

namespace {

using namespace synfire;

std::string sharedDirectory() {
  const char *directory = std::getenv("SYNFIRE_SHARED_DIR");
  return directory ? directory : SYNFIRE_SHARED_DIR;
}

std::unique_ptr<FloatModel> openModel(const char *name,
                                      benchmark::State &state) {
  auto checkpoint = Checkpoint::open(sharedDirectory() + "/models/" + name);
  if (!checkpoint) {
    state.SkipWithError(checkpoint.error().message().c_str());
    return nullptr;
  }
  auto model = FloatModel::create(*checkpoint);
  if (!model) {
    state.SkipWithError(model.error().message().c_str());
    return nullptr;
  }
  return std::move(*model);
}

std::vector<int> someTokens(std::int64_t count, std::int64_t vocabulary) {
  std::vector<int> tokens;
  std::uint32_t seed = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    tokens.push_back(static_cast<int>((seed >> 8) % vocabulary));
  }
  return tokens;
}

/// Feeds the tokens one at a time and keeps the last logits.
std::vector<float> expectedLogits(FloatModel &model,
                                  const std::vector<int> &tokens) {
  model.reset();
  for (int token : tokens)
    if (!model.decode(token))
      return {};
  return {model.logits(), model.logits() + model.vocabulary()};
}

void checkLast(const FloatModel &model, const std::vector<float> &expected,
               benchmark::State &state) {
  const float *last =
      model.logits() + (model.logitRows() - 1) * model.vocabulary();
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!(std::fabs(last[i] - expected[i]) <
          1e-3f * (1 + std::fabs(expected[i])))) {
      state.SkipWithError("the logits differ from token-by-token execution");
      return;
    }
}

void prefill(benchmark::State &state, const char *name, LogitRows rows) {
  auto model = openModel(name, state);
  if (!model)
    return;
  const auto tokens = someTokens(128, model->vocabulary());
  const auto expected = expectedLogits(*model, tokens);
  for (auto _ : state) {
    model->reset();
    if (!model->prefill(tokens, rows))
      state.SkipWithError("prefill failed");
  }
  checkLast(*model, expected, state);
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(tokens.size()));
}

void decode(benchmark::State &state, const char *name) {
  auto model = openModel(name, state);
  if (!model)
    return;
  const auto tokens = someTokens(128, model->vocabulary());
  const auto expected = expectedLogits(*model, tokens);
  for (auto _ : state) {
    model->reset();
    for (int token : tokens)
      if (!model->decode(token))
        state.SkipWithError("decode failed");
  }
  checkLast(*model, expected, state);
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(tokens.size()));
}

BENCHMARK_CAPTURE(prefill, stories260K_last, "stories260K", LogitRows::Last);
BENCHMARK_CAPTURE(prefill, stories260K_all, "stories260K", LogitRows::All);
BENCHMARK_CAPTURE(decode, stories260K, "stories260K");
BENCHMARK_CAPTURE(prefill, llama_wiki_last, "llama-wiki-1.3M", LogitRows::Last);
BENCHMARK_CAPTURE(prefill, llama_wiki_all, "llama-wiki-1.3M", LogitRows::All);
BENCHMARK_CAPTURE(decode, llama_wiki, "llama-wiki-1.3M");

} // namespace

BENCHMARK_MAIN();
