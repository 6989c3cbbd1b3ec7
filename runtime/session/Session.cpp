#include "runtime/session/Session.h"

#include "runtime/engine/Engine.h"
#include "runtime/eval/Sampler.h"
#include "runtime/text/Tokenizer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {
namespace {

Result<std::unique_ptr<Tokenizer>> tokenizerOf(const Program &program) {
  return Tokenizer::parse(program.model.tokenizerJson,
                          program.model.name + " (tokenizer in the Program)");
}

/// What a prefix takes of the context, for messages.
std::string behindPrefix(const Program &program) {
  return program.prefix == 0
             ? std::string()
             : fmt::format(", of which the prefix takes {}", program.prefix);
}

LogitsView realLogits(const Engine &engine) {
  EngineLogits rows = engine.logits();
  return LogitsView::ofInteger(rows.data, engine.logitScale(),
                               static_cast<std::int64_t>(rows.rows),
                               static_cast<std::int64_t>(rows.vocabulary));
}

} // namespace

Result<std::vector<int>> promptTokens(const Program &program,
                                      const std::string &prompt) {
  SYNFIRE_ASSIGN(auto tokenizer, tokenizerOf(program));
  std::vector<int> ids = tokenizer->encode(prompt);
  if (ids.empty() && program.model.bosToken >= 0)
    ids.push_back(program.model.bosToken);
  if (ids.empty())
    return makeError("the prompt has no tokens", program.model.name,
                     "give a prompt with --prompt");
  // The model has seen one first token, never two in a row.
  const std::vector<int> &prefix = program.conversion.prefixTokens;
  if (ids.size() > 1 && !prefix.empty() && ids.front() == prefix.back() &&
      ids.front() == program.model.bosToken)
    ids.erase(ids.begin());
  return ids;
}

Result<std::string> continuation(const Program &program,
                                 const std::vector<int> &prompt,
                                 const std::vector<int> &generated) {
  SYNFIRE_ASSIGN(auto tokenizer, tokenizerOf(program));
  TextStream stream(*tokenizer);
  for (int id : prompt)
    stream.push(id);
  std::string text;
  for (int id : generated)
    text += stream.push(id);
  return text + stream.finish();
}

bool endsText(const Program &program, int token) {
  const std::vector<int> &ends = program.model.eosTokens;
  return std::find(ends.begin(), ends.end(), token) != ends.end();
}

Result<Run> generate(const std::shared_ptr<const Program> &program,
                     const std::vector<int> &prompt,
                     const GenerationOptions &options) {
  const ModelInfo &model = program->model;
  if (options.tokens < 0)
    return makeError(fmt::format("the number of tokens is {}, but must not be "
                                 "negative",
                                 options.tokens));
  if (!(options.temperature >= 0) || !std::isfinite(options.temperature))
    return makeError(fmt::format("the temperature is {}, but must be finite "
                                 "and not negative",
                                 options.temperature));
  const auto executed = prompt.size() + std::max(options.tokens, 1) - 1;
  if (executed + program->prefix > static_cast<std::size_t>(model.context))
    return makeError(
        fmt::format(
            "a prompt of {} tokens and {} generated ones do not fit the "
            "context of {}{}",
            prompt.size(), options.tokens, model.context,
            behindPrefix(*program)),
        model.name, "shorten the prompt or compile with a larger --context");
  SYNFIRE_ASSIGN(auto tokenizer, tokenizerOf(*program));
  EngineOptions engineOptions;
  engineOptions.threads = options.threads;
  engineOptions.membraneDigest = options.membraneDigest;
  SYNFIRE_ASSIGN(auto engine, Engine::create(program, engineOptions));
  SYNFIRE_TRY(engine->prefill(prompt));
  Sampler sampler(options.temperature, options.seed);
  TextStream stream(*tokenizer);
  for (int id : prompt)
    stream.push(id);
  Run run;
  auto emit = [&](const std::string &text) {
    run.text += text;
    if (options.onText && !text.empty())
      options.onText(text);
  };
  while (static_cast<int>(run.outputTokens.size()) < options.tokens) {
    const int next = sampler.next(realLogits(*engine), 0);
    if (endsText(*program, next))
      break;
    run.outputTokens.push_back(next);
    emit(stream.push(next));
    if (static_cast<int>(run.outputTokens.size()) < options.tokens)
      SYNFIRE_TRY(engine->decode(next));
  }
  emit(stream.finish());
  engine->fillRun(run);
  run.promptTokens = prompt;
  return run;
}

Result<PerplexityResult>
spikingPerplexity(const std::shared_ptr<const Program> &program,
                  const std::vector<int> &ids, const PerplexityOptions &options,
                  int threads) {
  if (options.window + program->prefix >
      static_cast<std::size_t>(program->model.context))
    return makeError(
        fmt::format("a window of {} tokens does not fit the context "
                    "of {}{}",
                    options.window, program->model.context,
                    behindPrefix(*program)),
        program->model.name);
  EngineOptions engineOptions;
  engineOptions.threads = threads;
  engineOptions.digest = false;
  SYNFIRE_ASSIGN(auto engine, Engine::create(program, engineOptions));
  WindowFunction window = [&](const int *tokens,
                              std::size_t count) -> Result<LogitsView> {
    engine->reset();
    SYNFIRE_TRY(engine->prefill(std::vector<int>(tokens, tokens + count),
                                LogitsWanted::All));
    return realLogits(*engine);
  };
  return measurePerplexity(ids, window, options);
}

} // namespace synfire
