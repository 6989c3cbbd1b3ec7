//===- RowForms.h - the forms that a row unit can take ----------*- C++ -*-===//
//
// Private to this library: makeRowUnit() asks each form in turn.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_ROWFORMS_H
#define SYNFIRE_RUNTIME_NEURON_ROWFORMS_H

#include "runtime/neuron/BinaryBanks.h"
#include "runtime/neuron/Row.h"

#include <memory>

namespace synfire {

/// banks.levels == 1: the train is the binary expansion of the membrane.
std::unique_ptr<RowUnit> makePhaseRow(const BinaryBanks &banks);
/// banks.levels > 1: each step takes the leading digits of the membrane.
std::unique_ptr<RowUnit> makeMultiLevelRow(const BinaryBanks &banks);
/// AllAtOnce with one level, without tracer and below-zero rule.
std::unique_ptr<RowUnit> makeSingleLevelRow(const NeuronConfig &config);
/// Any AllAtOnce configuration, neuron by neuron.
std::unique_ptr<RowUnit> makeUnitRow(const NeuronConfig &config);
std::unique_ptr<RowUnit> makeLookupRow(const LookupTable &table);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_NEURON_ROWFORMS_H
