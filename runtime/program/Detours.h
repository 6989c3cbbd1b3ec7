//===- Detours.h - routes round faults --------------------------*- C++ -*-===//
//
// Up*/down* routing (Schroeder et al., Autonet, 1991) on what is left of a
// mesh. A router's level is its distance from a root; a link goes up if its
// target's level is smaller, else down (a mesh has no link within a level). A
// packet goes up as long as it likes, then only down, so no chain of waiting
// packets closes. Among the shortest such routes it takes the first in the
// order of Direction: then the routes from one router form a tree.
//
// With virtual channels of their own for such packets, all others may stay on
// XY, where nothing of their way is missing (docs/spec/routing.md).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_DETOURS_H
#define SYNFIRE_RUNTIME_PROGRAM_DETOURS_H

#include "runtime/program/Routing.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace synfire {

/// The Directions of a router in which a working link leaves it, one bit each.
using WorkingLinks = std::uint8_t;

/// The detours to a destination are found when one is first asked for and take
/// half a byte per router of the mesh. Any thread may ask.
class Detours {
public:
  /// States of Routing::Step: on XY, or not yet decided, at the source; on a
  /// detour, before and after it has turned down.
  static constexpr std::uint8_t straight = 0, goingUp = 1, goingDown = 2;

  /// `links` by router, each link in both its directions; `root` one of the
  /// routers that they join. `keepXY`: packets whose XY route works take it, in
  /// other virtual channels than the rest.
  Detours(const Mesh &mesh, std::vector<WorkingLinks> links, int root,
          bool keepXY);
  Detours(const Detours &) = delete;
  Detours &operator=(const Detours &) = delete;

  /// Direction::Local at the destination, and where no way leads there.
  Routing::Step next(int router, int destination, std::uint8_t state) const;

  /// Bytes of the ways found so far.
  std::int64_t memoryBytes() const;

private:
  /// By router, two of them in a byte: two bits of Direction for each state.
  using Column = std::vector<std::uint8_t>;

  void measureReach();
  bool isStraightWhole(int router, int destination) const;
  const Column &columnOf(int destination) const;
  Column findColumn(int destination) const;
  bool goesUp(int from, int to) const {
    return level[static_cast<std::size_t>(to)] <
           level[static_cast<std::size_t>(from)];
  }
  template <typename Visit> void forEachNeighbour(int router, Visit &&) const;

  Mesh grid;
  bool xyIsKept;
  std::vector<WorkingLinks> working;
  /// By router and Direction: routers that it reaches straight on.
  std::vector<std::array<std::int32_t, 4>> reach;
  std::vector<std::int32_t> level; ///< by router; -1 if none leads there
  mutable std::vector<std::atomic<const Column *>> found; ///< by destination
  mutable std::mutex finding;
  mutable std::vector<std::unique_ptr<const Column>> columns;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_DETOURS_H
