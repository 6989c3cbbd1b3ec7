//===- SynapseSource.h - the synapses of a connection -----------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_SYNAPSESOURCE_H
#define SYNFIRE_SIMULATOR_SPIKING_SYNAPSESOURCE_H

#include "simulator/spiking/SpikingNetwork.h"

#include <cstdint>
#include <vector>

namespace synfire {

struct SparseSynapse {
  std::int32_t target = 0; ///< neuron of the target population
  std::int8_t weight = 0;
};

/// Asks the connections of one network for their synapses. Errors name the
/// connection and the synapse.
class SynapseSource {
public:
  /// `weightBits`: of the widest weight that the chip's synapses hold.
  SynapseSource(const SpikingNetwork &source, int weightBits);

  /// Weights from neuron i onto targets [first, first + count) of a dense
  /// connection.
  Status denseRow(int connection, std::int32_t i, std::int32_t first,
                  std::int32_t count, std::int8_t *weights) const;
  /// Appends what leaves neuron i over a connection that is not dense.
  Status sparseSynapses(int connection, std::int32_t i,
                        std::vector<SparseSynapse> &synapses);

private:
  Error wrong(int connection, const std::string &what) const;
  Status checkWeight(int connection, std::int64_t weight, std::int64_t i,
                     std::int64_t j) const;
  Status weightOf(int connection, const std::int64_t *variables, std::int64_t i,
                  std::int64_t j, std::int8_t &weight) const;

  const SpikingNetwork &network;
  std::int64_t leastWeight, mostWeight;
  std::vector<std::int64_t> variables; ///< i, loops, j
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_SYNAPSESOURCE_H
