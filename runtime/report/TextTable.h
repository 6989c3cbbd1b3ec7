//===- TextTable.h - aligned columns of text --------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_TEXTTABLE_H
#define SYNFIRE_RUNTIME_REPORT_TEXTTABLE_H

#include <cstdint>
#include <string>
#include <vector>

namespace synfire {

/// A table for terminals: the first column to the left, the others to the
/// right.
class TextTable {
public:
  explicit TextTable(std::vector<std::string> columnTitles);
  void row(std::vector<std::string> cells);
  /// A line before the next row.
  void rule();
  std::string text() const;

private:
  std::vector<std::vector<std::string>> rows; ///< empty: a line
};

/// Three significant digits with a power-of-ten prefix: 12345 -> "12.3 k",
/// 0.0125 with unit "J" -> "12.5 mJ".
std::string shortNumber(double value, const std::string &unit = {});
inline std::string shortCount(std::uint64_t count) {
  return shortNumber(static_cast<double>(count));
}
/// 0 of nothing.
inline double shareOf(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0
                    : static_cast<double>(part) / static_cast<double>(whole);
}
/// "45.1 %".
std::string percent(double share);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_TEXTTABLE_H
