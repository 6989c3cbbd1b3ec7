//===- Region.cpp - the part of a mesh that a mapping uses ----------------===//
#include "compiler/mapping/Region.h"

#include "runtime/support/DivideUp.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>

namespace synfire {
namespace {

/// Sums of usable cores over rectangles from the north-west corner.
class UsableCounts {
public:
  UsableCounts(const Routing &routing, int coresPerRouter)
      : width(routing.mesh().width()), height(routing.mesh().height()),
        sums(static_cast<std::size_t>(width + 1) *
             static_cast<std::size_t>(height + 1)) {
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        std::int64_t here = 0;
        for (int slot = 0; slot < coresPerRouter; ++slot)
          here += routing.usable((y * width + x) * coresPerRouter + slot);
        at(x + 1, y + 1) = here + at(x, y + 1) + at(x + 1, y) - at(x, y);
      }
  }
  std::int64_t within(const RouterRectangle &r) const {
    return at(r.x + r.width, r.y + r.height) - at(r.x, r.y + r.height) -
           at(r.x + r.width, r.y) + at(r.x, r.y);
  }
  /// The best place of a rectangle of this size.
  RouterRectangle richest(int rectangleWidth, int rectangleHeight) const {
    RouterRectangle best;
    std::int64_t most = -1;
    for (int y = 0; y + rectangleHeight <= height; ++y)
      for (int x = 0; x + rectangleWidth <= width; ++x) {
        const RouterRectangle r = {x, y, rectangleWidth, rectangleHeight};
        if (within(r) > most) {
          most = within(r);
          best = r;
        }
      }
    return best;
  }

  const int width, height;

private:
  std::int64_t &at(int x, int y) {
    return sums[static_cast<std::size_t>(y) *
                    static_cast<std::size_t>(width + 1) +
                static_cast<std::size_t>(x)];
  }
  std::int64_t at(int x, int y) const {
    return const_cast<UsableCounts *>(this)->at(x, y);
  }
  std::vector<std::int64_t> sums;
};

} // namespace

RouterRectangle smallestRectangle(const Routing &routing, int coresPerRouter,
                                  std::int64_t cores) {
  const UsableCounts usable(routing, coresPerRouter);
  const bool whole = usable.within({0, 0, usable.width, usable.height}) ==
                     routing.mesh().cores();
  std::optional<std::tuple<int, int, std::int64_t, int, int>> bestKey;
  RouterRectangle best;
  for (int width = 1; width <= usable.width; ++width) {
    // No fewer rows than these cores fill where all are usable.
    const std::int64_t perRow = std::int64_t(width) * coresPerRouter;
    for (std::int64_t height = divideUp(cores, perRow); height <= usable.height;
         ++height) {
      const int rows = static_cast<int>(height);
      if (bestKey && width + rows > std::get<0>(*bestKey))
        break;
      const RouterRectangle place = whole ? RouterRectangle{0, 0, width, rows}
                                          : usable.richest(width, rows);
      if (usable.within(place) < cores)
        continue;
      const auto key = std::make_tuple(width + rows, std::abs(width - rows),
                                       -usable.within(place), place.y, place.x);
      if (!bestKey || key < *bestKey) {
        bestKey = key;
        best = place;
      }
      break;
    }
  }
  return best;
}

std::vector<int> usableCores(const Routing &routing, int coresPerRouter,
                             const RouterRectangle &within) {
  std::vector<int> cores;
  for (int y = within.y; y < within.y + within.height; ++y)
    for (int x = within.x; x < within.x + within.width; ++x)
      for (int slot = 0; slot < coresPerRouter; ++slot) {
        const int core =
            routing.mesh().routerNumber({x, y}) * coresPerRouter + slot;
        if (routing.usable(core))
          cores.push_back(core);
      }
  return cores;
}

} // namespace synfire
