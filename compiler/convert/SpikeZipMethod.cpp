//===- SpikeZipMethod.cpp - ST-BIF neurons (CONVERSION 6.8) ---------------===//
#include "compiler/convert/StreamedMethods.h"
#include "compiler/convert/StreamedPlan.h"
#include "compiler/convert/StreamedThresholds.h"
#include "compiler/convert/StreamedUnits.h"

#include <cmath>

namespace synfire {
namespace {

/// LSQ's first scale of a signed quantiser. Attention weights, most of which
/// are near 0 while the largest is 1, get the scale of least squared error.
double scaleOf(const CodedSite &site, int highest) {
  if (!site.isShare()) {
    const double mean = meanMagnitude(*site.statistics);
    return mean > 0 ? 2 * mean / std::sqrt(static_cast<double>(highest)) : 1;
  }
  if (site.statistics->count == 0)
    return 1.0 / highest;
  return fitFullScale(*site.statistics, {0, highest}, highest) / highest;
}

} // namespace

const std::vector<SiteKind> &spikeZipSites() {
  static const std::vector<SiteKind> sites = {
      SiteKind::Norm,  SiteKind::Query,   SiteKind::Key,
      SiteKind::Value, SiteKind::Weights, SiteKind::AttentionOut,
      SiteKind::Gate,  SiteKind::Up,      SiteKind::Product};
  return sites;
}

Result<NetworkPlan> planSpikeZip(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &) {
  const int half = options.quantiserLevels / 2;
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planStreamed(options, data, spikeZipSites(), [&](const CodedSite &site) {
        const int lowest = site.isShare() ? 0 : -half;
        const int highest =
            site.isShare() ? options.quantiserLevels - 1 : half - 1;
        StreamedParameters parameters;
        parameters.frames = options.steps;
        parameters.threshold = scaleOf(site, highest);
        return makeStBifUnit(parameters, lowest, highest);
      }));
  plan.form.inputOnce = plan.form.frames > 1;
  plan.notes.insert(
      plan.notes.end(),
      {"the ANN was not retrained with quantised activations; scales are those "
       "that LSQ starts from",
       "a train is cut at its last frame: what neurons had not sent by then is "
       "lost, where the authors run until all is silent",
       "residual sums are the digital unit's: the quantisers behind o_proj and "
       "down_proj have no population of their own"});
  return plan;
}

} // namespace synfire
