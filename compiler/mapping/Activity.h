//===- Activity.h - how many events to expect -------------------*- C++ -*-===//
//
// The mapper weighs traffic and work by expected events. They are measured
// ones, from an earlier run, where the caller has them, and else this file's
// assumptions; nothing else in the mapper assumes anything about data.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_MAPPING_ACTIVITY_H
#define SYNFIRE_COMPILER_MAPPING_ACTIVITY_H

#include "runtime/neuron/Neuron.h"
#include "runtime/program/Program.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace synfire {

/// Of the steps in which a neuron could fire it fires in this share, unless one
/// of the assumptions below holds for it: a train with input at every step.
constexpr double assumedFiringShare = 0.45;

/// Full scale over the mean magnitude of the value that a train codes, whose
/// magnitudes are as good as exponentially distributed. Base-2 trains of such
/// values, with 20 for 16 since the runs had a margin of 1.25, fire in 0, 1, 8,
/// 22, 35, 42 % of steps 0, 1, 2 ...; half of the ramp of one bank (below) is
/// 0, 2, 11, 24, 32, 38 %.
constexpr double assumedFullScale = 16;

/// The train of a base-2 code holds the digits of a magnitude. Once it has
/// begun its digits are as good as random, and a step fires with
/// steadyFiring(levels); these are the shares of that, by step, that neurons
/// reach which begin late. After the last entry: 1. Measured over all neurons
/// of the kind, 100 tokens of each of fable-0.9M, llama-wiki-1.3M and
/// stories260K at context 128 (docs/rationale/mapping.md has the command): of
/// methods las (a bank of their own for outliers leaves few zeros in front) and
/// phase.
constexpr double assumedRampWithOutliers[] = {0.27, 0.58, 0.72, 0.84, 0.91,
                                              0.95, 0.97, 0.98, 0.99};
constexpr double assumedRampOfOneBank[] = {0.00, 0.04, 0.22, 0.47, 0.65, 0.76,
                                           0.84, 0.89, 0.94, 0.96, 0.98, 0.99};
/// Likewise of look-up units: squares, exponentials and activations, whose
/// values spread over more octaves.
constexpr double assumedRampOfLookups[] = {0.05, 0.07, 0.11, 0.17, 0.34,
                                           0.52, 0.56, 0.62, 0.71, 0.75,
                                           0.80, 0.84, 0.87, 0.89, 0.92};

/// Of the steps of an endless random base-2 train with so many levels, the
/// share that fires: 1/2 for one level. A spike leaves a remainder of less than
/// one unit of its step, which fires again when it has been doubled to `levels`
/// units.
double steadyFiring(int levels);

/// The share of neurons that fire at each step, for any unit whose whole input
/// is there before the first one and has a clamp: the unit itself, run on
/// magnitudes as assumed above. Empty for other units.
std::vector<double> firingOfAssumedValues(const NeuronConfig &config);

/// Of a stage in an earlier run.
struct MeasuredEvents {
  double perNeuron = 0; ///< per active neuron and token, all frames together
  /// How they spread over the steps of all frames, in any unit; empty: evenly.
  std::vector<double> bySteps = {};
};
using MeasuredActivity = std::map<std::string, MeasuredEvents>; ///< by name

/// Of one stage and one token.
struct StageActivity {
  double eventsPerNeuron = 0; ///< of an active neuron, all frames together
  /// Mean number of active columns over the positions of the context; the
  /// stage's groupWidth unless it is perKey.
  double activeColumns = 0;
  int steps = 1; ///< over which the events spread: those of all its frames
  /// Events of each step of a frame over those of its mean step; empty: 1 each.
  std::vector<double> profile = {};
  int packetsPerEvent = 1;

  double shareOfStep(int step) const {
    return profile.empty() ? 1 : profile[static_cast<std::size_t>(step)];
  }
};

/// Stages that `measured` does not name are as assumed. The chip is that of
/// program.mapping.
std::vector<StageActivity> expectedActivity(const Program &program,
                                            const MeasuredActivity &measured);

/// What a search that splits tiles may go by: the mean step, the busiest step
/// of each stage, and spike trains that all fire at assumedFiringShare. The
/// first is as given.
std::vector<std::vector<StageActivity>>
activitiesToFollow(const Program &program, std::vector<StageActivity> expected);

} // namespace synfire

#endif // SYNFIRE_COMPILER_MAPPING_ACTIVITY_H
