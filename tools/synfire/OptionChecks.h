//===- OptionChecks.h - what an option's text may be ------------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_OPTIONCHECKS_H
#define SYNFIRE_TOOLS_SYNFIRE_OPTIONCHECKS_H

#include <CLI/CLI.hpp>

namespace synfire {

/// An option that is given, but empty, names no file: it would do nothing.
CLI::Validator namesFile();

/// CLI11's own print the greatest double, of 309 digits, as their upper end.
/// Both take finite numbers alone.
CLI::Validator atLeastZero();
CLI::Validator aboveZero();

/// (0, 1].
CLI::Validator positiveShare();

/// A whole number of 64 bits: reading one with a sign or more digits would wrap
/// round or end at the greatest.
CLI::Validator seedNumber();

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_OPTIONCHECKS_H
