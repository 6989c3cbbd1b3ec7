//===- NumberText.cpp - numbers for people --------------------------------===//
#include "runtime/report/NumberText.h"

#include <cmath>
#include <fmt/format.h>

namespace synfire {

std::string shortNumber(double value, const std::string &unit) {
  static const char *const prefixes[] = {"f", "p", "n", "u", "m", "",
                                         "k", "M", "G", "T", "P", "E"};
  constexpr int noPrefix = 5, last = 11;
  double scaled = value;
  int prefix = noPrefix;
  // 999.5 would print as 1000.
  while (std::fabs(scaled) >= 999.5 && prefix < last) {
    scaled /= 1000;
    ++prefix;
  }
  while (scaled != 0 && std::fabs(scaled) < 0.9995 && prefix > 0 &&
         !unit.empty()) {
    scaled *= 1000;
    --prefix;
  }
  const double size = std::fabs(scaled);
  const bool whole = prefix == noPrefix && value == std::floor(value);
  const int digits = whole ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  const std::string tail = prefixes[prefix] + unit;
  return fmt::format("{:.{}f}{}{}", scaled, digits, tail.empty() ? "" : " ",
                     tail);
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

} // namespace synfire
