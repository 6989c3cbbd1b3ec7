//===- Measurement.h - what one configuration costs and loses ---*- C++ -*-===//
#ifndef SYNFIRE_EXPLORATION_MEASUREMENT_H
#define SYNFIRE_EXPLORATION_MEASUREMENT_H

#include "exploration/StudyModel.h"
#include "runtime/program/Run.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

/// All figures are over the predictions of the study.
struct Measurement {
  double nats = 0, perplexity = 0;
  double divergence = 0; ///< mean KL(float || spiking), nats a prediction
  double agreement = 0;  ///< share of equal greedy tokens
  /// Squared error of the residual stream after each layer over its power.
  std::vector<double> layerError;
  double spikesPerValue = 0; ///< of the populations that spike
  double spikeDrivenShare = 0;
  /// Counters a predicted token.
  double sops = 0, macs = 0, weightReads = 0, storedReads = 0, lookups = 0;
  /// Joules a token, by price list (EnergyModel.h).
  std::map<std::string, double> joules;
  std::map<std::string, double> annJoules;       ///< FP32
  std::map<std::string, double> quantisedJoules; ///< of equal information
  std::string quantisedAnn;                      ///< "W8A6"
  double seconds = 0;                            ///< of the engine
};

/// The Program of a plan, mapped onto the fewest cores in the plainest place.
/// No mapping changes a counter of the engine, and a good one is most of a
/// compilation.
Result<std::shared_ptr<const Program>>
compileToMeasure(const StudyModel &model, CompileOptions options,
                 const NetworkPlan &plan);

/// Runs the Program over the study's windows.
Result<Measurement> measure(const StudyModel &model,
                            const std::shared_ptr<const Program> &program);

/// Only nats and joules: for searches.
struct QuickMeasurement {
  double nats = 0;
  std::map<std::string, double> joules;
};
Result<QuickMeasurement>
measureQuickly(const StudyModel &model,
               const std::shared_ptr<const Program> &program);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_MEASUREMENT_H
