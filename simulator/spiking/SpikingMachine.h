//===- SpikingMachine.h - a plain spiking network on a chip -----*- C++ -*-===//
//
// Executes docs/spec/spiking.md step by step on the cores of a chip model, with
// the same networks and core clocks as the machine that executes Programs.
// Spikes and accumulators depend on nothing but the network: not on the
// placement, the NoC model or the number of threads.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SPIKING_SPIKINGMACHINE_H
#define SYNFIRE_SIMULATOR_SPIKING_SPIKINGMACHINE_H

#include "runtime/program/Run.h"
#include "simulator/machine/PhaseTeam.h"
#include "simulator/spiking/SpikingCore.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace synfire {

struct SpikingOptions {
  /// As makeNetwork() has it, or "none": events are counted and nothing is
  /// timed.
  std::string noc = "burst";
  int threads = 1;
  /// Also a digest of all accumulators after every step.
  bool accumulatorDigest = true;
};

/// What one step did.
struct SpikingStep {
  Counters counters;
  int mostHops = 0;                ///< of any packet
  std::uint64_t cycles = 0;        ///< barrier included; 0 without timing
  std::uint64_t barrierCycles = 0; ///< likewise
  std::uint64_t boundCycles = 0;   ///< lower bound, barrier included
  StepCause cause = StepCause::Barrier;
  int causeCore = -1; ///< -1 for Link and Barrier
};

class SpikingMachine {
public:
  static Result<std::unique_ptr<SpikingMachine>>
  create(SpikingNetwork network, const ChipModel &chip,
         const SpikingOptions &options = {});

  /// Executes the next step. The result holds until the step after it.
  const SpikingStep &step();

  /// All steps so far; populations are the stages, without roles and steps.
  Run run() const;

  /// By neuron of a population, after the last step.
  std::vector<std::int32_t> accumulators(int population) const;
  /// Empty where nothing integrates.
  std::vector<std::int32_t> membranes(int population) const;

  const NeuronPlacement &placement() const { return state.placement; }
  const Wiring &wiring() const { return state.wiring; }

private:
  explicit SpikingMachine(int threads) : team(threads) {}

  void forEachCore(bool parallel, const std::function<void(std::size_t)> &job);
  /// Values of a population's neurons, in their order, from their cores.
  template <typename ValuesOfCore>
  std::vector<std::int32_t> gather(int population,
                                   ValuesOfCore &&valuesOfCore) const;
  void gatherFired();
  void buildTraffic();
  void setPaces();
  void reduce();
  void closeStep();

  SpikingState state;
  std::string name;
  SpikingOptions options;
  std::unique_ptr<Routing> routing;
  std::unique_ptr<Network> network; ///< none without timing
  std::vector<SpikingCore> cores;
  PhaseTeam team;
  StepTraffic traffic;
  SpikingStep last;
  std::uint64_t neurons = 0, steps = 0, barrier = 0;
  std::uint64_t spikeDigest = 0, accumulatorDigest = 0;
  std::vector<bool> gathered;      ///< populations with dense connections
  std::vector<SliceCounts> totals; ///< by slice
  std::vector<std::uint64_t> spikeSums, accumulatorSums; ///< by population
  TimingRun timing;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_SPIKINGMACHINE_H
