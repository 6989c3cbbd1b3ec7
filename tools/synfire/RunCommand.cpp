#include "tools/synfire/CommandFiles.h"
#include "tools/synfire/Commands.h"
#include "tools/synfire/ExecutionOptions.h"

#include "runtime/report/Report.h"
#include "runtime/session/Session.h"

#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace synfire {
namespace {

struct RunFlags {
  std::string program, prompt, record;
  GenerationOptions options;
  bool json = false, quiet = false;
};

Status run(RunFlags &flags) {
  CommandFiles files;
  files.readProgram(flags.program);
  files.write("--run", flags.record);
  SYNFIRE_TRY(files.check());
  SYNFIRE_ASSIGN(Program loaded, loadProgram(flags.program));
  auto program = std::make_shared<const Program>(std::move(loaded));
  SYNFIRE_ASSIGN(std::vector<int> prompt, promptTokens(*program, flags.prompt));
  // Shown with the first text: a run that is refused prints nothing.
  std::string unshown = flags.prompt;
  if (!flags.json)
    flags.options.onText = [&](const std::string &text) {
      fmt::print("{}{}", std::exchange(unshown, {}), text);
      std::fflush(stdout);
    };
  SYNFIRE_ASSIGN(Run made, generate(program, prompt, flags.options));
  if (!flags.record.empty())
    SYNFIRE_TRY(saveRun(made, flags.record));
  if (flags.json)
    fmt::print("{}\n", reportJson(made));
  else
    fmt::print("{}\n\n{}", unshown, flags.quiet ? "" : reportText(made));
  return {};
}

} // namespace

void addRunCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<RunFlags>();
  CLI::App *command =
      app.add_subcommand("run", "generate text on the engine: fast, exact, "
                                "with all counters but no times");
  command->add_option("program", flags->program, "Program (*.sfp)")->required();
  command->add_option("--prompt", flags->prompt, "text to continue");
  command->add_option("--tokens", flags->options.tokens, "tokens to generate")
      ->capture_default_str();
  command
      ->add_option("--temperature", flags->options.temperature,
                   "0: always the likeliest token")
      ->capture_default_str();
  addSeedOption(*command, flags->options.seed, "of the sampling");
  addExecutionOptions(*command, flags->options.threads, flags->record,
                      flags->json);
  command->add_flag("--text-only", flags->quiet, "leave the report out");
  command->callback(
      [flags, &action] { action = [flags] { return run(*flags); }; });
}

} // namespace synfire
