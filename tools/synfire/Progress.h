//===- Progress.h - a line that says how far long work is -------*- C++ -*-===//
#ifndef SYNFIRE_TOOLS_SYNFIRE_PROGRESS_H
#define SYNFIRE_TOOLS_SYNFIRE_PROGRESS_H

#include <chrono>
#include <cstdint>
#include <string>

namespace synfire {

/// Redraws one line on standard error with rate and remaining time; silent
/// unless standard error is a terminal.
class Progress {
public:
  Progress(std::string label, std::string unit);
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void update(std::uint64_t done, std::uint64_t total);
  /// Erases the line and is ready for the next piece of work: before anything
  /// is printed. The last update does it, too.
  void finish();

private:
  std::string label, unit;
  bool terminal;
  bool drawn = false;
  std::chrono::steady_clock::time_point start, last;
};

} // namespace synfire

#endif // SYNFIRE_TOOLS_SYNFIRE_PROGRESS_H
