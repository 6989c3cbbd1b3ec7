#include "tools/synfire/Commands.h"
#include "tools/synfire/ModelArgument.h"

#include "runtime/report/Estimate.h"

#include <fmt/format.h>
#include <memory>

namespace synfire {
namespace {

struct EstimateFlags {
  std::string model;
  EstimateOptions options;
  bool json = false;
};

Status runEstimate(const EstimateFlags &flags) {
  SYNFIRE_ASSIGN(ModelShape shape, shapeOfModel(flags.model));
  SYNFIRE_ASSIGN(Estimate result, estimate(shape, flags.options));
  fmt::print("{}",
             flags.json ? estimateJson(result) + "\n" : estimateText(result));
  return {};
}

} // namespace

void addEstimateCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<EstimateFlags>();
  CLI::App *command = app.add_subcommand(
      "estimate", "operations and energy from shapes alone, without weights");
  command
      ->add_option("--model", flags->model,
                   "a built-in name (" + builtinShapeNames() +
                       "), a config.json or a directory with one")
      ->required();
  command->add_option("--seq", flags->options.sequence, "tokens of a sequence")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  command->add_option("--steps", flags->options.steps, "T")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command
      ->add_option("--spikes-per-value", flags->options.spikesPerValue,
                   "mean spikes of a value over its T steps")
      ->check(CLI::Range(0.0, 65536.0))
      ->capture_default_str();
  command->add_option("--weight-bits", flags->options.weightBits, "4, 8 or 16")
      ->check(CLI::IsMember({4, 8, 16}))
      ->capture_default_str();
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [flags, &action] { action = [flags] { return runEstimate(*flags); }; });
}

} // namespace synfire
