#include "tools/synfire/Commands.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

static int fail(const synfire::Error &error) {
  std::fputs(("synfire: error: " + error.message() + "\n").c_str(), stderr);
  return 1;
}

static int finish(const synfire::Status &status) {
  return status.ok() ? 0 : fail(status.error());
}

namespace synfire {

Status flushOutput() {
  errno = 0;
  // An earlier failure has emptied the buffer and left its mark.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
    return {};
  return makeError(errno != 0
                       ? std::string("cannot write: ") + std::strerror(errno)
                       : std::string("cannot write"),
                   "standard output");
}

} // namespace synfire

static int runTool(int argc, char **argv) {
  CLI::App app{
      "synfire compiles trained transformers to spiking networks, maps "
      "them onto neuromorphic meshes, simulates them and reports what "
      "they cost."};
  app.require_subcommand(0, 1);
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
  synfire::addRotateCommand(app, action);
  synfire::addSweepCommand(app, action);
  synfire::addNocCommand(app, action);
  synfire::addSpikingCommand(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &help) {
    app.exit(help);
    return finish(synfire::flushOutput());
  } catch (const CLI::Error &error) {
    return fail(
        synfire::makeError(error.what(), {}, "--help lists what there is"));
  }
  if (!action)
    return fail(
        synfire::makeError("no command", {}, "--help lists what there is"));
  if (synfire::Status status = action(); !status.ok())
    return fail(status.error());
  return finish(synfire::flushOutput());
}

// Our libraries return errors; what still throws is the standard library out of
// memory and the command-line parser on a bug of ours.
int main(int argc, char **argv) try {
  return runTool(argc, argv);
} catch (const std::exception &exception) {
  return fail(synfire::makeError(exception.what()));
}
