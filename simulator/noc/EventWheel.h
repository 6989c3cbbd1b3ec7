//===- EventWheel.h - what happens in which cycle ---------------*- C++ -*-===//
//
// Events of the near future by cycle and kind: a ring of lists, so that adding
// and taking cost a store and a load. Events of a kind and cycle come in the
// order in which they were added; what they are about is a number.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H
#define SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace synfire {

template <std::size_t kinds> class EventWheel {
public:
  using Cycle = std::uint64_t;
  static constexpr Cycle none = ~Cycle(0);

  struct Events {
    const std::uint32_t *first = nullptr, *last = nullptr;

    const std::uint32_t *begin() const { return first; }
    const std::uint32_t *end() const { return last; }
    bool empty() const { return first == last; }
  };

  /// `horizon`: the farthest that an event may lie ahead, in cycles.
  explicit EventWheel(Cycle horizon) {
    Cycle size = 16;
    while (size <= horizon)
      size *= 2;
    slots.resize(size);
    mask = size - 1;
  }

  /// `cycle` lies after the last cycle released and within the horizon.
  void add(std::size_t kind, Cycle cycle, std::uint32_t event) {
    addIf(true, kind, cycle, event);
  }
  /// Adds the event or not, without a branch that depends on it.
  void addIf(bool wanted, std::size_t kind, Cycle cycle, std::uint32_t event) {
    Slot &slot = slots[cycle & mask];
    const std::uint32_t size = slot.sizes[kind];
    if (__builtin_expect(size == slot.capacities[kind], 0))
      grow(slot, kind);
    slot.events[kind][size] = event;
    slot.sizes[kind] = size + (wanted ? 1 : 0);
  }

  /// The events of `cycle`, valid until its `release` or until another of the
  /// same kind is added to it.
  Events at(std::size_t kind, Cycle cycle) const {
    const Slot &slot = slots[cycle & mask];
    const std::uint32_t *events = slot.events[kind].get();
    return {events, events + slot.sizes[kind]};
  }
  void release(Cycle cycle) { slots[cycle & mask].sizes.fill(0); }

  /// The first cycle from `from` on that has events; `none` without any.
  Cycle next(Cycle from) const {
    for (Cycle cycle = from; cycle <= from + mask; ++cycle)
      if (!slots[cycle & mask].empty())
        return cycle;
    return none;
  }

  template <typename Visit>
  void forEach(std::size_t kind, Visit &&visit) const {
    for (Cycle cycle = 0; cycle <= mask; ++cycle)
      for (const std::uint32_t event : at(kind, cycle))
        visit(event);
  }

  void clear() {
    for (Slot &slot : slots)
      slot.sizes.fill(0);
  }

private:
  struct Slot {
    std::array<std::uint32_t, kinds> sizes = {}, capacities = {};
    std::array<std::unique_ptr<std::uint32_t[]>, kinds> events;

    bool empty() const {
      std::uint32_t all = 0;
      for (const std::uint32_t size : sizes)
        all |= size;
      return all == 0;
    }
  };

  // Out of line: rare, and in the way of what surrounds `add`.
  __attribute__((noinline, cold)) static void grow(Slot &slot,
                                                   std::size_t kind) {
    const std::uint32_t size = slot.sizes[kind];
    const std::uint32_t capacity = size == 0 ? 16 : 2 * size;
    std::unique_ptr<std::uint32_t[]> events(new std::uint32_t[capacity]);
    std::copy_n(slot.events[kind].get(), size, events.get());
    slot.events[kind] = std::move(events);
    slot.capacities[kind] = capacity;
  }

  std::vector<Slot> slots;
  Cycle mask = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_EVENTWHEEL_H
