#include "tools/synfire/CommandFiles.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/ExecutionOptions.h"
#include "tools/synfire/OptionChecks.h"
#include "tools/synfire/Progress.h"

#include "runtime/report/Report.h"
#include "runtime/session/Session.h"
#include "simulator/sysc/Simulation.h"
#include "simulator/trace/PerfettoTrace.h"
#include "simulator/trace/Tracer.h"
#include "simulator/trace/ValueChangeDump.h"

#include <fmt/format.h>

#include <memory>

namespace synfire {
namespace {

struct SimulateFlags {
  std::string program, prompt, record;
  std::string trace, signals, traceWindows;
  SimulationOptions options;
  int tokens = 8;
  bool json = false;
};

/// Null without a trace to write.
Result<std::unique_ptr<Tracer>> makeTracer(const SimulateFlags &flags,
                                           const Program &program) {
  TraceWindows windows;
  if (!flags.traceWindows.empty()) {
    SYNFIRE_ASSIGN(windows, parseTraceWindows(flags.traceWindows));
  }
  if (flags.trace.empty() && flags.signals.empty()) {
    if (!flags.traceWindows.empty())
      return makeError("--trace-windows without a trace", "",
                       "give --trace or --vcd as well");
    return std::unique_ptr<Tracer>();
  }
  SYNFIRE_ASSIGN(auto tracer, Tracer::create(program, windows));
  if (!flags.trace.empty()) {
    SYNFIRE_ASSIGN(auto sink, makePerfettoTrace(program, flags.trace));
    tracer->add(std::move(sink));
  }
  if (!flags.signals.empty()) {
    SYNFIRE_ASSIGN(auto sink, makeValueChangeDump(program, flags.signals));
    tracer->add(std::move(sink));
  }
  return tracer;
}

Status runSimulation(SimulateFlags &flags) {
  CommandFiles files;
  files.readProgram(flags.program);
  files.write("--run", flags.record);
  files.write("--trace", flags.trace);
  files.write("--vcd", flags.signals);
  SYNFIRE_TRY(files.check());
  SYNFIRE_ASSIGN(Program program, loadProgram(flags.program));
  SYNFIRE_ASSIGN(std::vector<int> prompt, promptTokens(program, flags.prompt));
  SYNFIRE_ASSIGN(std::unique_ptr<Tracer> tracer, makeTracer(flags, program));
  flags.options.timeline = tracer.get();
  Progress progress("simulating", "tokens");
  flags.options.progress = [&](const SimulationProgress &state) {
    progress.update(static_cast<std::uint64_t>(state.tokensDone),
                    static_cast<std::uint64_t>(state.tokensExpected));
  };
  flags.options.sampler = [&](const std::vector<std::int32_t> &logits, double) {
    const int token = greedyToken(logits);
    return endsText(program, token) ? -1 : token;
  };
  SYNFIRE_ASSIGN(Run made,
                 simulate(program, prompt, flags.tokens, flags.options));
  progress.finish(); // an end token came before the last update
  SYNFIRE_ASSIGN(made.text, continuation(program, prompt, made.outputTokens));
  if (!flags.record.empty())
    SYNFIRE_TRY(saveRun(made, flags.record));
  if (flags.json)
    fmt::print("{}\n", reportJson(made));
  else
    fmt::print("{}{}\n\n{}", flags.prompt, made.text, reportText(made));
  return tracer ? tracer->finish() : Status::success();
}

} // namespace

void addSimulateCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<SimulateFlags>();
  CLI::App *command = app.add_subcommand(
      "simulate", "generate text on the SystemC machine: the same bits as run, "
                  "plus cycles, latency, traffic and energy");
  command->add_option("program", flags->program, "Program (*.sfp)")->required();
  command->add_option("--prompt", flags->prompt, "text to continue");
  command->add_option("--tokens", flags->tokens, "tokens to generate")
      ->capture_default_str();
  addNocOption(*command, flags->options.noc, false);
  addExecutionOptions(*command, flags->options.threads, flags->record,
                      flags->json);
  command
      ->add_option("--trace", flags->trace,
                   "write a timeline of cores and links for ui.perfetto.dev")
      ->check(namesFile());
  command
      ->add_option("--vcd", flags->signals,
                   "write busy cores and links as signals (GTKWave)")
      ->check(namesFile());
  command->add_option("--trace-windows", flags->traceWindows,
                      "A:B: trace windows A to B - 1 alone");
  command->callback(
      [flags, &action] { action = [flags] { return runSimulation(*flags); }; });
}

} // namespace synfire
