//===- PhaseTeam.cpp - short phases of independent jobs -------------------===//
#include "simulator/machine/PhaseTeam.h"

#include <algorithm>

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

std::uint64_t range(std::uint64_t first, std::uint64_t end) {
  return first << 32 | end;
}

} // namespace

PhaseTeam::PhaseTeam(int size)
    : members(static_cast<std::uint32_t>(std::max(1, size))),
      shares(std::make_unique<Share[]>(members)) {
  for (std::uint32_t member = 1; member < members; ++member)
    threads.emplace_back([this, member] { serve(member); });
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

void PhaseTeam::run(std::uint32_t jobs, const Job &job) {
  if (members == 1 || jobs < 2) {
    for (std::uint32_t i = 0; i < jobs; ++i)
      job(i, 0);
    return;
  }
  call.job = &job;
  undone = jobs;
  for (std::uint64_t member = 0; member < members; ++member)
    shares[member].left.store(
        range(member * jobs / members, (member + 1) * jobs / members),
        std::memory_order_release);
  ++call.phase;
  if (asleep > 0) {
    // Whoever is about to sleep holds the lock until it does.
    {
      std::lock_guard<std::mutex> lock(mutex);
    }
    woken.notify_all();
  }
  work(0);
  for (int i = 0; undone != 0; ++i)
    if (i < polls)
      pause();
    else
      std::this_thread::yield();
}

bool PhaseTeam::hasOpenJobs() const {
  return std::any_of(shares.get(), shares.get() + members,
                     [](const Share &share) {
                       const std::uint64_t left = share.left;
                       return left >> 32 != (left & UINT32_MAX);
                     });
}

void PhaseTeam::work(std::uint32_t member) {
  std::uint32_t finished = 0;
  for (std::uint32_t i = 0; i < members; ++i) {
    std::atomic<std::uint64_t> &left = shares[(member + i) % members].left;
    std::uint64_t seen = left;
    for (;;) {
      const std::uint64_t first = seen >> 32, end = seen & UINT32_MAX;
      if (first == end)
        break;
      const bool own = i == 0;
      if (!left.compare_exchange_weak(seen, own ? range(first + 1, end)
                                                : range(first, end - 1)))
        continue;
      // The phase cannot end before this job has, so its job stays readable.
      (*call.job)(static_cast<std::uint32_t>(own ? first : end - 1), member);
      ++finished;
      seen = left;
    }
  }
  if (finished > 0)
    undone -= finished;
}

void PhaseTeam::serve(std::uint32_t member) {
  std::uint64_t seen = 0;
  for (int i = 0; !closing; ++i) {
    if (call.phase != seen) {
      seen = call.phase;
      work(member);
      i = 0;
    } else if (i < polls) {
      pause();
    } else if (i < polls + yields) {
      std::this_thread::yield();
    } else {
      std::unique_lock<std::mutex> lock(mutex);
      ++asleep;
      woken.wait(lock, [&] { return closing || call.phase != seen; });
      --asleep;
      i = 0;
    }
  }
}

} // namespace synfire
