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
#include "simulator/machine/StepTotals.h"
#include "simulator/spiking/SpikingCore.h"
#include "simulator/spiking/StepLinks.h"

#include <atomic>
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
  int mostHops = 0; ///< of any packet: links, those of its tree with TREE
  std::uint64_t cycles = 0;        ///< barrier included; 0 without timing
  std::uint64_t barrierCycles = 0; ///< likewise
  std::uint64_t boundCycles = 0;   ///< lower bound, barrier included
  StepCause cause = StepCause::Barrier;
  int causeCore = -1; ///< -1 for Link and Barrier
  /// Of Link, 4 x router + Direction: of one packet's way, where one packet is
  /// the cause, that with the largest term of the bound; -1 for other causes
  /// and between cores of one router.
  int causeLink = -1;
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

  // On cache lines of their own, as each is written by one member of the team.
  struct alignas(64) PopulationSums {
    std::uint64_t spikes = 0, accumulators = 0;
  };
  struct alignas(64) Countdown {
    std::atomic<std::uint32_t> left{0};
  };
  /// What a member has added up in a step.
  struct alignas(64) MemberSums {
    SliceCounts counts;
    int mostHops = 0;
    std::vector<PopulationSums> populations;
    std::uint64_t finish = 0;
    std::size_t last = 0;    ///< core that ends then
    std::size_t slowest = 0; ///< core with the largest bound
    std::uint64_t slowestBound = 0;
  };

  void forEach(std::size_t jobs, bool parallel, const PhaseTeam::Job &job);
  void fire(std::size_t core, std::size_t member);
  void gatherFired(std::size_t population);
  void receive(std::size_t core, MemberSums &member);
  void finish(std::size_t core, MemberSums &member);
  void carry(MemberSums &member);
  /// Values of a population's neurons, in their order, from their cores.
  template <typename ValuesOfCore>
  std::vector<std::int32_t> gather(int population,
                                   ValuesOfCore &&valuesOfCore) const;
  void reduce();
  StepBound boundOfStep() const;
  StepBound contentionOf(const SpikingCore &core, std::uint64_t beyond) const;
  void closeStep();
  CoreRun coreRun(std::size_t core) const;

  SpikingState state;
  std::string name;
  SpikingOptions options;
  std::unique_ptr<Routing> routing;
  // None without timing.
  std::unique_ptr<Network> network;
  std::unique_ptr<StepLinks> links;
  std::vector<SpikingCore> cores;
  PhaseTeam team;
  StepBursts bursts;
  SpikingStep last;
  std::uint64_t neurons = 0, steps = 0;
  std::uint64_t spikeDigest = 0, accumulatorDigest = 0;
  /// By population with dense connections: its slices that are yet to fire in
  /// the step; the last of them gathers what all have fired.
  std::unique_ptr<Countdown[]> silent;
  std::vector<bool> gathered;      ///< populations with dense connections
  std::vector<SliceCounts> totals; ///< by slice
  std::vector<MemberSums> sums;    ///< by member of the team
  bool linksFollowed = false;      ///< in the step at hand
  std::size_t finished = 0; ///< cores whose clocks are done, from the first
  StepTotals timing{0};     ///< without a step where nothing is timed
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SPIKING_SPIKINGMACHINE_H
