//===- StageUnits.cpp - real-valued units to tables of integers -----------===//
#include "compiler/emit/ProgramBuilder.h"

#include "compiler/convert/FsFitter.h"
#include "compiler/convert/LookupBuilder.h"
#include "compiler/convert/Tables.h"
#include "runtime/program/Widths.h"

#include <algorithm>
#include <cmath>

namespace synfire {
namespace {

/// Headroom of a digital membrane above its calibrated limit: 2^30 / 2^27.
constexpr int membraneBits = 27;
/// Scores are bounded only after the group maximum is gone; before, they may be
/// far larger than the part that exp resolves.
constexpr int scoreBits = 20;
/// A calibrated FS bank costs about as much memory as this many look-up rows.
constexpr int entriesPerBank = 64;

bool equal(const NeuronBank &a, const NeuronBank &b) {
  return a.low == b.low && a.high == b.high && a.table.rest == b.table.rest &&
         a.table.threshold == b.table.threshold &&
         a.table.decrement == b.table.decrement &&
         a.table.payload == b.table.payload;
}

bool equal(const NeuronConfig &a, const NeuronConfig &b) {
  return a.steps == b.steps && a.levels == b.levels &&
         a.comparison == b.comparison && a.sign == b.sign &&
         a.input == b.input && a.cap == b.cap && a.offset == b.offset &&
         a.bias == b.bias && a.negative == b.negative &&
         a.tracerOn == b.tracerOn && a.tracerMinimum == b.tracerMinimum &&
         a.tracerMaximum == b.tracerMaximum && a.rehearsal == b.rehearsal &&
         a.rehearsalSteps == b.rehearsalSteps &&
         a.rehearsalMargin == b.rehearsalMargin && a.clamp == b.clamp &&
         a.guardBits == b.guardBits &&
         std::equal(a.banks.begin(), a.banks.end(), b.banks.begin(),
                    b.banks.end(), [](const auto &one, const auto &other) {
                      return equal(one, other);
                    });
}

} // namespace

int ProgramBuilder::shareNeuron(NeuronConfig config) {
  auto known = std::find_if(
      built.neurons.begin(), built.neurons.end(),
      [&](const NeuronConfig &other) { return equal(other, config); });
  const auto index = known - built.neurons.begin();
  if (known == built.neurons.end())
    built.neurons.push_back(std::move(config));
  return static_cast<int>(index);
}

/// The membrane scale of a look-up or FS stage is chosen before its table: the
/// driver's own code when it arrives unweighted, otherwise a power of two.
Status ProgramBuilder::setNonlinear(const StageSpec &spec,
                                    const NonlinearUnit &unit, Stage &stage) {
  const DendriteSpec &first = spec.dendrites.front();
  if (spec.dendrites.size() == 1 && first.kind == DendriteKind::Identity &&
      first.factor == 1) {
    stage.membraneScale = built.stages[first.driver].codeScale;
  } else {
    int exponent = 0;
    std::frexp(unit.inputLimit, &exponent);
    stage.membraneScale = std::ldexp(
        1.0, exponent - (spec.subtractGroupMaximum ? scoreBits : membraneBits));
  }
  stage.codeScale = std::ldexp(unit.fullScale, -unit.steps);
  stage.fire = unit.lookup ? FireKind::Lookup : FireKind::Neuron;
  NonlinearKey key{static_cast<int>(unit.function),
                   unit.lookup,
                   unit.steps,
                   stage.membraneScale,
                   stage.codeScale,
                   unit.inputLimit,
                   unit.entries};
  auto known = nonlinearUnits.find(key);
  if (known != nonlinearUnits.end()) {
    stage.unit = known->second;
  } else if (unit.lookup) {
    SYNFIRE_ASSIGN(LookupTable table,
                   buildLookup(unit.function, stage.membraneScale,
                               stage.codeScale, unit.steps, unit.inputLimit,
                               unit.entries));
    stage.unit = static_cast<int>(built.lookupTables.size());
    built.lookupTables.push_back(std::move(table));
  } else {
    const bool twoSided = unit.function == Nonlinearity::Square ||
                          unit.function == Nonlinearity::SiLU;
    const double high =
        unit.function == Nonlinearity::Exp ? 0 : unit.inputLimit;
    const double low =
        twoSided || unit.function == Nonlinearity::Exp ? -unit.inputLimit : 0;
    SYNFIRE_ASSIGN(NeuronConfig banks,
                   fitFsBanks(unit.function, stage.membraneScale,
                              stage.codeScale, unit.steps, low, high,
                              unit.entries / entriesPerBank));
    stage.unit = shareNeuron(std::move(banks));
  }
  nonlinearUnits[key] = stage.unit;
  stage.codeLimit = unit.lookup ? largestCode(built.lookupTables[stage.unit])
                                : largestCode(built.neurons[stage.unit]);
  stage.digital = unit.digital;
  if (spec.accumulatedOutput) {
    stage.codeLimit *= built.frames;
    stage.codeScale /= built.frames;
  }
  return {};
}

Status ProgramBuilder::setUnit(const StageSpec &spec, Stage &stage) {
  if (const auto *nonlinear = std::get_if<NonlinearUnit>(&spec.unit))
    return setNonlinear(spec, *nonlinear, stage);
  if (const auto *phase = std::get_if<PhaseUnit>(&spec.unit))
    return setUnit(*phase, stage);
  if (const auto *table = std::get_if<TableUnit>(&spec.unit))
    return setUnit(*table, stage);
  if (const auto *number = std::get_if<NumberUnit>(&spec.unit))
    return setUnit(*number, stage);
  return setUnit(std::get<OutputUnit>(spec.unit), stage);
}

Status ProgramBuilder::setUnit(const OutputUnit &unit, Stage &stage) {
  stage.fire = FireKind::Output;
  stage.membraneScale = unit.membraneScale;
  stage.codeScale = stage.membraneScale;
  return {};
}

Status ProgramBuilder::setUnit(const NumberUnit &unit, Stage &stage) {
  stage.fire = FireKind::Number;
  stage.digital = true;
  stage.codeScale = std::ldexp(unit.fullScale, -unit.bits);
  stage.membraneScale = stage.codeScale;
  stage.codeLimit = std::int64_t(1) << unit.bits;
  return {};
}

Status ProgramBuilder::setUnit(const TableUnit &unit, Stage &stage) {
  SYNFIRE_TRY(verify(unit.config));
  stage.fire = FireKind::Neuron;
  stage.codeScale = unit.codeScale;
  stage.membraneScale = unit.membraneScale;
  stage.unit = shareNeuron(unit.config);
  stage.codeLimit = largestCode(unit.config);
  return {};
}

Status ProgramBuilder::setUnit(const PhaseUnit &unit, Stage &stage) {
  SYNFIRE_ASSIGN(int guardBits,
                 chooseGuardBits(unit.steps, unit.levels, unit.outlierShift));
  stage.fire = FireKind::Neuron;
  stage.codeScale = std::ldexp(unit.threshold / unit.levels, -unit.steps);
  stage.membraneScale = std::ldexp(stage.codeScale, -guardBits);
  SYNFIRE_ASSIGN(NeuronConfig config,
                 makePhaseTable(unit.steps, unit.levels, unit.outlierShift,
                                guardBits, unit.rounding));
  stage.codeLimit = largestCode(config);
  stage.unit = shareNeuron(std::move(config));
  return {};
}

} // namespace synfire
