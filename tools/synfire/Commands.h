//===- Commands.h - the subcommands of synfire ------------------*- C++ -*-===//
//
// Each command is one file that declares its flags and calls one library
// function. It returns a Status; main prints the error and sets the exit code.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_COMMANDS_H
#define SYNFIRE_TOOLS_SYNFIRE_COMMANDS_H

#include "runtime/support/Status.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace synfire {

/// Passes on what was printed; an error where standard output cannot take it.
Status flushOutput();

/// What main runs once the command line is parsed.
using Action = std::function<Status()>;

void addCompileCommand(CLI::App &app, Action &action);
void addRunCommand(CLI::App &app, Action &action);
void addSimulateCommand(CLI::App &app, Action &action);
void addEvalCommand(CLI::App &app, Action &action);
void addReportCommand(CLI::App &app, Action &action);
void addEstimateCommand(CLI::App &app, Action &action);
void addRotateCommand(CLI::App &app, Action &action);
void addNocCommand(CLI::App &app, Action &action);
void addSweepCommand(CLI::App &app, Action &action);
void addSpikingCommand(CLI::App &app, Action &action);

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_COMMANDS_H
