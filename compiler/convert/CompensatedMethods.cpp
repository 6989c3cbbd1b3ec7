//===- CompensatedMethods.cpp - ECMT and STA (CONVERSION 6.9, 6.10) -------===//
#include "compiler/convert/StreamedMethods.h"
#include "compiler/convert/StreamedPlan.h"
#include "compiler/convert/StreamedThresholds.h"
#include "compiler/convert/StreamedUnits.h"

#include <cmath>

namespace synfire {
namespace {

constexpr int ecmtLevels = 8;
constexpr double ecmtShare = 0.99;
/// The authors' smallest level of attention weights.
constexpr double ecmtWeightLevel = 0.0125;

} // namespace

const std::vector<SiteKind> &ecmtSites() {
  static const std::vector<SiteKind> sites = {
      SiteKind::Norm,   SiteKind::Query,   SiteKind::Key,
      SiteKind::Value,  SiteKind::Weights, SiteKind::AttentionOut,
      SiteKind::Product};
  return sites;
}

Result<NetworkPlan> planEcmt(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &) {
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planStreamed(options, data, ecmtSites(), [&](const CodedSite &site) {
        const double largest = site.statistics->percentile(ecmtShare);
        StreamedParameters parameters;
        parameters.frames = options.steps;
        if (site.isShare())
          parameters.threshold = ecmtWeightLevel;
        else if (largest > 0)
          parameters.threshold = std::ldexp(largest, 1 - ecmtLevels);
        return makeEcmtUnit(parameters, ecmtLevels);
      }));
  compensate(plan);
  plan.notes.push_back("the largest of 8 levels is the 99th percentile of a "
                       "value's magnitudes; attention weights have the "
                       "authors' smallest level, 0.0125");
  return plan;
}

const std::vector<SiteKind> &staSites() {
  static const std::vector<SiteKind> sites = {
      SiteKind::Norm,  SiteKind::Query,        SiteKind::Key,
      SiteKind::Value, SiteKind::AttentionOut, SiteKind::Product};
  return sites;
}

Result<NetworkPlan> planSta(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &) {
  // Four halves of theta a step; the authors' 95 candidates from the largest
  // magnitude down by half a percent each.
  const int levels = 4 * options.steps;
  const QuantiserShape quantiser = {-levels, levels, /*offset=*/0};
  const ThresholdGrid grid = {95, 0.53};
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planStreamed(options, data, staSites(), [&](const CodedSite &site) {
        StreamedParameters parameters;
        parameters.frames = options.steps;
        parameters.threshold =
            fitFullScale(*site.statistics, quantiser, 2 * options.steps, grid);
        return makeStaUnit(parameters, /*twoSided=*/true);
      }));
  compensate(plan);
  plan.notes.insert(
      plan.notes.end(),
      {"one threshold a value, where the authors search one a channel",
       "functions are the digital unit's, where the authors distil them into "
       "small ReLU networks",
       "the two encoders of a signed value (its positive and its negative "
       "part) are one neuron whose net value may have either sign"});
  return plan;
}

} // namespace synfire
