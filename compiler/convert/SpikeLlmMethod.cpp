//===- SpikeLlmMethod.cpp - counts by saliency (CONVERSION 6.3) -----------===//
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/OneShotPlan.h"
#include "compiler/convert/PhaseCodes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace synfire {
namespace {

/// Values that only linear layers read: their channels may have scales.
bool entersLinear(SiteKind kind) {
  return kind == SiteKind::Norm || kind == SiteKind::AttentionOut ||
         kind == SiteKind::Product;
}

double largestCount(int bits) { return std::ldexp(1.0, bits) - 1; }

/// Scales by channel in units of the largest, which `step` gets: a salient
/// channel spreads its range over all counts, another over the first alone.
std::vector<double> channelScales(const SiteStatistics &statistics,
                                  const ConversionOptions &options, int bits,
                                  double &step) {
  const std::vector<float> &largest = statistics.channelMaximum;
  std::vector<std::size_t> order(largest.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return largest[a] != largest[b] ? largest[a] > largest[b] : a < b;
  });
  const double margin = options.margin > 0 ? options.margin : 1;
  const auto salient = static_cast<std::size_t>(
      std::llround(options.saliency * static_cast<double>(largest.size())));
  // A channel that was always 0 may have any scale.
  const double fallback = std::max(statistics.absoluteMaximum(), 1e-30);
  std::vector<double> scales(largest.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double range =
        margin * (largest[order[rank]] > 0
                      ? static_cast<double>(largest[order[rank]])
                      : fallback);
    scales[order[rank]] =
        range / (largestCount(bits) *
                 (rank < salient ? std::ldexp(1.0, options.extraBits) : 1));
  }
  step = *std::max_element(scales.begin(), scales.end());
  for (double &scale : scales)
    scale /= step;
  return scales;
}

} // namespace

Result<NetworkPlan> planSpikeLlm(const ConversionOptions &options,
                                 const CalibrationData &data,
                                 const BlockCalibration &) {
  SYNFIRE_ASSIGN(
      NetworkPlan plan,
      planOneShot(
          options, data, [&](const OneShotSite &site) -> Result<TableUnit> {
            // The sign is one of the bits.
            const int bits = options.activationBits - (site.isShare() ? 0 : 1);
            if (!entersLinear(site.kind) || !site.statistics ||
                site.statistics->channelMaximum.empty())
              return makeCountSplitUnit(bits, /*extraBits=*/0, {},
                                        site.fullScale / largestCount(bits));
            double step = 1;
            std::vector<double> scales =
                channelScales(*site.statistics, options, bits, step);
            return makeCountSplitUnit(bits, options.extraBits,
                                      std::move(scales), step);
          }));
  // SiLU and lm_head are in floating point there.
  for (auto it = plan.codings.begin(); it != plan.codings.end();)
    it =
        siteKind(it->first) == SiteKind::Activation || it->first == "final.norm"
            ? plan.codings.erase(it)
            : std::next(it);
  plan.notes.insert(
      plan.notes.end(),
      {"scales are static and by channel, symmetric about 0, where the authors "
       "quantise each token between its own minimum and maximum",
       "a channel is salient by its largest magnitude in calibration; the "
       "authors weigh it with the weights that read it",
       "queries, keys and values have one scale and no extra bits; weights and "
       "activations were not trained for the quantisers (OmniQuant)"});
  return plan;
}

} // namespace synfire
