//===- Regex.h - Unicode regular expressions --------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_TEXT_REGEX_H
#define SYNFIRE_RUNTIME_TEXT_REGEX_H

#include "runtime/support/Status.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// A compiled pattern whose classes (\p{L}, \s, …) follow Unicode.
class Regex {
public:
  /// A half-open range of bytes.
  struct Match {
    std::size_t begin, end;
  };

  static Result<Regex> compile(const std::string &pattern);
  /// Matches the text of `literal` itself.
  static Result<Regex> compileLiteral(const std::string &literal);

  /// All non-overlapping, non-empty matches from left to right. `text` must be
  /// UTF-8. A pattern that backtracks beyond all reason stops matching there;
  /// the matches before it are kept.
  std::vector<Match> findAll(std::string_view text) const;

private:
  struct Code;
  static Result<Regex> compileWith(const std::string &pattern, bool literal);

  std::shared_ptr<const Code> code;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_TEXT_REGEX_H
