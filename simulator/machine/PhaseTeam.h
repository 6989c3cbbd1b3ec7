//===- PhaseTeam.h - short phases of independent jobs -----------*- C++ -*-===//
//
// A step of a small network lasts tens of microseconds and has several phases,
// so waking a sleeping thread for each would cost more than it gives: members
// poll for a while before they sleep. Each first takes the jobs of its own
// share, a run of consecutive ones, so that phases over the same objects find
// them in the caches of the member that had them before; then it takes what is
// left of the others' shares, from the end.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_PHASETEAM_H
#define SYNFIRE_SIMULATOR_MACHINE_PHASETEAM_H

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace synfire {

class PhaseTeam {
public:
  /// The caller of run() is one of the members.
  explicit PhaseTeam(int size);
  ~PhaseTeam();
  PhaseTeam(const PhaseTeam &) = delete;
  PhaseTeam &operator=(const PhaseTeam &) = delete;

  std::uint32_t size() const { return members; }

  /// `member` is below size(): what it alone writes needs no lock.
  using Job = std::function<void(std::uint32_t job, std::uint32_t member)>;
  /// Runs job 0 to jobs - 1, in no order, and returns when all are done. Jobs
  /// share nothing that they write. Job 0 begins first.
  void run(std::uint32_t jobs, const Job &job);
  /// Within a job: whether there are others that nobody has begun.
  bool hasOpenJobs() const;

private:
  /// Jobs not yet taken: the first in the upper half, the end in the lower one.
  /// Whoever changes it has taken a job of the phase at hand, even if it has
  /// read the value in a phase before.
  struct alignas(64) Share {
    std::atomic<std::uint64_t> left{0};
  };

  void work(std::uint32_t member);
  void serve(std::uint32_t member);

  std::uint32_t members;
  std::unique_ptr<Share[]> shares; ///< by member
  /// On a cache line of its own: what members poll.
  struct alignas(64) Call {
    std::atomic<std::uint64_t> phase{0};
    const Job *job = nullptr;
  } call;
  alignas(64) std::atomic<std::uint32_t> undone{0};
  alignas(64) std::atomic<int> asleep{0};
  std::atomic<bool> closing{false};
  std::mutex mutex;
  std::condition_variable woken;
  std::vector<std::thread> threads;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_PHASETEAM_H
