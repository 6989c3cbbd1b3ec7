//===- TextTable.cpp - aligned columns of text ----------------------------===//
#include "runtime/report/TextTable.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace synfire {

TextTable::TextTable(std::vector<std::string> columnTitles) {
  rows.push_back(std::move(columnTitles));
  rule();
}

void TextTable::row(std::vector<std::string> cells) {
  cells.resize(rows.front().size());
  rows.push_back(std::move(cells));
}

void TextTable::rule() { rows.emplace_back(); }

std::string TextTable::text() const {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto &cells : rows)
    for (std::size_t column = 0; column < cells.size(); ++column)
      widths[column] = std::max(widths[column], cells[column].size());
  std::size_t total = 2 * (widths.size() - 1);
  for (std::size_t width : widths)
    total += width;
  std::string out;
  for (const auto &cells : rows) {
    if (cells.empty())
      out += std::string(total, '-');
    for (std::size_t column = 0; column < cells.size(); ++column)
      out += column == 0
                 ? fmt::format("{:<{}}", cells[column], widths[column])
                 : fmt::format("  {:>{}}", cells[column], widths[column]);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return out;
}

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
