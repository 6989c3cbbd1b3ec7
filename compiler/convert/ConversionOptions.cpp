//===- ConversionOptions.cpp - how a network becomes spikes ---------------===//
#include "compiler/convert/ConversionOptions.h"

#include "compiler/convert/Methods.h"
#include "compiler/convert/StreamedUnits.h"

#include <fmt/format.h>

namespace synfire {
namespace {

constexpr const char *where = "conversion options";

Status checkRange(const char *name, int value, int low, int high) {
  if (value >= low && value <= high)
    return {};
  return makeError(
      fmt::format("{} is {}, but must lie in {}..{}", name, value, low, high),
      where);
}

Status verifyPhaseCodes(const ConversionOptions &options) {
  // Codes of T bits of values, whose sums have to fit an accumulator.
  SYNFIRE_TRY(checkRange("steps", options.steps, 2, 20));
  if (options.method != "las" && options.levels != 1)
    return makeError(fmt::format("the {} code has one level, but levels is {}",
                                 options.method, options.levels),
                     where, "use --method las for H > 1");
  if (options.method == "mgpc" && options.steps < 2 * options.grains)
    return makeError(
        fmt::format("{} steps in {} grains, but a grain has at least 2 steps",
                    options.steps, options.grains),
        where);
  return {};
}

Status verifyDualIs(const ConversionOptions &options) {
  const Result<IsShape> shape =
      isShape(options.activationBits, options.steps, options.isOffset);
  if (!shape)
    return makeError(fmt::format("steps is {} and activation-bits is {}: {}",
                                 options.steps, options.activationBits,
                                 shape.error().what),
                     where, shape.error().hint);
  const int unfolded = options.steps * (shape->levels + 1);
  if (options.unfold && unfolded > mostSteps)
    return makeError(
        fmt::format("unfold turns {} steps of {} levels into {} single spikes, "
                    "but a train has at most {} steps",
                    options.steps, shape->levels, unfolded, mostSteps),
        where, "use fewer activation-bits or steps");
  return {};
}

Status verifyStreamed(const ConversionOptions &options) {
  SYNFIRE_TRY(checkRange("steps", options.steps, 1, mostSteps));
  if (options.method == "dual-is")
    return verifyDualIs(options);
  if (options.nonlinear == "hg")
    return makeError(fmt::format("not supported: nonlinear hg with method '{}'",
                                 options.method),
                     where,
                     "its functions belong to the digital unit: dual-is is the "
                     "streamed method that can spike throughout");
  if (options.method == "srp" || options.method == "cos")
    return checkRange("steps", options.steps, 2, mostSteps);
  if (options.method == "spikezip") {
    SYNFIRE_TRY(checkRange("steps", options.steps, 2, mostSteps));
    if (options.quantiserLevels < 4 || options.quantiserLevels % 2 != 0)
      return makeError(fmt::format("quantiser-levels is {}, but must be even "
                                   "and at least 4, half of them negative",
                                   options.quantiserLevels),
                       where);
  }
  return {};
}

/// What no method may be given.
Status verifyRanges(const ConversionOptions &options) {
  SYNFIRE_TRY(checkRange("wide-steps", options.wideSteps, 2, 22));
  SYNFIRE_TRY(checkRange("levels", options.levels, 1, 15));
  SYNFIRE_TRY(checkRange("lookup-entries", options.lookupEntries, 64, 1 << 20));
  SYNFIRE_TRY(checkRange("activation-bits", options.activationBits, 2, 8));
  SYNFIRE_TRY(checkRange("grains", options.grains, 1, 4));
  SYNFIRE_TRY(checkRange("cap", options.cap, 0, 255));
  SYNFIRE_TRY(checkRange("extra-bits", options.extraBits, 1, 4));
  SYNFIRE_TRY(checkRange("quantiser-levels", options.quantiserLevels, 2, 256));
  if (options.prefixTokens != automaticPrefix)
    SYNFIRE_TRY(
        checkRange("prefix-tokens", options.prefixTokens, 0, mostPrefixTokens));
  if (options.weightBits != 4 && options.weightBits != 8 &&
      options.weightBits != 16)
    return makeError(fmt::format("weight-bits is {}, but must be 4, 8 or 16",
                                 options.weightBits),
                     where);
  if (!options.nonlinear.empty() && options.nonlinear != "hg" &&
      options.nonlinear != "digital")
    return makeError(fmt::format("nonlinear is '{}', but must be hg, digital "
                                 "or empty",
                                 options.nonlinear),
                     where);
  if (options.margin != 0 && !(options.margin >= 1 && options.margin <= 1024))
    return makeError(
        fmt::format("margin is {}, but must be 0 or lie in 1..1024",
                    options.margin),
        where);
  if (!(options.base > 1 && options.base <= 2))
    return makeError(
        fmt::format("base is {}, but must be above 1 and at most 2",
                    options.base),
        where);
  if (!(options.saliency >= 0 && options.saliency <= 1))
    return makeError(fmt::format("saliency is {}, but must lie in 0..1, a "
                                 "share of channels",
                                 options.saliency),
                     where);
  if (options.context < 0)
    return makeError(
        fmt::format("context is {}, but must not be negative", options.context),
        where);
  return {};
}

} // namespace

Status verify(const ConversionOptions &options) {
  const Method *method = findMethod(options.method);
  if (!method)
    return makeError(fmt::format("not supported: method '{}'", options.method),
                     where, "the methods are " + methodNames());
  SYNFIRE_TRY(verifyRanges(options));
  if (options.method == "las" || options.method == "phase" ||
      options.method == "mgpc")
    return verifyPhaseCodes(options);
  if (method->streamed)
    return verifyStreamed(options);
  // Codes of one spike or of counts: their units know the tighter limits.
  return checkRange("steps", options.steps, 1, mostSteps);
}

} // namespace synfire
