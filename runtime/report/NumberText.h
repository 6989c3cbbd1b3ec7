//===- NumberText.h - numbers for people ------------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_NUMBERTEXT_H
#define SYNFIRE_RUNTIME_REPORT_NUMBERTEXT_H

#include <cstdint>
#include <string>

namespace synfire {

/// Three significant digits with a power-of-ten prefix: 12345 -> "12.3 k",
/// 0.0125 with unit "J" -> "12.5 mJ".
std::string shortNumber(double value, const std::string &unit = {});
inline std::string shortCount(std::uint64_t count) {
  return shortNumber(static_cast<double>(count));
}
/// Of a share of 1: "45.1 %".
std::string percent(double share);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_NUMBERTEXT_H
