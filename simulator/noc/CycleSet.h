//===- CycleSet.h - cycles of the near future -------------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_NOC_CYCLESET_H
#define SYNFIRE_SIMULATOR_NOC_CYCLESET_H

#include <algorithm>
#include <cstdint>
#include <vector>

namespace synfire {

/// Cycles none of which lies before another by more than a horizon: a ring of
/// bits, so that the next one is found 64 at a time.
class CycleSet {
public:
  using Cycle = std::uint64_t;
  static constexpr Cycle none = ~Cycle(0);

  explicit CycleSet(Cycle horizon = 0) {
    std::size_t size = 64;
    while (size <= horizon)
      size *= 2;
    words.resize(size / 64);
  }

  /// A power of two: cycles that are equal modulo it cannot be in the set
  /// together.
  std::size_t size() const { return words.size() * 64; }

  void insert(Cycle cycle) { wordOf(cycle) |= std::uint64_t(1) << cycle % 64; }
  void remove(Cycle cycle) {
    wordOf(cycle) &= ~(std::uint64_t(1) << cycle % 64);
  }

  /// The first from `from` on, before which there is none; `none` if the set is
  /// empty.
  Cycle next(Cycle from) const {
    std::size_t at = from / 64 & (words.size() - 1);
    const std::uint64_t first = words[at] >> from % 64;
    if (first != 0)
      return from + static_cast<Cycle>(__builtin_ctzll(first));
    Cycle start = from - from % 64;
    for (std::size_t i = 0; i < words.size(); ++i) {
      start += 64;
      at = (at + 1) & (words.size() - 1);
      if (words[at] != 0)
        return start + static_cast<Cycle>(__builtin_ctzll(words[at]));
    }
    return none;
  }

  void clear() { std::fill(words.begin(), words.end(), 0); }

private:
  std::uint64_t &wordOf(Cycle cycle) {
    return words[cycle / 64 & (words.size() - 1)];
  }

  std::vector<std::uint64_t> words;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_CYCLESET_H
