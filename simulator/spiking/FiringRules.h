//===- FiringRules.h - which neurons fire in a step -------------*- C++ -*-===//
//
// Bulk forms of docs/spec/spiking.md (K3 to K6), over consecutive neurons.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_FIRINGRULES_H
#define SYNFIRE_SIMULATOR_SPIKING_FIRINGRULES_H

#include "simulator/spiking/SpikingNetwork.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// One step of `neurons` neurons: membranes take their input in, `fired` is 1
/// where a neuron fires and 0 elsewhere.
void integrate(const LeakyIntegrateAndFire &rule, std::size_t neurons,
               const std::int32_t *input, std::int32_t *membrane,
               std::uint8_t *fired);
/// The same with a refractory period: `waiting` holds the steps that are left
/// of it.
void integrateRefractory(const LeakyIntegrateAndFire &rule, std::size_t neurons,
                         const std::int32_t *input, std::int32_t *membrane,
                         std::uint8_t *waiting, std::uint8_t *fired);

/// Appends those of neurons [first, first + neurons) of the population that
/// fire without regard to their input, each less `shift`, ascending.
void appendSources(const Population &population, std::uint64_t step,
                   std::int32_t first, std::int32_t neurons, std::int32_t shift,
                   std::vector<std::int32_t> &fired);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_FIRINGRULES_H
