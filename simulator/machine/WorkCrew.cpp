//===- WorkCrew.cpp - jobs gathered for a phase ---------------------------===//
#include "simulator/machine/WorkCrew.h"

#include <utility>

namespace synfire {

WorkCrew::WorkCrew(int threads)
    : team(threads),
      runJob([this](std::uint32_t job, std::uint32_t) { jobs[job](); }) {}

void WorkCrew::submit(std::function<void()> job) {
  if (team.size() == 1)
    job();
  else
    jobs.push_back(std::move(job));
}

void WorkCrew::finish() {
  team.run(static_cast<std::uint32_t>(jobs.size()), runJob);
  jobs.clear();
}

} // namespace synfire
