//===- Simulation.cpp - the timed machine as one call ---------------------===//
#include "simulator/sysc/Simulation.h"

#include "simulator/sysc/Modules.h"

#include <atomic>
#include <cstdlib>
#include <exception>

// libsystemc.so refers to sc_main even where a program brings its own main. The
// definition lies here so that whoever links simulate() links it too.
int sc_main(int, char **) { return EXIT_FAILURE; }

namespace synfire {
namespace {

Status checkRequest(const Program &program, const std::vector<int> &prompt,
                    int tokensToGenerate, const SimulationOptions &options) {
  if (prompt.empty())
    return makeError("the prompt holds no token", "",
                     "start with the bos token");
  if (tokensToGenerate < 0)
    return makeError("cannot generate " + std::to_string(tokensToGenerate) +
                     " tokens");
  for (int token : prompt)
    if (token < 0 || token >= program.model.vocabulary)
      return makeError("prompt token " + std::to_string(token) +
                       " is outside the vocabulary of " +
                       std::to_string(program.model.vocabulary));
  const std::size_t generated = static_cast<std::size_t>(tokensToGenerate);
  const std::size_t positions = prompt.size() +
                                (generated > 0 ? generated - 1 : 0) +
                                static_cast<std::size_t>(program.prefix);
  if (positions > static_cast<std::size_t>(program.model.context))
    return makeError(
        "a prompt of " + std::to_string(prompt.size()) + " tokens and " +
            std::to_string(tokensToGenerate) + " generated ones need " +
            std::to_string(positions) +
            (program.prefix > 0 ? " positions with the prefix of " +
                                      std::to_string(program.prefix)
                                : std::string(" positions")) +
            ", but the program holds " + std::to_string(program.model.context),
        "", "shorten the prompt or compile with a larger context");
  if (options.threads < 1)
    return makeError("cannot run on " + std::to_string(options.threads) +
                     " threads");
  return Status::success();
}

/// True for the first caller in this process.
bool claimElaboration() {
  static std::atomic<bool> claimed{false};
  return !claimed.exchange(true) &&
         sc_core::sc_get_status() == sc_core::SC_ELABORATION;
}

/// SystemC prints on its own unless told otherwise; a library does not.
void silenceSystemC() {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  using sc_core::sc_report_handler;
  sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  sc_report_handler::set_actions(sc_core::SC_FATAL, sc_core::SC_THROW);
}

Status clockThrough(SimulationContext &context) {
  try {
    MeshModule mesh("mesh", context);
    sc_core::sc_start();
    return mesh.outcome();
  } catch (const std::exception &error) {
    return makeError(std::string("systemc: ") + error.what());
  }
}

} // namespace

Result<Run> simulate(const Program &program, const std::vector<int> &prompt,
                     int tokensToGenerate, const SimulationOptions &options) {
  SYNFIRE_TRY(checkRequest(program, prompt, tokensToGenerate, options));
  SYNFIRE_ASSIGN(auto machine, Machine::create(program, options.membraneDigest,
                                               options.observer));
  SYNFIRE_ASSIGN(auto network, makeNetwork(options.noc, program.mapping.chip,
                                           machine->routing()));
  machine->watch(options.timeline);
  if (!claimElaboration())
    return makeError("not supported: a second simulation in one process",
                     "systemc", "start another process for it");
  silenceSystemC();

  Pipeline pipeline(program, prompt, tokensToGenerate, options.sampler);
  WorkCrew crew(options.threads);
  Delivery delivery(*machine, *network);
  SimulationContext context{*machine, delivery, pipeline, crew, options};
  SYNFIRE_TRY(clockThrough(context));

  Run run = machine->run(network->usedLinks());
  run.promptTokens = pipeline.prompt();
  run.outputTokens = pipeline.output();
  run.timing.noc = options.noc;
  run.timing.prefillCycles = pipeline.prefillCycles();
  run.timing.tokenCycles = pipeline.tokenCycles();
  return run;
}

} // namespace synfire
