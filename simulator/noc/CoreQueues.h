//===- CoreQueues.h - what waits at the cores -------------------*- C++ -*-===//
//
// A core serves packets one at a time; a few more wait at it. Where they are as
// many as its queue holds, the next one stays in the network, whose buffers it
// keeps, until a place is free.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_COREQUEUES_H
#define SYNFIRE_SIMULATOR_NOC_COREQUEUES_H

#include "simulator/noc/EventCalendar.h"
#include "simulator/noc/Fifo.h"

#include <cstdint>
#include <vector>

namespace synfire {

class CoreQueues {
public:
  using Cycle = std::uint64_t;

  /// A packet for a core, with what the caller wants to remember of it.
  struct Item {
    std::uint32_t packet = 0;
    std::uint32_t place = 0;
    std::uint32_t from = 0;
    std::uint32_t service = 0; ///< cycles
  };

  explicit CoreQueues(std::size_t cores) : queues(cores) {}

  /// Packets that wait beside the one in service.
  void setCapacity(std::uint32_t packets) { capacity = packets; }

  /// True if the core takes a packet that needs `service` cycles now; else it
  /// is remembered as blocked.
  bool take(std::uint32_t core, Cycle now, const Item &packet) {
    // No core is busy.
    if (packet.service == 0 && ends.empty())
      return true;
    return enqueue(core, now, packet);
  }

  /// The next cycle from `now` on in which a core has served a packet;
  /// EventCalendar's `none` without any.
  Cycle next(Cycle now) const { return ends.next(now); }
  /// Works through what ends at `now`, before which nothing is left;
  /// admitted(Item) for each packet that gets a place.
  template <typename Admitted> void advance(Cycle now, Admitted &&admitted) {
    if (ends.empty())
      return;
    ends.take(now, ended);
    for (const std::uint32_t core : ended) {
      Queue &queue = queues[core];
      queue.busy = false;
      while (!queue.busy && !queue.waiting.empty()) {
        serve(core, now, queue.waiting.front());
        queue.waiting.pop();
      }
      while (!queue.blocked.empty()) {
        const Item packet = queue.blocked.front();
        if (!enter(core, now, packet.service))
          break;
        queue.blocked.pop();
        admitted(packet);
      }
    }
  }

  template <typename Visit> void forEachBlocked(Visit &&visit) const {
    for (const Queue &queue : queues)
      queue.blocked.forEach(visit);
  }

  void clear();

private:
  struct Queue {
    Fifo<std::uint32_t> waiting; ///< cycles of service
    Fifo<Item> blocked;
    bool busy = false;
  };

  bool enqueue(std::uint32_t core, Cycle now, const Item &packet);
  bool enter(std::uint32_t core, Cycle now, std::uint32_t service);
  void serve(std::uint32_t core, Cycle now, std::uint32_t service);

  std::uint32_t capacity = 0;
  std::vector<Queue> queues;
  EventCalendar ends; ///< cores whose service ends
  std::vector<std::uint32_t> ended;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_COREQUEUES_H
