#include "benchmarks/models/BenchmarkModels.h"

#include "runtime/session/Session.h"
#include "runtime/text/Tokenizer.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace synfire {
namespace {

constexpr int context = 256;

struct Source {
  std::string name, directory, calibration, evaluation;
};

std::vector<int> encodeFile(const Checkpoint &checkpoint,
                            const std::string &file) {
  auto tokenizer = require(Tokenizer::parse(require(checkpoint.tokenizerJson()),
                                            checkpoint.directory()));
  return tokenizer->encode(require(readFile(file)));
}

BenchmarkModel load(const Source &source, const BenchmarkOptions &options) {
  BenchmarkModel model;
  model.name = source.name;
  model.checkpoint =
      std::make_shared<Checkpoint>(require(Checkpoint::open(source.directory)));
  model.evaluation = encodeFile(*model.checkpoint, source.evaluation);
  // One file: calibrate on its head, evaluate on its second half.
  if (source.evaluation == source.calibration)
    model.evaluation.erase(
        model.evaluation.begin(),
        model.evaluation.begin() +
            static_cast<std::ptrdiff_t>(model.evaluation.size() / 2));
  CalibrationOptions calibration;
  calibration.file = source.calibration;
  calibration.tokens = options.calibrationTokens;
  model.calibration =
      require(collectCalibration(*model.checkpoint, calibration));
  return model;
}

} // namespace

void give(const Error &error) {
  fmt::print(stderr, "error: {}\n", error.message());
  std::exit(1);
}

std::vector<BenchmarkModel> loadModels(const std::vector<std::string> &shared,
                                       const BenchmarkOptions &options) {
  const std::string shipped = SYNFIRE_SOURCE_DIR "/models/fable-0.9M";
  std::vector<Source> sources = {{"fable-0.9M", shipped,
                                  shipped + "/calibration.txt",
                                  shipped + "/evaluation.txt"}};
  for (const std::string &name : shared) {
    const std::string root = SYNFIRE_SHARED_DIR;
    const std::string text =
        root + (name.rfind("stories", 0) == 0 ? "/data/tinystories.txt"
                                              : "/data/wikitext-2-valid.txt");
    sources.push_back({name, root + "/models/" + name, text, text});
  }
  std::vector<BenchmarkModel> models;
  for (const Source &source : sources) {
    if (std::filesystem::exists(source.directory))
      models.push_back(load(source, options));
    else
      fmt::print("{} is not there: left out\n", source.directory);
  }
  return models;
}

PerplexityResult referenceOf(const BenchmarkModel &model,
                             std::size_t predictions) {
  auto reference = require(FloatModel::create(*model.checkpoint));
  PerplexityOptions options;
  options.predictions = predictions;
  WindowFunction window = [&](const int *tokens,
                              std::size_t count) -> Result<LogitsView> {
    reference->reset();
    SYNFIRE_TRY(reference->prefill(tokens, count, LogitRows::All));
    return LogitsView::ofReal(reference->logits(), reference->logitRows(),
                              reference->vocabulary());
  };
  return require(measurePerplexity(model.evaluation, window, options));
}

std::shared_ptr<const Program> compiled(const BenchmarkModel &model,
                                        const ConversionOptions &conversion) {
  CompileOptions options;
  options.conversion = conversion;
  options.conversion.context = static_cast<int>(
      std::min<std::int64_t>(context, model.checkpoint->config().maxPositions));
  const NetworkPlan plan =
      require(planConversion(*model.checkpoint, options, model.calibration));
  return std::make_shared<const Program>(require(
      compilePlan(*model.checkpoint, options, model.calibration, plan)));
}

PerplexityResult spikingOf(const BenchmarkModel &model,
                           const ConversionOptions &conversion,
                           std::size_t predictions) {
  PerplexityOptions options;
  options.predictions = predictions;
  return require(spikingPerplexity(compiled(model, conversion),
                                   model.evaluation, options, /*threads=*/1));
}

} // namespace synfire
