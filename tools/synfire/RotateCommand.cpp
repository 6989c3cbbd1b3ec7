#include "tools/synfire/Commands.h"
#include "tools/synfire/ExecutionOptions.h"

#include "compiler/prepare/RotateCheckpoint.h"

#include <fmt/format.h>
#include <memory>

namespace synfire {
namespace {

struct RotateFlags {
  std::string model, output;
  RotationOptions options;
};

Status rotate(const RotateFlags &flags) {
  SYNFIRE_ASSIGN(Checkpoint checkpoint, Checkpoint::open(flags.model));
  SYNFIRE_TRY(rotateCheckpoint(checkpoint, flags.output, flags.options));
  fmt::print("{}: the function of {} with norms folded and its residual stream "
             "rotated\n",
             flags.output, flags.model);
  return {};
}

} // namespace

void addRotateCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<RotateFlags>();
  CLI::App *command = app.add_subcommand(
      "rotate", "rewrite a model in a basis without outlier channels "
                "(randomised Hadamard rotation)");
  command->add_option("model", flags->model, "Hugging Face directory")
      ->required();
  command->add_option("-o,--output", flags->output, "directory to write")
      ->required();
  addSeedOption(*command, flags->options.seed, "of the signs");
  command->add_flag("!--no-values", flags->options.values,
                    "leave the values of attention heads as they are");
  command->add_flag("!--no-balance", flags->options.balance,
                    "leave the channels between up_proj and down_proj as they "
                    "are scaled");
  command->callback(
      [flags, &action] { action = [flags] { return rotate(*flags); }; });
}

} // namespace synfire
