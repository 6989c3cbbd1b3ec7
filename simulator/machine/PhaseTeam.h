//===- PhaseTeam.h - short phases of independent jobs -----------*- C++ -*-===//
//
// A step of a small network lasts tens of microseconds and has several phases,
// so waking a sleeping thread for each would cost more than it gives: members
// poll for a while before they sleep.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_PHASETEAM_H
#define SYNFIRE_SIMULATOR_MACHINE_PHASETEAM_H

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace synfire {

class PhaseTeam {
public:
  /// The caller of run() is one of the members.
  explicit PhaseTeam(int members);
  ~PhaseTeam();
  PhaseTeam(const PhaseTeam &) = delete;
  PhaseTeam &operator=(const PhaseTeam &) = delete;

  int size() const { return static_cast<int>(threads.size()) + 1; }
  /// Runs job(0) to job(jobs - 1), in no order, and returns when all are done.
  /// Jobs share nothing that they write.
  void run(std::uint32_t jobs, const std::function<void(std::uint32_t)> &job);

private:
  bool takeJob();
  void serve();

  /// Phase number in the upper half, jobs not yet taken in the lower one: who
  /// takes a job changes both in one exchange, so that no member takes one of a
  /// phase that it has not seen.
  std::atomic<std::uint64_t> tickets{0};
  std::atomic<std::uint32_t> done{0};
  std::atomic<int> asleep{0};
  std::atomic<bool> closing{false};
  const std::function<void(std::uint32_t)> *current = nullptr;
  std::uint32_t currentJobs = 0;
  std::mutex mutex;
  std::condition_variable woken;
  std::vector<std::thread> threads;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_PHASETEAM_H
