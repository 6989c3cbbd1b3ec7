//===- Blame.cpp - which site costs the most perplexity -------------------===//
#include "exploration/Blame.h"

#include "exploration/Measurement.h"
#include "runtime/report/TextTable.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {
namespace {

Result<double> natsOf(const StudyModel &model, const CompileOptions &options,
                      const NetworkPlan &plan) {
  SYNFIRE_ASSIGN(const std::shared_ptr<const Program> program,
                 compileToMeasure(model, options, plan));
  SYNFIRE_ASSIGN(QuickMeasurement measured, measureQuickly(model, program));
  return measured.nats;
}

} // namespace

double BlameReport::sumOfSites() const {
  double sum = 0;
  for (const SiteBlame &blame : sites)
    sum += blame.nats;
  return sum;
}

Result<BlameReport>
blameSites(const StudyModel &model, const CompileOptions &options,
           const NetworkPlan &plan,
           const std::function<void(std::size_t, std::size_t)> &progress) {
  BlameReport report;
  report.floatNats = model.referenceNats();
  SYNFIRE_ASSIGN(report.codedNats, natsOf(model, options, plan));
  NetworkPlan single;
  single.form = plan.form;
  single.form.digital = true;
  SYNFIRE_ASSIGN(report.digitalNats, natsOf(model, options, single));
  std::size_t done = 0;
  for (const auto &[site, unit] : plan.codings) {
    // A network whose functions spike divides softmax elsewhere.
    if (!plan.form.digital && siteKind(site) == SiteKind::Mix)
      continue;
    single.codings = {{site, unit}};
    SYNFIRE_ASSIGN(const double nats, natsOf(model, options, single));
    report.sites.push_back({site, nats - report.digitalNats});
    if (progress)
      progress(++done, plan.codings.size());
  }
  std::sort(report.sites.begin(), report.sites.end(),
            [](const SiteBlame &a, const SiteBlame &b) {
              return a.nats != b.nats ? a.nats > b.nats : a.site < b.site;
            });
  return report;
}

std::string blameText(const BlameReport &report, std::size_t mostSites) {
  TextTable table({"site coded alone", "nats", "perplexity"});
  for (std::size_t i = 0; i < std::min(mostSites, report.sites.size()); ++i) {
    const SiteBlame &blame = report.sites[i];
    table.row({blame.site, fmt::format("{:+.5f}", blame.nats),
               fmt::format("{:+.2f} %", 100 * std::expm1(blame.nats))});
  }
  return table.text() +
         fmt::format("float {:.5f} nats, weights quantised {:+.5f}, all sites "
                     "coded {:+.5f}; the sum over single sites is {:+.5f}\n",
                     report.floatNats, report.digitalNats - report.floatNats,
                     report.codedNats - report.digitalNats,
                     report.sumOfSites());
}

} // namespace synfire
