//===- TextTable.cpp - aligned columns of text ----------------------------===//
#include "runtime/report/TextTable.h"

#include <algorithm>
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

} // namespace synfire
