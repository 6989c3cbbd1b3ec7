//===- Share.h - a part of a whole ------------------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_SHARE_H
#define SYNFIRE_RUNTIME_REPORT_SHARE_H

namespace synfire {

/// part / whole, of counts or of measures; 0 of nothing.
template <typename Number> double shareOf(Number part, Number whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_SHARE_H
