//===- RowForms.h - the forms that a row unit can take ----------*- C++ -*-===//
//
// Private to this library: makeRowUnit() asks each form in turn.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_NEURON_ROWFORMS_H
#define SYNFIRE_RUNTIME_NEURON_ROWFORMS_H

#include "runtime/neuron/BinaryBanks.h"
#include "runtime/neuron/Row.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace synfire {

/// Calls runRow(membranes, count, codes) for each row of a batch and adds what
/// it returns to the row's digest.
template <typename RunRow>
void runEachRow(const RowBatch &batch, const RunRow &runRow) {
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const auto row = static_cast<std::ptrdiff_t>(r);
    const std::uint64_t digest = runRow(
        batch.membranes + row * batch.membraneStride,
        batch.count + r * batch.growth, batch.codes + row * batch.codeStride);
    if (batch.keys)
      batch.digests[r] += digest;
  }
}

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
