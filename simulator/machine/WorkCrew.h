//===- WorkCrew.h - independent jobs on a few threads -----------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H
#define SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace synfire {

/// Jobs of one phase share no state that they write, so their order is free.
class WorkCrew {
public:
  explicit WorkCrew(int threads);
  ~WorkCrew();
  WorkCrew(const WorkCrew &) = delete;
  WorkCrew &operator=(const WorkCrew &) = delete;

  /// One thread: runs the job now. More: it runs no later than finish().
  void submit(std::function<void()> job);
  /// Returns when all submitted jobs are done.
  void finish();

private:
  void workUntilStopped();
  bool takeJob(std::unique_lock<std::mutex> &lock);

  std::vector<std::thread> workers;
  std::vector<std::function<void()>> jobs;
  std::mutex mutex;
  std::condition_variable work, idle;
  std::size_t next = 0, running = 0;
  bool released = false, stopped = false;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_WORKCREW_H
