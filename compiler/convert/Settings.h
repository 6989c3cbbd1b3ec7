//===- Settings.h - conversion options by name ------------------*- C++ -*-===//
//
// One table of the options that a user may set, from which the flags of
// `synfire compile`, the configurations of `synfire sweep` and their help are
// made.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_SETTINGS_H
#define SYNFIRE_COMPILER_CONVERT_SETTINGS_H

#include "compiler/convert/ConversionOptions.h"

#include <functional>
#include <string>
#include <vector>

namespace synfire {

struct Setting {
  std::string name; ///< as a flag without its dashes: "weight-bits"
  std::string help; ///< which methods read it, and what it means
  std::function<Status(ConversionOptions &, const std::string &)> set;
  std::function<std::string(const ConversionOptions &)> get;
};
const std::vector<Setting> &settings();

/// Sets an option by name. Ranges are for verify() to check.
Status setOption(ConversionOptions &options, const std::string &name,
                 const std::string &value);

/// A configuration as "method[:name=value[,name=value...]]", on top of
/// `defaults`; without `steps=` the method's own T where the defaults have 0.
Result<ConversionOptions> parseConfiguration(const std::string &text,
                                             const ConversionOptions &defaults);

/// The settings that differ from `defaults`, as parseConfiguration takes them.
std::string describeConfiguration(const ConversionOptions &options,
                                  const ConversionOptions &defaults);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_SETTINGS_H
