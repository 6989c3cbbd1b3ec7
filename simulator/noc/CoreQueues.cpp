//===- CoreQueues.cpp - what waits at the cores ---------------------------===//
#include "simulator/noc/CoreQueues.h"

namespace synfire {

bool CoreQueues::enqueue(std::uint32_t core, Cycle now, const Item &packet) {
  Queue &queue = queues[core];
  if (queue.blocked.empty() && enter(core, now, packet.service))
    return true;
  queue.blocked.push(packet);
  return false;
}

bool CoreQueues::enter(std::uint32_t core, Cycle now, std::uint32_t service) {
  Queue &queue = queues[core];
  if (!queue.busy) {
    serve(core, now, service);
    return true;
  }
  if (queue.waiting.size() >= capacity)
    return false;
  queue.waiting.push(service);
  return true;
}

void CoreQueues::serve(std::uint32_t core, Cycle now, std::uint32_t service) {
  if (service == 0)
    return;
  queues[core].busy = true;
  ends.add(now, now + service, core);
}

void CoreQueues::clear() {
  ends.clear();
  for (Queue &queue : queues) {
    queue.waiting.clear();
    queue.blocked.clear();
    queue.busy = false;
  }
}

} // namespace synfire
