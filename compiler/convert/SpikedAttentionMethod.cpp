//===- SpikedAttentionMethod.cpp - a single spike (CONVERSION 6.1) --------===//
#include "compiler/convert/OneShotMethods.h"
#include "compiler/convert/OneShotPlan.h"
#include "compiler/convert/PhaseCodes.h"

namespace synfire {

Result<NetworkPlan> planSpikedAttention(const ConversionOptions &options,
                                        const CalibrationData &data,
                                        const BlockCalibration &) {
  SYNFIRE_ASSIGN(NetworkPlan plan,
                 planOneShot(options, data, [&](const OneShotSite &site) {
                   return makeSingleSpikeUnit(options.steps, options.base,
                                              site.fullScale);
                 }));
  for (const auto &[name, statistics] : data.statistics)
    if (siteKind(name) == SiteKind::Exponential && statistics.count > 0) {
      SYNFIRE_ASSIGN(plan.codings[name],
                     makeWinnerTakesAllUnit(options.steps, options.base));
    }
  plan.notes.insert(
      plan.notes.end(),
      {"the network was not retrained with batch norm and ReLU (or power "
       "norm), as the authors' are: the figures show the neuron on the model "
       "as it is",
       "the exact maximum of the scores is subtracted before the "
       "winner-takes-all softmax, where the authors subtract the maximum of a "
       "step"});
  return plan;
}

} // namespace synfire
