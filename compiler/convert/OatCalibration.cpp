//===- OatCalibration.cpp - full scales from statistics -------------------===//
#include "compiler/convert/OatCalibration.h"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

constexpr int largestShift = 10;
/// Membrane bits, less a guard bit, less four for up to 15 levels.
constexpr int sharedBits = 30 - 1 - 4;
/// Positions tried for the normal threshold within a factor of two.
constexpr int positions = 16;

/// Expected squared error of a value of this magnitude in a bank whose smallest
/// step is `quantum`.
double squaredError(double magnitude, double quantum, bool rounding) {
  const double silentBelow = rounding ? quantum / 2 : quantum;
  if (magnitude < silentBelow)
    return magnitude * magnitude;
  return quantum * quantum / (rounding ? 12 : 3);
}

double expectedError(const SiteStatistics &statistics, int steps, bool rounding,
                     const OatThresholds &thresholds) {
  const double normalQuantum = std::ldexp(thresholds.normal, -steps);
  const double outlierQuantum =
      std::ldexp(normalQuantum, thresholds.outlierShift);
  double error = 0;
  for (int bin = 0; bin < magnitudeBins; ++bin) {
    const std::uint64_t count =
        statistics.magnitude[static_cast<std::size_t>(bin)];
    if (count == 0)
      continue;
    const double magnitude = magnitudeOfBin(bin);
    error += double(count) * squaredError(magnitude,
                                          magnitude < thresholds.normal
                                              ? normalQuantum
                                              : outlierQuantum,
                                          rounding);
  }
  return error;
}

} // namespace

OatThresholds calibrateOat(const SiteStatistics &statistics, int steps,
                           bool outlierAware, bool rounding, double margin) {
  const double outer =
      statistics.absoluteMaximum() * std::max(margin, calibrationMargin);
  if (!(outer > 0))
    return {};
  OatThresholds best{outer, 0};
  if (!outlierAware || statistics.magnitude.size() != magnitudeBins)
    return best;
  double bestError = expectedError(statistics, steps, rounding, best);
  const int mostShift = std::clamp(sharedBits - steps, 0, largestShift);
  for (int shift = 1; shift <= mostShift; ++shift)
    for (int position = 0; position < positions; ++position) {
      const double stretch = std::exp2(double(position) / positions);
      const OatThresholds tried{std::ldexp(outer * stretch, -shift), shift};
      const double error = expectedError(statistics, steps, rounding, tried);
      if (error < bestError) {
        bestError = error;
        best = tried;
      }
    }
  return best;
}

} // namespace synfire
