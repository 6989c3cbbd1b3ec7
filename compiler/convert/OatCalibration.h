//===- OatCalibration.h - full scales from statistics -----------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_OATCALIBRATION_H
#define SYNFIRE_COMPILER_CONVERT_OATCALIBRATION_H

#include "compiler/reference/Statistics.h"

namespace synfire {

/// The outlier threshold is normal * 2^outlierShift: a power-of-two ratio keeps
/// the payloads of both banks dyadic on one integer scale.
struct OatThresholds {
  double normal = 1;
  int outlierShift = 0; ///< 0: a single bank
};

/// What the outer threshold keeps above the largest magnitude seen.
constexpr double calibrationMargin = 1.05;

/// The thresholds that minimise the expected squared quantisation error over
/// the histogram of a site, with the outer one at `margin` times the largest
/// magnitude seen or above: a seen value is never clipped, because a token's
/// rare giant activations matter more than their share of the error says. The
/// ratio is at most 2^10, and small enough that makePhaseTable() still finds a
/// guard bit with 15 levels. Without `outlierAware` a single bank.
OatThresholds calibrateOat(const SiteStatistics &statistics, int steps,
                           bool outlierAware, bool rounding,
                           double margin = calibrationMargin);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_OATCALIBRATION_H
