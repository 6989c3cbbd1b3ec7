//===- EventCalendar.h - what happens in which cycle, any time --*- C++ -*-===//
//
// Numbers by cycle, those of one cycle in ascending order. The near future is a
// wheel, what lies beyond a heap: a heap orders by branches that nothing
// predicts.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_EVENTCALENDAR_H
#define SYNFIRE_SIMULATOR_NOC_EVENTCALENDAR_H

#include "simulator/noc/CycleSet.h"
#include "simulator/noc/EventWheel.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace synfire {

class EventCalendar {
public:
  using Cycle = std::uint64_t;
  static constexpr Cycle none = CycleSet::none;

  EventCalendar() : near(horizon), cycles(horizon) {}

  /// `now`: no event lies before it; `cycle` >= `now`, and after the last
  /// cycle taken.
  void add(Cycle now, Cycle cycle, std::uint32_t event) {
    if (cycle - now <= horizon) {
      near.add(0, cycle, event);
      cycles.insert(cycle);
    } else {
      far.emplace(cycle, event);
    }
    ++number;
  }

  bool empty() const { return number == 0; }
  /// The first cycle with an event, which lies at `now` or later; `none`
  /// without any.
  Cycle next(Cycle now) const {
    if (number == 0)
      return none;
    const Cycle first = cycles.next(now);
    return far.empty() ? first : std::min(first, far.top().first);
  }

  /// Puts the events of `cycle`, before which none is left, into `taken`.
  void take(Cycle cycle, std::vector<std::uint32_t> &taken) {
    taken.clear();
    if (number == 0)
      return;
    const auto here = near.at(0, cycle);
    if (!here.empty()) {
      taken.assign(here.begin(), here.end());
      near.release(cycle);
      cycles.remove(cycle);
    }
    for (; !far.empty() && far.top().first == cycle; far.pop())
      taken.push_back(far.top().second);
    number -= taken.size();
    if (!std::is_sorted(taken.begin(), taken.end()))
      std::sort(taken.begin(), taken.end());
  }

  void clear() {
    near.clear();
    cycles.clear();
    far = {};
    number = 0;
  }

private:
  using Entry = std::pair<Cycle, std::uint32_t>;
  static constexpr Cycle horizon = 1023;

  EventWheel<1> near;
  CycleSet cycles; ///< those with events in `near`
  std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> far;
  std::size_t number = 0; ///< of events
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_EVENTCALENDAR_H
