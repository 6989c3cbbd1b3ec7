//===- Lap.h - where the time goes ------------------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_ENGINE_LAP_H
#define SYNFIRE_RUNTIME_ENGINE_LAP_H

#include <chrono>

namespace synfire {

/// Adds the seconds since its last end to an account; free when switched off.
class Lap {
public:
  explicit Lap(bool wanted) : enabled(wanted) {
    if (enabled)
      start = std::chrono::steady_clock::now();
  }
  void end(double &account) {
    if (!enabled)
      return;
    const auto now = std::chrono::steady_clock::now();
    account += std::chrono::duration<double>(now - start).count();
    start = now;
  }

private:
  bool enabled;
  std::chrono::steady_clock::time_point start;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_LAP_H
