//===- Activity.cpp - how many events to expect ---------------------------===//
#include "compiler/mapping/Activity.h"

#include "runtime/neuron/BinaryBanks.h"
#include "runtime/program/Trains.h"
#include "runtime/support/DivideUp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace synfire {
namespace {

/// A measured profile has no more different steps; each costs a look at every
/// net.
constexpr std::size_t mostMeasuredSteps = 32;

/// Steps [begin, end) get their mean.
void level(std::vector<double> &steps, std::size_t begin, std::size_t end) {
  const auto first = steps.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = steps.begin() + static_cast<std::ptrdiff_t>(end);
  std::fill(first, last,
            std::accumulate(first, last, 0.0) /
                static_cast<double>(end - begin));
}

/// The ramp's share of steady firing at each of `steps` steps. Blocks of steps,
/// each as long as all before it, are alike: what changes, changes early, and a
/// prediction looks at every block.
template <std::size_t Entries>
std::vector<double> follow(const double (&ramp)[Entries], int steps) {
  std::vector<double> shares(static_cast<std::size_t>(steps), 1.0);
  std::copy_n(ramp, std::min(Entries, shares.size()), shares.begin());
  for (std::size_t begin = 1; begin < shares.size(); begin *= 2)
    level(shares, begin,
          begin < 8 ? std::min(2 * begin, shares.size()) : shares.size());
  return shares;
}

/// Of each step of a frame, the mean over frames.
std::vector<double> foldFrames(const std::vector<double> &bySteps, int steps) {
  std::vector<double> folded(static_cast<std::size_t>(steps), 0.0);
  for (std::size_t t = 0; t < bySteps.size(); ++t)
    folded[t % folded.size()] += bySteps[t];
  const std::size_t block = divideUp(folded.size(), mostMeasuredSteps);
  for (std::size_t begin = 0; begin < folded.size(); begin += block)
    level(folded, begin, std::min(begin + block, folded.size()));
  return folded;
}

/// Share of neurons that fire, by step of a frame.
std::vector<double> assumedFiring(const Program &program, const Stage &stage,
                                  int steps) {
  std::vector<double> firing;
  int levels = 1;
  if (stage.fire == FireKind::Lookup) {
    firing = follow(assumedRampOfLookups, steps);
  } else {
    const NeuronConfig &config =
        program.neurons[static_cast<std::size_t>(stage.unit)];
    if (!recogniseBinaryBanks(config)) {
      firing = firingOfAssumedValues(config);
      return firing.empty()
                 ? std::vector<double>(static_cast<std::size_t>(steps),
                                       assumedFiringShare)
                 : foldFrames(firing, steps);
    }
    firing = config.banks.size() > 1 ? follow(assumedRampWithOutliers, steps)
                                     : follow(assumedRampOfOneBank, steps);
    levels = config.levels;
  }
  for (double &share : firing)
    share *= steadyFiring(levels);
  return firing;
}

/// Divided by their mean; empty if there are no events.
std::vector<double> relative(std::vector<double> steps) {
  const double sum = std::accumulate(steps.begin(), steps.end(), 0.0);
  if (sum <= 0)
    return {};
  for (double &step : steps)
    step *= static_cast<double>(steps.size()) / sum;
  return steps;
}

} // namespace

double steadyFiring(int levels) {
  // The remainder is uniform in [0, 2) units of the next step. It waits for k
  // doublings, so that it reaches `levels` units at that step.
  double waits = 0;
  for (int doublings = 0; doublings < 64; ++doublings) {
    const double from = std::ldexp(double(levels), -doublings);
    const double below = doublings == 0 ? 2.0 : 2.0 * from;
    waits += doublings * std::max(0.0, std::min(2.0, below) - from) / 2;
  }
  return 1 / (1 + waits);
}

std::vector<double> firingOfAssumedValues(const NeuronConfig &config) {
  constexpr int samples = 256;
  if (config.input != InputMode::AllAtOnce || config.clamp <= 0)
    return {};
  std::vector<double> firing(static_cast<std::size_t>(config.steps), 0.0);
  const double mean = static_cast<double>(config.clamp) / assumedFullScale;
  for (int i = 0; i < samples; ++i) {
    const double quantile = (i + 0.5) / samples;
    NeuronState state;
    begin(config, state, std::llround(-mean * std::log1p(-quantile)));
    for (int t = 0; t < config.steps; ++t)
      if (!step(config, state, t).silent())
        firing[static_cast<std::size_t>(t)] += 1.0 / samples;
  }
  return firing;
}

std::vector<StageActivity> expectedActivity(const Program &program,
                                            const MeasuredActivity &measured) {
  std::vector<StageActivity> activity(program.stages.size());
  for (std::size_t s = 0; s < activity.size(); ++s) {
    const Stage &stage = program.stages[s];
    StageActivity &of = activity[s];
    const int steps = std::max(1, frameSteps(program, stage));
    const auto known = measured.find(stage.name);
    const bool fires =
        stage.fire == FireKind::Neuron || stage.fire == FireKind::Lookup;
    if (known != measured.end()) {
      of.eventsPerNeuron = known->second.perNeuron;
      of.profile = relative(foldFrames(known->second.bySteps, steps));
    } else if (fires && !stage.digital) {
      const std::vector<double> firing = assumedFiring(program, stage, steps);
      of.eventsPerNeuron =
          program.frames * std::accumulate(firing.begin(), firing.end(), 0.0);
      of.profile = relative(firing);
    } else if (stage.fire != FireKind::Output) {
      of.eventsPerNeuron = program.frames;
    }
    of.activeColumns =
        stage.perKey ? (stage.groupWidth + 1) / 2.0 : stage.groupWidth;
    of.steps = std::max(1, trainSteps(program, stage));
    if (program.mapping.chip.binarySpikes)
      of.packetsPerEvent = std::max(1, eventBits(program, stage));
  }
  return activity;
}

std::vector<std::vector<StageActivity>>
activitiesToFollow(const Program &program,
                   std::vector<StageActivity> expected) {
  std::vector<StageActivity> busiest = expected, alike = expected;
  for (std::size_t s = 0; s < expected.size(); ++s) {
    const Stage &stage = program.stages[s];
    if (!expected[s].profile.empty())
      busiest[s].eventsPerNeuron *= *std::max_element(
          expected[s].profile.begin(), expected[s].profile.end());
    if (stage.fire == FireKind::Neuron ||
        (stage.fire == FireKind::Lookup && !stage.digital))
      alike[s].eventsPerNeuron = assumedFiringShare * expected[s].steps;
    busiest[s].profile.clear();
    alike[s].profile.clear();
  }
  return {std::move(expected), std::move(busiest), std::move(alike)};
}

} // namespace synfire
