#include "tools/synfire/OptionChecks.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace synfire {
namespace {

std::optional<double> finiteNumber(const std::string &text) {
  double value = 0;
  if (CLI::detail::lexical_cast(text, value) && std::isfinite(value))
    return value;
  return std::nullopt;
}

CLI::Validator numberThat(std::function<bool(double)> holds,
                          const std::string &what, const std::string &name) {
  return {[holds = std::move(holds), what](std::string &text) {
            const std::optional<double> value = finiteNumber(text);
            return value && holds(*value) ? std::string()
                                          : "'" + text + "' is no " + what;
          },
          name};
}

} // namespace

CLI::Validator namesFile() {
  return {[](std::string &text) {
            return text.empty() ? std::string("an empty name is no file")
                                : std::string();
          },
          "FILE"};
}

CLI::Validator atLeastZero() {
  return numberThat([](double value) { return value >= 0; }, "number from 0 on",
                    "0 or more");
}

CLI::Validator aboveZero() {
  return numberThat([](double value) { return value > 0; }, "number above 0",
                    "above 0");
}

CLI::Validator positiveShare() {
  return numberThat([](double value) { return value > 0 && value <= 1; },
                    "share above 0, at most 1", "above 0, at most 1");
}

CLI::Validator seedNumber() {
  return {[](std::string &text) {
            std::uint64_t value = 0;
            const char *end = text.data() + text.size();
            const auto read = std::from_chars(text.data(), end, value);
            return read.ec == std::errc() && read.ptr == end
                       ? std::string()
                       : "'" + text + "' is no whole number from 0 to 2^64 - 1";
          },
          "0 to 2^64 - 1"};
}

} // namespace synfire
