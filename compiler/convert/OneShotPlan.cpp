//===- OneShotPlan.cpp - what plans of one-shot codes share ---------------===//
#include "compiler/convert/OneShotPlan.h"

#include "compiler/convert/PhaseCodes.h"

#include <fmt/format.h>

namespace synfire {
namespace {

std::string siblingOf(const std::string &site, const char *name) {
  return site.substr(0, site.rfind('.') + 1) + name;
}

bool isPopulation(SiteKind kind, bool digital) {
  switch (kind) {
  case SiteKind::Norm:
  case SiteKind::Query:
  case SiteKind::Key:
  case SiteKind::Value:
  case SiteKind::AttentionOut:
  case SiteKind::Product:
    return true;
  case SiteKind::Activation:
    return digital;
  default:
    return false;
  }
}

} // namespace

double fullScale(const StatisticsMap &statistics, const std::string &site,
                 const ConversionOptions &options) {
  if (siteKind(site) == SiteKind::Weights)
    return 1;
  const auto found = statistics.find(site);
  const double largest =
      found == statistics.end() ? 0 : found->second.absoluteMaximum();
  // A site that was 0 throughout (a pruned layer) may have any scale.
  if (!(largest > 0))
    return 1;
  return options.margin > 0 ? largest * options.margin : largest;
}

std::vector<OneShotSite> oneShotSites(const ConversionOptions &options,
                                      const CalibrationData &data) {
  const bool digital = options.nonlinear != "hg";
  std::vector<OneShotSite> sites;
  const auto append = [&](const std::string &name, SiteKind kind) {
    const auto seen = data.statistics.find(name);
    sites.push_back({name, kind,
                     seen == data.statistics.end() ? nullptr : &seen->second,
                     fullScale(data.statistics, name, options)});
  };
  for (const auto &[name, statistics] : data.statistics) {
    const SiteKind kind = siteKind(name, options.onlineHadamard);
    if (statistics.count == 0 || !isPopulation(kind, digital))
      continue;
    // The values of attention have two names (docs/spec/sites.md).
    if (kind == SiteKind::Value && name != siblingOf(name, "v") &&
        data.statistics.count(siblingOf(name, "v")) != 0)
      continue;
    append(name, kind);
    // Weights may not have been recorded; their scale is known.
    if (kind == SiteKind::AttentionOut && digital)
      append(siblingOf(name, "weights"), SiteKind::Weights);
  }
  return sites;
}

Error atSite(const OneShotSite &site, const Error &error) {
  return makeError(error.what, "site '" + site.name + "'", error.hint);
}

Result<NetworkPlan> planOneShot(
    const ConversionOptions &options, const CalibrationData &data,
    const std::function<Result<TableUnit>(const OneShotSite &)> &unitOf) {
  NetworkPlan plan;
  plan.form.digital = options.nonlinear != "hg";
  for (const OneShotSite &site : oneShotSites(options, data)) {
    Result<TableUnit> unit = unitOf(site);
    if (!unit)
      return atSite(site, unit.error());
    plan.codings[site.name] = std::move(*unit);
  }
  if (plan.codings.empty())
    return makeError(fmt::format("no calibration statistics for any value that "
                                 "method '{}' codes",
                                 options.method),
                     "conversion");
  return plan;
}

Result<NetworkPlan> planBinary(const ConversionOptions &options,
                               const CalibrationData &data, double offset,
                               int cap) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planOneShot(options, data, [&](const OneShotSite &site) {
                   return makePhaseCodeUnit(options.steps, 2, site.fullScale,
                                            offset, site.isShare() ? 0 : cap);
                 }));
  if (cap > 0)
    plan.notes.push_back(fmt::format("a train sends its first {} spike(s) "
                                     "alone, except for attention weights",
                                     cap));
  return plan;
}

} // namespace synfire
