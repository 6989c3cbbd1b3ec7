//===- Settings.cpp - conversion options by name --------------------------===//
#include "compiler/convert/Settings.h"

#include "compiler/convert/Methods.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <type_traits>

namespace synfire {
namespace {

Status badValue(const std::string &text, const char *wanted) {
  return makeError(fmt::format("'{}' is no {}", text, wanted));
}

template <typename Number>
Status parseNumber(const std::string &text, Number &value) {
  const char *end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure == std::errc() && stop == end)
    return {};
  return badValue(text, std::is_integral_v<Number> ? "whole number" : "number");
}

template <typename Number>
Setting number(const char *name, Number ConversionOptions::*field,
               const char *help) {
  return {name, help,
          [field](ConversionOptions &options, const std::string &text) {
            return parseNumber(text, options.*field);
          },
          [field](const ConversionOptions &options) {
            return fmt::format("{}", options.*field);
          }};
}

/// A field that has one of several values, each with a word.
template <typename Field>
Setting choice(const char *name, Field ConversionOptions::*field,
               const std::vector<std::pair<std::string, Field>> &words,
               const char *help) {
  return {name, help,
          [field, words](ConversionOptions &options, const std::string &text) {
            std::string known;
            for (const auto &[word, value] : words) {
              if (word == text) {
                options.*field = value;
                return Status::success();
              }
              known += (known.empty() ? "" : ", ") + word;
            }
            return badValue(text, ("choice: " + known).c_str());
          },
          [field, words](const ConversionOptions &options) {
            for (const auto &[word, value] : words)
              if (value == options.*field)
                return word;
            return std::string();
          }};
}

/// A number of tokens, or "auto".
Setting prefixTokens() {
  return {"prefix-tokens",
          "PrefixQuant: tokens whose keys and values stand in front of every "
          "sequence as constants, so that outlier tokens need no code; auto: "
          "as many as the calibration text has",
          [](ConversionOptions &options, const std::string &text) -> Status {
            if (text == "auto") {
              options.prefixTokens = automaticPrefix;
              return Status::success();
            }
            int count = 0;
            SYNFIRE_TRY(parseNumber(text, count));
            if (count < 0)
              return badValue(text, "number of tokens: 0 or more, or auto");
            options.prefixTokens = count;
            return Status::success();
          },
          [](const ConversionOptions &options) {
            return options.prefixTokens == automaticPrefix
                       ? std::string("auto")
                       : fmt::format("{}", options.prefixTokens);
          }};
}

std::vector<Setting> makeSettings() {
  using O = ConversionOptions;
  const std::vector<std::pair<std::string, bool>> onOff = {{"off", false},
                                                           {"on", true}};
  return {
      number("steps", &O::steps, "T, time steps of a code"),
      number("wide-steps", &O::wideSteps,
             "T of the residual stream, squares, mixes and values before RoPE "
             "where these spike"),
      number("levels", &O::levels,
             "las: H, firing levels a step: fewer, graded spikes"),
      number("weight-bits", &O::weightBits, "4, 8 or 16"),
      choice<bool>("hg", &O::lookup, {{"lut", true}, {"fs", false}},
                   "spiking nonlinearities: look-up unit (lut) or gated FS "
                   "neuron banks (fs)"),
      choice<std::string>(
          "nonlinear", &O::nonlinear,
          {{"default", ""}, {"hg", "hg"}, {"digital", "digital"}},
          "what the authors leave in floating point: spiking "
          "(hg) or the digital unit's (digital)"),
      number("lookup-entries", &O::lookupEntries,
             "most rows of a look-up table"),
      choice<bool>("saa", &O::concurrent,
                   {{"stored", false}, {"concurrent", true}},
                   "one-shot codes: products of two spike trains stored (fewer "
                   "operations, one window later) or concurrent"),
      choice<bool>("outlier-aware", &O::outlierAware, onOff,
                   "las: a second bank for outliers (OAT)"),
      number("margin", &O::margin,
             "full scale over the largest value seen in calibration; 0: 1.25 "
             "for las and phase, 1 for coarser codes, more on the model's own "
             "text"),
      number("context", &O::context,
             "positions to hold; 0: the model's, at most 1024"),
      prefixTokens(),
      choice<bool>("online-hadamard", &O::onlineHadamard, onOff,
                   "rotate the input of down_proj, queries and keys while the "
                   "network runs: no outlier channels there"),
      number("activation-bits", &O::activationBits,
             "dual-is, spikellm: n of the static activation quantiser"),
      choice<IsOffset>(
          "alpha", &O::isOffset,
          {{"remark", IsOffset::Remark}, {"released", IsOffset::Released}},
          "dual-is: the paper's 2^(n-1)/T (remark) or the authors' code's "
          "(released)"),
      choice<bool>("calibrate-blocks", &O::calibrateBlocks, onOff,
                   "dual-is: block-wise calibration of thresholds and v0"),
      choice<bool>("average", &O::average, onOff,
                   "dual-is: every step gets an equal share of the input"),
      choice<bool>("unfold", &O::unfold, onOff,
                   "dual-is: single spikes in L sub-steps, for binary chips"),
      number("grains", &O::grains, "mgpc: G, bases of a table"),
      choice<TableTraining>("training", &O::training,
                            {{"none", TableTraining::None},
                             {"alternating", TableTraining::Alternating},
                             {"joint", TableTraining::Joint}},
                            "mgpc: how its bases are fitted"),
      choice<bool>("tied", &O::tied, onOff,
                   "mgpc: thresholds and decrements share their bases"),
      choice<bool>("train-offset", &O::trainOffset, onOff,
                   "mgpc: the offset v0 is trained, otherwise 0"),
      choice<bool>("search-grains", &O::searchGrains, onOff,
                   "mgpc: search the split of T into grains"),
      number("cap", &O::cap,
             "phase codes: most spikes of a train (the mask: 2); 0: no limit"),
      number("base", &O::base, "spiked-attention: B"),
      number("extra-bits", &O::extraBits,
             "spikellm: 2^extra-bits counts of a salient channel"),
      number("saliency", &O::saliency, "spikellm: share of salient channels"),
      number("quantiser-levels", &O::quantiserLevels,
             "spikezip: N, levels of the quantised ANN"),
      number("seed", &O::seed, "of every random draw"),
  };
}

} // namespace

const std::vector<Setting> &settings() {
  static const std::vector<Setting> all = makeSettings();
  return all;
}

Status setOption(ConversionOptions &options, const std::string &name,
                 const std::string &value) {
  for (const Setting &setting : settings())
    if (setting.name == name) {
      Status set = setting.set(options, value);
      if (set.ok())
        return set;
      Error error = set.error();
      error.where = "--" + name;
      return error;
    }
  return makeError("unknown option '" + name + "'", "conversion options");
}

Result<ConversionOptions>
parseConfiguration(const std::string &text, const ConversionOptions &defaults) {
  ConversionOptions options = defaults;
  const std::size_t colon = text.find(':');
  options.method = text.substr(0, colon);
  const Method *method = findMethod(options.method);
  if (!method)
    return makeError("unknown method '" + options.method + "'", text,
                     "one of: " + methodNames());
  if (options.steps == 0)
    options.steps = method->defaultSteps;
  if (colon == std::string::npos)
    return options;
  std::istringstream list(text.substr(colon + 1));
  for (std::string item; std::getline(list, item, ',');) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos)
      return makeError("'" + item + "' is not of the form name=value", text);
    SYNFIRE_TRY(
        setOption(options, item.substr(0, equals), item.substr(equals + 1)));
  }
  return options;
}

std::string describeConfiguration(const ConversionOptions &options,
                                  const ConversionOptions &defaults) {
  std::string text = options.method;
  char separator = ':';
  for (const Setting &setting : settings())
    if (setting.get(options) != setting.get(defaults)) {
      text +=
          fmt::format("{}{}={}", separator, setting.name, setting.get(options));
      separator = ',';
    }
  return text;
}

} // namespace synfire
