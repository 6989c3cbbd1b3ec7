//===- HiddenMultiply.h - payloads that are no shifts -----------*- C++ -*-===//
//
// Private to this library: hidesMultiply() for whoever asks for many events of
// one config (neuron.md, N18).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_HIDDENMULTIPLY_H
#define SYNFIRE_RUNTIME_NEURON_HIDDENMULTIPLY_H

#include "runtime/neuron/Neuron.h"

#include <cstdint>

namespace synfire {

/// The smallest magnitude of the payloads that are not zero; 0 if all are.
std::int64_t smallestPayload(const NeuronConfig &config);

/// Whether |payload| is no power of two times `smallest`; 0 is none either.
bool hidesMultiply(std::int64_t payload, std::int64_t smallest);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_HIDDENMULTIPLY_H
