//===- StreamedThresholds.h - thresholds from statistics --------*- C++ -*-===//
//
// What a post-training conversion can know of a threshold: the histogram of its
// site's magnitudes.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_STREAMEDTHRESHOLDS_H
#define SYNFIRE_COMPILER_CONVERT_STREAMEDTHRESHOLDS_H

#include "compiler/reference/Statistics.h"

namespace synfire {

/// A uniform quantiser of magnitudes: min(floor(|x| / step + offset), limit of
/// the sign).
struct QuantiserShape {
  int lowest = -1; ///< levels, at most 0
  int highest = 1;
  double offset = 0.5; ///< 0.5 rounds, 0 truncates
};

/// Mean squared error of the quantiser with this step on the site's values. The
/// histogram has no signs: both count alike unless no value was negative.
double squaredError(const SiteStatistics &statistics,
                    const QuantiserShape &shape, double step);

/// Full scales between `smallest` and 1 times the largest magnitude.
struct ThresholdGrid {
  int points = 100;
  double smallest = 0.01;
};

/// The full scale of the grid with the least squared error where `levels` steps
/// make it up. A site of zeros alone may have any scale: 1.
double fitFullScale(const SiteStatistics &statistics,
                    const QuantiserShape &shape, double levels,
                    const ThresholdGrid &grid = {});

/// Mean of |x|, to the width of the histogram's bins.
double meanMagnitude(const SiteStatistics &statistics);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_STREAMEDTHRESHOLDS_H
