//===- FiringRules.cpp - which neurons fire in a step ---------------------===//
#include "simulator/spiking/FiringRules.h"

#include "runtime/program/Digest.h"
#include "runtime/support/Simd.h"

#include <algorithm>

namespace synfire {
namespace {

constexpr std::int64_t lowest = INT32_MIN, highest = INT32_MAX;

// Always inlined: only then does a body take on the instruction set of the
// multiversioned function around it.
template <bool Leaks>
[[gnu::always_inline]] inline std::int32_t
integrated(const LeakyIntegrateAndFire &rule, std::int32_t membrane,
           std::int32_t input) {
  std::int64_t value = std::int64_t(membrane) + rule.bias + input;
  if (Leaks)
    value -= std::int64_t(membrane) * rule.decay / decayUnit;
  value = value < lowest ? lowest : value;
  return static_cast<std::int32_t>(value > highest ? highest : value);
}

[[gnu::always_inline]] inline std::int32_t
afterSpike(const LeakyIntegrateAndFire &rule, std::int32_t membrane) {
  return rule.subtractThreshold ? membrane - rule.threshold
                                : rule.resetMembrane;
}

template <bool Leaks>
[[gnu::always_inline]] inline void
integrateAll(LeakyIntegrateAndFire rule, std::size_t neurons,
             const std::int32_t *__restrict input,
             std::int32_t *__restrict membrane,
             std::uint8_t *__restrict fired) {
  for (std::size_t n = 0; n < neurons; ++n) {
    const std::int32_t value = integrated<Leaks>(rule, membrane[n], input[n]);
    const bool fires = value >= rule.threshold;
    // Not computed where the neuron stays silent: it could overflow there.
    const std::int32_t fell = afterSpike(rule, fires ? value : rule.threshold);
    membrane[n] = fires ? fell : value;
    fired[n] = fires;
  }
}

bool firesAtRandom(const RandomFiring &rule, std::uint64_t stepKey,
                   std::int32_t neuron) {
  const std::uint64_t drawn =
      mixBits(stepKey + static_cast<std::uint64_t>(neuron)) >> 32;
  return drawn * 1000000 >> 32 < static_cast<std::uint64_t>(rule.perMillion);
}

} // namespace

SYNFIRE_MULTIVERSION
void integrate(const LeakyIntegrateAndFire &rule, std::size_t neurons,
               const std::int32_t *input, std::int32_t *membrane,
               std::uint8_t *fired) {
  if (rule.decay == 0)
    integrateAll<false>(rule, neurons, input, membrane, fired);
  else
    integrateAll<true>(rule, neurons, input, membrane, fired);
}

void integrateRefractory(const LeakyIntegrateAndFire &rule, std::size_t neurons,
                         const std::int32_t *input, std::int32_t *membrane,
                         std::uint8_t *waiting, std::uint8_t *fired) {
  for (std::size_t n = 0; n < neurons; ++n) {
    fired[n] = 0;
    if (waiting[n] > 0) {
      --waiting[n];
      continue;
    }
    membrane[n] = integrated<true>(rule, membrane[n], input[n]);
    if (membrane[n] < rule.threshold)
      continue;
    fired[n] = 1;
    membrane[n] = afterSpike(rule, membrane[n]);
    waiting[n] = static_cast<std::uint8_t>(rule.refractorySteps);
  }
}

void appendSources(const Population &population, std::uint64_t step,
                   std::int32_t first, std::int32_t neurons, std::int32_t shift,
                   std::vector<std::int32_t> &fired) {
  const std::int64_t end = std::int64_t(first) + neurons;
  switch (population.rule) {
  case FiringRule::Forced: {
    const ForcedFiring &rule = population.forced;
    if (step % static_cast<std::uint64_t>(rule.period) !=
        static_cast<std::uint64_t>(rule.phase))
      return;
    const std::int64_t over = first % rule.stride;
    std::int64_t neuron = first - over + rule.offset;
    if (over > rule.offset)
      neuron += rule.stride;
    for (; neuron < end; neuron += rule.stride)
      fired.push_back(static_cast<std::int32_t>(neuron - shift));
    return;
  }
  case FiringRule::Random: {
    const std::uint64_t key = mixBits(population.random.seed ^ mixBits(step));
    for (std::int32_t neuron = first; neuron < end; ++neuron)
      if (firesAtRandom(population.random, key, neuron))
        fired.push_back(neuron - shift);
    return;
  }
  case FiringRule::Scheduled: {
    const auto now = static_cast<std::int64_t>(step);
    auto spike = std::lower_bound(
        population.scheduled.begin(), population.scheduled.end(),
        ScheduledSpike{now, first},
        [](const ScheduledSpike &a, const ScheduledSpike &b) {
          return a.step != b.step ? a.step < b.step : a.neuron < b.neuron;
        });
    for (; spike != population.scheduled.end() && spike->step == now &&
           spike->neuron < end;
         ++spike)
      fired.push_back(spike->neuron - shift);
    return;
  }
  case FiringRule::LeakyIntegrateAndFire:
    return;
  }
}

} // namespace synfire
