//===- SpikeTrain.cpp - the events of one step, by class ------------------===//
#include "simulator/machine/SpikeTrain.h"

#include "runtime/program/Trains.h"

#include <algorithm>

namespace synfire {

FiringUnit::FiringUnit(const Program &program, const Stage &stage)
    : fire(stage.fire), sendsNumbers(stage.digital),
      hearsAhead(synfire::rehearses(program, stage)),
      rehearsed(synfire::rehearsalSteps(program, stage)),
      largestNumber(synfire::numberLimit(program, stage)),
      frameCount(program.frames), stepCount(frameSteps(program, stage)),
      bits(synfire::eventBits(program, stage)) {
  const auto unit = static_cast<std::size_t>(stage.unit);
  if (fire == FireKind::Neuron)
    config = &program.neurons[unit];
  else if (fire == FireKind::Lookup)
    rows = &program.lookupTables[unit];
  if (fire == FireKind::Neuron)
    listNeuronClasses();
  else if (fire == FireKind::Lookup && !sendsNumbers)
    listBitClasses();
}

void FiringUnit::listNeuronClasses() {
  const bool rests =
      std::any_of(config->banks.begin(), config->banks.end(),
                  [](const NeuronBank &bank) { return bank.table.rest != 0; });
  lowestLevel = rests ? 0 : 1;
  ranks = config->levels + 1 - lowestLevel;
  const int banks = static_cast<int>(config->banks.size());
  classes = 2 * banks * ranks;
  byStep.reserve(static_cast<std::size_t>(config->steps) *
                 static_cast<std::size_t>(classes));
  for (int step = 0; step < config->steps; ++step)
    for (int bank = 0; bank < banks; ++bank)
      for (int level = lowestLevel; level <= config->levels; ++level)
        for (int sign : {1, -1}) {
          Spike spike;
          spike.sign = static_cast<std::int8_t>(sign);
          spike.level = static_cast<std::uint8_t>(level);
          spike.bank = static_cast<std::uint8_t>(bank);
          byStep.push_back(
              {static_cast<std::int32_t>(payload(*config, step, spike)),
               digestTerm(*config, step, spike),
               hidesMultiply(*config, step, spike)});
        }
}

void FiringUnit::listBitClasses() {
  classes = 2;
  for (int step = 0; step < stepCount; ++step)
    for (int sign : {1, -1}) {
      const std::int32_t value =
          sign * (std::int32_t(1) << (stepCount - 1 - step));
      byStep.push_back(
          {value, static_cast<std::uint64_t>(std::int64_t(value)), false});
    }
}

} // namespace synfire
