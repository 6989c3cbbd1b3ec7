//===- EqualShare.h - a whole in equal integer parts ------------*- C++ -*-===//
//
// Private to this library.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_EQUALSHARE_H
#define SYNFIRE_RUNTIME_NEURON_EQUALSHARE_H

#include <cstdint>

namespace synfire {

/// floor(total * (step + 1) / steps) - floor(total * step / steps): what step
/// `step` of `steps` takes; the shares of all steps add up to `total`.
constexpr std::int64_t equalShare(std::int64_t total, int step, int steps) {
  // The parts below and above whole steps apart, so that no product leaves 64
  // bits.
  std::int64_t whole = total / steps, rest = total % steps;
  if (rest < 0) {
    --whole;
    rest += steps;
  }
  return whole + rest * (step + 1) / steps - rest * step / steps;
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_EQUALSHARE_H
