//===- StudyModel.cpp - one model, calibrated and ready to compare --------===//
#include "exploration/StudyModel.h"

#include "compiler/reference/FloatModel.h"
#include "runtime/text/Tokenizer.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <limits>

namespace synfire {
namespace {

Result<std::vector<int>> encodeText(const Checkpoint &checkpoint,
                                    const std::string &path) {
  SYNFIRE_ASSIGN(std::string json, checkpoint.tokenizerJson());
  SYNFIRE_ASSIGN(auto tokenizer, Tokenizer::parse(json, checkpoint.directory() +
                                                            "/tokenizer.json"));
  SYNFIRE_ASSIGN(std::string text, readFile(path));
  return tokenizer->encode(text);
}

/// Each window shares its last id with the next one's first, so that every id
/// but the first is predicted once.
std::vector<std::vector<int>> cut(const std::vector<int> &ids,
                                  std::size_t window, std::size_t predictions) {
  std::vector<std::vector<int>> texts;
  for (std::size_t begin = 0; begin + 1 < ids.size() && begin < predictions;
       begin += window) {
    const std::size_t inputs =
        std::min({window, ids.size() - 1 - begin, predictions - begin});
    texts.emplace_back(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                       ids.begin() +
                           static_cast<std::ptrdiff_t>(begin + inputs + 1));
  }
  return texts;
}

} // namespace

double sumOfNats(const LogitsView &logits, const std::vector<int> &next) {
  double sum = 0;
  for (std::size_t i = 0; i < next.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    sum += logSumExp(logits, row) - logits.at(row, next[i]);
  }
  return sum;
}

Result<StudyModel> StudyModel::load(const std::string &directory,
                                    const std::string &text,
                                    const StudyOptions &options) {
  StudyModel model;
  SYNFIRE_ASSIGN(Checkpoint opened, Checkpoint::open(directory));
  model.weights = std::make_shared<const Checkpoint>(std::move(opened));
  std::filesystem::path path(directory);
  if (!path.has_filename())
    path = path.parent_path();
  model.modelName = path.filename().string();
  model.studyOptions = options;
  model.studyOptions.window = std::min<std::size_t>(
      options.window,
      static_cast<std::size_t>(model.weights->config().maxPositions));
  if (text.empty()) {
    SYNFIRE_ASSIGN(model.calibrated,
                   collectCalibration(*model.weights, options.calibration));
    return model.onCalibrationText(options.predictions);
  }
  SYNFIRE_ASSIGN(std::vector<int> ids, encodeText(*model.weights, text));
  ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(
                                           std::clamp(options.skip, 0.0, 1.0) *
                                           static_cast<double>(ids.size())));
  if (ids.size() <= model.studyOptions.window)
    return makeError(fmt::format("the text has {} tokens, but one window takes "
                                 "{} and the one after",
                                 ids.size(), model.studyOptions.window),
                     text, "give a longer text or a smaller --window");
  SYNFIRE_ASSIGN(model.calibrated,
                 collectCalibration(*model.weights, options.calibration));
  const std::size_t predictions =
      options.predictions == 0 ? ids.size() : options.predictions;
  SYNFIRE_TRY(
      model.runReference(cut(ids, model.studyOptions.window, predictions)));
  return model;
}

Result<std::shared_ptr<const Calibration>>
StudyModel::calibrationFor(const ConversionOptions &conversion) const {
  std::shared_ptr<const Calibration> &known =
      (*prefixed)[conversion.prefixTokens];
  if (known)
    return known;
  if (conversion.prefixTokens == calibrated.prefixTokens) {
    known = std::make_shared<const Calibration>(calibrated);
    return known;
  }
  SYNFIRE_ASSIGN(Calibration made,
                 collectCalibration(*weights, studyOptions.calibration,
                                    {conversion.prefixTokens, {}}));
  known = std::make_shared<const Calibration>(std::move(made));
  return known;
}

Result<StudyModel>
StudyModel::onCalibrationText(std::size_t predictions) const {
  StudyModel other = *this;
  if (predictions == 0)
    predictions = std::numeric_limits<std::size_t>::max() - 1;
  std::vector<std::vector<int>> texts;
  std::size_t taken = 0;
  for (const std::vector<int> &window :
       calibrated.reserved.empty() ? calibrated.windows : calibrated.reserved) {
    if (taken >= predictions || window.size() < 2)
      break;
    const std::size_t ids = std::min(
        {window.size(), predictions - taken + 1, studyOptions.window + 1});
    texts.emplace_back(window.begin(),
                       window.begin() + static_cast<std::ptrdiff_t>(ids));
    taken += ids - 1;
  }
  SYNFIRE_TRY(other.runReference(texts));
  return other;
}

Result<double>
StudyModel::referenceNatsBehind(const std::vector<int> &prefix) const {
  FloatModelOptions modelOptions;
  modelOptions.threads = studyOptions.threads;
  modelOptions.context =
      static_cast<std::int64_t>(studyOptions.window + prefix.size());
  SYNFIRE_ASSIGN(auto model, FloatModel::create(*weights, modelOptions));
  double sum = 0;
  for (const ReferenceWindow &window : reference) {
    model->reset();
    if (!prefix.empty())
      SYNFIRE_TRY(model->prefill(prefix, LogitRows::Last));
    SYNFIRE_TRY(model->prefill(window.tokens, LogitRows::All));
    sum += sumOfNats(LogitsView::ofReal(model->logits(), model->logitRows(),
                                        model->vocabulary()),
                     window.next);
  }
  return sum / static_cast<double>(scored);
}

Status StudyModel::runReference(const std::vector<std::vector<int>> &texts) {
  FloatModelOptions modelOptions;
  modelOptions.threads = studyOptions.threads;
  modelOptions.context = static_cast<std::int64_t>(studyOptions.window);
  SYNFIRE_ASSIGN(auto model, FloatModel::create(*weights, modelOptions));
  const auto layers = static_cast<std::size_t>(weights->config().layers);
  ReferenceWindow *current = nullptr;
  model->observe([&](const std::string &site, const float *values,
                     std::int64_t rows, std::int64_t stride,
                     std::int64_t width) {
    for (std::size_t layer = 0; layer < layers; ++layer)
      if (site == fmt::format("layers.{}.mlp.residual", layer))
        for (std::int64_t r = 0; r < rows; ++r)
          current->residuals[layer].insert(current->residuals[layer].end(),
                                           values + r * stride,
                                           values + r * stride + width);
  });
  reference.clear();
  scored = 0;
  double sum = 0;
  for (const std::vector<int> &text : texts) {
    ReferenceWindow &window = reference.emplace_back();
    current = &window;
    window.residuals.resize(layers);
    window.tokens.assign(text.begin(), text.end() - 1);
    window.next.assign(text.begin() + 1, text.end());
    model->reset();
    SYNFIRE_TRY(model->prefill(window.tokens, LogitRows::All));
    window.logits.assign(model->logits(),
                         model->logits() +
                             model->logitRows() * model->vocabulary());
    sum += sumOfNats(LogitsView::ofReal(model->logits(), model->logitRows(),
                                        model->vocabulary()),
                     window.next);
    scored += window.next.size();
  }
  nats = sum / static_cast<double>(scored);
  return {};
}

} // namespace synfire
