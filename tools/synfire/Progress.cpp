#include "tools/synfire/Progress.h"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace synfire {

/// Redrawing more often than this costs more than it tells.
constexpr std::chrono::milliseconds redrawInterval(100);

Progress::Progress(std::string what, std::string of)
    : label(std::move(what)), unit(std::move(of)),
      terminal(::isatty(STDERR_FILENO) == 1),
      start(std::chrono::steady_clock::now()), last(start) {}

Progress::~Progress() { finish(); }

void Progress::finish() {
  if (drawn)
    std::fputs("\r\033[K", stderr);
  drawn = false;
  start = last = std::chrono::steady_clock::now();
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
  if (done >= total)
    return finish();
  auto now = std::chrono::steady_clock::now();
  if (!terminal || done == 0 || now - last < redrawInterval)
    return;
  last = now;
  drawn = true;
  double seconds = std::chrono::duration<double>(now - start).count();
  double rate = static_cast<double>(done) / seconds;
  double left = static_cast<double>(total - done) / rate;
  fmt::print(stderr, "\r\033[K{}: {}/{} {}, {:.{}f} {}/s, {:.0f} s left", label,
             done, total, unit, rate, rate < 10 ? 2 : 0, unit, left);
  std::fflush(stderr);
}

} // namespace synfire
