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

} // namespace

Result<CalibrationRun> calibrate(const Checkpoint &checkpoint,
                                 const ReferencePlan &plan,
                                 const CalibrationOptions &options) {
  FloatModelOptions modelOptions;
  modelOptions.threads = options.threads;
  // A cache of all positions of a long-context model would fill the memory.
  modelOptions.context = std::min<std::int64_t>(windowTokens, plan.context);
  SYNFIRE_ASSIGN(auto model,
                 FloatModel::create(plan, checkpoint, modelOptions));
  const int window = static_cast<int>(modelOptions.context);
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
  model->collectStatistics(&run.data.statistics);
  model->collectSamples(&run.data.samples);
  std::size_t done = 0;
  for (const std::vector<int> &ids : *windows) {
    model->reset();
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
