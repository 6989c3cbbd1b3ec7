//===- Measurement.cpp - what one configuration costs and loses -----------===//
#include "exploration/Measurement.h"

#include "runtime/engine/Engine.h"
#include "runtime/eval/Compare.h"
#include "runtime/report/AnnBaseline.h"
#include "runtime/report/EnergyModel.h"
#include "runtime/report/RunSummary.h"

#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace synfire {
namespace {

/// Squared error and power of the residual stream, by layer.
class ResidualError final : public StageObserver {
public:
  ResidualError(const Program &program, std::size_t layers)
      : prefix(program.prefix), error(layers), power(layers) {
    for (std::size_t s = 0; s < program.stages.size(); ++s) {
      layerOf.push_back(-1);
      scale.push_back(program.stages[s].codeScale);
      for (std::size_t layer = 0; layer < layers; ++layer)
        if (program.stages[s].name ==
            fmt::format("layers.{}.mlp.residual", layer))
          layerOf.back() = static_cast<int>(layer);
    }
  }
  void watch(const ReferenceWindow &next) { window = &next; }

  void onStage(int stage, int position, const std::int32_t *,
               const std::int32_t *codes, std::size_t active) override {
    const int layer = layerOf[static_cast<std::size_t>(stage)];
    if (layer < 0 || !codes)
      return;
    const auto at = static_cast<std::size_t>(layer);
    const float *wanted = window->residuals[at].data() +
                          static_cast<std::size_t>(position - prefix) * active;
    for (std::size_t i = 0; i < active; ++i) {
      const double real = codes[i] * scale[static_cast<std::size_t>(stage)];
      error[at] += (real - wanted[i]) * (real - wanted[i]);
      power[at] += double(wanted[i]) * wanted[i];
    }
  }

  std::vector<double> relative() const {
    std::vector<double> result;
    result.reserve(error.size());
    for (std::size_t layer = 0; layer < error.size(); ++layer)
      result.push_back(power[layer] > 0 ? error[layer] / power[layer] : 0);
    return result;
  }

private:
  int prefix;
  std::vector<int> layerOf;
  std::vector<double> scale, error, power;
  const ReferenceWindow *window = nullptr;
};

void addCounts(const Run &part, Run &sum) {
  if (sum.stages.empty()) {
    sum = part;
    return;
  }
  sum.total += part.total;
  for (std::size_t s = 0; s < sum.stages.size(); ++s) {
    sum.stages[s].counters += part.stages[s].counters;
    sum.stages[s].values += part.stages[s].values;
    for (std::size_t t = 0; t < sum.stages[s].spikesByStep.size(); ++t)
      sum.stages[s].spikesByStep[t] += part.stages[s].spikesByStep[t];
  }
}

/// Executes the windows; `visit(window, logits)` sees each.
template <typename Visit>
Status execute(const StudyModel &model,
               const std::shared_ptr<const Program> &program, Run &run,
               ResidualError *residuals, double &seconds, Visit &&visit) {
  EngineOptions options;
  options.threads = model.options().threads;
  options.digest = false;
  SYNFIRE_ASSIGN(auto engine, Engine::create(program, options));
  engine->setObserver(residuals);
  for (const ReferenceWindow &window : model.windows()) {
    if (residuals)
      residuals->watch(window);
    engine->reset();
    const auto start = std::chrono::steady_clock::now();
    SYNFIRE_TRY(engine->prefill(window.tokens, LogitsWanted::All));
    seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
            .count();
    const EngineLogits logits = engine->logits();
    visit(window,
          LogitsView::ofInteger(logits.data, engine->logitScale(),
                                static_cast<std::int64_t>(logits.rows),
                                static_cast<std::int64_t>(logits.vocabulary)));
    Run part;
    engine->fillRun(part);
    addCounts(part, run);
  }
  return {};
}

std::map<std::string, double> joulesOf(const Run &run, double tokens) {
  std::map<std::string, double> result;
  for (const PriceList &list : priceLists(priceContext(run)))
    result[list.name] = joules(list, run.total, firingNeurons(run)) / tokens;
  return result;
}

std::map<std::string, double> annJoulesOf(const Run &run, const AnnWork &work,
                                          const AnnPrecision &precision,
                                          double tokens) {
  std::map<std::string, double> result;
  const PriceContext context = priceContext(run);
  for (const PriceList &list : priceLists(context))
    if (const auto value = annJoules(list.name, work, precision, context))
      result[list.name] = *value / tokens;
  return result;
}

double spikesPerSpikingValue(const Run &run) {
  const std::uint64_t spikes = run.total[Counter::Spike];
  const std::uint64_t values = firingNeurons(run);
  return values == 0
             ? 0
             : static_cast<double>(spikes) / static_cast<double>(values);
}

} // namespace

Result<std::shared_ptr<const Program>>
compileToMeasure(const StudyModel &model, CompileOptions options,
                 const NetworkPlan &plan) {
  options.mapping.objective = Objective::Cores;
  options.mapping.placement = "hilbert";
  SYNFIRE_ASSIGN(const std::shared_ptr<const Calibration> calibration,
                 model.calibrationFor(options.conversion));
  SYNFIRE_ASSIGN(Program program,
                 compilePlan(model.checkpoint(), options, *calibration, plan));
  return std::make_shared<const Program>(std::move(program));
}

Result<QuickMeasurement>
measureQuickly(const StudyModel &model,
               const std::shared_ptr<const Program> &program) {
  QuickMeasurement result;
  Run run;
  double seconds = 0;
  SYNFIRE_TRY(
      execute(model, program, run, nullptr, seconds,
              [&](const ReferenceWindow &window, const LogitsView &logits) {
                result.nats += sumOfNats(logits, window.next);
              }));
  const auto count = static_cast<double>(model.predictions());
  result.nats /= count;
  result.joules = joulesOf(run, count);
  return result;
}

Result<Measurement> measure(const StudyModel &model,
                            const std::shared_ptr<const Program> &program) {
  Measurement result;
  Run run;
  LogitComparison comparison;
  Status compared;
  ResidualError residuals(*program,
                          static_cast<std::size_t>(program->model.layers));
  SYNFIRE_TRY(execute(
      model, program, run, &residuals, result.seconds,
      [&](const ReferenceWindow &window, const LogitsView &logits) {
        result.nats += sumOfNats(logits, window.next);
        Status added =
            comparison.add(LogitsView::ofReal(window.logits.data(), logits.rows,
                                              logits.vocabulary),
                           logits);
        if (!added.ok())
          compared = added;
      }));
  SYNFIRE_TRY(std::move(compared));
  const auto count = static_cast<double>(model.predictions());
  result.nats /= count;
  result.perplexity = std::exp(result.nats);
  result.divergence = comparison.meanDivergence();
  result.agreement = comparison.agreement();
  result.layerError = residuals.relative();
  result.spikesPerValue = spikesPerSpikingValue(run);
  result.spikeDrivenShare = operationShares(run).spikeDrivenShare();
  const Counters &total = run.total;
  result.sops = static_cast<double>(sops(total)) / count;
  result.macs =
      static_cast<double>(total[Counter::Mac] + total[Counter::DigitalMac]) /
      count;
  result.weightReads = static_cast<double>(total[Counter::WeightRead]) / count;
  result.storedReads = static_cast<double>(total[Counter::StoredRead]) / count;
  result.lookups = static_cast<double>(total[Counter::LookupRead]) / count;
  result.joules = joulesOf(run, count);
  const AnnPrecision quantised = equalInformation(run.conversion);
  const std::optional<AnnWork> work = annWork(run);
  if (!work)
    return makeError("the run does not say how many keys its tokens saw",
                     program->model.name);
  result.annJoules = annJoulesOf(run, *work, AnnPrecision(), count);
  result.quantisedJoules = annJoulesOf(run, *work, quantised, count);
  result.quantisedAnn = toString(quantised);
  return result;
}

} // namespace synfire
