//===- TextTable.h - aligned columns of text --------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_REPORT_TEXTTABLE_H
#define SYNFIRE_RUNTIME_REPORT_TEXTTABLE_H

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

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_TEXTTABLE_H
