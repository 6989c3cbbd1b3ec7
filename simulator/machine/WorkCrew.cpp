//===- WorkCrew.cpp - independent jobs on a few threads -------------------===//
#include "simulator/machine/WorkCrew.h"

#include <utility>

namespace synfire {

WorkCrew::WorkCrew(int threads) {
  for (int i = 1; i < threads; ++i)
    workers.emplace_back([this] { workUntilStopped(); });
}

WorkCrew::~WorkCrew() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    stopped = true;
  }
  work.notify_all();
  for (std::thread &worker : workers)
    worker.join();
}

void WorkCrew::submit(std::function<void()> job) {
  if (workers.empty())
    job();
  else
    jobs.push_back(std::move(job));
}

void WorkCrew::finish() {
  if (jobs.empty())
    return;
  std::unique_lock<std::mutex> lock(mutex);
  next = 0;
  released = true;
  work.notify_all();
  while (takeJob(lock))
    ;
  idle.wait(lock, [this] { return running == 0; });
  released = false;
  jobs.clear();
}

/// Runs one job outside the lock; false if none is left.
bool WorkCrew::takeJob(std::unique_lock<std::mutex> &lock) {
  if (!released || next == jobs.size())
    return false;
  std::function<void()> &job = jobs[next++];
  ++running;
  lock.unlock();
  job();
  lock.lock();
  --running;
  return true;
}

void WorkCrew::workUntilStopped() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    work.wait(lock,
              [this] { return stopped || (released && next < jobs.size()); });
    if (stopped)
      return;
    while (takeJob(lock))
      ;
    if (running == 0)
      idle.notify_one();
  }
}

} // namespace synfire
