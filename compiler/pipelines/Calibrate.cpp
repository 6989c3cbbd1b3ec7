#include "compiler/pipelines/Calibrate.h"

#include "compiler/reference/FloatModel.h"
#include "runtime/eval/Sampler.h"
#include "runtime/support/Files.h"
#include "runtime/text/Tokenizer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {
namespace {

/// Windows of this length see the positions that most texts have.
constexpr int windowTokens = 128;
constexpr std::uint64_t samplingSeed = 1;

using Windows = std::vector<std::vector<int>>;

Result<Windows> windowsOfFile(const Checkpoint &checkpoint,
                              const std::string &file, int tokens, int window) {
  SYNFIRE_ASSIGN(std::string json, checkpoint.tokenizerJson());
  SYNFIRE_ASSIGN(auto tokenizer, Tokenizer::parse(json, checkpoint.directory() +
                                                            "/tokenizer.json"));
  SYNFIRE_ASSIGN(std::string text, readFile(file));
  std::vector<int> ids = tokenizer->encode(text);
  if (ids.size() < static_cast<std::size_t>(window))
    return makeError(fmt::format("the calibration text has {} tokens, but one "
                                 "window takes {}",
                                 ids.size(), window),
                     file, "give a longer text");
  ids.resize(std::min<std::size_t>(ids.size(), tokens));
  Windows windows;
  for (std::size_t begin = 0; begin < ids.size(); begin += window)
    windows.emplace_back(ids.begin() + begin,
                         ids.begin() + std::min(ids.size(), begin + window));
  return windows;
}

/// Texts that the model itself writes: calibration without data.
Result<Windows> windowsOfModel(const Checkpoint &checkpoint, FloatModel &model,
                               int tokens, int window) {
  Sampler sampler(/*samplingTemperature=*/1, samplingSeed);
  const int first = std::max(checkpoint.config().bosToken, 0);
  Windows windows;
  for (int made = 0; made < tokens; made += window) {
    std::vector<int> ids = {first};
    model.reset();
    SYNFIRE_TRY(model.decode(first));
    while (static_cast<int>(ids.size()) < window) {
      ids.push_back(sampler.next(
          LogitsView::ofReal(model.logits(), 1, model.vocabulary()), 0));
      SYNFIRE_TRY(model.decode(ids.back()));
    }
    windows.push_back(std::move(ids));
  }
  model.reset();
  return windows;
}

/// "1, 5".
std::string list(const std::vector<int> &tokens) {
  return fmt::format("{}", fmt::join(tokens, ", "));
}

std::string describe(const PrefixChoice &choice, double behind) {
  const std::string seen = fmt::format(
      "{:.3g} outlier tokens a window; largest ratio of a token's down_proj "
      "input to the median {:.3g} ({:.3g} at first positions)",
      choice.outliers, choice.largestRatio, choice.firstRatio);
  if (choice.tokens.empty())
    return "no prefix: " + seen;
  return fmt::format("prefix of {} token{} ({}): {}; behind the prefix {:.3g}",
                     choice.tokens.size(), choice.tokens.size() == 1 ? "" : "s",
                     list(choice.tokens), seen, behind);
}

Result<std::unique_ptr<FloatModel>> modelOf(const Checkpoint &checkpoint,
                                            const ReferencePlan &plan,
                                            std::int64_t context,
                                            const CalibrationOptions &options) {
  FloatModelOptions modelOptions;
  modelOptions.threads = options.threads;
  modelOptions.context = context;
  return FloatModel::create(plan, checkpoint, modelOptions);
}

/// Chooses the tokens where none are given, and cuts the windows to what is
/// left behind them.
Status setPrefix(const Checkpoint &checkpoint, const ReferencePlan &plan,
                 const CalibrationOptions &options,
                 const PrefixRequest &request, FloatModel &model,
                 Windows &windows, CalibrationRun &run) {
  std::vector<int> tokens = request.tokens;
  PrefixChoice choice;
  const bool chooses = tokens.empty() && request.count != 0;
  if (chooses) {
    SYNFIRE_ASSIGN(choice, choosePrefix(model, windows, request.count,
                                        checkpoint.config().bosToken));
    tokens = choice.tokens;
  }
  if (request.count > 0 && tokens.size() != std::size_t(request.count) &&
      chooses)
    return makeError(fmt::format("the calibration text has {} different tokens "
                                 "for a prefix of {}",
                                 tokens.size(), request.count),
                     "--prefix-tokens", "give a longer text or fewer tokens");
  SYNFIRE_ASSIGN(run.prefix,
                 prefixValues(plan, checkpoint, tokens, options.threads));
  const auto left = static_cast<std::size_t>(plan.context) - tokens.size();
  for (std::vector<int> &window : windows) {
    // As a prompt's, which is never the second in a row (runtime/session).
    if (!tokens.empty() && window.size() > 1 &&
        tokens.back() == checkpoint.config().bosToken &&
        window.front() == tokens.back())
      window.erase(window.begin());
    window.resize(std::min(window.size(), left));
  }
  if (!chooses)
    return Status::success();
  double behind = 0;
  if (!tokens.empty()) {
    SYNFIRE_ASSIGN(auto longer,
                   modelOf(checkpoint, plan,
                           std::min<std::int64_t>(plan.context,
                                                  windowTokens + tokens.size()),
                           options));
    SYNFIRE_ASSIGN(behind, largestRatioBehind(*longer, tokens, windows));
  }
  run.notes.push_back(describe(choice, behind));
  return Status::success();
}

} // namespace

Result<CalibrationRun> calibrate(const Checkpoint &checkpoint,
                                 const ReferencePlan &plan,
                                 const CalibrationOptions &options,
                                 const PrefixRequest &prefix) {
  // A cache of all positions of a long-context model would fill the memory.
  const int window =
      static_cast<int>(std::min<std::int64_t>(windowTokens, plan.context));
  SYNFIRE_ASSIGN(auto model, modelOf(checkpoint, plan, window, options));
  if (options.tokens < window)
    return makeError(fmt::format("{} calibration tokens, but one window takes "
                                 "{}",
                                 options.tokens, window),
                     "--calibration-tokens");
  Result<Windows> windows =
      options.file.empty()
          ? windowsOfModel(checkpoint, *model, options.tokens, window)
          : windowsOfFile(checkpoint, options.file, options.tokens, window);
  if (!windows)
    return windows.error();
  CalibrationRun run;
  const auto kept = static_cast<std::ptrdiff_t>(
      std::ceil(static_cast<double>(windows->size()) *
                (1 - std::clamp(options.reserve, 0.0, 0.5))));
  run.reserved.assign(windows->begin() + kept, windows->end());
  windows->resize(static_cast<std::size_t>(kept));
  SYNFIRE_TRY(
      setPrefix(checkpoint, plan, options, prefix, *model, *windows, run));
  const std::vector<int> &front = run.prefix.tokens;
  if (!front.empty()) {
    SYNFIRE_ASSIGN(model, modelOf(checkpoint, plan,
                                  std::min<std::int64_t>(plan.context,
                                                         window + front.size()),
                                  options));
  }
  std::size_t done = 0;
  for (const std::vector<int> &ids : *windows) {
    model->reset();
    model->collectStatistics(nullptr);
    model->collectSamples(nullptr);
    if (!front.empty())
      SYNFIRE_TRY(model->prefill(front, LogitRows::Last));
    model->collectStatistics(&run.data.statistics);
    model->collectSamples(&run.data.samples);
    if (Status fed = model->prefill(ids, LogitRows::All); !fed.ok()) {
      Error error = fed.error();
      error.where = options.file;
      return error;
    }
    if (options.progress)
      options.progress(++done, windows->size());
  }
  run.windows = std::move(*windows);
  return run;
}

} // namespace synfire
