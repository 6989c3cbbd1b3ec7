//===- Machine.h - all cores of a mapped Program ----------------*- C++ -*-===//
//
// The machine without a clock: it knows what each phase of a window does and
// what it costs, and leaves it to its driver (simulator/sysc) to run the phases
// in order:
//
//   beginWindow                     frames and stages of the window
//   core.prepare     each core      membranes
//   receiveSums                     of split inputs
//   joinMaxima                      groups that several tiles share
//   for each step
//     fire           each core      events
//     takeBursts                    what is under way
//     receive        each core      accumulators; at the same time the driver
//     arrive                        says when each burst arrives; after them
//                                   where it asks for their pace()
//     timeArrivals   each core      cycles
//     endStep                       cycles of the step
//   endWindow                       digests, logits
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_MACHINE_H
#define SYNFIRE_SIMULATOR_MACHINE_MACHINE_H

#include "runtime/program/UsedMesh.h"
#include "simulator/machine/Core.h"
#include "simulator/machine/LinkBound.h"
#include "simulator/machine/PartialSums.h"
#include "simulator/machine/Pipeline.h"
#include "simulator/machine/StepTiming.h"
#include "simulator/machine/SynapseMemory.h"
#include "simulator/machine/Timeline.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace synfire {

/// Sees what the machine computes, from one thread, in the order of execution.
class MachineObserver {
public:
  virtual ~MachineObserver() = default;
  /// The active membranes (after the group maximum), in ascending order of
  /// neurons. A perKey stage shows groups x (position + 1) of them; the output
  /// stage shows its last frame alone.
  virtual void onStage(int stage, TokenFrame at,
                       const std::vector<std::int32_t> &membranes) = 0;
  /// `step` counts from the start of the frame. Numbers count as spikes here.
  virtual void onSpike(int stage, TokenFrame at, int step, int neuron,
                       std::int32_t payload) = 0;
};

class Machine {
public:
  /// `program` satisfies verify() and outlives the machine.
  static Result<std::unique_ptr<Machine>> create(const Program &program,
                                                 bool membraneDigest,
                                                 MachineObserver *observer);
  Machine(const Machine &) = delete;
  Machine &operator=(const Machine &) = delete;

  /// Told of every step from now on.
  void watch(TimelineObserver *watcher);

  const Routing &routing() const { return ways; }
  double clockHz() const { return program.mapping.chip.timing.clockHz; }
  std::vector<std::unique_ptr<Core>> &cores() { return usedCores; }

  void beginWindow(const std::vector<WindowToken> &tokens);
  int windowSteps() const { return plan.steps; }
  const WindowPlan &windowPlan() const { return plan; }
  /// Indices into cores(), of those that fire, or send sums of split inputs, in
  /// this window.
  const std::vector<std::size_t> &firingCores() const { return windowCores; }
  /// `latency`: cycles of a message from one core to another.
  using Latency = std::function<std::uint64_t(int from, int to)>;
  void joinMaxima(const Latency &latency);
  /// Sums of split inputs, which leave before the first step's bursts and are
  /// under way with them: until that step ends. Ascending senders.
  const std::vector<PartialSums::Transfer> &sentSums() const {
    return partialSums.transfers();
  }
  /// `arrivals`: one for each of sentSums(), with nothing else under way. After
  /// prepare().
  void receiveSums(const std::vector<BurstArrival> &arrivals);

  void fire(std::size_t core, int step) {
    usedCores[core]->fire({step, stepNumber}, jointMaxima);
  }
  /// Collects what the cores have sent in this step. Indices of those that
  /// receive, ascending.
  const std::vector<std::size_t> &takeBursts(int step);
  /// In core order.
  const std::vector<OutgoingBurst> &sentBursts() const { return bursts; }
  /// `arrivals` holds one entry for each destination of each burst, `sums` one
  /// for each of sentSums(). Where those come later than receiveSums() was
  /// told, so do the bursts of the cores that wait for them. May run beside
  /// receive() of the cores.
  void arrive(std::vector<BurstArrival> &arrivals,
              const std::vector<BurstArrival> &sums, NetworkLimits limits);
  /// Cycles apart at which core `to` takes in what core `from` has sent it;
  /// after its receive().
  std::uint32_t pace(int from, int to) const {
    return usedCores[coreIndex[static_cast<std::size_t>(to)]]->paceFrom(from);
  }
  /// The lower bound of the links. May run beside both.
  void followLinks();
  void receive(std::size_t core, int step) {
    usedCores[core]->receive({step, stepNumber}, inbound[core]);
  }
  void timeArrivals(std::size_t core) {
    usedCores[core]->timeArrivals(arrivalsAt[core]);
  }
  /// Shows the arrivals to the watcher, from the thread of endStep().
  void observeBursts(const std::vector<BurstArrival> &arrivals,
                     const std::vector<BurstArrival> &sums) const;
  /// Cycle at which the last burst reaches the core.
  std::uint64_t lastArrival(std::size_t core) const { return arrivalEnd[core]; }
  /// Adds the step to the timing and returns its cycles, barrier included.
  std::uint64_t endStep();
  void endWindow();

  /// Of the token whose last frame the output stage fired in this window.
  const std::vector<std::int32_t> &logits() const { return outputMembranes; }

  /// Counters, digests and timing so far. `links`: the network's, ascending.
  Run run(std::vector<LinkRun> links = {}) const;

private:
  Machine(const Program &compiled, const Routing &routes,
          bool withMembraneDigest, MachineObserver *watcher);
  void joinStage(std::size_t stage, const Latency &latency);
  template <typename Visit>
  void forEachShare(std::size_t stage, Visit &&visit) const;
  bool completes(std::size_t stage) const;
  void delayBursts(std::vector<BurstArrival> &arrivals,
                   const std::vector<BurstArrival> &sums);
  void observeStages();
  void observeSpikes(int step);
  std::vector<std::int32_t> activeMembranes(std::size_t stage) const;
  UsedMesh usedMesh() const;
  std::size_t indexOf(int core) const {
    return coreIndex[static_cast<std::size_t>(core)];
  }
  void observeTimes();
  void fillStages(Run &run) const;
  void fillCores(Run &run) const;

  const Program &program;
  Routing ways;
  std::vector<FiringUnit> units; ///< by stage
  SynapseMemory synapses;
  Core::Tiles tiles;
  std::vector<std::vector<AxonDestination>> axons; ///< by tile
  /// Those with neurons; the parts of their inputs follow them in `tiles`.
  std::vector<std::vector<std::size_t>> tilesOfStage;
  std::vector<std::unique_ptr<Core>> usedCores; ///< ascending numbers
  std::vector<std::size_t> coreIndex;           ///< by core number

  WindowPlan plan;
  std::vector<std::size_t> firingStages, windowCores, activeCores, receivers,
      involved;                 ///< the last two of a step together
  std::uint64_t stepNumber = 1; ///< of the run
  std::vector<const Core *> stepCores;
  PartialSums partialSums;
  std::vector<std::vector<std::int32_t>> jointMaxima; ///< by stage
  /// Of the token that the stage is at, so far.
  std::vector<std::uint64_t> trainWords, membraneWords;
  std::vector<OutgoingBurst> bursts;
  // By core index.
  std::vector<std::vector<Inbound>> inbound; ///< in this window
  std::vector<std::vector<BurstArrival>> arrivalsAt;
  std::vector<std::uint64_t> arrivalEnd;
  std::vector<int> lastSource; ///< whose burst has come last, in this step
  /// By which the sums come later than receiveSums() was told, in this step.
  std::vector<std::uint64_t> sumsLate;
  std::vector<std::int32_t> outputMembranes;

  bool wantMembraneDigest;
  MachineObserver *observer;
  std::uint64_t digest = 0, membraneDigest = 0;
  StepTiming timing;
  alignas(64) LinkBound links; ///< written beside what else runs
  NetworkLimits networkLimits; ///< of this step
  TimelineObserver *timeline = nullptr;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_MACHINE_H
