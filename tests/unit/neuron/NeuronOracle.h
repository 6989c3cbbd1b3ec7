//===- NeuronOracle.h - the neuron definition once more ---------*- C++ -*-===//
//
// An independent reading of CONVERSION.md 1.1 in doubles, which hold every
// integer of the tests exactly. It shares nothing with the unit but the record
// that describes a population.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_NEURON_NEURONORACLE_H
#define SYNFIRE_TESTS_UNIT_NEURON_NEURONORACLE_H

#include "runtime/neuron/Neuron.h"

#include <vector>

namespace synfire::test {

struct OracleTrain {
  std::vector<int> level;       ///< 0: silent; negative: negative spike
  std::vector<double> value;    ///< delivered at each step
  std::vector<double> membrane; ///< after each step
  int bank = -1;
};

/// AllAtOnce on `inputs[0]`, Streamed on one current a step.
OracleTrain runOracle(const NeuronConfig &config,
                      const std::vector<double> &inputs);

} // namespace synfire::test

#endif // SYNFIRE_TESTS_UNIT_NEURON_NEURONORACLE_H
