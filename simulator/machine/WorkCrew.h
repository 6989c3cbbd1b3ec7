//===- WorkCrew.h - jobs gathered for a phase -------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H
#define SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H

#include "simulator/machine/PhaseTeam.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace synfire {

/// Jobs of one phase share no state that they write, so their order is free;
/// the first one submitted begins first. Phases that submit about the same jobs
/// in one order have them run by the same threads, where their data are.
class WorkCrew {
public:
  explicit WorkCrew(int threads);
  WorkCrew(const WorkCrew &) = delete;
  WorkCrew &operator=(const WorkCrew &) = delete;

  /// One thread: runs the job now. More: it runs no later than finish().
  void submit(std::function<void()> job);
  /// Returns when all submitted jobs are done.
  void finish();

private:
  PhaseTeam team;
  std::vector<std::function<void()>> jobs;
  PhaseTeam::Job runJob;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H
