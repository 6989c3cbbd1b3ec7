#include "tools/synfire/Commands.h"

#include <cstdio>
#include <fmt/format.h>

int main(int argc, char **argv) {
  CLI::App app{
      "synfire compiles trained transformers to spiking networks, maps "
      "them onto neuromorphic meshes, simulates them and reports what "
      "they cost."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "synfire 0.1.0");
  app.footer("Start with:\n"
             "  synfire compile MODEL_DIR -o model.sfp --steps 16 --hw loihi2\n"
             "  synfire simulate model.sfp --prompt \"Once upon a time\" "
             "--tokens 8 --noc burst\n"
             "`synfire COMMAND --help` explains each command.");
  synfire::Action action;
  synfire::addCompileCommand(app, action);
  synfire::addRunCommand(app, action);
  synfire::addSimulateCommand(app, action);
  synfire::addEvalCommand(app, action);
  synfire::addReportCommand(app, action);
  synfire::addEstimateCommand(app, action);
  CLI11_PARSE(app, argc, argv);
  synfire::Status status = action();
  if (status.ok())
    return 0;
  fmt::print(stderr, "synfire: error: {}\n", status.error().message());
  return 1;
}
