//===- Row.cpp - picks the fastest exact form of a row unit ---------------===//
#include "runtime/neuron/Row.h"

#include "runtime/neuron/RowForms.h"

namespace synfire {

void RowUnit::runRows(const RowBatch &batch, RowCounts &counts) const {
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const auto row = static_cast<std::ptrdiff_t>(r);
    const std::uint64_t digest =
        run(batch.membranes + row * batch.membraneStride,
            batch.count + r * batch.growth, batch.keys,
            batch.codes + row * batch.codeStride, nullptr, counts);
    if (batch.keys)
      batch.digests[r] += digest;
  }
}

std::unique_ptr<RowUnit> makeRowUnit(const NeuronConfig &config) {
  if (config.input != InputMode::AllAtOnce)
    return nullptr;
  if (const auto banks = recogniseBinaryBanks(config))
    return banks->levels == 1 ? makePhaseRow(*banks)
                              : makeMultiLevelRow(*banks);
  if (config.levels == 1 && !config.tracerOn &&
      config.negative == NegativeRule::Off)
    return makeSingleLevelRow(config);
  return makeUnitRow(config);
}

std::unique_ptr<RowUnit> makeRowUnit(const LookupTable &table) {
  return makeLookupRow(table);
}

} // namespace synfire
