//===- SpikingNetwork.cpp - sizes of a network ----------------------------===//
#include "simulator/spiking/SpikingNetwork.h"

namespace synfire {

std::int64_t Connection::synapsesOfNeuron() const {
  std::int64_t synapses = 1;
  for (const SynapseLoop &loop : loops)
    synapses *= loop.count;
  return synapses;
}

std::int64_t SpikingNetwork::neurons() const {
  std::int64_t sum = 0;
  for (const Population &population : populations)
    sum += population.neurons;
  return sum;
}

std::int64_t SpikingNetwork::synapses() const {
  std::int64_t sum = 0;
  for (const Connection &connection : connections) {
    const std::int64_t sources =
        populations[static_cast<std::size_t>(connection.from)].neurons;
    const std::int64_t targets =
        populations[static_cast<std::size_t>(connection.to)].neurons;
    if (connection.dense())
      sum += sources * targets;
    else if (connection.kind == ConnectionKind::Generated)
      sum += sources * connection.synapsesOfNeuron();
    else
      sum += static_cast<std::int64_t>(connection.listed.size());
  }
  return sum;
}

} // namespace synfire
