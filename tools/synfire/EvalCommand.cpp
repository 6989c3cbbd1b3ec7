#include "tools/synfire/Commands.h"
#include "tools/synfire/Progress.h"

#include "compiler/import/Checkpoint.h"
#include "compiler/reference/FloatModel.h"
#include "runtime/session/Session.h"
#include "runtime/text/Tokenizer.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace synfire {
namespace {

struct EvalFlags {
  std::string program, text, reference;
  std::size_t window = 128, predictions = 0;
  int threads = 1;
  bool json = false, noReference = false;
};

/// Perplexity of the float model. With `compiledFrom` its weights must be
/// those. Tokens of `prefix` stand in front of each window.
Result<PerplexityResult>
referencePerplexity(const std::string &directory, const ModelInfo *compiledFrom,
                    const std::vector<int> &prefix, const std::vector<int> &ids,
                    const PerplexityOptions &options, int threads) {
  SYNFIRE_ASSIGN(Checkpoint checkpoint, Checkpoint::open(directory));
  if (compiledFrom && checkpoint.checksum() != compiledFrom->sourceChecksum)
    return makeError("these weights are not the ones that the Program was "
                     "compiled from",
                     directory);
  FloatModelOptions modelOptions;
  modelOptions.threads = threads;
  modelOptions.context = std::min<std::int64_t>(
      static_cast<std::int64_t>(options.window + prefix.size()),
      checkpoint.config().maxPositions);
  SYNFIRE_ASSIGN(auto model, FloatModel::create(checkpoint, modelOptions));
  WindowFunction window = [&](const int *tokens,
                              std::size_t count) -> Result<LogitsView> {
    model->reset();
    if (!prefix.empty())
      SYNFIRE_TRY(model->prefill(prefix, LogitRows::Last));
    SYNFIRE_TRY(model->prefill(tokens, count, LogitRows::All));
    return LogitsView::ofReal(model->logits(), model->logitRows(),
                              model->vocabulary());
  };
  return measurePerplexity(ids, window, options);
}

void print(const EvalFlags &flags, const Program &program,
           const PerplexityResult &spiking,
           const std::optional<PerplexityResult> &reference,
           const std::optional<PerplexityResult> &behindPrefix) {
  if (flags.json) {
    nlohmann::json out = {
        {"perplexity",
         {{"spiking", spiking.perplexity},
          {"reference", reference ? nlohmann::json(reference->perplexity)
                                  : nlohmann::json()},
          {"reference_behind_prefix",
           behindPrefix ? nlohmann::json(behindPrefix->perplexity)
                        : nlohmann::json()}}},
        {"tokens", spiking.predictions},
        {"seconds", spiking.seconds},
        {"reference_seconds",
         reference ? nlohmann::json(reference->seconds) : nlohmann::json()},
        {"method", program.conversion.method},
        {"steps", program.conversion.steps},
        {"weight_bits", program.conversion.weightBits},
    };
    fmt::print("{}\n", out.dump(2, ' ', false,
                                nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{} {} T={} {}-bit weights, {} predictions\n", program.model.name,
             program.conversion.method, program.conversion.steps,
             program.conversion.weightBits, spiking.predictions);
  const double count = static_cast<double>(spiking.predictions);
  fmt::print("  spiking    perplexity {:9.4f}   {:8.0f} tokens/s\n",
             spiking.perplexity, count / spiking.seconds);
  if (!reference)
    return;
  fmt::print("  float32    perplexity {:9.4f}   {:8.0f} tokens/s\n",
             reference->perplexity, count / reference->seconds);
  fmt::print("  difference {:+.3f} %, time {:.2f}x\n",
             100 * (spiking.perplexity / reference->perplexity - 1),
             spiking.seconds / reference->seconds);
  if (behindPrefix)
    fmt::print("  float32 behind the prefix of {} tokens: perplexity {:.4f}, "
               "difference {:+.3f} %\n",
               program.prefix, behindPrefix->perplexity,
               100 * (spiking.perplexity / behindPrefix->perplexity - 1));
}

Status evaluate(const EvalFlags &flags) {
  SYNFIRE_ASSIGN(Program loaded, loadProgram(flags.program));
  auto program = std::make_shared<const Program>(std::move(loaded));
  SYNFIRE_ASSIGN(std::string text, readFile(flags.text));
  SYNFIRE_ASSIGN(auto tokenizer,
                 Tokenizer::parse(program->model.tokenizerJson, flags.program));
  const std::vector<int> ids = tokenizer->encode(text);
  PerplexityOptions options;
  options.window = std::min<std::size_t>(
      flags.window,
      static_cast<std::size_t>(program->model.context - program->prefix));
  options.predictions = flags.predictions;
  Progress progress("evaluating", "tokens");
  options.progress = [&](std::size_t done, std::size_t wanted) {
    progress.update(done, wanted);
  };
  Result<PerplexityResult> spiking =
      spikingPerplexity(program, ids, options, flags.threads);
  if (!spiking) {
    Error error = spiking.error();
    error.where = error.where.empty() ? flags.text : error.where;
    return error;
  }
  std::optional<PerplexityResult> reference, behindPrefix;
  if (!flags.noReference) {
    const std::string directory =
        flags.reference.empty() ? program->model.source : flags.reference;
    const ModelInfo *compiledFrom =
        flags.reference.empty() ? &program->model : nullptr;
    Result<PerplexityResult> measured = referencePerplexity(
        directory, compiledFrom, {}, ids, options, flags.threads);
    if (!measured) {
      Error error = measured.error();
      error.where = error.where.empty() ? directory : error.where;
      error.hint = "compile again, name the float model with --reference DIR, "
                   "or leave it out with --no-reference";
      return error;
    }
    reference = *measured;
    if (program->prefix > 0) {
      SYNFIRE_ASSIGN(behindPrefix,
                     referencePerplexity(directory, compiledFrom,
                                         program->conversion.prefixTokens, ids,
                                         options, flags.threads));
    }
  }
  print(flags, *program, *spiking, reference, behindPrefix);
  return {};
}

} // namespace

void addEvalCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<EvalFlags>();
  CLI::App *command = app.add_subcommand(
      "eval", "quality of the spiking model next to its float reference");
  command->add_option("program", flags->program, "Program (*.sfp)")->required();
  command
      ->add_option("--perplexity", flags->text,
                   "text file: mean over windows of consecutive tokens")
      ->required();
  command
      ->add_option("--window", flags->window,
                   "inputs of a window; at most the context")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command
      ->add_option("--predictions", flags->predictions,
                   "score only the first so many tokens; 0: all")
      ->check(CLI::Range(0, std::numeric_limits<int>::max()));
  command->add_option("--reference", flags->reference,
                      "checkpoint directory of the float model; default: the "
                      "one that the Program was compiled from");
  command->add_flag("--no-reference", flags->noReference,
                    "leave the float model out");
  command->add_option("--threads", flags->threads, "threads of both models")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [flags, &action] { action = [flags] { return evaluate(*flags); }; });
}

} // namespace synfire
