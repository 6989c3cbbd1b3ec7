//===- ThreadTeam.cpp - threads that stay, and a barrier ------------------===//
#include "runtime/engine/ThreadTeam.h"

namespace synfire {
namespace {

/// Polls before a thread goes to sleep: members usually arrive within
/// microseconds, and waking a sleeper takes longer than that.
constexpr int polls = 200;

} // namespace

void Barrier::wait() {
  if (members == 1)
    return;
  unsigned mine = 0;
  {
    std::lock_guard<std::mutex> lock(mutex);
    mine = generation.load(std::memory_order_relaxed);
    if (++arrived == members) {
      arrived = 0;
      generation.store(mine + 1, std::memory_order_release);
      opened.notify_all();
      return;
    }
  }
  for (int i = 0; i < polls; ++i) {
    if (generation.load(std::memory_order_acquire) != mine)
      return;
    std::this_thread::yield();
  }
  std::unique_lock<std::mutex> lock(mutex);
  opened.wait(
      lock, [&] { return generation.load(std::memory_order_acquire) != mine; });
}

ThreadTeam::ThreadTeam(int size) {
  for (int member = 1; member < size; ++member)
    threads.emplace_back([this, member] { serve(member); });
}

ThreadTeam::~ThreadTeam() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    closing = true;
  }
  started.notify_all();
  for (std::thread &thread : threads)
    thread.join();
}

void ThreadTeam::run(int wanted, const std::function<void(int)> &job) {
  if (wanted > 1) {
    std::lock_guard<std::mutex> lock(mutex);
    current = &job;
    members = wanted;
    running = wanted - 1;
    ++round;
    started.notify_all();
  }
  job(0);
  if (wanted > 1) {
    std::unique_lock<std::mutex> lock(mutex);
    finished.wait(lock, [&] { return running == 0; });
  }
}

void ThreadTeam::serve(int member) {
  unsigned seen = 0;
  for (;;) {
    const std::function<void(int)> *job = nullptr;
    {
      std::unique_lock<std::mutex> lock(mutex);
      started.wait(lock, [&] { return closing || round != seen; });
      if (closing)
        return;
      seen = round;
      if (member >= members)
        continue;
      job = current;
    }
    (*job)(member);
    std::lock_guard<std::mutex> lock(mutex);
    if (--running == 0)
      finished.notify_one();
  }
}

} // namespace synfire
