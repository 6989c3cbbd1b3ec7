//===- WorkCrew.cpp - jobs gathered for a phase ---------------------------===//
#include "simulator/machine/WorkCrew.h"

#include <utility>

namespace synfire {

/// Small numbers, one for each thread that has ever worked in a crew.
static std::size_t threadNumber() {
  static std::atomic<std::size_t> given{0};
  thread_local const std::size_t own = given++;
  return own;
}

WorkCrew::WorkCrew(int threads)
    : team(threads), shares(static_cast<std::size_t>(team.size())),
      runJob([this](std::uint32_t) { runShares(); }) {}

void WorkCrew::submit(std::function<void()> job) {
  if (team.size() == 1)
    job();
  else
    jobs.push_back(std::move(job));
}

void WorkCrew::finish() {
  if (jobs.empty())
    return;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i].next = i * jobs.size() / shares.size();
    shares[i].end = (i + 1) * jobs.size() / shares.size();
  }
  team.run(static_cast<std::uint32_t>(shares.size()), runJob);
  jobs.clear();
}

/// The thread's own share, then what is left of the others'.
void WorkCrew::runShares() {
  const std::size_t own = threadNumber();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    Share &share = shares[(own + i) % shares.size()];
    for (std::size_t job = share.next++; job < share.end; job = share.next++)
      jobs[job]();
  }
}

} // namespace synfire
