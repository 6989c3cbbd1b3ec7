//===- StreamedPlan.cpp - what plans of streamed methods share ------------===//
#include "compiler/convert/StreamedPlan.h"

#include <algorithm>
#include <fmt/format.h>

namespace synfire {
namespace {

/// The digital unit's own code for values that stand between spiking functions
/// and no method codes.
bool staysNumber(SiteKind kind) {
  switch (kind) {
  case SiteKind::Embedding:
  case SiteKind::Residual:
  case SiteKind::Projection:
  case SiteKind::Norm:
  case SiteKind::Query:
  case SiteKind::Key:
  case SiteKind::Value:
  case SiteKind::Mix:
  case SiteKind::AttentionOut:
  case SiteKind::Up:
  case SiteKind::Product:
    return true;
  default:
    return false;
  }
}

std::vector<CodedSite> sitesOf(const ConversionOptions &options,
                               const CalibrationData &data,
                               const std::vector<SiteKind> &kinds) {
  static const SiteStatistics unseen;
  const auto codes = [&](SiteKind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  std::vector<CodedSite> sites;
  for (const auto &[name, statistics] : data.statistics) {
    const SiteKind kind = siteKind(name, options.onlineHadamard);
    if (statistics.count > 0 && codes(kind) && kind != SiteKind::Weights)
      sites.push_back({name, kind, &statistics});
    if (kind == SiteKind::AttentionOut && codes(SiteKind::Weights)) {
      const std::string weights =
          name.substr(0, name.rfind('.') + 1) + "weights";
      const auto seen = data.statistics.find(weights);
      sites.push_back(
          {weights, SiteKind::Weights,
           seen == data.statistics.end() ? &unseen : &seen->second});
    }
  }
  return sites;
}

} // namespace

const char *const twoSidedNote =
    "coded values have both signs: neurons send negative spikes as well, which "
    "the authors' neurons behind a ReLU do not need";

Result<NetworkPlan> planStreamed(
    const ConversionOptions &options, const CalibrationData &data,
    const std::vector<SiteKind> &kinds,
    const std::function<Result<TableUnit>(const CodedSite &)> &unitOf) {
  NetworkPlan plan;
  plan.form.frames = options.steps;
  plan.form.digital = options.nonlinear != "hg";
  for (const CodedSite &site : sitesOf(options, data, kinds)) {
    Result<TableUnit> unit = unitOf(site);
    if (!unit)
      return makeError(unit.error().what, "site '" + site.name + "'",
                       unit.error().hint);
    plan.codings[site.name] = std::move(*unit);
  }
  if (plan.codings.empty())
    return makeError(fmt::format("no calibration statistics for any value that "
                                 "method '{}' codes",
                                 options.method),
                     "conversion");
  if (plan.form.digital)
    return plan;
  const double margin = options.margin > 0 ? options.margin : calibratedMargin;
  for (const auto &[name, statistics] : data.statistics)
    if (const double largest = statistics.absoluteMaximum();
        staysNumber(siteKind(name, options.onlineHadamard)) &&
        plan.codings.count(name) == 0) {
      NumberUnit number;
      number.fullScale = largest > 0 ? largest * margin : 1;
      plan.codings[name] = number;
    }
  return plan;
}

void compensate(NetworkPlan &plan) {
  plan.form.compensated = plan.form.frames > 1;
  plan.notes.push_back(
      "values are means over the frames: functions and products act on the "
      "mean so far (expectation compensation)");
}

} // namespace synfire
