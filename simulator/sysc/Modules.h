//===- Modules.h - SystemC modules around the machine -----------*- C++ -*-===//
//
// One module a core, evaluated only when it has work, and one module for the
// mesh, which drives windows and steps. Bulk data stays in the plain arrays of
// the machine; events carry nothing but time.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_SYSC_MODULES_H
#define SYNFIRE_SIMULATOR_SYSC_MODULES_H

#include "simulator/machine/Machine.h"
#include "simulator/machine/Pipeline.h"
#include "simulator/machine/WorkCrew.h"
#include "simulator/sysc/Delivery.h"
#include "simulator/sysc/Simulation.h"

#include <systemc>

#include <memory>
#include <vector>

namespace synfire {

/// What the modules drive together.
struct SimulationContext {
  Machine &machine;
  Delivery &delivery;
  Pipeline &pipeline;
  WorkCrew &crew;
  const SimulationOptions &options;
};

class MeshModule;

class CoreModule : public sc_core::sc_module {
public:
  CoreModule(const sc_core::sc_module_name &moduleName, std::size_t coreIndex,
             SimulationContext &shared, MeshModule &owner);

  sc_core::sc_event prepareEvent, fireEvent, receiveEvent;

private:
  void prepare();
  void fire();
  void receive();

  std::size_t index;
  SimulationContext &context;
  MeshModule &mesh;
};

class MeshModule : public sc_core::sc_module {
public:
  MeshModule(const sc_core::sc_module_name &moduleName,
             SimulationContext &shared);

  int step() const { return currentStep; }
  /// A core has been evaluated; the last one of a phase wakes the mesh.
  void coreDone();
  const Status &outcome() const { return failure; }

private:
  enum class Phase { Window, Prepared, Fired, Received, StepEnded };

  void advance();
  void startWindow();
  void startStep();
  void deliver();
  void finishStep();
  void finishWindow();
  void expect(std::size_t cores, Phase next);
  sc_core::sc_time timeOf(std::uint64_t cycle) const;

  SimulationContext &context;
  std::vector<std::unique_ptr<CoreModule>> cores;
  sc_core::sc_event advanceEvent;
  Phase phase = Phase::Window;
  std::size_t pending = 0;
  int currentStep = 0;
  std::uint64_t cycle = 0; ///< at which the current step starts
  std::uint64_t steps = 0;
  double picosecondsPerCycle;
  Status failure;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_SYSC_MODULES_H
