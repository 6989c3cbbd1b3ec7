//===- EventWheel.h - what happens in which cycle ---------------*- C++ -*-===//
//
// Events of the near future by cycle: a ring of lists, so that adding and
// taking cost a store and a load. Events of one cycle come in the order in
// which they were added.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H
#define SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H

#include <cstdint>
#include <vector>

namespace synfire {

template <typename Event> class EventWheel {
public:
  /// `horizon`: the farthest that an event may lie ahead, in cycles.
  explicit EventWheel(std::uint64_t horizon) {
    std::uint64_t size = 64;
    while (size <= horizon)
      size *= 2;
    slots.resize(size);
    occupied.resize(size / 64);
  }

  /// `cycle` lies after the last cycle taken and within the horizon.
  void add(std::uint64_t cycle, const Event &event) {
    const std::uint64_t slot = cycle & (slots.size() - 1);
    slots[slot].push_back(event);
    occupied[slot / 64] |= std::uint64_t(1) << (slot % 64);
  }

  /// The events of `cycle`, valid until `release` of the same cycle.
  const std::vector<Event> &at(std::uint64_t cycle) const {
    return slots[cycle & (slots.size() - 1)];
  }
  void release(std::uint64_t cycle) {
    const std::uint64_t slot = cycle & (slots.size() - 1);
    slots[slot].clear();
    occupied[slot / 64] &= ~(std::uint64_t(1) << (slot % 64));
  }

  /// The first cycle from `from` on that has events; `none` without any.
  std::uint64_t next(std::uint64_t from) const {
    const std::uint64_t mask = slots.size() - 1;
    const std::uint64_t words = occupied.size();
    std::uint64_t word = (from & mask) / 64;
    std::uint64_t bits = occupied[word] & ~std::uint64_t(0) << (from % 64);
    for (std::uint64_t i = 0; i <= words; ++i) {
      if (bits != 0) {
        const std::uint64_t slot =
            word * 64 + static_cast<std::uint64_t>(__builtin_ctzll(bits));
        return from + ((slot - from) & mask);
      }
      word = (word + 1) % words;
      bits = occupied[word];
    }
    return none;
  }

  template <typename Visit> void forEach(Visit &&visit) const {
    for (const std::vector<Event> &slot : slots)
      for (const Event &event : slot)
        visit(event);
  }

  void clear() {
    for (std::vector<Event> &slot : slots)
      slot.clear();
    occupied.assign(occupied.size(), 0);
  }

  static constexpr std::uint64_t none = ~std::uint64_t(0);

private:
  std::vector<std::vector<Event>> slots;
  std::vector<std::uint64_t> occupied; ///< a bit a slot
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H
