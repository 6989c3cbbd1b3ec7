//===- StudyModel.h - one model, calibrated and ready to compare -*- C++
//-*-===//
//
// What all configurations of a study share: the checkpoint, its calibration,
// the text to score and what the float model makes of it.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_EXPLORATION_STUDYMODEL_H
#define SYNFIRE_EXPLORATION_STUDYMODEL_H

#include "compiler/import/Checkpoint.h"
#include "compiler/pipelines/Compile.h"
#include "runtime/eval/Perplexity.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

struct StudyOptions {
  CalibrationOptions calibration;
  /// Share of the text's tokens to leave out at its start, for a file whose
  /// head is the calibration text.
  double skip = 0;
  std::size_t window = 128;       ///< inputs of a window, at most the context
  std::size_t predictions = 4096; ///< scored; 0: the whole text
  int threads = 1;
};

/// Consecutive tokens of one sequence and what the float model computes there.
struct ReferenceWindow {
  std::vector<int> tokens;
  std::vector<int> next;     ///< id that follows each of them
  std::vector<float> logits; ///< [tokens][vocabulary]
  /// Residual stream after each layer: [layer][token][hidden].
  std::vector<std::vector<float>> residuals;
};

class StudyModel {
public:
  /// Calibrates, and runs the float model over the text file, or, if `text` is
  /// empty, over the calibration windows. Fails on a text without a single
  /// whole window.
  static Result<StudyModel> load(const std::string &directory,
                                 const std::string &text,
                                 const StudyOptions &options);

  const std::string &name() const { return modelName; }
  const Checkpoint &checkpoint() const { return *weights; }
  /// Without a prefix.
  const Calibration &calibration() const { return calibrated; }
  /// Behind as many prefix tokens as the options ask for; collected once for
  /// all copies of the study. Not for use in several threads at once.
  Result<std::shared_ptr<const Calibration>>
  calibrationFor(const ConversionOptions &conversion) const;
  const std::vector<ReferenceWindow> &windows() const { return reference; }
  const StudyOptions &options() const { return studyOptions; }
  /// Mean negative log probability, nats, of the float model.
  double referenceNats() const { return nats; }
  /// The same with these tokens in front of each window.
  Result<double> referenceNatsBehind(const std::vector<int> &prefix) const;
  std::size_t predictions() const { return scored; }

  /// The same model scored on the reserved windows of the calibration text (on
  /// all of them where none is reserved), so that a choice never sees the text
  /// that it is judged by. At most `predictions`.
  Result<StudyModel> onCalibrationText(std::size_t predictions) const;

private:
  /// Fills `reference` from windows of ids, each of which predicts all but its
  /// first.
  Status runReference(const std::vector<std::vector<int>> &texts);

  std::string modelName;
  std::shared_ptr<const Checkpoint> weights;
  Calibration calibrated;
  /// By the number of prefix tokens.
  std::shared_ptr<std::map<int, std::shared_ptr<const Calibration>>> prefixed =
      std::make_shared<std::map<int, std::shared_ptr<const Calibration>>>();
  StudyOptions studyOptions;
  std::vector<ReferenceWindow> reference;
  double nats = 0;
  std::size_t scored = 0;
};

/// Sum of -log softmax(row)[id] over rows; `next` holds one id a row.
double sumOfNats(const LogitsView &logits, const std::vector<int> &next);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_STUDYMODEL_H
