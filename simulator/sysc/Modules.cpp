//===- Modules.cpp - SystemC modules around the machine -------------------===//
#include "simulator/sysc/Modules.h"

#include <cmath>
#include <string>

namespace synfire {

CoreModule::CoreModule(const sc_core::sc_module_name &moduleName,
                       std::size_t coreIndex, SimulationContext &shared,
                       MeshModule &owner)
    : sc_module(moduleName), index(coreIndex), context(shared), mesh(owner) {
  SC_HAS_PROCESS(CoreModule);
  SC_METHOD(prepare);
  dont_initialize();
  sensitive << prepareEvent;
  SC_METHOD(fire);
  dont_initialize();
  sensitive << fireEvent;
  SC_METHOD(receive);
  dont_initialize();
  sensitive << receiveEvent;
}

void CoreModule::prepare() {
  context.crew.submit([this] {
    context.machine.cores()[index]->prepare(context.machine.windowPlan());
  });
  mesh.coreDone();
}

void CoreModule::fire() {
  context.crew.submit([this] { context.machine.fire(index, mesh.step()); });
  mesh.coreDone();
}

void CoreModule::receive() {
  context.crew.submit([this] { context.machine.timeArrivals(index); });
  mesh.coreDone();
}

MeshModule::MeshModule(const sc_core::sc_module_name &moduleName,
                       SimulationContext &shared)
    : sc_module(moduleName), context(shared),
      picosecondsPerCycle(1e12 / shared.machine.clockHz()) {
  for (std::size_t i = 0; i < context.machine.cores().size(); ++i) {
    const std::string name =
        "core_" + std::to_string(context.machine.cores()[i]->number());
    cores.push_back(
        std::make_unique<CoreModule>(name.c_str(), i, context, *this));
  }
  SC_HAS_PROCESS(MeshModule);
  SC_METHOD(advance);
  sensitive << advanceEvent;
}

/// Absolute, so that rounding to SystemC's resolution does not add up.
sc_core::sc_time MeshModule::timeOf(std::uint64_t at) const {
  return sc_core::sc_time(
      std::round(static_cast<double>(at) * picosecondsPerCycle),
      sc_core::SC_PS);
}

void MeshModule::expect(std::size_t coreCount, Phase next) {
  phase = next;
  pending = coreCount;
  if (coreCount == 0)
    advanceEvent.notify(sc_core::SC_ZERO_TIME);
}

void MeshModule::coreDone() {
  if (--pending == 0)
    advanceEvent.notify(sc_core::SC_ZERO_TIME);
}

void MeshModule::advance() {
  context.crew.finish();
  switch (phase) {
  case Phase::Window:
    return startWindow();
  case Phase::Prepared:
    context.delivery.joinTiles();
    currentStep = 0;
    return startStep();
  case Phase::Fired:
    return deliver();
  case Phase::Received:
    return finishStep();
  case Phase::StepEnded:
    if (++currentStep < context.machine.windowSteps())
      return startStep();
    return finishWindow();
  }
}

/// Without a token in flight no event is left, and the simulation ends.
void MeshModule::startWindow() {
  if (context.pipeline.window().empty())
    return;
  context.machine.beginWindow(context.pipeline.window());
  const auto &firing = context.machine.firingCores();
  for (std::size_t core : firing)
    cores[core]->prepareEvent.notify(sc_core::SC_ZERO_TIME);
  expect(firing.size(), Phase::Prepared);
}

void MeshModule::startStep() {
  std::size_t count = 0;
  for (std::size_t core : context.machine.firingCores())
    if (context.machine.cores()[core]->firesAt(currentStep)) {
      cores[core]->fireEvent.notify(sc_core::SC_ZERO_TIME);
      ++count;
    }
  expect(count, Phase::Fired);
}

void MeshModule::deliver() {
  const auto &receivers = context.delivery.deliver(currentStep, context.crew);
  const sc_core::sc_time &now = sc_core::sc_time_stamp();
  for (std::size_t core : receivers)
    cores[core]->receiveEvent.notify(
        timeOf(cycle + context.machine.lastArrival(core)) - now);
  expect(receivers.size(), Phase::Received);
}

void MeshModule::finishStep() {
  cycle += context.machine.endStep();
  ++steps;
  phase = Phase::StepEnded;
  advanceEvent.notify(timeOf(cycle) - sc_core::sc_time_stamp());
}

void MeshModule::finishWindow() {
  context.machine.endWindow();
  failure = context.pipeline.advance(cycle, context.machine.logits());
  if (!failure)
    return;
  if (context.options.progress)
    context.options.progress({context.pipeline.tokensDone(),
                              context.pipeline.tokensExpected(), steps, cycle});
  startWindow();
}

} // namespace synfire
