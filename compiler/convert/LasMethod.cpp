//===- LasMethod.cpp - LAS and the rounding phase code everywhere ---------===//
#include "compiler/convert/LasMethod.h"

#include "compiler/convert/OatCalibration.h"

namespace synfire {
namespace {

/// Values between the functions; those of functions leave the look-up unit as
/// codes of their own.
bool isValue(SiteKind kind, bool digital) {
  switch (kind) {
  case SiteKind::Embedding:
  case SiteKind::Residual:
  case SiteKind::Norm:
  case SiteKind::Projection:
  case SiteKind::Query:
  case SiteKind::Key:
  case SiteKind::Value:
  case SiteKind::AttentionOut:
  case SiteKind::Up:
  case SiteKind::Product:
    return true;
  // Softmax divides after AV where it spikes, before where it does not.
  case SiteKind::Mix:
    return !digital;
  case SiteKind::Weights:
  case SiteKind::Activation:
    return digital;
  default:
    return false;
  }
}

} // namespace

bool isWide(SiteKind kind) {
  return kind == SiteKind::Embedding || kind == SiteKind::Residual ||
         kind == SiteKind::Projection || kind == SiteKind::Mix;
}

PhaseUnit phaseUnit(const SiteStatistics &statistics,
                    const ConversionOptions &options, bool wide) {
  const bool las = options.method == "las";
  PhaseUnit unit;
  unit.steps = wide ? options.wideSteps : options.steps;
  unit.levels = las && !wide ? options.levels : 1;
  unit.rounding = !las;
  const OatThresholds thresholds =
      calibrateOat(statistics, unit.steps, las && options.outlierAware,
                   unit.rounding, options.margin);
  unit.threshold = thresholds.normal;
  unit.outlierShift = thresholds.outlierShift;
  return unit;
}

Result<NetworkPlan> planLas(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &) {
  NetworkPlan plan;
  plan.form.digital = options.nonlinear == "digital";
  for (const auto &[site, statistics] : data.statistics)
    if (const SiteKind kind = siteKind(site, options.onlineHadamard);
        isValue(kind, plan.form.digital) && statistics.count > 0)
      plan.codings[site] = phaseUnit(statistics, options, isWide(kind));
  return plan;
}

} // namespace synfire
