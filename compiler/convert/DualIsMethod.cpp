//===- DualIsMethod.cpp - integer spikes (CONVERSION section 4) -----------===//
#include "compiler/convert/StreamedMethods.h"
#include "compiler/convert/StreamedPlan.h"
#include "compiler/convert/StreamedThresholds.h"
#include "compiler/convert/StreamedUnits.h"

#include <chrono>

namespace synfire {

const std::vector<SiteKind> &dualIsSites() {
  static const std::vector<SiteKind> sites = {
      SiteKind::Norm,  SiteKind::Query,        SiteKind::Key,
      SiteKind::Value, SiteKind::AttentionOut, SiteKind::Product};
  return sites;
}

Result<NetworkPlan> planDualIs(const ConversionOptions &options,
                               const CalibrationData &data,
                               const BlockCalibration &calibrate) {
  SYNFIRE_ASSIGN(const IsShape shape, isShape(options.activationBits,
                                              options.steps, options.isOffset));
  const int half = 1 << (options.activationBits - 1);
  // theta = 2 xmax / (2^n - 1).
  const QuantiserShape quantiser = {-half, half - 1};
  const double levels = half - 0.5;
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planStreamed(options, data, dualIsSites(), [&](const CodedSite &site) {
        IsParameters parameters;
        parameters.frames = options.steps;
        parameters.threshold =
            fitFullScale(*site.statistics, quantiser, levels) / levels;
        parameters.levels = shape.levels;
        parameters.alpha = shape.alpha;
        parameters.average = options.average;
        parameters.unfold = options.unfold;
        return makeIsUnit(parameters);
      }));
  plan.notes.push_back("the model was not prepared as the authors prepare it "
                       "(prefix tokens, learned scales); thresholds have the "
                       "least squared error on the calibration text");
  if (options.average)
    plan.notes.push_back("every frame gets an equal share of a neuron's whole "
                         "input: an ablation that is not causal");
  // One frame is the quantised network itself, which has nothing to calibrate.
  if (!options.calibrateBlocks || options.steps == 1)
    return plan;
  if (!calibrate) {
    plan.notes.push_back("thresholds are not calibrated block by block");
    return plan;
  }
  const auto start = std::chrono::steady_clock::now();
  SYNFIRE_TRY(calibrate(plan));
  plan.trainingSeconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return plan;
}

} // namespace synfire
