//===- OneShotPlan.h - what plans of one-shot codes share -------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_ONESHOTPLAN_H
#define SYNFIRE_COMPILER_CONVERT_ONESHOTPLAN_H

#include "compiler/convert/Methods.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire {

/// One of MGPC's populations.
struct OneShotSite {
  std::string name;
  SiteKind kind = SiteKind::Other;
  const SiteStatistics *statistics = nullptr; ///< of attention weights: maybe 0
  double fullScale = 1;

  /// Shares of one: the mask leaves them alone, as its authors do.
  bool isShare() const { return kind == SiteKind::Weights; }
};

/// tau: the largest value in calibration times the margin of the options (1
/// where they leave it open: a code of few bits loses more by headroom than by
/// clipping), or 1 for attention weights.
double fullScale(const StatisticsMap &statistics, const std::string &site,
                 const ConversionOptions &options);

/// The populations that exist in the network: all of MGPC's where functions are
/// digital; where they spike (nonlinear "hg"), those that no function fires.
std::vector<OneShotSite> oneShotSites(const ConversionOptions &options,
                                      const CalibrationData &data);

/// A plan with `unitOf` at every population. Fails if calibration has seen
/// none of them.
Result<NetworkPlan> planOneShot(
    const ConversionOptions &options, const CalibrationData &data,
    const std::function<Result<TableUnit>(const OneShotSite &)> &unitOf);

/// The same error, with the site's name.
Error atSite(const OneShotSite &site, const Error &error);

/// The base-2 phase code of options.steps at every population; `offset` in
/// units of the last threshold, `cap` for all but attention weights.
Result<NetworkPlan> planBinary(const ConversionOptions &options,
                               const CalibrationData &data, double offset,
                               int cap);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_ONESHOTPLAN_H
