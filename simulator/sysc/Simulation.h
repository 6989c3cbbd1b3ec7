//===- Simulation.h - the timed machine as one call -------------*- C++ -*-===//
//
// Executes a mapped Program on its chip, event by event and step by step, with
// SystemC as the clock. Spikes, membranes, logits and counters are those of
// docs/spec/program.md; cycles are those of docs/spec/machine.md.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SYSC_SIMULATION_H
#define SYNFIRE_SIMULATOR_SYSC_SIMULATION_H

#include "runtime/program/Program.h"
#include "runtime/program/Run.h"
#include "runtime/support/Status.h"
#include "simulator/machine/Machine.h"
#include "simulator/machine/Pipeline.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace synfire {

struct SimulationProgress {
  int tokensDone = 0, tokensExpected = 0;
  std::uint64_t steps = 0, cycles = 0;
};

struct SimulationOptions {
  std::string noc = "burst"; ///< of makeNetwork(); never changes a spike
  int threads = 1;           ///< changes no result
  bool membraneDigest = false;
  MachineObserver *observer = nullptr;
  TimelineObserver *timeline = nullptr;
  TokenSampler sampler; ///< empty: greedy
  /// Called at the end of every window.
  std::function<void(const SimulationProgress &)> progress;
};

/// Feeds the prompt, a frame a window, then generates `tokensToGenerate` tokens
/// (fewer if the sampler ends it); the last of them is not fed back, so prompt
/// + tokensToGenerate - 1 positions are executed. `program` satisfies verify(),
/// as every loaded Program does.
///
/// SystemC allows one elaboration in the life of a process: a second call
/// returns an error.
Result<Run> simulate(const Program &program, const std::vector<int> &prompt,
                     int tokensToGenerate,
                     const SimulationOptions &options = {});

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_SIMULATION_H
