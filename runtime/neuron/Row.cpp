//===- Row.cpp - picks the fastest exact form of a row unit ---------------===//
#include "runtime/neuron/Row.h"

#include "runtime/neuron/RowForms.h"

namespace synfire {

void RowUnit::runRows(const RowBatch &batch, RowCounts &counts) const {
  runEachRow(batch, [&](const std::int32_t *membranes, std::size_t count,
                        std::int32_t *codes) {
    return run(membranes, count, batch.keys, codes, nullptr, counts);
  });
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
