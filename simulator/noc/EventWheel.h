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
    std::uint64_t size = 16;
    while (size <= horizon)
      size *= 2;
    slots.resize(size);
    mask = size - 1;
  }

  /// `cycle` lies after the last cycle taken and within the horizon.
  void add(std::uint64_t cycle, const Event &event) {
    slots[cycle & mask].push_back(event);
    ++number;
  }

  /// The events of `cycle`, valid until `release` of the same cycle.
  const std::vector<Event> &at(std::uint64_t cycle) const {
    return slots[cycle & mask];
  }
  void release(std::uint64_t cycle) {
    number -= slots[cycle & mask].size();
    slots[cycle & mask].clear();
  }

  /// The first cycle from `from` on that has events; `none` without any.
  std::uint64_t next(std::uint64_t from) const {
    if (number == 0)
      return none;
    while (slots[from & mask].empty())
      ++from;
    return from;
  }

  template <typename Visit> void forEach(Visit &&visit) const {
    for (const std::vector<Event> &slot : slots)
      for (const Event &event : slot)
        visit(event);
  }

  void clear() {
    for (std::vector<Event> &slot : slots)
      slot.clear();
    number = 0;
  }

  static constexpr std::uint64_t none = ~std::uint64_t(0);

private:
  std::vector<std::vector<Event>> slots;
  std::uint64_t mask = 0;
  std::uint64_t number = 0; ///< of events
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H
