//===- RandomConfig.h - seeded neuron configurations ------------*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_NEURON_RANDOMCONFIG_H
#define SYNFIRE_TESTS_UNIT_NEURON_RANDOMCONFIG_H

#include "runtime/neuron/Neuron.h"

#include <random>
#include <vector>

namespace synfire::test {

using Random = std::mt19937_64;

/// Uniform in [low, high].
std::int64_t draw(Random &random, std::int64_t low, std::int64_t high);

/// Free tables, any mode that `verify` admits; `steps` 0: any number.
NeuronConfig randomTables(Random &random, InputMode mode, int steps = 0);

/// One or two banks of an MT table with H levels; H = 1 is the phase code.
NeuronConfig multiThreshold(int steps, int levels, int guard, int outlierShift,
                            SignMode sign, std::int64_t offset);

/// multiThreshold with random parameters, sometimes clamped.
NeuronConfig randomMultiThreshold(Random &random, int levels);

/// What streamed methods use: names of randomStreamed's kinds.
enum class StreamKind {
  FreeTables,
  IntegerSpiking,
  OneSidedIf,
  TwoSidedIf,
  StBif,
  Ecmt,
  Sta,
  ResidualMask,
  OptimalShift,
  Average,
  Count
};

/// A Streamed config of this kind that `verify` admits; `steps` 0: any number.
NeuronConfig randomStreamed(Random &random, StreamKind kind, int steps = 0);

/// Inputs that matter for a config: extremes of int32, zero, every threshold
/// and gate edge and their neighbours, and random values of all sizes.
std::vector<std::int32_t> interestingInputs(const NeuronConfig &config,
                                            Random &random, int randoms);

} // namespace synfire::test

#endif // SYNFIRE_TESTS_UNIT_NEURON_RANDOMCONFIG_H
