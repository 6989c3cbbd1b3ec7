//===- MachineDriver.h - the machine without SystemC ------------*- C++ -*-===//
//
// Runs the phases of Machine.h in a plain loop and keeps what it observes, so
// that one process can run many machines.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TESTS_UNIT_SIMULATOR_MACHINEDRIVER_H
#define SYNFIRE_TESTS_UNIT_SIMULATOR_MACHINEDRIVER_H

#include "simulator/sysc/Delivery.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

struct ObservedSpike {
  int stage, position, frame, step, neuron; ///< step within the frame
  std::int32_t payload;
};

class Recorder : public MachineObserver {
public:
  void onStage(int stage, TokenFrame at,
               const std::vector<std::int32_t> &values) override {
    membranes[{at.position, stage}] = values;
    frames[{at.position, stage}].push_back(values);
  }
  void onSpike(int stage, TokenFrame at, int step, int neuron,
               std::int32_t payload) override {
    spikes.push_back({stage, at.position, at.frame, step, neuron, payload});
  }

  /// By position and stage: of the last frame, and of every frame.
  std::map<std::pair<int, int>, std::vector<std::int32_t>> membranes;
  std::map<std::pair<int, int>, std::vector<std::vector<std::int32_t>>> frames;
  std::vector<ObservedSpike> spikes;
};

struct Driven {
  Run run;
  Recorder seen;
  std::vector<int> windowSteps;
  std::string error;
};

/// Of the window whose tiles have been joined; their cycles.
inline std::uint64_t runSteps(Machine &m, Delivery &delivery, WorkCrew &crew) {
  std::uint64_t cycles = 0;
  for (int step = 0; step < m.windowSteps(); ++step) {
    for (std::size_t core : m.firingCores())
      if (m.cores()[core]->firesAt(step))
        crew.submit([&m, core, step] { m.fire(core, step); });
    crew.finish();
    for (std::size_t core : delivery.deliver(step, crew))
      crew.submit([&m, core] { m.timeArrivals(core); });
    crew.finish();
    cycles += m.endStep();
  }
  return cycles;
}

inline Driven drive(const Program &program, const std::vector<int> &prompt,
                    int tokens, const std::string &noc = "burst",
                    const TokenSampler &sampler = {},
                    TimelineObserver *timeline = nullptr, int threads = 1) {
  Driven result;
  auto machine = Machine::create(program, true, &result.seen);
  if (!machine) {
    result.error = machine.error().message();
    return result;
  }
  Machine &m = **machine;
  m.watch(timeline);
  auto network = makeNetwork(noc, program.mapping.chip, m.routing());
  if (!network) {
    result.error = network.error().message();
    return result;
  }
  Delivery delivery(m, **network);
  WorkCrew crew(threads);
  Pipeline pipeline(program, prompt, tokens, sampler);
  std::uint64_t cycle = 0;
  while (!pipeline.window().empty()) {
    m.beginWindow(pipeline.window());
    result.windowSteps.push_back(m.windowSteps());
    for (std::size_t core : m.firingCores())
      crew.submit([&, core] { m.cores()[core]->prepare(m.windowPlan()); });
    crew.finish();
    delivery.joinTiles();
    cycle += runSteps(m, delivery, crew);
    m.endWindow();
    Status status = pipeline.advance(cycle, m.logits());
    if (!status) {
      result.error = status.error().message();
      return result;
    }
  }
  result.run = m.run((*network)->usedLinks());
  result.run.outputTokens = pipeline.output();
  result.run.timing.prefillCycles = pipeline.prefillCycles();
  result.run.timing.tokenCycles = pipeline.tokenCycles();
  return result;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SIMULATOR_MACHINEDRIVER_H
