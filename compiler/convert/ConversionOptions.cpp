#include "compiler/convert/ConversionOptions.h"

#include <fmt/format.h>

namespace synfire {

static Status checkRange(const char *name, int value, int low, int high) {
  if (value >= low && value <= high)
    return {};
  return makeError(
      fmt::format("{} is {}, but must lie in {}..{}", name, value, low, high),
      "conversion options");
}

Status verify(const ConversionOptions &options) {
  if (options.method != "las" && options.method != "phase")
    return makeError(fmt::format("not supported: method '{}'", options.method),
                     "conversion options", "the methods are las and phase");
  SYNFIRE_TRY(checkRange("steps", options.steps, 2, 20));
  SYNFIRE_TRY(checkRange("wide-steps", options.wideSteps, 2, 22));
  SYNFIRE_TRY(checkRange("levels", options.levels, 1, 15));
  SYNFIRE_TRY(checkRange("lookup-entries", options.lookupEntries, 64, 1 << 20));
  if (options.weightBits != 4 && options.weightBits != 8 &&
      options.weightBits != 16)
    return makeError(fmt::format("weight-bits is {}, but must be 4, 8 or 16",
                                 options.weightBits),
                     "conversion options");
  if (options.method == "phase" && options.levels != 1)
    return makeError("the phase code has one level, but levels is " +
                         std::to_string(options.levels),
                     "conversion options", "use --method las for H > 1");
  if (options.margin != 0 && !(options.margin >= 1 && options.margin <= 1024))
    return makeError(
        fmt::format("margin is {}, but must be 0 or lie in 1..1024",
                    options.margin),
        "conversion options");
  if (options.context < 0)
    return makeError(
        fmt::format("context is {}, but must not be negative", options.context),
        "conversion options");
  return {};
}

} // namespace synfire
