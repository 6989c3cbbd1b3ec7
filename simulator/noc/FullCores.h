//===- FullCores.h - what packets for full cores hold up --------*- C++ -*-===//
//
// Of bursts, for the model that passes them as one: packets beyond a core's
// input queue stay in the buffers of their way and, where these are too few, at
// their source. Others that share it wait for them. A constant number of
// operations a burst and link.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_FULLCORES_H
#define SYNFIRE_SIMULATOR_NOC_FULLCORES_H

#include "simulator/noc/Network.h"
#include "simulator/noc/WayTable.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace synfire {

/// A burst at the entrance of the network.
struct EnteringBurst {
  std::uint64_t packets = 0;
  std::uint64_t first = 0, last = 0; ///< core cycles
};

/// How much later than on an idle mesh.
struct Delay {
  std::uint64_t first = 0, last = 0; ///< core cycles
};

/// Bursts come in the order of their first departure; each waits for what
/// earlier ones hold.
class FullCores {
public:
  FullCores(const ChipModel &chip, const Mesh &mesh);

  /// No packet has come or waits.
  void beginStep() { ++step; }

  /// Puts a burst off that the source cannot hand over as asked; by how many
  /// cycles the last packet is late.
  std::uint64_t enter(int source, EnteringBurst &asked) const;
  /// Adds to the times of a burst, delayed by others so far, what it waits for
  /// the switch before a held link.
  void wait(const WayCrossing &crossing, const Delay &delay,
            EnteringBurst &burst) const;

  /// Packets of a burst that find no place in the core's queue.
  struct Waiting {
    std::uint64_t first = 0; ///< arrival, had all found a place
    std::uint64_t gap = 0; ///< then, from one to the next, in 1/256 core cycles
    std::uint64_t passing = 0; ///< packets that did find one
    std::uint64_t pace = 0; ///< core cycles from one of the others to the next
    std::uint64_t arrivalOf(std::uint64_t packet) const {
      return first + (packet * gap >> 8);
    }
  };
  /// Takes `packets` in at a core, and puts their arrivals off to when its
  /// queue has a place. `heldUp`: cycles by which they entered later than
  /// asked, the last of them.
  std::optional<Waiting> takeIn(std::uint64_t packets, std::uint64_t heldUp,
                                BurstDestination &to);
  /// What waits fills the buffers of its way from the core back, then stops its
  /// source. Whether it holds a link or the source for any time.
  bool block(const Burst &burst, const EnteringBurst &asked,
             const WayTable &table, const WayTable::Way &way,
             const BurstDestination &to, const Waiting &waiting);

private:
  struct Core {
    std::uint64_t step = 0;    ///< in which the rest was written
    std::uint64_t packets = 0; ///< that came so far
    std::uint64_t cycles = 0;  ///< that it is busy with them
    std::uint64_t since = 0;   ///< from then to `free` it always has packets
    std::uint64_t free = 0;    ///< it has served them
  };
  /// What asks to leave, evenly, in [first, last] leaves, evenly, in [from,
  /// until]: of [10, 20] and [10, 90], what asks at 15 leaves at 50. What asks
  /// before waits for `before`.
  struct Source {
    std::uint64_t step = 0;
    std::uint64_t first = 0, last = 0, from = 0, until = 0, before = 0;
    std::uint64_t stretch = 0; ///< 256 (until - from) / (last - first)
  };
  /// Full of packets that cross it, evenly, in [from, until].
  struct Link {
    std::uint64_t step = 0;
    std::uint64_t from = 0, until = 0, packets = 0;
    std::uint32_t burst = 0; ///< the last one's Burst::firstDestination
  };

  std::uint64_t cyclesOfRoom(const Core &core, std::uint64_t packets,
                             std::uint64_t pace) const;
  std::uint64_t leaving(const Source &source, std::uint64_t asked) const;
  bool hold(Source &source, const Source &blocked) const;
  bool hold(Link &link, const Link &blocked) const;
  std::uint64_t bufferedBehind(const WayCrossing &crossing) const {
    return buffered[crossing.link % 4][crossing.betweenChips ? 1 : 0];
  }

  std::uint64_t step = 0;
  std::uint64_t room; ///< packets in a core and its queue
  /// Packets in the buffers behind a link, by direction and between chips: half
  /// of what fits, as packets that are not blocked pass through them too.
  std::uint64_t buffered[5][2];
  std::uint64_t bufferedAtEnds; ///< behind the wires of cores
  std::vector<Core> cores;
  std::vector<Source> sources; ///< by core
  std::vector<Link> links;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_FULLCORES_H
