//===- MgpcTraining.cpp - phase codes fitted to a distribution ------------===//
#include "compiler/convert/MgpcTraining.h"

#include "compiler/convert/GrainSearch.h"
#include "compiler/convert/MgpcModel.h"

#include <chrono>
#include <cmath>
#include <fmt/format.h>

namespace synfire {
namespace {

constexpr std::size_t heldOutStride = 5;

double errorOf(const MgpcTable &table, const std::vector<float> &inputs) {
  std::vector<float> outputs(inputs.size());
  encodeMagnitudes(toStepTable(table), inputs.data(), inputs.size(),
                   outputs.data());
  return meanSquaredError(outputs.data(), inputs.data(), inputs.size());
}

/// Adam on one table with a copy of the best that it has passed.
class Training {
public:
  Training(const MgpcTable &start, const std::vector<float> &values,
           const MgpcOptions &given)
      : options(given), inputs(values), outputs(values.size()),
        byOutput(values.size()),
        optimiser(start, {given.tied, given.trainOffset}),
        rate(adamRate(given.rate, given.steps)) {}

  void step(GradientParts parts) {
    const StepTable table = look();
    // Adam does not see a common factor of the loss.
    for (std::size_t i = 0; i < inputs.size(); ++i)
      byOutput[i] = outputs[i] - inputs[i];
    const StepGradient gradient = gradientOfMagnitudes(
        table, inputs.data(), byOutput.data(), inputs.size(),
        static_cast<float>(options.sharpness), parts);
    if (parts.dynamics)
      optimiser.stepDynamics(gradient, rate);
    if (parts.payload)
      optimiser.stepPayloads(gradient, rate);
  }

  /// Encodes with the present table, which becomes the best if it is.
  StepTable look() {
    StepTable table = toStepTable(optimiser.table());
    encodeMagnitudes(table, inputs.data(), inputs.size(), outputs.data());
    const double error =
        meanSquaredError(outputs.data(), inputs.data(), inputs.size());
    if (error < bestError) {
      bestError = error;
      best = optimiser.table();
    }
    return table;
  }

  const MgpcTable &bestTable() const { return best; }
  double error() const { return bestError; }

private:
  const MgpcOptions &options;
  const std::vector<float> &inputs;
  std::vector<float> outputs, byOutput;
  MgpcOptimiser optimiser;
  double rate;
  MgpcTable best;
  double bestError = HUGE_VAL;
};

Training trained(const MgpcTable &from, const std::vector<float> &values,
                 const MgpcOptions &options) {
  Training training(from, values, options);
  for (int round = 0; round < options.rounds; ++round) {
    if (options.training == TableTraining::Joint) {
      for (int i = 0; i < 2 * options.roundSteps; ++i)
        training.step({true, true});
      continue;
    }
    for (int i = 0; i < options.roundSteps; ++i)
      training.step({true, false});
    for (int i = 0; i < options.roundSteps; ++i)
      training.step({false, true});
  }
  training.look();
  return training;
}

Status check(const SiteSamples &samples, double tau,
             const MgpcOptions &options) {
  if (samples.values.empty())
    return makeError("no samples to train on", {},
                     "calibrate with more text, or train nothing");
  if (!(tau > 0) || !std::isfinite(tau))
    return makeError(
        fmt::format("a full scale of {}, but it must be above 0", tau));
  if (options.grains < 1 || options.steps < 2 * options.grains)
    return makeError(fmt::format("{} grains of at least 2 steps each do not "
                                 "fit {} steps",
                                 options.grains, options.steps),
                     {}, "use fewer grains or more steps");
  if (!(options.offset >= 0 && options.offset <= 1))
    return makeError(fmt::format(
        "an offset of {} last thresholds is not within 0..1", options.offset));
  return {};
}

} // namespace

Result<MgpcResult> trainMgpc(const SiteSamples &samples, double tau,
                             const MgpcOptions &options) {
  SYNFIRE_TRY(check(samples, tau, options));
  const auto start = std::chrono::steady_clock::now();
  std::vector<float> seen, heldOut;
  const auto scale = static_cast<float>(1 / tau);
  for (std::size_t i = 0; i < samples.values.size(); ++i)
    (i % heldOutStride == heldOutStride - 1 ? heldOut : seen)
        .push_back(std::fabs(samples.values[i]) * scale);
  if (heldOut.empty())
    heldOut = seen;

  MgpcResult result;
  const std::vector<int> equal = equalSplit(options.steps, options.grains);
  result.table = binaryTable(equal, options.offset);
  if (options.training != TableTraining::None) {
    std::vector<MgpcTable> starts;
    if (options.searchGrains) {
      GrainSearchOptions search;
      search.training = options.training;
      search.freedom = {options.tied, options.trainOffset};
      search.seed = options.seed;
      GrainSearchResult found = searchGrains(options.steps, options.grains,
                                             options.offset, seen, search);
      result.candidates = found.candidates;
      starts.push_back(std::move(found.table));
    }
    // The search sees a part of the values and cares for its mixture: from its
    // bases training may end worse than from those that it began with.
    starts.push_back(binaryTable(starts.empty() ? equal : starts.front().grain,
                                 options.offset));
    double least = HUGE_VAL;
    for (const MgpcTable &from : starts) {
      const Training training = trained(from, seen, options);
      if (training.error() < least) {
        least = training.error();
        result.table = training.bestTable();
      }
    }
  }

  const double units = tau * tau;
  result.trainingMse = units * errorOf(result.table, seen);
  result.mse = units * errorOf(result.table, heldOut);
  result.mseOfTruncation = units * errorOf(binaryTable(equal, 0), heldOut);
  result.mseOfRounding = units * errorOf(binaryTable(equal, 0.5), heldOut);
  const std::vector<float> nothing(heldOut.size(), 0);
  result.meanSquare =
      units * meanSquaredError(nothing.data(), heldOut.data(), heldOut.size());
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return result;
}

} // namespace synfire
