//===- Sweep.cpp - models x methods x parameters, side by side ------------===//
#include "exploration/Sweep.h"

#include "compiler/convert/Settings.h"

#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace synfire {
namespace {

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

Status fill(const StudyModel &model, const CompileOptions &compile,
            SweepRow &row) {
  SYNFIRE_ASSIGN(const std::shared_ptr<const Calibration> calibration,
                 model.calibrationFor(compile.conversion));
  auto start = std::chrono::steady_clock::now();
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planConversion(model.checkpoint(), compile, *calibration));
  row.planSeconds = secondsSince(start);
  row.trainingSeconds = plan.trainingSeconds;
  row.notes = plan.notes;
  start = std::chrono::steady_clock::now();
  SYNFIRE_ASSIGN(const std::shared_ptr<const Program> program,
                 compileToMeasure(model, compile, plan));
  row.compileSeconds = secondsSince(start);
  SYNFIRE_ASSIGN(row.measured, measure(model, program));
  const std::vector<int> &prefix = calibration->prefix.tokens;
  if (prefix.empty())
    return {};
  // A prefix changes what the float model says as well.
  SYNFIRE_ASSIGN(const double nats, model.referenceNatsBehind(prefix));
  row.notes.push_back(fmt::format(
      "behind its prefix the float model has perplexity {:.4f}, which this row "
      "exceeds by {:+.2f} %",
      std::exp(nats), 100 * std::expm1(row.measured.nats - nats)));
  return {};
}

} // namespace

Result<std::vector<SweepRow>>
sweep(const StudyModel &model, const std::vector<std::string> &configurations,
      const std::vector<int> &steps, const SweepOptions &options) {
  ConversionOptions defaults = options.compile.conversion;
  std::vector<CompileOptions> jobs;
  for (const std::string &configuration : configurations)
    for (int count : steps.empty() ? std::vector<int>{0} : steps) {
      defaults.steps = count;
      CompileOptions job = options.compile;
      SYNFIRE_ASSIGN(job.conversion,
                     parseConfiguration(configuration, defaults));
      jobs.push_back(std::move(job));
    }
  std::vector<SweepRow> rows;
  for (const CompileOptions &job : jobs) {
    SweepRow row;
    row.model = model.name();
    ConversionOptions sameSteps = options.compile.conversion;
    sameSteps.steps = job.conversion.steps;
    row.configuration = describeConfiguration(job.conversion, sameSteps);
    row.steps = job.conversion.steps;
    row.referencePerplexity = std::exp(model.referenceNats());
    if (Status filled = fill(model, job, row); !filled.ok())
      row.error = filled.error().message();
    rows.push_back(std::move(row));
    if (options.progress)
      options.progress(rows.size(), jobs.size());
  }
  markParetoFront(rows, options.paretoPrices);
  return rows;
}

void markParetoFront(std::vector<SweepRow> &rows, const std::string &prices) {
  auto cost = [&](const SweepRow &row) {
    const auto found = row.measured.joules.find(prices);
    return found == row.measured.joules.end() ? 0.0 : found->second;
  };
  for (SweepRow &row : rows) {
    row.onParetoFront = row.error.empty();
    for (const SweepRow &other : rows)
      if (other.error.empty() && other.model == row.model &&
          cost(other) <= cost(row) &&
          other.measured.nats <= row.measured.nats &&
          (cost(other) < cost(row) || other.measured.nats < row.measured.nats))
        row.onParetoFront = false;
  }
}

} // namespace synfire
