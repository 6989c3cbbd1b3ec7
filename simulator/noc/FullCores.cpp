//===- FullCores.cpp - what packets for full cores hold up ----------------===//
#include "simulator/noc/FullCores.h"

#include "simulator/noc/LinkTiming.h"
#include "simulator/noc/ShareOf.h"

#include <algorithm>

namespace synfire {

FullCores::FullCores(const ChipModel &chip, const Mesh &mesh)
    : room(static_cast<std::uint64_t>(chip.timing.inputQueuePackets) + 1),
      cores(static_cast<std::size_t>(mesh.cores())), sources(cores.size()),
      links(static_cast<std::size_t>(linkCount(mesh))) {
  for (int direction = 0; direction <= 4; ++direction)
    for (bool border : {false, true})
      buffered[direction][border] = static_cast<std::uint64_t>(
          std::int64_t(chip.noc.router.virtualChannels) *
          LinkTiming(chip.noc, static_cast<Direction>(direction), border)
              .bufferFlits /
          chip.noc.flitsPerPacket / 2);
  bufferedAtEnds = buffered[static_cast<int>(Direction::Local)][0];
}

std::uint64_t FullCores::leaving(const Source &source,
                                 std::uint64_t asked) const {
  if (asked < source.first)
    return std::max(asked, source.before);
  if (asked >= source.last)
    return std::max(asked, source.until);
  return std::max(asked,
                  source.from + ((asked - source.first) * source.stretch >> 8));
}

std::uint64_t FullCores::enter(int source, EnteringBurst &asked) const {
  const Source &held = sources[static_cast<std::size_t>(source)];
  if (held.step != step)
    return 0;
  const std::uint64_t last = asked.last;
  asked.first = leaving(held, asked.first);
  asked.last = leaving(held, last);
  return asked.last - last;
}

/// Packets enter a full link in turn, at the pace of the blocked ones, and get
/// behind those in its buffers. When those have left nobody waits.
void FullCores::wait(const WayCrossing &crossing, const Delay &delay,
                     EnteringBurst &burst) const {
  const Link &held = links[crossing.link];
  const std::uint64_t first = burst.first + crossing.granted + delay.first,
                      last = burst.last + crossing.granted + delay.last;
  if (held.step != step || first >= held.until || last <= held.from)
    return;
  const std::uint64_t pace =
      std::max<std::uint64_t>(1, (held.until - held.from) / held.packets);
  const std::uint64_t begin = std::max(first, held.from);
  const auto turnAfter = [&](std::uint64_t packets) {
    std::uint64_t cycles = 0;
    const bool never = __builtin_mul_overflow(packets, pace, &cycles);
    return never ? held.until : begin + std::min(cycles, held.until - begin);
  };
  const std::uint64_t ahead = bufferedBehind(crossing);
  std::uint64_t packets = burst.packets;
  if (first < held.from)
    packets = std::max<std::uint64_t>(
        1, shareOf(packets, last - begin, last - first));
  else
    burst.first += turnAfter(ahead) - first;
  const std::uint64_t passed = turnAfter(ahead + packets - 1);
  burst.last += passed - std::min(passed, last);
  burst.last = std::max(burst.last, burst.first);
}

/// A source is one queue: what asks later than all that is blocked so far waits
/// for it, the rest is stretched together.
bool FullCores::hold(Source &source, const Source &blocked) const {
  if (blocked.until <= blocked.from)
    return false;
  if (source.step != step) {
    source = blocked;
  } else if (blocked.first >= source.last) {
    const std::uint64_t before = source.until;
    source = blocked;
    source.before = before;
    source.from = std::max(before, blocked.from);
    source.until = std::max(before, blocked.until);
  } else {
    if (blocked.first < source.first) {
      source.first = blocked.first;
      source.from =
          std::max(source.before, std::min(source.from, blocked.from));
    }
    source.last = std::max(source.last, blocked.last);
    source.until = std::max(source.until, blocked.until);
  }
  if (source.last > source.first)
    source.stretch =
        ((source.until - source.from) << 8) / (source.last - source.first);
  return true;
}

/// One range a link: bursts come about in the order of time, so of two that do
/// not overlap the later one matters. Copies of a packet cross the link once.
bool FullCores::hold(Link &link, const Link &blocked) const {
  if (blocked.until <= blocked.from)
    return false;
  if (link.step != step || link.until <= blocked.from) {
    link = blocked;
    return true;
  }
  link.from = std::min(link.from, blocked.from);
  link.until = std::max(link.until, blocked.until);
  link.packets = link.burst == blocked.burst
                     ? std::max(link.packets, blocked.packets)
                     : link.packets + blocked.packets;
  link.burst = blocked.burst;
  return true;
}

/// Of a full queue when the last of `packets` comes, and those before it.
std::uint64_t FullCores::cyclesOfRoom(const Core &core, std::uint64_t packets,
                                      std::uint64_t pace) const {
  if (packets >= room || core.packets == 0)
    return std::min(packets, room) * pace;
  return packets * pace + shareOf(core.cycles, room - packets, core.packets);
}

std::optional<FullCores::Waiting> FullCores::takeIn(std::uint64_t packets,
                                                    std::uint64_t heldUp,
                                                    BurstDestination &to) {
  if (to.cyclesPerPacket == 0)
    return std::nullopt;
  Core &core = cores[static_cast<std::size_t>(to.core)];
  if (core.step != step)
    core = {step, 0, 0, 0, 0};
  const std::uint64_t pace = to.cyclesPerPacket, first = to.firstArrival,
                      last = to.lastArrival;
  // The core's packets were held up and come after all of these.
  if (core.packets > 0 &&
      std::max(last, first + (packets - 1) * pace) + pace <= core.since)
    return std::nullopt;
  core.since = first >= core.free ? first : std::min(first, core.since);
  const std::uint64_t backlog = std::max(core.free, first) - first;
  const std::uint64_t served = first + backlog + packets * pace;
  const std::uint64_t roomCycles = cyclesOfRoom(core, packets, pace);
  core.packets += packets;
  core.cycles += packets * pace;
  core.free = served;
  // The core is idle while packets that were held up are not there yet. Later
  // bursts fill such gaps, of compiled models about half (measured).
  if (served < last + pace)
    core.free += std::min(last + pace - served, heldUp) / 2;
  if (core.packets <= room || served <= last + roomCycles)
    return std::nullopt;
  to.lastArrival = served - roomCycles;

  // Those that find a place at once pass, the others go on at their own pace.
  Waiting waiting{first, ((last - first) << 8) / packets, 0, 0};
  if (backlog < roomCycles)
    waiting.passing =
        std::min(packets - 1, shareOf(packets, roomCycles - backlog,
                                      packets * pace - (last - first)));
  // Bursts take turns at the queue's places.
  if (waiting.passing == 0)
    to.firstArrival += (to.lastArrival - last) / packets;
  const std::uint64_t full = waiting.arrivalOf(waiting.passing);
  waiting.pace = (to.lastArrival - full) / (packets - waiting.passing);
  return waiting;
}

bool FullCores::block(const Burst &burst, const EnteringBurst &asked,
                      const WayTable &table, const WayTable::Way &way,
                      const BurstDestination &to, const Waiting &waiting) {
  const std::uint64_t packets = burst.packets;
  // Of the packets behind the first `downstream` of the burst.
  const auto from = [&](std::uint64_t downstream) {
    return waiting.arrivalOf(downstream) - way.ends.arrival;
  };
  const auto until = [&](std::uint64_t downstream) {
    return to.lastArrival - (downstream - waiting.passing) * waiting.pace;
  };
  bool holds = false;
  std::uint64_t downstream = waiting.passing + bufferedAtEnds;
  for (std::uint32_t i = way.count; i-- > 0;) {
    const WayCrossing &crossing = table.crossings[way.first + i];
    downstream += bufferedBehind(crossing);
    if (downstream >= packets)
      return holds;
    holds |= hold(links[crossing.link],
                  {step, from(downstream) + crossing.granted, until(downstream),
                   packets - downstream, burst.firstDestination});
  }
  downstream += bufferedAtEnds;
  if (downstream < packets)
    holds |= hold(
        sources[static_cast<std::size_t>(burst.sourceCore)],
        {step,
         asked.first + shareOf(asked.last - asked.first, downstream, packets),
         asked.last, from(downstream), until(downstream), 0});
  return holds;
}

} // namespace synfire
