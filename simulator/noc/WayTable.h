//===- WayTable.h - links between routers, looked up once -------*- C++ -*-===//
//
// Steps of one network send over the same pairs of routers again and again, and
// what an unloaded packet meets on its way depends on the pair alone.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_SIMULATOR_NOC_WAYTABLE_H
#define SYNFIRE_SIMULATOR_NOC_WAYTABLE_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// `Crossing`: what there is to know of a link on a way; `Ends`: of the way.
template <typename Crossing, typename Ends> struct WayTableOf {
  struct Way {
    std::size_t first = 0; ///< in `crossings`
    std::uint32_t count = 0;
    Ends ends;
  };

  explicit WayTableOf(int routersOfMesh)
      : routers(static_cast<std::size_t>(routersOfMesh)),
        numbers(routers <= largestMesh ? routers * routers : 0, unknown) {}

  /// walk(std::vector<Crossing> &) appends the crossings and returns its
  /// Ends. The way holds until the next call.
  template <typename Walk> const Way &between(int from, int to, Walk &&walk) {
    std::uint32_t *number = nullptr;
    if (!numbers.empty()) {
      number = &numbers[static_cast<std::size_t>(from) * routers +
                        static_cast<std::size_t>(to)];
      if (*number != unknown)
        return ways[*number];
    }
    crossings.resize(remembered);
    passing.first = remembered;
    passing.ends = walk(crossings);
    passing.count = static_cast<std::uint32_t>(crossings.size() - remembered);
    if (!number || crossings.size() > mostCrossings)
      return passing;
    remembered = crossings.size();
    *number = static_cast<std::uint32_t>(ways.size());
    ways.push_back(passing);
    return ways.back();
  }

  std::vector<Crossing> crossings;

private:
  static constexpr std::uint32_t unknown = UINT32_MAX;
  /// 1 MB of numbers, 16 MB of crossings.
  static constexpr std::size_t largestMesh = 512, mostCrossings = 1 << 20;

  std::size_t routers;
  std::vector<std::uint32_t> numbers; ///< by pair of routers
  std::vector<Way> ways;
  Way passing;
  std::size_t remembered = 0;
};

/// A packet on an idle mesh, in core cycles from its departure.
struct WayCrossing {
  std::uint64_t granted = 0; ///< the switch before the link
  std::uint32_t link = 0;
  bool betweenChips = false;
};
struct WayEnds {
  std::uint64_t arrival = 0; ///< of the last flit at the core
  std::uint64_t source = 0;  ///< in which the source is busy with it
};
using WayTable = WayTableOf<WayCrossing, WayEnds>;

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_NOC_WAYTABLE_H
