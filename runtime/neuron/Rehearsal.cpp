//===- Rehearsal.cpp - what a silent pass decides -------------------------===//
#include "runtime/neuron/Rehearsal.h"

#include <algorithm>

namespace synfire {

void endRehearsal(const NeuronConfig &config, const RehearsalTrace &trace,
                  NeuronState &state) {
  /// N19: keeps a shifted membrane within 64 bits.
  constexpr std::int64_t largestShift = std::int64_t(1) << 53;
  const FiringTable &table = config.banks.front().table;
  const auto last = static_cast<std::size_t>(config.rehearsalSteps - 1);
  const std::int64_t threshold = table.threshold[last];
  const std::int64_t worth = table.decrement[last];
  const std::int64_t end = trace.membrane;
  const bool bipolar = config.sign == SignMode::Bipolar;
  if (config.rehearsal == Rehearsal::ResidualMask) {
    // A two-sided neuron rests around zero and not above it: what it owes lies
    // on the side of what it sent, measured from where its spikes leave it.
    const std::int64_t residue =
        (trace.net < 0 ? -end : end) + worth - threshold;
    state.muted = bipolar ? trace.net != 0 && residue <= config.rehearsalMargin
                          : end <= config.rehearsalMargin;
    return;
  }
  const auto shift = [&](std::int64_t distance) {
    return std::clamp(std::max(worth, distance + config.rehearsalMargin),
                      -largestShift, largestShift);
  };
  const std::int64_t reached =
      threshold + (config.comparison == Comparison::Greater ? 1 : 0);
  if (end >= reached) {
    if (trace.shortAbove != RehearsalTrace::none)
      state.membrane += shift(trace.shortAbove);
  } else if (bipolar) {
    if (-end >= reached && trace.shortBelow != RehearsalTrace::none)
      state.membrane -= shift(trace.shortBelow);
  } else if (end < 0 && trace.net > 0) {
    state.membrane -= shift(trace.beyond);
  }
}

} // namespace synfire
