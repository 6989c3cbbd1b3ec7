//===- ThreadTeam.h - threads that stay, and a barrier ----------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_ENGINE_THREADTEAM_H
#define SYNFIRE_RUNTIME_ENGINE_THREADTEAM_H

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace synfire {

/// Everyone waits until all have come. Reusable.
class Barrier {
public:
  void expect(int count) { members = count; }
  void wait();

private:
  std::mutex mutex;
  std::condition_variable opened;
  std::atomic<unsigned> generation{0};
  int members = 1, arrived = 0;
};

/// `size` members, one of which is the calling thread.
class ThreadTeam {
public:
  explicit ThreadTeam(int size);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam &) = delete;
  ThreadTeam &operator=(const ThreadTeam &) = delete;

  int size() const { return static_cast<int>(threads.size()) + 1; }
  /// Runs job(0) .. job(members - 1) at the same time; members <= size().
  void run(int members, const std::function<void(int)> &job);

private:
  void serve(int member);

  std::mutex mutex;
  std::condition_variable started, finished;
  const std::function<void(int)> *current = nullptr;
  int members = 0, running = 0;
  unsigned round = 0;
  bool closing = false;
  std::vector<std::thread> threads;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_THREADTEAM_H
