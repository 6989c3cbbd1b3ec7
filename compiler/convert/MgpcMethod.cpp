//===- MgpcMethod.cpp - MGPC (CONVERSION section 5) -----------------------===//
#include "compiler/convert/MgpcTraining.h"
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/OneShotPlan.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <thread>

namespace synfire {
namespace {

MgpcOptions trainingOptions(const ConversionOptions &options) {
  MgpcOptions training;
  training.steps = options.steps;
  training.grains = options.grains;
  training.training = options.training;
  training.tied = options.tied;
  training.trainOffset = options.trainOffset;
  training.searchGrains = options.searchGrains;
  training.seed = options.seed;
  return training;
}

/// Every population is trained by itself, so as many at once as there are
/// processors; the results do not depend on it. Every site has samples.
std::vector<std::optional<Result<MgpcResult>>>
trainAll(const std::vector<OneShotSite> &sites, const SampleMap &samples,
         const MgpcOptions &options) {
  std::vector<std::optional<Result<MgpcResult>>> results(sites.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < sites.size(); i = next++) {
      results[i] =
          trainMgpc(samples.at(sites[i].name), sites[i].fullScale, options);
    }
  };
  const std::size_t workers = std::min<std::size_t>(
      sites.size(), std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < workers; ++i)
    others.emplace_back(work);
  work();
  for (std::thread &other : others)
    other.join();
  return results;
}

/// Squared errors of populations of very different scale, side by side.
class ErrorRatio {
public:
  void add(double error, double reference) {
    if (error > 0 && reference > 0) {
      sum += std::log(error / reference);
      ++count;
    }
  }
  double geometricMean() const { return count ? std::exp(sum / count) : 1; }

private:
  double sum = 0;
  int count = 0;
};

} // namespace

Result<NetworkPlan> planMgpc(const ConversionOptions &options,
                             const CalibrationData &data,
                             const BlockCalibration &) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<OneShotSite> sites = oneShotSites(options, data);
  for (const OneShotSite &site : sites)
    if (const auto found = data.samples.find(site.name);
        found == data.samples.end() || found->second.values.empty())
      return makeError("no samples to train on", "site '" + site.name + "'",
                       "calibrate on text: statistics alone do not do");
  const std::vector<std::optional<Result<MgpcResult>>> trained =
      trainAll(sites, data.samples, trainingOptions(options));
  ErrorRatio toTruncation, toRounding;
  std::size_t i = 0;
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planOneShot(options, data,
                  [&](const OneShotSite &site) -> Result<TableUnit> {
                    const Result<MgpcResult> &result = *trained[i++];
                    if (!result)
                      return result.error();
                    toTruncation.add(result->mse, result->mseOfTruncation);
                    toRounding.add(result->mse, result->mseOfRounding);
                    return makeMgpcUnit(result->table, site.fullScale,
                                        site.isShare() ? 0 : options.cap);
                  }));
  plan.trainingSeconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  plan.notes.push_back(fmt::format(
      "the trained tables' squared error on values held out is {:.2f} of that "
      "of the truncating base-2 code and {:.2f} of that of the rounding one "
      "(geometric means over {} populations)",
      toTruncation.geometricMean(), toRounding.geometricMean(), sites.size()));
  if (options.cap > 0)
    plan.notes.push_back(fmt::format("a train sends its first {} spike(s) "
                                     "alone, except for attention weights",
                                     options.cap));
  return plan;
}

} // namespace synfire
