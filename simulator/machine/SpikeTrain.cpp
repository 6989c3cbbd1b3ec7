//===- SpikeTrain.cpp - the events of one step, by class ------------------===//
#include "simulator/machine/SpikeTrain.h"

namespace synfire {
namespace {

int ceilLog2(int value) {
  int bits = 0;
  while ((std::int64_t(1) << bits) < value)
    ++bits;
  return bits;
}

} // namespace

FiringUnit::FiringUnit(const Program &program, const Stage &stage)
    : fire(stage.fire) {
  const auto unit = static_cast<std::size_t>(stage.unit);
  if (fire == FireKind::Neuron) {
    config = &program.neurons[unit];
    stepCount = config->steps;
    const int banks = static_cast<int>(config->banks.size());
    classes = 2 * banks * config->levels;
    bits =
        ceilLog2(banks * config->levels + 1) + (config->sign != SignMode::None);
    byStep.reserve(static_cast<std::size_t>(stepCount) * classes);
    for (int step = 0; step < stepCount; ++step)
      for (int bank = 0; bank < banks; ++bank)
        for (int level = 1; level <= config->levels; ++level)
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
  } else if (fire == FireKind::Lookup) {
    rows = &program.lookupTables[unit];
    stepCount = rows->steps;
    classes = 2;
    bits = 2;
    for (int step = 0; step < stepCount; ++step)
      for (int sign : {1, -1}) {
        const std::int32_t value =
            sign * (std::int32_t(1) << (stepCount - 1 - step));
        byStep.push_back(
            {value, static_cast<std::uint64_t>(std::int64_t(value)), false});
      }
  }
}

} // namespace synfire
