//===- PhaseTeam.cpp - short phases of independent jobs -------------------===//
#include "simulator/machine/PhaseTeam.h"

namespace synfire {
namespace {

/// Polls before a member gives its processor away, and how often it does so
/// before it sleeps.
constexpr int polls = 4000, yields = 200;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

std::uint32_t open(std::uint64_t tickets) {
  return static_cast<std::uint32_t>(tickets);
}

} // namespace

PhaseTeam::PhaseTeam(int members) {
  for (int i = 1; i < members; ++i)
    threads.emplace_back([this] { serve(); });
}

PhaseTeam::~PhaseTeam() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    closing = true;
  }
  woken.notify_all();
  for (std::thread &thread : threads)
    thread.join();
}

void PhaseTeam::run(std::uint32_t jobs,
                    const std::function<void(std::uint32_t)> &job) {
  if (threads.empty() || jobs < 2) {
    for (std::uint32_t i = 0; i < jobs; ++i)
      job(i);
    return;
  }
  current = &job;
  currentJobs = jobs;
  done = 0;
  const std::uint64_t phase = (tickets.load() >> 32) + 1;
  tickets = phase << 32 | jobs;
  if (asleep > 0) {
    // Whoever is about to sleep holds the lock until it does.
    {
      std::lock_guard<std::mutex> lock(mutex);
    }
    woken.notify_all();
  }
  while (takeJob())
    ;
  for (int i = 0; done != jobs; ++i)
    if (i < polls)
      pause();
    else
      std::this_thread::yield();
}

bool PhaseTeam::takeJob() {
  std::uint64_t seen = tickets;
  while (open(seen) > 0)
    if (tickets.compare_exchange_weak(seen, seen - 1)) {
      // The phase cannot end before this job has, so its job stays readable.
      (*current)(currentJobs - open(seen));
      ++done;
      return true;
    }
  return false;
}

void PhaseTeam::serve() {
  for (int i = 0; !closing; ++i) {
    if (takeJob()) {
      i = 0;
    } else if (i < polls) {
      pause();
    } else if (i < polls + yields) {
      std::this_thread::yield();
    } else {
      std::unique_lock<std::mutex> lock(mutex);
      ++asleep;
      woken.wait(lock, [this] { return closing || open(tickets) > 0; });
      --asleep;
      i = 0;
    }
  }
}

} // namespace synfire
