//===- ExecutionOptions.h - options of what executes a network --*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_EXECUTIONOPTIONS_H
#define SYNFIRE_TOOLS_SYNFIRE_EXECUTIONOPTIONS_H

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace synfire {

/// --threads, --run and --json.
void addExecutionOptions(CLI::App &command, int &threads, std::string &record,
                         bool &json);

/// --noc; `mayCount` adds "none", which times nothing.
void addNocOption(CLI::App &command, std::string &noc, bool mayCount);

/// --seed.
void addSeedOption(CLI::App &command, std::uint64_t &seed,
                   const std::string &help);

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_EXECUTIONOPTIONS_H
