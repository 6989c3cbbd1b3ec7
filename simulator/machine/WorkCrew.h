//===- WorkCrew.h - jobs gathered for a phase -------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H
#define SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H

#include "simulator/machine/PhaseTeam.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace synfire {

/// Jobs of one phase share no state that they write, so their order is free. A
/// thread first takes jobs of its own share, a run of those submitted: phases
/// that submit about the same jobs in one order then find their data where the
/// last phase has left it.
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
  /// On a cache line of its own.
  struct alignas(64) Share {
    std::atomic<std::size_t> next{0};
    std::size_t end = 0;
  };
  void runShares();

  PhaseTeam team;
  std::vector<std::function<void()>> jobs;
  std::vector<Share> shares; ///< by thread
  std::function<void(std::uint32_t)> runJob;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H
