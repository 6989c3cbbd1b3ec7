//===- RateMethods.cpp - IF, QCFS, SRP, COS, FAS --------------------------===//
#include "compiler/convert/StreamedMethods.h"
#include "compiler/convert/StreamedPlan.h"
#include "compiler/convert/StreamedThresholds.h"
#include "compiler/convert/StreamedUnits.h"

#include <algorithm>

namespace synfire {
namespace {

/// Share of all values that a rate's full scale holds where no training chose
/// it.
constexpr double robustShare = 0.999;

const char *const notTrained =
    "the ANN was not retrained with the quantised activation that the method "
    "converts: the figures show the neuron on the model as it is";

/// QCFS's lam: the clip of the activation, by squared error instead of by
/// training.
double fittedClip(const CodedSite &site, int steps) {
  return fitFullScale(*site.statistics, {-steps, steps}, steps);
}

Result<NetworkPlan>
planActivations(const ConversionOptions &options, const CalibrationData &data,
                const std::function<Result<TableUnit>(
                    const CodedSite &, const StreamedParameters &)> &unitOf) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planStreamed(options, data, activationSites(),
                              [&](const CodedSite &site) {
                                StreamedParameters parameters;
                                parameters.frames = options.steps;
                                parameters.threshold =
                                    fittedClip(site, options.steps);
                                return unitOf(site, parameters);
                              }));
  compensate(plan);
  plan.notes.insert(
      plan.notes.end(),
      {notTrained, twoSidedNote,
       "only what enters down_proj spikes, as in the authors' language models; "
       "everything else is the digital unit's"});
  return plan;
}

Result<NetworkPlan> planRehearsed(const ConversionOptions &options,
                                  const CalibrationData &data,
                                  Rehearsal rehearsal) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planActivations(options, data,
                                 [&](const CodedSite &,
                                     const StreamedParameters &parameters) {
                                   return makeRehearsedIfUnit(parameters,
                                                              /*twoSided=*/true,
                                                              rehearsal,
                                                              options.steps);
                                 }));
  plan.notes.push_back("the first pass of a coded population takes the whole "
                       "train, on the input that the second pass gets too");
  return plan;
}

} // namespace

const std::vector<SiteKind> &ifSites() {
  static const std::vector<SiteKind> sites = {
      SiteKind::Norm,   SiteKind::Query,   SiteKind::Key,
      SiteKind::Value,  SiteKind::Weights, SiteKind::AttentionOut,
      SiteKind::Product};
  return sites;
}

const std::vector<SiteKind> &activationSites() {
  static const std::vector<SiteKind> sites = {SiteKind::Product};
  return sites;
}

Result<NetworkPlan> planIf(const ConversionOptions &options,
                           const CalibrationData &data,
                           const BlockCalibration &) {
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planStreamed(options, data, ifSites(), [&](const CodedSite &site) {
        const double share =
            site.isShare() ? 1 : site.statistics->percentile(robustShare);
        StreamedParameters parameters;
        parameters.frames = options.steps;
        parameters.threshold = share > 0 ? share : 1;
        return makeIfUnit(parameters, /*twoSided=*/!site.isShare());
      }));
  compensate(plan);
  plan.notes.insert(plan.notes.end(),
                    {"full scales are the 99.9th percentile of magnitudes; "
                     "attention weights reach 1",
                     twoSidedNote});
  return plan;
}

Result<NetworkPlan> planQcfs(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &) {
  return planActivations(
      options, data,
      [](const CodedSite &, const StreamedParameters &parameters) {
        return makeIfUnit(parameters, /*twoSided=*/true);
      });
}

Result<NetworkPlan> planSrp(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &) {
  return planRehearsed(options, data, Rehearsal::ResidualMask);
}

Result<NetworkPlan> planCos(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &) {
  return planRehearsed(options, data, Rehearsal::OptimalShift);
}

Result<NetworkPlan> planFas(const ConversionOptions &options,
                            const CalibrationData &data,
                            const BlockCalibration &) {
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planActivations(
          options, data,
          [](const CodedSite &site,
             const StreamedParameters &parameters) -> Result<TableUnit> {
            SYNFIRE_ASSIGN(TableUnit unit,
                           makeIfUnit(parameters, /*twoSided=*/true));
            // A threshold a channel, at the channel's largest magnitude, but
            // never wider than the clip of all.
            for (const float largest : site.statistics->channelMaximum)
              unit.channelScale.push_back(
                  largest > 0 ? std::min(1.0, largest / parameters.threshold)
                              : 1);
            return unit;
          }));
  plan.notes.push_back("thresholds differ by channel, from the channels' "
                       "largest values; the authors train one for each "
                       "position too, which fits no other length");
  return plan;
}

} // namespace synfire
