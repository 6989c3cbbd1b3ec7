//===- SpikingNetwork.h - a plain spiking network as data -------*- C++ -*-===//
//
// The plain-value form of one networks/*.textproto file: populations of
// neurons, connections between them, places on a chip. What the fields mean is
// docs/spec/spiking.md; a network knows no chip.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_SPIKINGNETWORK_H
#define SYNFIRE_SIMULATOR_SPIKING_SPIKINGNETWORK_H

#include "runtime/support/Status.h"
#include "simulator/spiking/IntegerFormula.h"

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// Parts of the membrane that `decay` counts. Loihi's decays have 12 bits
/// (Davies et al., IEEE Micro 2018).
constexpr std::int32_t decayUnit = 4096;

enum class FiringRule : std::uint8_t {
  LeakyIntegrateAndFire,
  Forced,
  Random,
  Scheduled
};

struct LeakyIntegrateAndFire {
  std::int32_t threshold = 0;
  std::int32_t decay = 0; ///< 0..decayUnit
  std::int32_t bias = 0;
  bool subtractThreshold = false; ///< else the membrane becomes resetMembrane
  std::int32_t resetMembrane = 0;
  std::int32_t refractorySteps = 0; ///< 0..255
  std::int32_t initialMembrane = 0;
};

struct ForcedFiring {
  std::int32_t stride = 1, offset = 0; ///< over neurons
  std::int32_t period = 1, phase = 0;  ///< over steps
};

struct RandomFiring {
  std::int32_t perMillion = 0;
  std::uint64_t seed = 0;
};

struct ScheduledSpike {
  std::int64_t step = 0;
  std::int32_t neuron = 0;
};

struct Population {
  std::string name;
  std::int32_t neurons = 0; ///< at least 1
  FiringRule rule = FiringRule::Forced;
  LeakyIntegrateAndFire leaky; ///< of its rule only, as the three below
  ForcedFiring forced;
  RandomFiring random;
  std::vector<ScheduledSpike> scheduled; ///< ascending (step, neuron), unique
};

struct SynapseLoop {
  std::string name;
  std::int32_t count = 0; ///< at least 1
};

struct ListedSynapse {
  std::int32_t from = 0, to = 0;
  std::int8_t weight = 0;
};

enum class ConnectionKind : std::uint8_t {
  Formula,   ///< dense; weight of (i, j)
  Matrix,    ///< dense; matrix[i * target neurons + j]
  Generated, ///< target of (i, loops), weight of (i, loops, j)
  Listed
};

struct Connection {
  int from = 0, to = 0; ///< populations
  ConnectionKind kind = ConnectionKind::Listed;
  IntegerFormula target, weight;
  std::vector<SynapseLoop> loops;
  std::vector<std::int8_t> matrix;
  std::string matrixFile;            ///< path that the matrix was read from
  std::vector<ListedSynapse> listed; ///< ascending `from`

  bool dense() const {
    return kind == ConnectionKind::Formula || kind == ConnectionKind::Matrix;
  }
  /// Generated: combinations of the loops.
  std::int64_t synapsesOfNeuron() const;
};

/// Neurons [first, first + neurons) of a population, `perCore` each.
struct PlacementRange {
  int population = 0;
  std::int32_t first = 0, neurons = 0;
  std::int64_t core = -1;   ///< position in the order of cores; -1: the next
  std::int64_t perCore = 0; ///< 0: as many as a core holds
};

enum class CoreOrder : std::uint8_t { RouterRows, RouterColumns };

struct SpikingNetwork {
  std::string name, description;
  std::vector<Population> populations;
  std::vector<Connection> connections;
  std::vector<PlacementRange> placements;
  CoreOrder coreOrder = CoreOrder::RouterRows;

  std::int64_t neurons() const;
  std::int64_t synapses() const;
};

/// Largest sums over a network, far below what would overflow a number here.
struct SpikingLimits {
  std::int64_t neurons = std::int64_t(1) << 26;
  std::int64_t synapses = std::int64_t(1) << 34;
};

/// Parses and checks a textproto; errors name `where` and the field. Matrix
/// files are read from `folder`.
Result<SpikingNetwork> parseSpikingNetwork(const std::string &text,
                                           const std::string &where,
                                           const std::string &folder,
                                           const SpikingLimits &limits = {});
Result<SpikingNetwork> loadSpikingNetwork(const std::string &path);

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_SPIKINGNETWORK_H
